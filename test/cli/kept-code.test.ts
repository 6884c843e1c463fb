/** The program starts from code that an earlier run has kept; the same is printed without it, or with a bad one. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = fs.mkdtempSync(join(tmpdir(), 'natwalk-'));
const cache = join(folder, 'cache');
const packet = ['--from', '192.168.61.33', '--to', '203.0.113.9:443'];
const walk = ['trace', join(root, 'examples/eks-node'), ...packet, '-o', 'minimal'];

const { version } = JSON.parse(fs.readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

/** The command as it is shipped, in a package of its own. */
beforeAll(async () => {
  const { buildCommand } = (await import(join(root, 'scripts/command.mjs'))) as {
    buildCommand: (folder: string) => Promise<void>;
  };
  await buildCommand(folder);
  fs.writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
}, 120_000);

afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

beforeEach(() => {
  fs.rmSync(cache, { recursive: true, force: true });
});

function natwalk(argv: readonly string[], env: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [join(folder, 'cli.cjs'), ...argv], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], NO_COLOR: '1', XDG_CACHE_HOME: cache, ...env },
  });
}

const kept = (): string => {
  const [name = ''] = fs.readdirSync(join(cache, 'natwalk'));
  return join(cache, 'natwalk', name);
};

/** The commands whose code is kept. */
const commandsOf = (path: string): unknown => {
  const [label = ''] = fs.readFileSync(path, 'latin1').split('\n', 1);
  return Object.entries(Object(JSON.parse(label)) as object).find(([key]) => key === 'commands')?.[1];
};

describe('the launched program', () => {
  it('knows its version without the program', () => {
    const { stdout, stderr } = natwalk(['--version']);
    expect([stdout, stderr]).toEqual([`${version}\n`, '']);
    expect(fs.existsSync(cache)).toBe(false);
  });

  it.each([['--help'], ['trace', '--help']])('prints help: %s %s', (...words) => {
    expect(natwalk(words)).toMatchObject({ status: 0, stderr: '' });
    expect(natwalk(words).stdout).toContain('natwalk trace');
  });

  it('answers, whatever is kept', () => {
    const first = natwalk(walk);
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout).toContain('ens5');
    expect(natwalk(walk)).toMatchObject({ status: 0, stderr: '', stdout: first.stdout });
  });

  it('tells its own mistakes', () => {
    for (let run = 0; run < 2; run += 1) {
      const { status, stderr } = natwalk(['trace', 'no/such/folder', ...packet]);
      expect(status).toBe(2);
      expect(stderr).toContain('no/such/folder');
      expect(stderr).not.toMatch(/\.c?js/);
    }
  });

  it('speaks Korean, of which little is kept', () => {
    for (let run = 0; run < 2; run += 1)
      expect(natwalk([...walk.slice(0, -1), 'summary', '--lang', 'ko']).stdout).toMatch(/[가-힣]/);
  });

  it('walks by several threads', () => {
    const lines = '{"proto":"tcp","src":"192.168.61.33","dst":"203.0.113.9"}\n'.repeat(1200);
    fs.writeFileSync(join(folder, 'packets.jsonl'), lines);
    const batch = [...walk.slice(0, 2), '--batch', join(folder, 'packets.jsonl'), '-o', 'minimal'];
    // Each thread of a process runs what is required beforehand.
    const seen = join(folder, 'threads');
    fs.writeFileSync(join(folder, 'seen.cjs'), `require('fs').appendFileSync(${JSON.stringify(seen)}, '.')`);
    const several = natwalk([...batch, '--jobs', '2'], {
      NODE_OPTIONS: `--require ${join(folder, 'seen.cjs')}`,
    });
    expect(several).toMatchObject({ status: 0, stderr: '' });
    expect(several.stdout).toBe(natwalk(batch).stdout);
    expect(fs.readFileSync(seen, 'utf8')).toBe('...');
  });

  it('answers where nothing can be kept', () => {
    fs.writeFileSync(cache, 'a file, no folder');
    expect(natwalk(walk)).toMatchObject({ status: 0, stderr: '' });
    expect(natwalk(walk, { NODE_DISABLE_COMPILE_CACHE: '1' })).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('what is kept between runs', () => {
  it('is for the user alone, and grows with the commands', () => {
    natwalk(walk);
    expect(fs.statSync(kept()).mode & 0o777).toBe(0o600);
    expect(fs.statSync(join(cache, 'natwalk')).mode & 0o777).toBe(0o700);
    expect(commandsOf(kept())).toEqual(['trace']);
    natwalk(['explain', 'RULE_LOOP']);
    expect(commandsOf(kept())).toEqual(['trace', 'explain']);
    expect(fs.readdirSync(join(cache, 'natwalk'))).toHaveLength(1);
  });

  it('is kept apart for batches, which V8 is set for otherwise', () => {
    fs.writeFileSync(
      join(folder, 'one.jsonl'),
      '{"proto":"tcp","src":"192.168.61.33","dst":"203.0.113.9"}\n',
    );
    const batch = [...walk.slice(0, 2), '--batch', join(folder, 'one.jsonl'), '--json'];
    const first = natwalk(batch);
    expect(first).toMatchObject({ status: 0, stderr: '' });
    const held = fs.readFileSync(kept(), 'latin1');
    // The other way of writing it is a batch, too.
    const joined = [...walk.slice(0, 2), `--batch=${join(folder, 'one.jsonl')}`, '--json'];
    expect(natwalk(joined)).toMatchObject({ status: 0, stdout: first.stdout });
    expect(fs.readdirSync(join(cache, 'natwalk'))).toHaveLength(1);
    natwalk(walk);
    expect(fs.readdirSync(join(cache, 'natwalk'))).toHaveLength(2);
    expect(natwalk(batch)).toMatchObject({ status: 0, stdout: first.stdout });
    const all = fs.readdirSync(join(cache, 'natwalk')).map((name) => join(cache, 'natwalk', name));
    // Neither drove the other out.
    expect(all.map((path) => fs.readFileSync(path, 'latin1'))).toContain(held);
  });

  it.each([
    ['cut', (path: string) => fs.truncateSync(path, 5000)],
    ['empty', (path: string) => fs.truncateSync(path, 0)],
    ['without code', (path: string) => {
      const text = fs.readFileSync(path, 'latin1');
      const { length } = JSON.parse(text.split('\n', 1)[0] ?? '') as { length: number };
      fs.truncateSync(path, text.indexOf('\n') + 1 + length);
    }],
    ['of another program', (path: string) => {
      const text = fs.readFileSync(path, 'latin1');
      fs.writeFileSync(path, text.replace(process.version, 'v0.0.0'), 'latin1');
    }],
    ['writable by others', (path: string) => fs.chmodSync(path, 0o666)],
    ['a label that is none', (path: string) => fs.writeFileSync(path, '[]\nx')],
  ] as const)('is not used when it is %s', (_, spoil) => {
    const { stdout } = natwalk(walk);
    spoil(kept());
    expect(natwalk(walk)).toMatchObject({ status: 0, stderr: '', stdout });
    expect(commandsOf(kept())).toEqual(['trace']);
  }); // prettier-ignore

  it('is not written where it is turned off', () => {
    natwalk(walk, { NODE_DISABLE_COMPILE_CACHE: '1' });
    expect(fs.existsSync(cache)).toBe(false);
  });
});
