/** `FILE#name`: a snapshot, and which of its nodes is meant. */
import { stat } from 'node:fs/promises';

/** A snapshot as the user named it. `node` is null when no node was named. */
export interface NodePath {
  readonly path: string;
  readonly node: string | null;
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * Takes the name of a node off what the user typed. A `#` is a sign like any other in the names of files: what exists
 * as it was typed is meant so, then what exists before the last `#`, and so on.
 */
export async function readNodePath(typed: string): Promise<NodePath> {
  if (await exists(typed)) return { path: typed, node: null };
  for (let at = typed.lastIndexOf('#'); at > 0; at = typed.lastIndexOf('#', at - 1)) {
    const path = typed.slice(0, at);
    const node = typed.slice(at + 1);
    if (node !== '' && (path === '-' || (await exists(path)))) return { path, node };
  }
  return { path: typed, node: null };
}
