/** The bundled command as a process of its own. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'natwalk-'));
const command = join(folder, 'cli.cjs');
const node = join(root, 'examples/eks-node');

beforeAll(async () => {
  await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts'],
    outfile: command,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['piscina'],
    define: { NATWALK_VERSION: '"1.2.3"', NATWALK_COMMAND: '__filename' },
    logLevel: 'silent',
  });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function natwalk(argv: readonly string[], input = ''): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [command, ...argv], {
    encoding: 'utf8',
    input,
    maxBuffer: 1e9,
    env: { PATH: process.env['PATH'], NO_COLOR: '1' },
  });
}

describe('the natwalk process', () => {
  it('knows its version', () => {
    expect(natwalk(['--version']).stdout).toBe('1.2.3\n');
  });

  it('traces the example node', () => {
    const { status, stdout, stderr } = natwalk([
      'trace',
      node,
      '--from',
      '192.168.61.33',
      '--to',
      '203.0.113.9:443',
    ]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('LEAVES by ens5');
  });

  it('reads a node from standard input', () => {
    const save = readFileSync(join(node, 'iptables-save.txt'), 'utf8');
    const { status, stdout } = natwalk(['show', '-', '--summary'], save);
    expect([status, stdout.split('\n')[1]]).toEqual([0, 'iptables nat: 24 chains, 42 rules']);
  });

  it('gives back the status of bad usage', () => {
    const { status, stdout, stderr } = natwalk(['trace', node, '--to', '300.1.1.1']);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('^^^');
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  it('is quiet when its reader has gone', () => {
    const packets = '{"proto":"tcp","src":"192.168.61.33","dst":"203.0.113.9"}\n'.repeat(400);
    const pipe = `"$0" "$1" trace "$2" --batch - --json | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', pipe, process.execPath, command, node], {
      encoding: 'utf8',
      input: packets,
    });
    const lines = stdout.trimEnd().split('\n');
    expect([lines.length, lines.at(-1), stderr.includes('EPIPE')]).toEqual([2, '0', false]);
  });

  it('writes everything before it ends, into a pipe too', () => {
    const packets = '{"proto":"tcp","src":"192.168.61.33","dst":"203.0.113.9"}\n'.repeat(200);
    const { status, stdout } = natwalk(['trace', node, '--batch', '-', '--json'], packets);
    expect([status, stdout.split('\n').length]).toEqual([0, 201]);
  });

  it('walks a batch by several threads as by one, flows and bad lines included', () => {
    const packet = (id: number, more: object = {}): string =>
      JSON.stringify({
        id,
        proto: 'tcp',
        src: '192.168.61.33',
        dst: '203.0.113.9',
        sport: 1024 + id,
        ...more,
      });
    const lines = Array.from({ length: 1300 }, (_, id) => packet(id));
    lines[7] = 'no packet';
    lines.push(packet(1300, { flow: 'f', step: 2 }), packet(1301, { flow: 'f', step: 1 }), packet(1302));
    const input = `${lines.join('\n')}\n`;
    const [one, two] = [[], ['--jobs', '2']].map((jobs) =>
      natwalk(['trace', node, '--batch', '-', '--json', ...jobs], input),
    );
    expect([one?.status, two?.status, two?.stderr]).toEqual([1, 1, one?.stderr]);
    expect(two?.stdout).toBe(one?.stdout);
    expect(one?.stdout.split('\n').length).toBe(1304);
  });

  it('draws the same for a line of a batch by several threads as by one', () => {
    const ladder = join(root, 'labs/nodes/eks-ladder');
    const line = '{"proto":"tcp","src":"192.168.40.11","dst":"10.100.5.20","dport":80,"sport":4000}\n';
    const [one, two] = [[], ['--jobs', '2']].map((jobs) =>
      natwalk(['trace', ladder, '--batch', '-', '--json', '--seed', '3', ...jobs], line.repeat(1200)),
    );
    expect([one?.status, two?.status]).toEqual([0, 0]);
    expect(two?.stdout).toBe(one?.stdout);
    const ends = [...(one?.stdout ?? '').matchAll(/"final":\{[^}]*"dst":"([^"]+)"/g)];
    expect(ends).toHaveLength(1200);
    expect(new Set(ends.map(([, dst]) => dst)).size).toBe(3);
  });

  it('refuses threads where each would have to read standard input', () => {
    const { status, stderr } = natwalk(['trace', '-', '--batch', '/dev/null', '--jobs', '2']);
    expect([status, stderr.includes('--jobs')]).toEqual([2, true]);
  });
});
