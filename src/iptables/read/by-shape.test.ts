/** A save that is read by the shapes of its rules is the one that is read rule by rule; or it is not read by them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Diagnostics } from '../../source/diagnostic.js';
import { SourceText } from '../../source/source.js';
import { checkTable } from '../check.js';
import { printRule } from '../print.js';
import type { Block } from './block.js';
import { readByShape } from './by-shape.js';
import { readDump } from './dump.js';
import { Findings } from './findings.js';
import { outlineOf } from './outline.js';
import { RuleReader } from './rule-reader.js';

type Family = 4 | 6;

/** Everything that is known of a block. */
function contents(blocks: readonly Block[]): unknown {
  return blocks.map(({ chains, source: _source, ...block }) => ({
    ...block,
    chains: [...chains].map(([key, chain]) => {
      const jumps: unknown[] = [];
      chain.eachJump((to, index) => jumps.push([to, index]));
      const kinds = new Set<string>();
      chain.someKind(({ matches, action }) => {
        const names = matches.map((match) => ('opaque' in match ? match.name : match.extension.name));
        const act = action.kind === 'target' ? action.target.extension.name : action.kind;
        kinds.add([...names, act].join(' '));
        return false;
      });
      return {
        ...{ key, name: chain.name, policy: chain.policy, declared: chain.declared, counters: chain.counters },
        ...{ from: chain.from, to: chain.to, size: chain.size, jumps, kinds },
        rules: chain.rules.map((rule) => [
          ...[rule.number, printRule(rule), rule.counters, rule.span.start, rule.span.end],
        ]),
      };
    }), // prettier-ignore
  }));
}

/** What the check of a table tells of each block. */
function faults(blocks: readonly Block[]): unknown {
  return (['legacy', 'nft'] as const).map((backend) => {
    const diagnostics = new Diagnostics();
    for (const { table, chains } of blocks)
      checkTable({ name: table ?? 'filter', chains }, backend, diagnostics);
    return diagnostics.list.map(({ code, params, span }) => [code, params, span?.start]);
  });
}

interface Read {
  readonly byShape: readonly Block[] | null;
  readonly byLine: readonly Block[];
  readonly findings: readonly string[];
}

function read(text: string, family: Family): Read {
  const outline = outlineOf(text);
  const source = new SourceText('s', text);
  const byShape = outline === null ? null : readByShape(source, outline, new RuleReader(family));
  const findings = new Findings(source);
  const foreign: string[] = [];
  const { blocks } = readDump(source, new RuleReader(family), findings, (from, to) => {
    foreign.push(text.slice(from, to));
  });
  const diagnostics = new Diagnostics();
  findings.flush(diagnostics);
  return { byShape, byLine: blocks, findings: [...foreign, ...diagnostics.list.map(({ code }) => code)] };
}

const CHAINS = ['INPUT', 'KUBE-SVC-A', 'KUBE-SEP-B', 'a.b+c', 'X'];

/** Values that differ from rule to rule, and some that look alike and are not of the form. */
const VALUES = {
  4: {
    host: ['10.0.0.1/32', '10.0.0.2/32', '0.0.0.0/32', '255.255.255.255/32', '10.0.0.0/24', '10.0.0.1', '10.0.0.256/32', '10.0.0.1/33', '010.0.0.1/32', '10.0.0.1/032', '10.0.0.1,10.0.0.2', '10.0.0/32', 'some.host'],
    to: ['10.0.0.1:80', '10.0.0.9:8080', '10.0.0.1:0', '10.0.0.1:080', '10.0.0.1:65536', '10.0.0.1', '10.0.0.1-10.0.0.9:80', '10.0.0.1:80-90', ':80'],
  },
  6: {
    host: ['fd00::1/128', '::/128', 'fd00::/64', 'fd00::1', 'fd00:::1/128', 'fd00::1/129', '::ffff:10.0.0.1/128', 'FD00::1/128', 'g::/128'],
    to: ['[fd00::1]:80', '[fd00::9]:8080', '[fd00::1]:0', 'fd00::1', '[fd00::1]', '[fd00::1]:65536', '[fd00::g]:80'],
  },
  port: ['80', '0', '65535', '65536', '080', '80:90', 'http', '-1', ''],
  chance: ['0.50000000000', '0.33333333349', '0.00000000000', '1.00000000000', '0.5', '1.5', '0.123456789012', '.5'],
  comment: ['"a b"', 'ab', '"a \\"b\\""', '"a', "'a b'", '"it\'s"', '""', '"-s"', '"!"', '-j', '"한국"', 'a"b', '"a"b', `"${'x'.repeat(255)}"`, `"${'x'.repeat(256)}"`, '"a;b(c)"', '#a'],
  name: ['KUBE-SEP-B', 'x_1', 'DEFAULT', '-x', '"a b"', 'a/b', 'n'.repeat(200), '..'],
  chain: [...CHAINS, 'NOWHERE', 'DROP', 'LOG', 'INPUT2', 'X '],
} as const; // prettier-ignore

