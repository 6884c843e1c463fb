/** What README shows is what the program prints. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const korean = readFileSync(join(root, 'README.ko.md'), 'utf8');
const walks = [...`${readme}\n${korean}`.matchAll(/<!-- walk: (.+) -->\n+```\n([^]*?)```/g)].map(
  ([, command = '', output = '']) => [command, output] as const,
);
const words = walks[0]?.[0] ?? '';

describe('README', () => {
  it.each(walks)('shows what natwalk %s prints', (command, shown) => {
    const output = execFileSync(process.execPath, [join(root, 'dist/cli.cjs'), ...command.split(' ')], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(shown).toBe(output);
  });

  it('shows a real diff', () => {
    const [, given = '', printed = ''] = /<!-- diff: (.+) -->\n+```\n([^]*?)```/.exec(readme) ?? [];
    const [, line = ''] = /sed -i '\/(.+?)\/d' after\/ip-rule\.txt/.exec(readme) ?? [];
    const folder = mkdtempSync(join(tmpdir(), 'natwalk-readme-'));
    try {
      for (const copy of ['examples/eks-node', 'after'])
        cpSync(join(root, 'examples/eks-node'), join(folder, copy), { recursive: true });
      const rules = join(folder, 'after/ip-rule.txt');
      const kept = readFileSync(rules, 'utf8')
        .split('\n')
        .filter((rule) => !rule.includes(line));
      writeFileSync(rules, kept.join('\n'));
      const { stdout, status } = spawnSync(
        process.execPath,
        [join(root, 'dist/cli.cjs'), ...given.split(' ')],
        { cwd: folder, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C', NO_COLOR: '1' } },
      );
      expect(printed).toBe(stdout);
      expect(status).toBe(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('shows a real spec, and what it finds', () => {
    const [, name = '', spec = ''] = /<!-- spec: (.+) -->\n+```yaml\n([^]*?)```/.exec(readme) ?? [];
    const [, given = '', printed = ''] = /<!-- check: (.+) -->\n+```\n([^]*?)```/.exec(readme) ?? [];
    const folder = mkdtempSync(join(tmpdir(), 'natwalk-readme-'));
    try {
      cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
      writeFileSync(join(folder, name), spec);
      const { stdout, status } = spawnSync(
        process.execPath,
        [join(root, 'dist/cli.cjs'), ...given.split(' ')],
        { cwd: folder, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C', NO_COLOR: '1' } },
      );
      expect(printed).toBe(stdout);
      expect(status).toBe(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('shows what the linter really finds', () => {
    const [, given = '', printed = ''] = /<!-- lint: (.+) -->\n+```\n([^]*?)```/.exec(readme) ?? [];
    const { stdout, status } = spawnSync(
      process.execPath,
      [join(root, 'dist/cli.cjs'), ...given.split(' ')],
      { cwd: root, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C', NO_COLOR: '1' } },
    );
    expect(printed).toBe(stdout);
    expect(status).toBe(1);
  });

  it('names commands that the package has', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(scripts['start']).toContain(words);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test', 'prepare']));
  });

  it('links to files that are there', () => {
    const links = [...`${readme}\n${korean}`.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  });
});
