/** The command itself, as a reader starts and ends it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'natwalk-ui-'));
  cpSync(inject('page'), join(folder, 'page'), { recursive: true });
  await build({
    entryPoints: ['src/cli/main.ts'],
    outfile: join(folder, 'natwalk.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['piscina'],
    define: { NATWALK_VERSION: '"0"' },
    logLevel: 'error',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function told(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const url = /http:\S+/.exec(text)?.[0];
      if (url !== undefined) resolve(url);
    });
  });
}

it('serves a node until Ctrl-C, and ends with status 0', async () => {
  const child = spawn(process.execPath, [
    join(folder, 'natwalk.cjs'),
    'ui',
    'examples/eks-node',
    '--no-open',
  ]);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = await told(child);
  const page = await fetch(url);
  expect(await page.text()).toContain('data-node="served"');
  expect(await (await fetch(`${url}node.js`)).text()).toContain('KUBE-SERVICES');
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  await expect(fetch(url)).rejects.toThrow();
});
