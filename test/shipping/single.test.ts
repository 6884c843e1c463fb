/** The command in one file, alone in an empty folder. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
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
});

afterAll(() => rmSync(folder, { recursive: true }));

const WALK = 'trace examples/eks-node --from 192.168.61.33 --to 203.0.113.9:443 -o minimal';
const FORWARDED = 'forwarded ens5 via 192.168.32.1 src 192.168.45.10:1024-65535 dst 203.0.113.9:443 p=1\n';

/** Runs it. */
function run(words: string, input = ''): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['natwalk.cjs', ...words.split(' ')], {
    cwd: folder,
    encoding: 'utf8',
    input,
    env: { PATH: process.env['PATH'], LC_ALL: 'C', NO_COLOR: '1' },
  });
}

describe('natwalk.cjs', () => {
  it('is one file', () => {
    expect(readdirSync(folder).sort()).toEqual(['examples', 'natwalk.cjs']);
  });

  it('walks, also when it is run by its name', () => {
    expect(run(WALK)).toMatchObject({ status: 0, stdout: FORWARDED, stderr: '' });
    const env = { PATH: process.env['PATH'] };
    expect(
      execFileSync(join(folder, 'natwalk.cjs'), WALK.split(' '), { cwd: folder, encoding: 'utf8', env }),
    ).toBe(FORWARDED);
  });

  it('speaks Korean', () => {
    expect(run(`${WALK.replace('minimal', 'summary')} --lang ko`).stdout).toMatch(/[가-힣]/);
  });

  it('checks, with --jobs in one thread', () => {
    for (const jobs of ['', ' --jobs 2'])
      expect(run(`check examples/checks/eks.yaml${jobs}`)).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/\b0 failed\n$/) as string,
      });
  });

  it('walks a batch, with --jobs in one thread', () => {
    const lines = '{"proto":"tcp","src":"192.168.61.33","dst":"203.0.113.9"}\n'.repeat(3);
    const { status, stdout } = run('trace examples/eks-node --batch - --json --jobs 2', lines);
    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
  });
});
