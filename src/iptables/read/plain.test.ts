/** Rules are read part by part, or left as text, where that gives what iptables' own option loop gives. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allSpecs } from '../../../test/support/spec.js';
import type { Family } from '../../address/address.js';
import { parse } from '../../generated/iptables.js';
import { SourceText } from '../../source/source.js';
import { eachJump, sizeOf, someRule } from '../digest.js';
import { printRuleBody } from '../print.js';
import { readDump } from './dump.js';
import { Findings } from './findings.js';
import { type RuleParts } from './rule-draft.js';
import { parseRule } from './rule-parser.js';
import { RuleReader } from './rule-reader.js';
import { Words } from './words.js';

const ROWS = allSpecs().flatMap(({ forms }) => forms.map(({ rule }) => rule));
const HEADERS = [
  ...[
    '-s 10.0.0.1',
    '-d 10.0.0.0/8',
    '! -s 10.0.0.1/32',
    '-s any.example',
    '-s 10.0.0.1,10.0.0.2',
    '-d fd00::1',
  ],
  ...[
    '-i eth0',
    '-o eth+',
    '-i +',
    '-i toolongforadevice',
    '-p tcp',
    '-p 0',
    '-p 999',
    '-p udp',
    '! -p tcp',
    '-f',
  ],
  ...[
    '-s -d 10.0.0.1',
    '-p',
    '-i "eth0"',
    "-o 'eth0'",
    '--source 10.0.0.1',
    '-4',
    '-6',
    '-s 10.0.0.1 -s 10.0.0.2',
  ],
];
const PARTS = [
  ...[
    '-m comment --comment "a b"',
    '-m comment --comment',
    '-m comment --comment x y',
    '-m comment -- comment',
  ],
  ...[
    '-m tcp --dport 80',
    '-m tcp --dport -80',
    '-m tcp --dport 99999',
    '-m mark --mark 0x1/0x1',
    '-m nosuch --x 1',
  ],
  ...[
    '-j ACCEPT',
    '-j X',
    '-j LOG',
    '-g X',
    '-j DNAT --to-destination 10.0.0.1:80',
    '-j DNAT --to-destination x',
    '-j "X Y"',
  ],
  ...[
    '-j MARK --set-xmark 0x1/0x1',
    '-c 1 2',
    '--dport 80',
    '! --dport 80',
    'stray',
    '-j',
    '-m',
    '"-m" tcp',
    '-m icmpv6',
  ],
];

function wordsOf(text: string): Words | null {
  const words = new Words(` ${text}`);
  const seen = { whole: false };
  const builder = {
    word: (start: number, end: number): void => {
      words.add(start, end);
    },
    rule: (): void => {
      seen.whole = true;
    },
    torn: (): void => undefined,
  };
  parse(words.text, { startRule: 'Words', builder });
  return seen.whole ? words : null;
}

const told = ({ headers, matches, action, counters, problems }: RuleParts): unknown => ({
  rules: headers.map((header) => printRuleBody({ header, matches, action })),
  kinds: [action.kind, ...matches.map((match) => ('opaque' in match ? match.text : match.extension.name))],
  counters,
  // They are told in the order of the text.
  problems: problems.toSorted((a, b) => a.from - b.from || a.code.localeCompare(b.code)),
});

const rules = fc
  .record({
    headers: fc.array(fc.constantFrom(...HEADERS), { maxLength: 3 }),
    parts: fc.array(fc.oneof(fc.constantFrom(...PARTS), fc.constantFrom(...ROWS)), { maxLength: 4 }),
  })
  .map(({ headers, parts }) => [...headers, ...parts].join(' '));

describe.each([4, 6] as const)('a rule of IPv%i', (family: Family) => {
  const reader = new RuleReader(family);

  it('is the same read part by part', () => {
    fc.assert(
      fc.property(rules, fc.boolean(), (text, named) => {
        const words = wordsOf(text);
        if (words === null) return;
        const isChain = (name: string): boolean => named && name === 'LOG';
        const loop = parseRule(words, 0, words.count, family, isChain).finish(0);
        expect(told(reader.read(words, 0, isChain))).toEqual(told(loop));
      }),
      { numRuns: 3000 },
    );
  });

  it('is the same when it is read again from its text', () => {
    const lines = fc.array(
      fc.record({ chain: fc.constantFrom('FORWARD', 'X', 'LOG'), text: rules, insert: fc.boolean() }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(lines, fc.constantFrom('', '[3:180] ', '  '), (all, before) => {
        const text = all.map(({ chain, text: own, insert }) =>
          insert ? `-I ${chain} ${own}` : `${before}-A ${chain} ${own}`,
        );
        const source = new SourceText(
          'save',
          `*filter\n:FORWARD ACCEPT [0:0]\n:X - [0:0]\n${text.join('\n')}\nCOMMIT\n`,
        );
        const read = (): ReturnType<typeof readDump> =>
          readDump(source, new RuleReader(family), new Findings(source), () => undefined);
        const [block] = read().blocks;
        for (const chain of block?.chains.values() ?? []) {
          const twin = read().blocks[0]?.chains.get(chain.name);
          const [jumps, size] = [new Map<number, string>(), sizeOf(chain)];
          eachJump(chain, (to, index) => jumps.set(index, to));
          const names = new Set<string>();
          expect(
            someRule(chain, ({ matches }) => {
              for (const match of matches) names.add('opaque' in match ? match.name : match.extension.name);
              return matches.length > 99;
            }),
          ).toBe(false);
          const own = chain.rules;
          expect(own).toHaveLength(size);
          expect(own.map(({ number }) => number)).toEqual(own.map((_, at) => at + 1));
          expect(jumps).toEqual(
            new Map(own.flatMap(({ action }, at) => (action.kind === 'chain' ? [[at, action.chain]] : []))),
          );
          expect(names).toEqual(
            new Set(
              own.flatMap(({ matches }) =>
                matches.map((match) => ('opaque' in match ? match.name : match.extension.name)),
              ),
            ),
          );
          // One rule of a chain that has not been read is the same rule.
          for (const rule of own) {
            const alone = twin?.ruleAt(rule.span.start) ?? null;
            expect(alone?.span).toEqual(rule.span);
            expect(alone === null ? '' : printRuleBody(alone)).toBe(
              printRuleBody(own.find(({ span }) => span.start === rule.span.start) ?? rule),
            );
          }
        }
      }),
      { numRuns: 400 },
    );
  });
});
