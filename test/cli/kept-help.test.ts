/** Help that was laid out when the command was built is the help that the command makes. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const dist = join(import.meta.dirname, '../../dist');
const keptIn = (file: string): ReadonlyMap<string, unknown> =>
  new Map(Object.entries(JSON.parse(readFileSync(join(dist, file), 'utf8')) as object));
const kept = keptIn('help.json');
const keptKorean = keptIn('help.ko.json');

function run(program: string, words: readonly string[], locale = 'en'): string {
  const { stdout, status } = spawnSync(process.execPath, [join(dist, program), ...words], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: locale },
  });
  expect(status).toBe(0);
  return stdout;
}

describe('help', () => {
  it('is kept of the whole and of every command that it names', () => {
    const list = String(kept.get('')).split('\nCommands:')[1] ?? '';
    const names = [...list.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name);
    expect(names).toContain('trace');
    expect([...kept.keys()]).toEqual(['', ...names]);
    expect([...keptKorean.keys()]).toEqual([...kept.keys()]);
  });

  it.each(['', 'trace', 'check'])('of "%s" is what the commands say, and what is printed', (name) => {
    const words = name === '' ? ['--help'] : [name, '--help'];
    expect(kept.get(name)).toBe(run('command.js', words));
    expect(run('cli.cjs', words)).toBe(kept.get(name));
    expect(run('cli.cjs', [...words.slice(0, -1), '-h'])).toBe(kept.get(name));
  });

  it.each(['', 'trace', 'check'])('of "%s" is Korean where the locale is', (name) => {
    const words = name === '' ? ['--help'] : [name, '--help'];
    expect(keptKorean.get(name)).toContain('사용법:');
    expect(keptKorean.get(name)).toBe(run('command.js', words, 'ko_KR.UTF-8'));
    expect(run('cli.cjs', words, 'ko_KR.UTF-8')).toBe(keptKorean.get(name));
    expect(run('cli.cjs', [...words, '--lang', 'ko'])).toBe(keptKorean.get(name));
  });

  it('of a command that there is not is what the commands say of it', () => {
    const words = ['constructor', '--help'];
    expect(run('cli.cjs', words)).toBe(run('command.js', words));
  });

  it.skipIf(spawnSync('script', ['--version']).error)('is made anew for a narrow terminal', () => {
    const command = `stty cols 50; ${process.execPath} ${join(dist, 'cli.cjs')} trace --help`;
    const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8' });
    expect(stdout.split('\n').length).toBeGreaterThan(String(kept.get('trace')).split('\n').length);
  });
});