/** Mostly what stands first, which is of the form. */
const of = (values: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { arbitrary: fc.constantFrom(...values.slice(0, 2)), weight: 30 },
    { arbitrary: fc.constantFrom(...values), weight: 1 },
  );

function rules(family: Family): fc.Arbitrary<string> {
  const { host, to } = VALUES[family];
  const fields = { host: of(host), to: of(to), port: of(VALUES.port), chance: of(VALUES.chance) };
  const words = { comment: of(VALUES.comment), name: of(VALUES.name), chain: of(VALUES.chain) };
  return fc
    .tuple(fc.record({ ...fields, ...words }), fc.nat(19), fc.constantFrom('', '', '', '[5:300] '))
    .map(([{ host: one, to: target, port, chance, comment, name, chain }, form, counters]) => {
      const forms = [
        `-s ${one} -m comment --comment ${comment} -j KUBE-SEP-B`,
        `-d ${one} -p tcp -m comment --comment ${comment} -m tcp --dport ${port} -j ${chain}`,
        `-p tcp -m comment --comment ${comment} -m tcp -j DNAT --to-destination ${target}`,
        `-m comment --comment ${comment} -m statistic --mode random --probability ${chance} -j ${chain}`,
        `-m recent --rcheck --seconds 10800 --reap --name ${name} -j ${chain}`,
        `! -s ${one} -j ${chain}`,
        `-g ${chain}`,
        `-p udp -m udp --sport ${port}`,
        `-j MARK --set-xmark 0x4000/0x4000`,
        `-m comment --comment ${comment}`,
        `-m unheard --name ${name} -j ${chain}`,
        `-s ${one} -d ${one} -i eth0 -m conntrack --ctstate NEW -j DROP`,
        `-m string --string ${comment} --algo bm -j ${chain}`,
        `-c 1 2 -s ${one} -j ${chain}`,
        `-j MASQUERADE`,
        `-p tcp -m tcp --sport ${port} --dport ${port} -j ${chain}`,
        `-p tcp -m tcp ! --dport ${port} -g ${chain}`,
        `-m comment --comment ${comment} -m comment --comment "b" -j ${chain}`,
        `! -d ${one} -s ${one} -m addrtype ! --dst-type LOCAL -j ${chain}`,
        `-p udp -m comment --comment ${comment} -m udp --dport ${port} -m recent --set --name ${name} --rsource -j ${chain}`,
      ];
      return `${counters}-A CHAIN ${forms[form] ?? ''}`;
    });
}

function saves(family: Family): fc.Arbitrary<string> {
  const lists = fc.tuple(...CHAINS.map(() => fc.array(rules(family), { maxLength: 12 })));
  const table = fc.constantFrom('filter', 'nat', 'mangle');
  return fc.tuple(lists, fc.boolean(), table).map(([found, isLabelled, name]) => {
    const declared = CHAINS.map((chain, at) => `:${chain} ${at === 0 ? 'DROP [3:4]' : '- [0:0]'}\n`);
    const lines = found.flatMap((list, at) => list.map((one) => one.replace('CHAIN', CHAINS[at] ?? '')));
    const heading = isLabelled ? '# Generated by iptables-save v1.8.9 on Mon Nov  3 10:00:00 2025\n' : '';
    return `${heading}*${name}\n${declared.join('')}${lines.map((line) => `${line}\n`).join('')}COMMIT\n`;
  });
}

