/** Writes golden files, and nothing outside the folder of their spec, whatever links are in it. */
import { lstat, mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import type { Writing } from './check-run.js';
import { misuse } from './usage.js';

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch {
    return false;
  }
}

/** @throws UsageError for a file that cannot be written, or that a link leads elsewhere */
export async function writeGolden({ path, within, text }: Writing): Promise<void> {
  const refuse = (reason: string): Error => misuse('CHECK_GOLDEN_UNWRITTEN', null, { path, reason });
  try {
    const root = await realpath(within);
    await mkdir(dirname(path), { recursive: true });
    const folder = await realpath(dirname(path));
    const isInside = folder === root || folder.startsWith(root + sep);
    if (!isInside || (await isLink(path))) throw refuse('ELOOP');
    await writeFile(path, text);
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw refuse(String(error.code));
    throw error;
  }
}
