/** What README shows is what the program prints. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const [, words = '', shown = ''] = /<!-- walk: (.+) -->\n+```\n([^]*?)```/.exec(readme) ?? [];

describe('README', () => {
  it('shows a real walk', () => {
    const output = execFileSync(process.execPath, [join(root, 'dist/cli.cjs'), ...words.split(' ')], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(shown).toBe(output);
  });

  it('names commands that the package has', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(scripts['start']).toContain(words);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test', 'prepare']));
  });

  it('links to files that are there', () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  });
});
