/** The command itself, as a reader starts and ends it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { visit } from './visit.js';

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

it('serves the nodes that a cluster file names with it', async () => {
  const cluster = ['ui', 'examples/cluster/cluster.yaml', '--no-open'];
  const child = spawn(process.execPath, [join(folder, 'natwalk.cjs'), ...cluster]);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = await told(child);
  const { page, close } = await visit({ url });
  await page.getByRole('region', { name: 'Way across the nodes' }).waitFor();
  expect(await page.locator('.place .name').first().textContent()).toBe('pod-1');
  await close();
  child.kill('SIGINT');
  expect(await ended).toBe(0);
});

it('begins with the lab that is asked for, and names the labs where there is none of that name', async () => {
  const command = [join(folder, 'natwalk.cjs'), 'ui', '--no-open', '--lab'];
  const child = spawn(process.execPath, [...command, 'pod-to-internet']);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = await told(child);
  expect(url).toMatch(/\/#lab=6$/);
  expect(await (await fetch(new URL('labs.js', url))).text()).toContain('pod-to-internet');
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  const wrong = spawnSync(process.execPath, [...command, '99'], { encoding: 'utf8' });
  expect(wrong).toMatchObject({ status: 2, stdout: '' });
  expect(wrong.stderr).toContain('USAGE_LAB_NAME');
  expect(wrong.stderr).toContain('06-pod-to-internet');
});
