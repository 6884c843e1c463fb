/** Lab nodes that are built again are the ones in the repository, but for what counts, and what is drawn at random. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from './adapter/scratch.js';

const root = join(import.meta.dirname, '../..');
const fresh = scratchFolder('labs');

/** Counters, and the seed of a set's hash. */
function lasting(text: string): string {
  return text
    .replace(/\[\d+:\d+\]/g, '[0:0]')
    .replace(/packets \d+ bytes \d+/g, 'packets 0 bytes 0')
    .replace(/ initval 0x[0-9a-f]+/g, '');
}

/** Files below a folder whose contents the builder makes. */
const filesOf = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
        .sort()
    : [];

describe('a rebuild', () => {
  beforeAll(() => {
    const words = ['scripts/labs.mjs', '--into', fresh];
    const { status, stderr } = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  afterAll(() => {
    rmSync(fresh, { recursive: true });
  });

  it.each(['labs/nodes', 'examples/cluster'])('gives what is kept in %s', (folder) => {
    const kept = filesOf(join(root, folder));
    expect(kept.length).toBeGreaterThan(10);
    expect(filesOf(join(fresh, folder))).toEqual(kept);
    for (const name of kept) {
      const read = (from: string): string => lasting(readFileSync(join(from, folder, name), 'utf8'));
      expect(read(fresh), name).toBe(read(root));
    }
  });
});
