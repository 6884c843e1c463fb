/** Waits until a file of a suite changes. */
import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

/** Editors and copies write several times; one change is told. */
const SETTLE_MS = 100;

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** Files are watched by their folders: editors put new files in the place of old ones. */
async function open(path: string, tell: (path: string) => void): Promise<FSWatcher | null> {
  try {
    if (await isFolder(path)) return watch(path, { recursive: true }, () => tell(path));
    const name = basename(path);
    return watch(dirname(path), (_event, changed) => {
      if (changed === name || changed === null) tell(path);
    });
  } catch {
    // What cannot be watched, a folder that is gone, changes with one that can.
    return null;
  }
}

export interface Watch {
  /** Resolves with the path of what changed first, or with null when the signal ends the watch. */
  readonly changed: Promise<string | null>;
}

/** Begins to watch files and folders. */
export async function watchPaths(paths: readonly string[], signal: AbortSignal | undefined): Promise<Watch> {
  const watchers: FSWatcher[] = [];
  let settle: (path: string | null) => void = () => undefined;
  const changed = new Promise<string | null>((resolve) => {
    settle = resolve;
  }).finally(() => {
    for (const watcher of watchers) watcher.close();
  });
  let first: string | null = null;
  const tell = (path: string): void => {
    if (first !== null) return;
    first = path;
    setTimeout(() => settle(path), SETTLE_MS);
  };
  for (const path of new Set(paths)) {
    const watcher = await open(path, tell);
    if (watcher === null) continue;
    watcher.on('error', () => tell(path));
    watchers.push(watcher);
  }
  if (signal?.aborted === true) settle(null);
  signal?.addEventListener('abort', () => settle(null), { once: true });
  return { changed };
}
