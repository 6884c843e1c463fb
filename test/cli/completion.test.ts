/** Words that shells complete: what natwalk offers, and the scripts in the shells themselves. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes } from '../../src/explain/advice.js';
import { natwalk } from '../support/cli.js';

const root = join(import.meta.dirname, '../..');
const node = 'examples/eks-node';
const folder = mkdtempSync(join(tmpdir(), 'natwalk-'));

beforeAll(async () => {
  await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts'],
    outfile: join(folder, 'cli.cjs'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['piscina'],
    define: { NATWALK_VERSION: '"1.2.3"', NATWALK_COMMAND: '__filename' },
    logLevel: 'silent',
  });
  const program = join(folder, 'natwalk');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${folder}/cli.cjs' "$@"\n`);
  chmodSync(program, 0o755);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function offered(...words: string[]): Promise<string[]> {
  const { status, out, err } = await natwalk(['complete', '--', ...words]);
  expect([status, err]).toEqual([0, '']);
  return out.split('\n').filter((line) => line !== '');
}

describe('natwalk complete', () => {
  it('offers commands, and not itself', async () => {
    const all = await offered('');
    expect(all).toEqual(expect.arrayContaining(['trace', 'why', 'explain', 'completion']));
    expect(all).not.toContain('complete');
    expect(await offered('tr')).toEqual(['trace']);
  });

  it('offers options and their values', async () => {
    expect(await offered('trace', node, '--all')).toEqual(['--all-rules']);
    expect(await offered('trace', node, '--ct', 'e')).toEqual(['established']);
    expect(await offered('trace', node, '--ct=e')).toEqual(['--ct=established']);
    expect(await offered('trace', node, '-o', 'm')).toEqual(['minimal', 'mermaid']);
    expect(await offered('lint', node, '-o', '')).toEqual(['text', 'json', 'github']);
    expect(await offered('explain', 'UNK_MA')).toContain('UNK_MATCH');
    expect(await offered('explain', '')).toEqual(codes());
    for (const heading of ['ADVICE_HEADER', 'DIAG_WHY', 'COMMAND_LINE'])
      expect(await offered('explain', heading)).toEqual([]);
    expect(await offered('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('offers what the node on the line has', async () => {
    expect(await offered('trace', node, '--in', 'ens')).toEqual(['ens5', 'ens6']);
    expect(await offered('trace', '--mark', '7', node, '--to', 'svc:default/e')).toEqual(['svc:default/ext']);
    expect(await offered('why', node, 'nat/KUBE-PO')).toEqual(['nat/KUBE-POSTROUTING:']);
    expect(await offered('trace', node, '--without', 'rule/1')).toEqual(['rule/1024', 'rule/1536']);
    expect(await offered('trace', '.', '--with', `${node}:rule/10`)).toEqual([`${node}:rule/1024`]);
    expect(await offered('trace', '.', `--with=${node}:nat/AWS-S`)).toEqual([
      `--with=${node}:nat/AWS-SNAT-CHAIN-0:`,
    ]);
    expect(await offered('trace', node, '--with', 'nowhere:')).toEqual([]);
  });

  it.each([
    [['trace', '/nonexistent', '--in', '']],
    [['trace', '-', '--in', '']],
    [['nosuch', '']],
    [['trace', node, '--__proto__', '']],
    [['trace', node, '--output=', '', '\u001b[2J']],
    [[]],
  ])('%j: no complaint', async (words) => {
    await offered(...words);
  });

  it('hands no name to a shell that the shell would run', async () => {
    const file = join(folder, 'evil.txt');
    writeFileSync(file, '*nat\n:$(reboot) - [0:0]\n:A;B - [0:0]\n:FINE - [0:0]\nCOMMIT\n');
    const all = await offered('why', file, 'nat/');
    expect(all).toContain('nat/FINE:');
    expect(all.filter((word) => /[^\w/:-]/.test(word))).toEqual([]);
  });
});

const SHELLS: Readonly<Record<string, readonly [arguments: readonly string[], script: string]>> = {
  bash: [
    ['--norc', '-c'],
    `source <(natwalk completion bash)
     ask() { COMP_LINE=$1 COMP_POINT=\${#1}; _natwalk; echo "\${COMPREPLY[*]}"; }
     complete -p natwalk >/dev/null && ask 'natwalk tr'
     ask 'natwalk trace ${node} --in ens'
     ask 'natwalk why ${node} nat/KUBE-PO'`,
  ],
  zsh: [
    ['-fc'],
    `compdef() { :; }; compadd() { [[ $1 == -S ]] && shift 2; shift; print -r -- $*; }
     source <(natwalk completion zsh)
     ask() { words=("$@"); CURRENT=$#; _natwalk; }
     ask natwalk tr
     ask natwalk trace ${node} --in ens
     ask natwalk why ${node} nat/KUBE-PO`,
  ],
  fish: [
    ['--no-config', '-c'],
    `natwalk completion fish | source
     complete -C 'natwalk tr' | string join ' '
     complete -C 'natwalk trace ${node} --in ens' | string join ' '
     complete -C 'natwalk why ${node} nat/KUBE-PO' | string join ' '`,
  ],
};

describe.each(Object.keys(SHELLS))('the script for %s', (shell) => {
  const isThere = spawnSync(shell, ['-c', 'true']).status === 0;

  it.skipIf(!isThere)('completes in the shell itself', { timeout: 60_000 }, () => {
    const [given = [], script = ''] = SHELLS[shell] ?? [];
    const { stdout } = spawnSync(shell, [...given, script], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, HOME: folder, LC_ALL: 'C' },
    });
    expect(stdout).toBe('trace\nens5 ens6\nnat/KUBE-POSTROUTING:\n');
  });

  it('is for that shell', async () => {
    expect(await natwalk(['completion', 'tcsh'])).toMatchObject({ status: 2, out: '' });
    expect((await natwalk(['completion', shell])).out).toContain('natwalk');
  });
});
