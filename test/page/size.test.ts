/** The page's weight, as the browser gets it: what ADR 11 says, asserted. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'natwalk-page-'));
  // As it is shipped: a test runner's own environment makes Svelte build for its developers.
  const env = { ...process.env, NODE_ENV: 'production' };
  execFileSync(process.execPath, ['scripts/page.mjs', folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const packed = (name: string): number => gzipSync(readFileSync(join(folder, name)), { level: 9 }).length;

it('starts with less than 100 kB, has the engine behind that with less than 600 kB, and the labs for who wants them', () => {
  expect(packed('index.html')).toBeLessThan(100_000);
  expect(packed('engine.js')).toBeLessThan(600_000);
  expect(packed('sample.js')).toBeLessThan(8000);
  expect(packed('cluster.js')).toBeLessThan(20_000);
  expect(packed('labs.js')).toBeLessThan(300_000);
});

it('is whole in itself: no address of another host, nothing but its own scripts', () => {
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  expect(html.match(/(?:src|href)="(?!data:|#)[^"]*"/g) ?? []).toEqual([]);
  expect(html).toContain("connect-src 'none'");
  const [, policy = ''] = /content="(default-src[^"]*)"/.exec(html) ?? [];
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
});
