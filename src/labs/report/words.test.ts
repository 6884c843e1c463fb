import { expect, it } from 'vitest';
import { viewOf } from '../../explain/view.js';
import { paragraphs } from './words.js';

const view = { ...viewOf(), width: 100 };

it('joins lines that were broken for want of room', () => {
  const first = 'a word '.repeat(12).trim();
  expect(paragraphs(`${first} a word\nand more`, view)).toEqual([`${first} a word and more`]);
});

it('does not take an address at the beginning for the number of an item', () => {
  const lines = paragraphs(`10.50.0.5 ${'asks for a page '.repeat(8)}`, view);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(/^\S/);
});

it('hangs what goes on below an item', () => {
  const lines = paragraphs(`1. ${'asks for a page '.repeat(8)}`, view);
  expect(lines[1]).toMatch(/^ {3}\S/);
});

it('keeps the columns of a table, and its rows apart', () => {
  const rows = ['  one    a row that fills its line nearly to the end, so that it might go on below it, if',
    '  three  a row']; // prettier-ignore
  expect(paragraphs(`A table:\n\n${rows.join('\n')}`, view)).toEqual(['A table:', '', ...rows]);
});

it('wraps a row for which there is no room', () => {
  const lines = paragraphs('  one    a row that does not fit', { ...view, width: 24 });
  expect(lines).toEqual(['  one a row that does', '    not fit']);
});
