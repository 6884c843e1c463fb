/** The map of the labs names every lab, in both languages as the lab itself does. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../labs');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const labs = readdirSync(root).filter((name) => /^\d{2}-/.test(name));
const rows = readme.split('\n').filter((line) => line.startsWith('|'));

describe('labs/README.md', () => {
  it.each(labs)('lists %s by its number', (name) => {
    const row = rows.find((line) => line.includes(`(${name}/lab.yaml)`));
    expect(row).toContain(`[${String(Number(name.slice(0, 2)))}]`);
    expect(row).toMatch(/[가-힣]/);
  });

  it('links to files that are there', () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(labs.length);
    expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  });

  it('answers every question by labs that exist, and lets each lab answer one', () => {
    const [, map = ''] = readme.split('## Which lab answers what the week asks');
    const answers = [...map.matchAll(/\| (\d[\d, ]*?) *\|$/gm)].map(([, list = '']) => list.split(', '));
    const known = labs.map((name) => String(Number(name.slice(0, 2))));
    expect(answers.length).toBeGreaterThan(20);
    expect([...new Set(answers.flat())].sort()).toEqual(known.sort());
  });
});
