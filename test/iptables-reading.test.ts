/** Properties of reading and printing iptables dumps, over random rules and random lines. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Family } from '../src/address/address.js';
import { parse } from '../src/generated/iptables.js';
import { printRuleBody, printRuleSet } from '../src/iptables/print.js';
import { readDump } from '../src/iptables/read/dump.js';
import { Findings } from '../src/iptables/read/findings.js';
import type { RuleParts } from '../src/iptables/read/rule-draft.js';
import { parseRule } from '../src/iptables/read/rule-parser.js';
import { RuleReader } from '../src/iptables/read/rule-reader.js';
import { readRuleParts } from '../src/iptables/read/rule.js';
import { Words } from '../src/iptables/read/words.js';
import { EXTENSIONS } from '../src/iptables/registry.js';
import { readIptables } from '../src/snapshot/iptables.js';
import { Diagnostics } from '../src/source/diagnostic.js';
import { SourceText } from '../src/source/source.js';

const RUNS = 1000;

const extensions = [...EXTENSIONS.matches, ...EXTENSIONS.targets];
const names = extensions.map(({ name }) => name);
const flags = extensions.flatMap(({ options }) =>
  Object.values(options).flatMap(({ flag, aliases = [] }) => [flag, ...aliases]),
);

const value = fc.oneof(
  fc.constantFrom('1', '0x10/0xff', '80', '1024:', '10.0.0.1', '10.0.0.0/8', '1.2.3.4,5.6.7.8', 'fd00::/8', 'eth+', 'tcp', 'NEW', 'src,dst'),
  fc.constantFrom('', '!', '-', '--', '#x', "it's", '"', '\\', 'a"b', '-m', '-j', '--comment', '__proto__', 'constructor', 'häß', '한글', '\u00a0'),
  fc.string({ maxLength: 6 }),
); // prettier-ignore

const escaped = (text: string): string => `"${text.replace(/["\\]/g, (character) => `\\${character}`)}"`;
const word = fc.oneof(
  { weight: 4, arbitrary: value },
  { weight: 2, arbitrary: value.map(escaped) },
  { weight: 1, arbitrary: value.map((text) => `'${text}'`) },
);

const section = fc.oneof(
  fc.tuple(
    fc.constantFrom('-s', '-d', '-i', '-o', '-p', '-f', '! -s', '-p !', '--src', '--protocol', '-c 1'),
    word,
  ),
  fc.tuple(
    fc.constantFrom('-m', '-m', '-j', '-g', '--match', '--jump', '! -m'),
    fc.oneof(fc.constantFrom(...names), word),
  ),
  fc.tuple(fc.constantFrom(...flags), word),
  fc.tuple(
    fc.constantFrom(...flags).map((flag) => `! ${flag}`),
    word,
    word,
  ),
  fc.tuple(
    fc.constantFrom(...flags).map((flag) => flag.slice(0, -2)),
    word,
  ),
  fc.tuple(fc.constantFrom(...flags), word).map(([flag, text]) => [`${flag}=${text}`]),
  fc.tuple(word),
);

const ruleText = fc.array(section, { maxLength: 5 }).map((parts) => parts.flat().join(' '));
const family = fc.constantFrom<Family>(4, 6);

const print = ({ headers, matches, action }: RuleParts): string[] =>
  headers.map((header) => printRuleBody({ header, matches, action }));

describe('any rule', () => {
  it('prints as a text that reads as the same', () => {
    fc.assert(
      fc.property(ruleText, family, (text, of) => {
        for (const printed of print(readRuleParts(text, of)))
          expect(print(readRuleParts(printed, of))).toEqual([printed]);
      }),
      { numRuns: RUNS },
    );
  });

  it('reads the same part by part as at one go', () => {
    fc.assert(
      fc.property(ruleText, family, (text, of) => {
        const line = ` ${text}`;
        const words = new Words(line);
        const torn: string[] = [];
        const builder = {
          word: (start: number, end: number) => {
            words.add(start, end);
          },
          rule: () => undefined,
          torn: () => {
            torn.push(line);
          },
        };
        parse(line, { startRule: 'Words', builder });
        if (torn.length > 0) return;
        const quick = new RuleReader(of).read(words, 0, () => false);
        const slow = parseRule(words, 0, words.count, of).finish(0);
        expect(print(quick)).toEqual(print(slow));
        expect(quick.counters).toEqual(slow.counters);
        const found = ({ problems }: RuleParts): string[] =>
          problems.map(({ code, from, to, params }) => JSON.stringify([code, from, to, params])).sort();
        expect(found(quick)).toEqual(found(slow));
      }),
      { numRuns: RUNS },
    );
  });

  it('that says less is never made of one that says more: each word is kept or understood', () => {
    fc.assert(
      fc.property(ruleText, family, (text, of) => {
        const { problems, matches, action } = readRuleParts(text, of);
        const opaque =
          matches.some((match) => 'opaque' in match) || action.kind === 'opaque' || action.kind === 'chain';
        const errors = problems.filter(
          ({ severity, code }) => severity === 'error' || code === 'RULE_UNKNOWN_MATCH',
        );
        if (errors.length > 0) expect(opaque).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });
});

const garbage = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replaceAll('\n', ' ')),
  fc.constantFrom('', ' ', '\t\r', '-A', '-A ', '-A X "', ':X', ':X ACCEPT', '*', '[1:2]', '-P X', '#', 'COMMIT x', '$ iptables -S', '...', '\0', '-A X \0', '-A X \\'),
); // prettier-ignore
const line = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom('INPUT', 'X', '"X Y"', '__proto__'), ruleText).map(([chain, text]) => `-A ${chain} ${text}`) },
  { weight: 1, arbitrary: ruleText.map((text) => `[1:2] -I INPUT 1 ${text}`) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('*filter', '*nat', '*nosuch', 'COMMIT', ':INPUT ACCEPT [1:2]', ':X - [0:0]', ':"X Y" -', '-P INPUT DROP', '-N X', '# Generated by iptables-save v1.8.9 (nf_tables) on x', '  07: -A INPUT -j X'),
  },
  { weight: 2, arbitrary: garbage },
); // prettier-ignore
const dump = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'))
  .map(([lines, end]) => lines.join(end));

describe('any text', () => {
  it('loses no line: each is a rule, a known line, or foreign', () => {
    fc.assert(
      fc.property(dump, family, (text, of) => {
        const source = new SourceText('dump', text);
        const { blocks, lines } = readDump(source, new RuleReader(of), new Findings(source), () => undefined);
        const rules = blocks.flatMap(({ chains }) => [...chains.values()].flatMap((chain) => chain.rules));
        const spans = new Map(rules.map(({ span: { start, end } }) => [start, text.slice(start, end)]));
        // A backslash at its end joins a line to the next one.
        const joined = (part: string): number => part.split('\n').length - 1;
        const all = lines.rules + lines.torn + lines.other + lines.foreign;
        const shown = [...spans.values()].reduce((sum, part) => sum + joined(part), 0);
        if (!/\\[ \t]*\r?\n/.test(text)) expect(all).toBe(joined(text) + 1);
        else
          expect(all).toBeGreaterThanOrEqual(
            joined(text) + 1 - shown - (text.match(/\\[ \t]*\r?\n/g)?.length ?? 0),
          );
        if (!text.includes('*nosuch')) expect(spans.size).toBe(lines.rules + lines.torn);
      }),
      { numRuns: RUNS },
    );
  });

  it('becomes a rule set whose print reads as the same', () => {
    fc.assert(
      fc.property(dump, family, (text, of) => {
        const read = (from: string): string =>
          printRuleSet(
            readIptables(
              [{ source: new SourceText('dump', from), family: of, table: null }],
              new Diagnostics(),
            ),
          );
        const printed = read(text);
        expect(read(printed)).toBe(printed);
      }),
      { numRuns: RUNS },
    );
  });

  it('of a megabyte in one line is read in bounded time', () => {
    const long = 'x'.repeat(1 << 20);
    for (const text of [
      `-A INPUT -m comment --comment ${long} -j X`,
      `-A INPUT -m comment --comment "${long}`,
      `-A INPUT ${'! '.repeat(1 << 19)}`,
      `-A INPUT ${'-m tcp '.repeat(1 << 16)}`,
      `-A INPUT ${'-s 1.1.1.1 '.repeat(1 << 16)}`,
      `-A INPUT ${'--dport 1 '.repeat(1 << 16)}`,
      `-A INPUT -p tcp ${'--nosuch 1 '.repeat(1 << 16)}`,
      `-A INPUT -m multiport --dports ${'1,'.repeat(1 << 18)}`,
      `-A ${long} -j ${long}`,
      `:${long} - [0:0]`,
      `[${'1'.repeat(1 << 20)}:2] -A X`,
      '-A X '.repeat(1 << 17),
      ' '.repeat(1 << 20),
      `-A INPUT ${'"" '.repeat(1 << 17)}`,
      `-A INPUT${' '.repeat(1 << 20)}\0`,
      `-A INPUT ${'\\\n'.repeat(1 << 17)}`,
      long,
    ]) {
      const started = performance.now();
      readIptables([{ source: new SourceText('dump', text), family: 4, table: 'filter' }], new Diagnostics());
      expect(performance.now() - started).toBeLessThan(15_000);
    }
  }, 60_000);
});
