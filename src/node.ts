/**
 * natwalk/node: snapshots from the file system, for programs under Node.js, Deno and Bun. Everything else of the library
 * touches no file.
 */
import { message } from './explain/messages/index.js';
import { sanitize } from './explain/sanitize.js';
import type { Node } from './packet/node.js';
import { readSnapshot as readFiles } from './snapshot/files.js';
import { loadNode } from './snapshot/load-any.js';
import type { SnapshotFiles } from './snapshot/snapshot-files.js';
import type { Params } from './source/diagnostic.js';

export type { SnapshotFile } from './snapshot/places.js';
export type { SnapshotFiles };

/** Why there is no node to be had from a path. The words are in `message`, in English. */
export class SnapshotError extends Error {
  /** NODE_UNREADABLE, NODE_EMPTY (no text is a dump), NODE_SEVERAL, NODE_NOT_THERE; `natwalk explain CODE` tells more. */
  readonly code: 'NODE_UNREADABLE' | 'NODE_EMPTY' | 'NODE_SEVERAL' | 'NODE_NOT_THERE';

  constructor(code: SnapshotError['code'], params: Params) {
    super(sanitize(message(code, params)));
    this.name = 'SnapshotError';
    this.code = code;
  }
}

/**
 * Reads the texts of a snapshot: a folder with all below it, an archive, one file, or `-` for standard input. Never rejects
 * because of a file: what is not read is among the findings, and a path that does not exist gives no file and
 * READ_UNREADABLE.
 */
export async function readSnapshot(path: string): Promise<SnapshotFiles> {
  return readFiles(path);
}

/**
 * Reads a node from a folder, an archive (tar, tar.gz, zip) or a file. Findings about files and about their texts are in
 * `diagnostics`.
 * @param path where the snapshot is; `-` for standard input
 * @param which name of the node among several in the snapshot; left out: the main one
 * @throws SnapshotError when there is nothing that could be read, or several nodes and none of them is meant
 */
export async function readNode(path: string, which?: string): Promise<Node> {
  const { files, diagnostics } = await readFiles(path);
  if (files.length === 0) {
    const reason = diagnostics.list[0]?.params['reason'] ?? 'no file in it is a text';
    throw new SnapshotError('NODE_UNREADABLE', { path, reason });
  }
  const node = loadNode(path, files, which);
  for (const { code, params } of node.diagnostics) {
    if (code === 'READ_NOTHING') throw new SnapshotError('NODE_EMPTY', { path });
    const names = params['names'] ?? '';
    if (code === 'READ_SEVERAL_NODES') throw new SnapshotError('NODE_SEVERAL', { path, names });
    if (code === 'READ_NO_SUCH_NODE')
      throw new SnapshotError('NODE_NOT_THERE', { path, names, node: which ?? '' });
  }
  return { ...node, diagnostics: [...diagnostics.list, ...node.diagnostics] };
}
