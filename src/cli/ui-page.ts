/** The page's files, where the build has put them: beside the command. */
import { readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { commandFile } from './command-file.js';

/** The files that are served; all else is not there. */
export const PAGE_FILES = ['index.html', 'engine.js', 'sample.js', 'cluster.js', 'labs.js'] as const;
export type PageFile = (typeof PAGE_FILES)[number];

export type PageFiles = ReadonlyMap<PageFile, Buffer>;

async function readFrom(folder: string): Promise<PageFiles | null> {
  try {
    const files = PAGE_FILES.map(async (name): Promise<[PageFile, Buffer]> => [
      name,
      await readFile(join(folder, name)),
    ]);
    return new Map(await Promise.all(files));
  } catch {
    return null;
  }
}

/** The command's own file by what its bundle knows, and by how it was started. */
async function starts(): Promise<readonly string[]> {
  const [, script] = process.argv;
  const known = commandFile === null ? [] : [commandFile];
  try {
    return script === undefined ? known : [...known, await realpath(script)];
  } catch {
    return known;
  }
}

/** The page's files; null where the command is by itself. */
export async function findPage(): Promise<PageFiles | null> {
  for (const file of await starts())
    for (const folder of [dirname(file), dirname(dirname(file))]) {
      const found = await readFrom(join(folder, 'page'));
      if (found !== null) return found;
    }
  return null;
}
