/** `natwalk check` as a program of its own: by several threads, and waiting for changes. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCEPTS, DROPS, transcript } from '../support/whole-node.js';

const root = join(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'natwalk-check-'));
const command = join(scratch, 'natwalk.cjs');

beforeAll(async () => {
  // Threads load piscina from where the command is.
  symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'));
  await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts'],
    outfile: command,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['piscina'],
    define: { NATWALK_COMMAND: '__filename' },
    logLevel: 'warning',
  });
});

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

interface Ended {
  readonly status: number | null;
  readonly out: string;
}

function run(argv: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [command, ...argv], {
      env: { ...process.env, NO_COLOR: '1', LC_ALL: 'C' },
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.on('close', (status) => resolve({ status, out }));
  });
}

describe('--jobs', () => {
  it('gives the results of one thread, in their order, coverage too', async () => {
    const suite = join(root, 'examples/checks/eks.yaml');
    const argv = ['check', suite, '-o', 'tap', '--coverage', 'lcov', '--shard', '2/3'];
    const one = await run(argv);
    expect(one.status).toBe(0);
    expect(await run([...argv, '--jobs', '2'])).toEqual(one);
  });

  it('fails as one thread does', async () => {
    writeFileSync(join(scratch, 'node.txt'), transcript());
    const spec = join(scratch, 'fails.yaml');
    writeFileSync(
      spec,
      'node: node.txt\nflows:\n  - name: ${to}\n    each: { to: [192.0.2.1, 192.0.2.2, 192.0.2.3] }\n    packet: { from: 10.0.0.7, to: "${to}" }\n    expect: { verdict: dropped }\n',
    );
    const one = await run(['check', spec]);
    expect(one.status).toBe(1);
    expect(await run(['check', spec, '--jobs', '2'])).toEqual(one);
  });
});

describe('--watch', () => {
  it('runs again when a node or a spec changes, and ends on Ctrl-C', async () => {
    const node = join(scratch, 'watched.txt');
    const spec = join(scratch, 'watched.yaml');
    const suite = (verdict: string): string =>
      `node: watched.txt\nflows:\n  - { name: f, packet: { in: e0, from: 10.0.0.7, to: 192.0.2.9 }, expect: { verdict: ${verdict} } }\n`;
    writeFileSync(node, transcript());
    writeFileSync(spec, suite('forwarded'));
    const child = spawn(process.execPath, [command, 'check', spec, '--watch'], {
      env: { ...process.env, NO_COLOR: '1', LC_ALL: 'C' },
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (out += chunk.toString()));
    const ended = new Promise<string | null>((resolve) =>
      child.on('close', (_status, signal) => resolve(signal)),
    );
    /** Waits for so many runs. */
    const runs = async (count: number): Promise<void> => {
      for (let turn = 0; turn < 300 && out.split('waiting for changes').length <= count; turn += 1)
        await new Promise((resolve) => setTimeout(resolve, 50));
    };
    await runs(1);
    expect(out).toContain('1 check, 0 failed');
    writeFileSync(node, transcript().replace(ACCEPTS, DROPS));
    await runs(2);
    expect(out).toContain('changed: ');
    expect(out).toContain('1 check, 1 failed');
    out = '';
    writeFileSync(spec, suite('dropt'));
    await runs(1);
    expect(out).toContain('CHECK_CHOICE');
    out = '';
    writeFileSync(spec, suite('dropped'));
    await runs(1);
    expect(out).toContain('1 check, 0 failed');
    child.kill('SIGINT');
    expect(await ended).toBe('SIGINT');
  });
});
