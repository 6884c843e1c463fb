/** The command in one file, alone in an empty folder. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'natwalk-single-'));

beforeAll(async () => {
  const { buildSingle } = (await import(join(root, 'scripts/command.mjs'))) as {
    buildSingle: (folder: string) => Promise<string>;
  };
  await buildSingle(relative(root, folder));
  cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true }));

const WALK = 'trace examples/eks-node --from 192.168.61.33 --to 203.0.113.9:443 -o minimal';
const FORWARDED = 'forwarded ens5 via 192.168.32.1 src 192.168.45.10:1024-65535 dst 203.0.113.9:443 p=1\n';

/** Runs it. */
function run(
  words: string,
  input = '',
  options = '',
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['natwalk.mjs', ...words.split(' ')], {
    cwd: folder,
    encoding: 'utf8',
    input,
    env: { PATH: process.env['PATH'], LC_ALL: 'C', NO_COLOR: '1', NODE_OPTIONS: options },
  });
}

describe('natwalk.mjs', () => {
  it('is one file', () => {
    expect(readdirSync(folder).sort()).toEqual(['examples', 'natwalk.mjs']);
  });

  it('walks, also when it is run by its name', () => {
    expect(run(WALK)).toMatchObject({ status: 0, stdout: FORWARDED, stderr: '' });
    const env = { PATH: process.env['PATH'] };
    expect(
      execFileSync(join(folder, 'natwalk.mjs'), WALK.split(' '), { cwd: folder, encoding: 'utf8', env }),
    ).toBe(FORWARDED);
  });

  it('speaks Korean', () => {
    expect(run(`${WALK.replace('minimal', 'summary')} --lang ko`).stdout).toMatch(/[가-힣]/);
  });

  /** How many threads a run had: each runs what is required beforehand. */
  function threadsOf(words: string, input = ''): number {
    const seen = join(folder, 'threads');
    writeFileSync(join(folder, 'seen.cjs'), `require('fs').appendFileSync(${JSON.stringify(seen)}, '.')`);
    expect(run(words, input, `--require ${join(folder, 'seen.cjs')}`).status).toBe(0);
    const { length } = readFileSync(seen, 'utf8');
    for (const name of ['threads', 'seen.cjs']) rmSync(join(folder, name));
    return length;
  }

  it('checks, by several threads too', () => {
    for (const jobs of ['', ' --jobs 2'])
      expect(run(`check examples/checks/eks.yaml${jobs}`)).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/\b0 failed\n$/) as string,
      });
    expect(threadsOf('check examples/checks/eks.yaml')).toBe(1);
    expect(threadsOf('check examples/checks/eks.yaml --jobs 2')).toBe(3);
  });

  it('walks a batch, by several threads too', () => {
    const lines = '{"proto":"tcp","src":"192.168.61.33","dst":"203.0.113.9"}\n'.repeat(1200);
    const batch = 'trace examples/eks-node --batch - -o minimal';
    const { status, stdout } = run(`${batch} --jobs 2`, lines);
    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1200);
    expect(stdout).toBe(run(batch, lines).stdout);
    expect(threadsOf(`${batch} --jobs 2`, lines)).toBe(3);
  });
});
