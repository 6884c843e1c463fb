/** The example of docs/fleet.md runs as it is written. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'natwalk-fleet-'));
const NODES = ['a', 'b', 'c'];
const [, example = ''] =
  /<!-- fleet: xargs -->\n\n```sh\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/fleet.md'), 'utf8')) ??
  [];

beforeAll(async () => {
  await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts'],
    outfile: join(folder, 'bin/cli.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['piscina'],
    define: { NATWALK_VERSION: '"1.2.3"', NATWALK_COMMAND: '__filename' },
    logLevel: 'silent',
  });
  writeFileSync(
    join(folder, 'bin/natwalk'),
    `#!/bin/sh\nexec "${process.execPath}" "${folder}/bin/cli.cjs" "$@"\n`,
  );
  chmodSync(join(folder, 'bin/natwalk'), 0o755);
  mkdirSync(join(folder, 'out'));
  for (const name of NODES)
    cpSync(join(root, 'examples/eks-node'), join(folder, 'fleet', name), { recursive: true });
  const packets = ['203.0.113.9', '192.168.45.10'].map((dst, at) =>
    JSON.stringify({ id: String(at), proto: 'tcp', src: '192.168.61.33', sport: 40000, dst, dport: 443 }),
  );
  writeFileSync(join(folder, 'packets.jsonl'), `${packets.join('\n')}\n`);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const env = { PATH: `${folder}/bin:${process.env['PATH'] ?? ''}`, NO_COLOR: '1' };

it('walks every packet on every node, by several processes', () => {
  const counted = execFileSync('bash', ['-e', '-c', example], { cwd: folder, encoding: 'utf8', env });
  // Of the two packets one leaves the node.
  expect(counted.trim()).toBe(String(NODES.length));
  for (const name of NODES) {
    const lines = readFileSync(join(folder, 'out', `${name}.jsonl`), 'utf8')
      .trim()
      .split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { readonly id: string }).id)).toEqual(['0', '1']);
  }
});

it('says by its exit status that a node could not be read', () => {
  mkdirSync(join(folder, 'fleet/empty'));
  const command = example.split('\ncat')[0] ?? '';
  const { status } = spawnSync('bash', ['-c', command], { cwd: folder, encoding: 'utf8', env });
  rmSync(join(folder, 'fleet/empty'), { recursive: true });
  expect(status).toBe(123);
});
