/** action.yml: a valid Action, whose script hands its inputs to natwalk as they are. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'natwalk-action-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Action {
  readonly inputs: Readonly<Record<string, { readonly required: boolean; readonly default?: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly { readonly run?: string }[] };
}
const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as Action;

/** Runs the Action's script where npx is a program that prints its words. */
function words(env: Readonly<Record<string, string>>): readonly string[] {
  const npx = join(folder, 'npx');
  writeFileSync(npx, '#!/bin/sh\nfor word; do printf "%s\\n" "$word"; done\n');
  chmodSync(npx, 0o755);
  const script = action.runs.steps.find(({ run }) => run !== undefined)?.run ?? '';
  const given = { OPTIONS: '', VERSION: '1.2.3', ...env, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
  const output = execFileSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd: join(root, 'examples/checks'),
    encoding: 'utf8',
    env: given,
  });
  return output.trimEnd().split('\n');
}

describe('action.yml', () => {
  it('is valid by the schema of Actions', () => {
    const file = join(root, 'node_modules/@action-validator/cli/cli.mjs');
    expect(execFileSync(process.execPath, [file, join(root, 'action.yml')], { encoding: 'utf8' })).toBe('');
  });

  it('takes spec, options, and both versions', () => {
    expect(Object.keys(action.inputs)).toEqual(['spec', 'natwalk-version', 'node-version', 'options']);
    expect(action.inputs['spec']).toMatchObject({ required: true });
    expect(action.runs.using).toBe('composite');
  });

  it('runs check with every spec, and annotates', () => {
    expect(words({ SPEC: '*.yaml\nother.yaml', OPTIONS: '--shard 1/4' })).toEqual([
      ...[
        '--yes',
        'natwalk@1.2.3',
        'check',
        '-o',
        'github',
        '--shard',
        '1/4',
        '--',
        'eks.yaml',
        'other.yaml',
      ],
    ]);
  });

  it('takes inputs for words, never for code', () => {
    expect(words({ SPEC: '$(touch${IFS}x) `id` ; --jobs' }).slice(5)).toEqual([
      ...['--', '$(touch${IFS}x)', '`id`', ';', '--jobs'],
    ]);
  });
});
