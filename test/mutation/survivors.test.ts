/** Every fault that survived the last run has a class, and docs/mutation-survivors.md shows it. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SECTIONS } from '../facts/all.js';
import type { Score } from './document.js';
import { type Survivor, survivorsDocument } from './survivors.js';

const read = (name: string): unknown => JSON.parse(readFileSync(`test/mutation/${name}.json`, 'utf8'));
const survivors = read('survivors') as readonly Survivor[];
const score = read('score') as Score;
/** Prettier aligns tables and escapes what it takes for emphasis. */
const words = (text: string): string =>
  text
    .replace(/\\|-{3,}/g, (found) => (found === '\\' ? '' : '---'))
    .replace(/\s+/g, ' ')
    .trim();

it('names as many survivors of each file as the run counted', () => {
  const counted = Object.entries(score.files).flatMap(([file, { survived }]) =>
    survived === 0 ? [] : [[file, survived]],
  );
  const named = counted.map(([file]) => [file, survivors.filter((one) => one.file === file).length]);
  expect(named).toEqual(counted);
  expect(survivors).toHaveLength(score.total.survived);
});

it('has sorted every one of them', () => {
  expect(survivors.filter((one) => one.class === 'unsorted')).toEqual([]);
});

it('says which state is rare, and names facts that are there', () => {
  const facts = new Set(SECTIONS.flatMap(({ facts: some }) => some.map(({ name }) => name)));
  const rare = survivors.filter((one) => one.class === 'rare');
  const caught = survivors.filter((one) => one.class === 'fact');
  expect(rare.filter(({ why = '' }) => why === '')).toEqual([]);
  expect(caught.filter(({ why = '' }) => !facts.has(why))).toEqual([]);
});

it('is what docs/mutation-survivors.md shows', () => {
  expect(words(readFileSync('docs/mutation-survivors.md', 'utf8'))).toBe(words(survivorsDocument(survivors)));
});
