/** docs/MUTATION.md is what the last run counted. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Counts, type Score, documentOf } from './document.js';

const score = JSON.parse(readFileSync('test/mutation/score.json', 'utf8')) as Score;

/** Prettier aligns tables and lines. */
const words = (text: string): string => text.replace(/-{3,}/g, '---').replace(/\s+/g, ' ').trim();

it('docs/MUTATION.md shows test/mutation/score.json', () => {
  expect(words(readFileSync('docs/MUTATION.md', 'utf8'))).toBe(words(documentOf(score)));
});

it.each(['rooms', 'files'] as const)('the counts of %s add up', (part) => {
  const sum = (key: keyof Counts): number =>
    Object.values(score[part]).reduce((total, counts) => total + counts[key], 0);
  for (const key of ['faults', 'kernel', 'table', 'survived', 'uncovered'] as const)
    expect(sum(key), key).toBe(score.total[key]);
  const { faults, kernel, table, survived, uncovered } = score.total;
  expect(kernel + table + survived + uncovered).toBe(faults);
});
