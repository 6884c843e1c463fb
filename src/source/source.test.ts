/** Places in a text, in whatever order they are asked for. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SourceText } from './source.js';

const TEXT = 'one\ntwo\r\n\n한국 x\nlast';

it.each([
  [0, 1, 1],
  [3, 1, 4],
  [4, 2, 1],
  [9, 3, 1],
  [10, 4, 1],
  [12, 4, 3],
  [TEXT.length, 5, 5],
])('offset %i is line %i, column %i', (offset, line, column) => {
  expect(new SourceText('a', TEXT).position(offset)).toEqual({ line, column });
  expect(new SourceText('a', TEXT, 11).position(offset)).toEqual({ line: line + 10, column });
});

it('has its lines without their ends', () => {
  const source = new SourceText('a', TEXT, 3);
  expect([7, 3, 4, 5, 6, 8].map((line) => source.line(line))).toEqual([
    ...['last', 'one', 'two', '', '한국 x', ''],
  ]);
});

it('answers the same whatever was asked before', () => {
  const texts = fc
    .array(fc.constantFrom('a', '\n', '\r\n', '한'), { maxLength: 30 })
    .map((all) => all.join(''));
  fc.assert(
    fc.property(texts, fc.array(fc.nat(40), { maxLength: 8 }), (text, offsets) => {
      const source = new SourceText('a', text);
      for (const offset of offsets.map((one) => Math.min(one, text.length))) {
        const before = text.slice(0, offset).split('\n');
        expect(source.position(offset)).toEqual({
          line: before.length,
          column: [...(before.at(-1) ?? '')].length + 1,
        });
        expect(source.line(before.length)).toBe(
          (text.split('\n')[before.length - 1] ?? '').replace(/\r$/, ''),
        );
      }
    }),
  );
});
