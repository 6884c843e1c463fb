/** Walks for terminals of several widths, in both languages: every line fits, nothing is lost. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { widthOf } from '../../src/explain/width.js';
import { natwalk } from '../support/cli.js';

const root = join(import.meta.dirname, '../..');
const eks = join(root, 'examples/eks-node');

const WALKS = {
  'pod-to-internet': [eks, '--from', '192.168.61.33', '--to', '203.0.113.9:443'],
  'node-port': [eks, '--in', 'ens5', '--from', '198.51.100.7:50000', '--to', '192.168.45.10:30080'],
  'drop-by-policy': [
    join(root, 'docs/questions/docker.txt'),
    '--from',
    '10.244.1.5',
    '--to',
    '10.0.0.99:443',
  ],
} as const;

const WIDTHS = [20, 40, 80, 100, 120];
const LANGUAGES = ['en', 'ko'] as const;

/** Characters that East Asian terminals may give two cells, of those that a text of ours might have. */
const AMBIGUOUS = /[\u00a1-\u00ff\u2010-\u2027\u2030-\u203e\u2190-\u21ff\u2200-\u22ff\u2460-\u26ff]/gu;

const walk = async (name: keyof typeof WALKS, columns: number, lang: string): Promise<string> =>
  (
    await natwalk(['trace', ...WALKS[name], '--lang', lang], {
      terminal: true,
      columns,
      env: { NO_COLOR: '1' },
    })
  ).out;

/** The words of a text without its line breaks and columns. */
const letters = (text: string): string => text.replace(/[\s|]/g, '');

const cases = Object.keys(WALKS).flatMap((name) =>
  LANGUAGES.flatMap((lang) => WIDTHS.map((columns) => [name as keyof typeof WALKS, lang, columns] as const)),
);

describe('a walk on a terminal', () => {
  it.each(cases)('%s in %s fits %i columns', async (name, lang, columns) => {
    const out = await walk(name, columns, lang);
    for (const line of out.split('\n')) {
      const wide = (line.match(AMBIGUOUS) ?? []).length;
      expect([line, widthOf(line) + wide <= columns]).toEqual([line, true]);
    }
    const golden = join(import.meta.dirname, 'goldens/widths', `${name}.${lang}.${String(columns)}.txt`);
    await expect(out).toMatchFileSnapshot(golden);
  });

  it.each(Object.keys(WALKS).map((name) => name as keyof typeof WALKS))(
    '%s loses nothing on narrow lines',
    async (name) => {
      const wide = await walk(name, 1000, 'en');
      const narrow = letters(await walk(name, 20, 'en'));
      const words = wide.split('\n').slice(0, -1);
      // The head of the columns is left out, and the dash of a row that is no rule.
      for (const line of words.filter((one) => !one.includes('WHERE')))
        for (const word of line.split(/\s+/)) if (word !== '-') expect(narrow).toContain(letters(word));
    },
  );

  it('has the same rows at 80 columns as at 100, one line each', async () => {
    const rows = (text: string): number => text.split('\n').filter((line) => /^ ?\d+ /.test(line)).length;
    expect(rows(await walk('node-port', 80, 'en'))).toBe(rows(await walk('node-port', 100, 'en')));
  });

  it('has 100 columns where there is no terminal', async () => {
    const { out } = await natwalk(['trace', ...WALKS['node-port']], { columns: 40 });
    expect(out).toBe(readFileSync(join(import.meta.dirname, 'goldens/widths/node-port.en.100.txt'), 'utf8'));
  });

  it('takes a terminal of no columns, or of three, for one that can be written to', async () => {
    for (const columns of [0, 3]) {
      const { status, out } = await natwalk(['trace', ...WALKS['node-port']], { terminal: true, columns });
      expect([status, out.includes('LEAVES')]).toEqual([0, true]);
    }
  });
});
