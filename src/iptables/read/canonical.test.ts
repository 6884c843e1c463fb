/** Lines whose words are found without the grammar have the words that the grammar finds. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalWords } from './canonical.js';
import { RuleReader } from './rule-reader.js';
import { readStretch } from './stretch.js';
import { Words } from './words.js';

const placesOf = (words: Words): readonly (readonly [number, number])[] =>
  Array.from({ length: words.count }, (_, at) => [words.start(at), words.end(at)]);

function byGrammar(line: string): readonly (readonly [number, number])[] | null {
  let found: readonly (readonly [number, number])[] | null = null;
  readStretch(
    line,
    new RuleReader(4),
    () => true,
    (start, _, words) => {
      if (start === 0) found = placesOf(words);
    },
  );
  return found;
}

const PIECES = ['-A', 'X', '-s', '10.0.0.1/32', '-j', 'DROP', '"a b"', '"', "'", '\\', '#', '#x', '"a', 'b"', 'a"b', '""', '"a\\"b"', "'a b'", "it's", '!', '-', '한', '\t', ' ', '', '[1:2]', ':'] as const; // prettier-ignore

it('finds the words that the grammar finds, or none', () => {
  let count = 0;
  const lines = fc
    .tuple(fc.constantFrom('-A X', '-A X', '-A "X Y"', '-A', '-I X', ' -A X', '[1:2] -A X'), fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }))
    .map(([lead, pieces]) => [lead, ...pieces].join(' ')); // prettier-ignore
  fc.assert(
    fc.property(lines, fc.constantFrom('', ' '), (line, tail) => {
      const text = line + tail;
      const words = new Words(text);
      if (!canonicalWords(words, 0, text.length)) {
        expect(words.count).toBe(0);
        return;
      }
      count += 1;
      expect(placesOf(words)).toEqual(byGrammar(text));
    }),
    { numRuns: 5000 },
  );
  expect(count).toBeGreaterThan(100);
});

it.each([
  ['-A KUBE-SEP-B -s 10.0.0.1/32 -m comment --comment "a b:c" -j KUBE-MARK-MASQ', 9],
  ['-A X', 1],
])('finds the words of %s', (line, count) => {
  const words = new Words(`x\n${line}\ny`);
  expect(canonicalWords(words, 2, 2 + line.length)).toBe(true);
  expect(words.count).toBe(count);
});
