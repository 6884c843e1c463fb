/** What a killed run left is swept, and nothing else. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isStale, scratchFolder, sweep } from './adapter/scratch.js';

it.each([
  ['natwalk-spec-77', true],
  ['natwalk-rt4-77-12', true],
  ['natwalk-soak-77-Ab3xYz', true],
  ['nft-listing-77-3', true],
  ['natwalk-spec-1', false],
  ['natwalk-other', false],
  ['cni-1234-77', false],
  ['k8s-77', false],
])('%s', (name, stale) => {
  expect(isStale(name, (pid) => pid === 1)).toBe(stale);
});

it('removes namespaces and folders of processes that are gone, and keeps its own', () => {
  const dead = spawnSync('true').pid;
  const namespace = `natwalk-swept-${String(dead)}`;
  const folder = join(tmpdir(), `natwalk-swept-${String(dead)}-abc`);
  const own = scratchFolder('swept');
  expect(spawnSync('ip', ['netns', 'add', namespace]).status).toBe(0);
  mkdirSync(folder);
  sweep();
  expect([existsSync(`/run/netns/${namespace}`), existsSync(folder), existsSync(own)]).toEqual([
    false,
    false,
    true,
  ]);
  rmSync(own, { recursive: true });
});
