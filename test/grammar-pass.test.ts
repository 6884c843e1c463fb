/** The pass that makes the parsers fast leaves what they read, and what they say of an error, as it is. */
import { readFileSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import peggy from 'peggy';
import { describe, expect, it } from 'vitest';
import scanLoops from '../scripts/peggy/scan-loops.mjs';

const GRAMMARS = readdirSync('grammar').filter((name) => name.endsWith('.peggy') && name !== 'tokens.peggy');

interface Parser {
  parse(text: string, options: Readonly<Record<string, unknown>>): unknown;
}

function parserOf(grammar: string, starts: readonly string[], plugins: readonly peggy.Plugin[]): Parser {
  const sources = [grammar, 'tokens.peggy'].map((name) => ({
    source: name,
    text: readFileSync(`grammar/${name}`, 'utf8'),
  }));
  return peggy.generate(sources, {
    output: 'parser',
    plugins: [...plugins],
    ...(starts.length === 0 ? {} : { allowedStartRules: [...starts] }),
  });
}

const startsOf = (grammar: string): readonly string[] =>
  [...readFileSync(`grammar/${grammar}`, 'utf8').matchAll(/^\/\/ @start (\w+)/gm)].map(
    ([, start]) => start ?? '',
  );

/** What a parser returns or throws, and what it told its builder on the way. */
function reading(parser: Parser, text: string, start: string | undefined): unknown {
  const told: unknown[] = [];
  const builder = new Proxy(
    {},
    {
      get:
        (_, name) =>
        (...args: readonly unknown[]): string => {
          told.push([name, ...args]);
          return String(name);
        },
    },
  );
  const options = { builder, ...(start === undefined ? {} : { startRule: start }) };
  try {
    return { told, value: parser.parse(text, options) };
  } catch (error) {
    return { told, error: String(error) };
  }
}

const TEXTS = [
  ...readdirSync('examples/eks-node').map((name) => readFileSync(`examples/eks-node/${name}`, 'utf8')),
  readFileSync('test/listing/eks-node-Lnv.txt', 'utf8'),
  'create hosts hash:ip family inet hashsize 1024 maxelem 65536\nadd hosts 10.0.0.1 comment "a b"\n',
  'tcp      6 431999 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1 [ASSURED] mark=0 use=1\n',
  '-A X -m comment --comment "a \\" b" \\\n  -j ACCEPT # why\n-I X 2 ! -s 10.0.0.1 -j "A B"\n:X - [0:0]\n*nat\nCOMMIT\n-A Y \'q\' "open\n',
];

const CHARACTERS = [
  ' ',
  '\t',
  '\n',
  '\r',
  '"',
  "'",
  '\\',
  '{',
  '}',
  ';',
  ',',
  ':',
  '=',
  '-',
  '#',
  '!',
  'x',
  '0',
  '\u00e9',
  '\u{1f600}',
];

/** A piece of a real text with some characters changed. */
const damaged = fc
  .record({
    text: fc.constantFrom(...TEXTS),
    from: fc.nat(),
    length: fc.integer({ min: 0, max: 400 }),
    changes: fc.array(fc.tuple(fc.nat(), fc.constantFrom(...CHARACTERS)), {
      maxLength: 4,
    }),
  })
  .map(({ text, from, length, changes }) => {
    const start = text.length === 0 ? 0 : from % text.length;
    let piece = text.slice(start, start + length);
    for (const [change, character] of changes) {
      const at = change % (piece.length + 1);
      piece = piece.slice(0, at) + character + piece.slice(at + 1);
    }
    return piece;
  });

describe.each(GRAMMARS)('%s', (grammar) => {
  const starts = startsOf(grammar);
  const plain = parserOf(grammar, starts, []);
  const fast = parserOf(grammar, starts, [scanLoops]);

  it.each(starts.length === 0 ? [undefined] : starts)('reads the same from %s', (start) => {
    for (const text of TEXTS) expect(reading(fast, text, start)).toEqual(reading(plain, text, start));
    fc.assert(
      fc.property(damaged, (text) => {
        expect(reading(fast, text, start)).toEqual(reading(plain, text, start));
      }),
      { numRuns: 150 },
    );
  });
});
