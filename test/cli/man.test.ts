/** The man pages are those of the command tree, and readers of man pages take them. */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KOREAN_HELP, manPages } from '../../src/cli/man-page.js';

const root = join(import.meta.dirname, '../..');
const { version, man } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
  man: string[];
};
const pages = [...manPages(version)];
const names = pages.map(([name]) => name);
const korean = [...manPages(version, KOREAN_HELP)];
const koreanFolder = join(root, 'man/ko/man1');
const has = (program: string): boolean => spawnSync('which', [program]).status === 0;

describe('man pages', () => {
  it('are up to date; npm run man writes them', () => {
    const kept = names.map((name) => [name, readFileSync(join(root, 'man', name), 'utf8')]);
    expect(pages).toEqual(kept);
    const keptKorean = names.map((name) => [name, readFileSync(join(koreanFolder, name), 'utf8')]);
    expect(korean).toEqual(keptKorean);
  });

  it('are one for the program and one for each command, all in the package', () => {
    expect(readdirSync(join(root, 'man')).sort()).toEqual(['ko', ...names].sort());
    expect(readdirSync(koreanFolder).sort()).toEqual([...names].sort());
    expect(man.sort()).toEqual(names.map((name) => `man/${name}`).sort());
    expect(names).toEqual(expect.arrayContaining(['natwalk.1', 'natwalk-trace.1']));
    expect(names).not.toContain('natwalk-complete.1');
  });

  it.each(pages)('%s begins with an example after its synopsis', (_name, text) => {
    const heads = [...text.matchAll(/^\.SH (.+)$/gm)].map(([, head]) => head);
    expect(heads.slice(0, 4)).toEqual(['NAME', 'SYNOPSIS', 'EXAMPLE', 'DESCRIPTION']);
  });

  it.skipIf(!has('groff')).each(pages)('groff has nothing against %s', (_name, text) => {
    const { stdout, stderr } = spawnSync('groff', ['-ww', '-man', '-Tascii'], {
      input: text,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout).toContain('natwalk');
  });

  it.skipIf(!has('groff')).each(korean)('groff has nothing against the Korean %s', (_name, text) => {
    const { stdout, stderr } = spawnSync('groff', ['-ww', '-man', '-Kutf8', '-Tutf8'], {
      input: text,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    // Bold letters are struck twice.
    const read = stdout.replace(/.\u0008/gu, '');
    for (const title of ['이름', '사용법', '설명', '옵션']) expect(read).toContain(`\n${title}\n`);
  });

  it.skipIf(!has('mandoc')).each(pages)(
    'mandoc has nothing against %s but its want of a date',
    (_name, text) => {
      const { stdout } = spawnSync('mandoc', ['-Tlint', '-W', 'warning'], { input: text, encoding: 'utf8' });
      expect(stdout.split('\n').filter((line) => line !== '' && !line.includes('missing date'))).toEqual([]);
    },
  );
});