describe.each([4, 6] as const)('a save of IPv%i', (family) => {
  it('is read as rule by rule, or not at all', () => {
    let count = 0;
    const codes = new Set<string>();
    fc.assert(
      fc.property(saves(family), (text) => {
        const { byShape, byLine, findings } = read(text, family);
        if (byShape === null) return;
        count += 1;
        expect(findings).toEqual([]);
        const told = faults(byLine);
        expect(faults(byShape)).toEqual(told);
        for (const [code] of JSON.stringify(told).matchAll(/RULE_\w+/g)) codes.add(code);
        expect(contents(byShape)).toEqual(contents(byLine));
      }),
      { numRuns: 600 },
    );
    expect(count).toBeGreaterThan(5);
    expect([...codes].sort()).toEqual([
      ...['RULE_JUMP_BUILTIN', 'RULE_LOOP', 'RULE_WRONG_HOOK', 'RULE_WRONG_TABLE'],
    ]);
  }, 60_000);
});

/** One rule of each list is spoilt; the others have taught its shape. */
describe('a value that is not of the form', () => {
  const RULES = [
    ['-s 10.0.0.1/32 -j X', ['-s 10.0.0.256/32 -j X', '-s 10.0.0.1/32x -j X', '-s 10.0.0.1/32 -j X -j X']],
    ['-p tcp -m tcp --dport 80 -j X', ['-p tcp -m tcp --dport 65536 -j X', '-p tcp -m tcp --dport 80x -j X', '-p tcp -m tcp --dport -j X']],
    ['-m comment --comment "a b" -j X', ['-m comment --comment "a b -j X', '-m comment --comment "a"b" -j X']],
    ['-m statistic --mode random --probability 0.50000000000 -j X', ['-m statistic --mode random --probability 1.50000000000 -j X']],
  ] as const; // prettier-ignore

  it.each(RULES.flatMap(([rule, spoilt]) => spoilt.map((bad) => [bad, rule] as const)))(
    '%s is not taken for one that is',
    (bad, rule) => {
      const lines = [rule, rule, bad, rule].map((one) => `-A INPUT ${one}\n`).join('');
      const text = `*filter\n:INPUT ACCEPT [0:0]\n:X - [0:0]\n${lines}COMMIT\n`;
      const { byShape, findings } = read(text, 4);
      expect(byShape).toBeNull();
      expect(findings).not.toEqual([]);
    },
  );
});

it('is read rule by rule where a chain is not there', () => {
  const lines = ['X', 'X', 'Y', 'X'].map((to) => `-A INPUT -s 10.0.0.1/32 -j ${to}\n`).join('');
  expect(read(`*filter\n:INPUT ACCEPT [0:0]\n:X - [0:0]\n${lines}COMMIT\n`, 4).byShape).toBeNull();
});

it('is read rule by rule where rules have no shapes in common', () => {
  const lines = Array.from(
    { length: 2000 },
    (_, at) => `-A INPUT -m mark --mark 0x${at.toString(16)} -j X\n`,
  );
  const text = `*filter\n:INPUT ACCEPT [0:0]\n:X - [0:0]\n${lines.join('')}COMMIT\n`;
  expect(read(text, 4).byShape).toBeNull();
});

it.each(['X\tY', 'X"', "X'", 'X\\', '!X', 'X:', 'X\u000b', 'X\u3000', ''])(
  'is read rule by rule where a chain is named %j',
  (name) => {
    const text = `*filter\n:INPUT ACCEPT [0:0]\n:${name} - [0:0]\n-A INPUT -j DROP\nCOMMIT\n`;
    expect(read(text, 4).byShape).toBeNull();
  },
);
