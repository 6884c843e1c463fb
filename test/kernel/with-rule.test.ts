/** `--with`, asked of the tools and the kernel: the rule is put in in a namespace, and the packet sent. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { printRule } from '../../src/iptables/print.js';
import type { Node } from '../../src/packet/node.js';
import { trace } from '../../src/packet/trace.js';
import { loadNode } from '../../src/snapshot/load.js';
import { insertFrom } from '../../src/why/insert.js';
import { BadReference, resolve } from '../../src/why/reference.js';
import { SERVER, fromLan } from '../facts/fact.js';
import { type FactNode, filesOf } from '../facts/node.js';
import { table } from '../support/router.js';
import { scratchFolder } from './adapter/scratch.js';
import { kernelWay, way } from './adapter/way.js';

const folder = scratchFolder('with-rule');
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const PACKET = fromLan({ proto: 'udp', dport: 53 });

function nodeOf(given: FactNode): Node {
  const texts = { ...filesOf(given, 4, 'legacy'), 'nft-ruleset.txt': 'table ip nothing {\n}\n' };
  return loadNode(
    'node',
    Object.entries(texts).map(([name, text]) => ({ name, text })),
  );
}

function changedBy(before: FactNode, other: FactNode, text: string, place: string | null): Node {
  const lent = nodeOf(other);
  const target = resolve(lent, 4, text);
  if (target instanceof BadReference) throw new Error(target.code);
  const done = insertFrom(nodeOf(before), target, { node: lent, name: 'other' }, place);
  if (done instanceof BadReference) throw new Error(done.code);
  return done.node;
}

function claimed(node: Node): string {
  const { outcomes } = trace(node, PACKET);
  expect(outcomes).toHaveLength(1);
  return way(outcomes[0]?.egress?.iface, outcomes[0]?.final.src, outcomes[0]?.final.dst);
}

const kernel = (given: FactNode): Promise<string> => kernelWay(folder, given, PACKET);

const FILTER = table('filter', '');
const nat = (...lines: readonly string[]): string => table('nat', lines.join('\n')) + FILTER;
const SNAT = '-A POSTROUTING -o eth0 -j SNAT --to-source 10.0.0.2';
const RETURN = `-A POSTROUTING -d ${SERVER}/32 -j RETURN`;
const OWN = ':OWN - [0:0]';
const MARK = '-A PREROUTING -s 10.1.0.0/24 -j MARK --set-xmark 0x80/0x80';
const RULE = '1024: from all fwmark 0x80/0x80 lookup 7';
const HOLE = ['blackhole default table 7'];

interface Case {
  readonly rule: string;
  readonly place: string | null;
  readonly before: FactNode;
  readonly other: FactNode;
  /** The node as the tools leave it when they put the rule in. */
  readonly after: FactNode;
}

const CASES: readonly (readonly [string, Case])[] = [
  [
    'a rule that is missing',
    {
      rule: 'nat/POSTROUTING:1',
      place: null,
      before: { save: nat('') },
      other: { save: nat(SNAT) },
      after: { save: nat(SNAT) },
    },
  ],
  [
    'a rule before another one',
    {
      rule: 'nat/POSTROUTING:1',
      place: null,
      before: { save: nat(SNAT) },
      other: { save: nat(RETURN) },
      after: { save: nat(RETURN, SNAT) },
    },
  ],
  [
    'a rule with the chain that it jumps to',
    {
      rule: 'POSTROUTING:1',
      place: null,
      before: { save: nat('') },
      other: { save: nat(OWN, '-A POSTROUTING -j OWN', SNAT.replace('POSTROUTING', 'OWN')) },
      after: { save: nat(OWN, '-A POSTROUTING -j OWN', SNAT.replace('POSTROUTING', 'OWN')) },
    },
  ],
  [
    'a rule of a table that is not loaded',
    {
      rule: 'mangle/PREROUTING:1',
      place: null,
      before: { save: FILTER, rules: [RULE], routes: HOLE },
      other: { save: table('mangle', MARK) },
      after: { save: table('mangle', MARK) + FILTER, rules: [RULE], routes: HOLE },
    },
  ],
  [
    'a rule in another place',
    {
      rule: 'nat/POSTROUTING:2',
      place: '1',
      before: { save: nat(SNAT) },
      other: { save: nat(SNAT, RETURN) },
      after: { save: nat(RETURN, SNAT) },
    },
  ],
  [
    'a policy rule',
    {
      rule: 'rule/1024',
      place: null,
      before: { save: table('mangle', MARK), routes: HOLE },
      other: { save: FILTER, rules: [RULE] },
      after: { save: table('mangle', MARK), rules: [RULE], routes: HOLE },
    },
  ],
  [
    'a policy rule of another priority',
    {
      rule: 'rule/1024',
      place: '40000',
      before: { save: table('mangle', MARK), routes: HOLE },
      other: { save: FILTER, rules: [RULE] },
      after: { save: table('mangle', MARK), rules: [RULE.replace('1024', '40000')], routes: HOLE },
    },
  ],
];

describe('--with', () => {
  it.each(CASES)('%s does what the kernel does when it is there', async (_name, one) => {
    const told = claimed(changedBy(one.before, one.other, one.rule, one.place));
    expect([await kernel(one.before), await kernel(one.after)]).toEqual([claimed(nodeOf(one.before)), told]);
  });

  it.each([
    ['1', null],
    ['2', null],
    ['3', null],
    ['3', '1'],
    ['1', 'POSTROUTING:2'],
  ] as const)('puts rule %s at %s where iptables -I puts it', (number, place) => {
    const rules = (name: string): readonly string[] =>
      ['tcp', 'udp', 'icmp'].map((proto) => `-A POSTROUTING -d 10.9.9.${name}/32 -p ${proto} -j RETURN`);
    const [own, other] = [rules('1').slice(0, 2), rules('2')];
    const at = place?.replace('POSTROUTING:', '') ?? number;
    const body = (other[Number(number) - 1] ?? '').replace('-A POSTROUTING ', '');
    const script = [
      ...own.map((line) => `iptables-legacy -t nat ${line}`),
      `iptables-legacy -t nat -I POSTROUTING ${at} ${body}`,
      'iptables-legacy -t nat -S POSTROUTING',
    ].join('\n');
    const listing = execFileSync('unshare', ['-n', 'bash', '-ec', script], { encoding: 'utf8' });
    const node = changedBy(
      { save: nat(...own) },
      { save: nat(...other) },
      `nat/POSTROUTING:${number}`,
      place,
    );
    const chain = node.ruleSets[4].tables.get('nat')?.chains.get('POSTROUTING');
    const printed = ['-P POSTROUTING ACCEPT', ...(chain?.rules ?? []).map(printRule), ''];
    expect(printed.join('\n')).toBe(listing);
    expect(chain?.rules.map((one) => one.number)).toEqual([1, 2, 3]);
  });

  it('is refused what iptables refuses', () => {
    const refuse = (script: string): number => {
      try {
        execFileSync('unshare', ['-n', 'bash', '-ec', script], { stdio: 'ignore' });
        return 0;
      } catch {
        return 1;
      }
    };
    const own = { save: nat('') };
    const wrong: readonly (readonly [string, string, string])[] = [
      ['nat/POSTROUTING:1', 'PREROUTING:1', '-t nat -I PREROUTING 1 -j SNAT --to-source 10.0.0.2'],
      ['nat/POSTROUTING:1', '7', '-t nat -I POSTROUTING 7 -j SNAT --to-source 10.0.0.2'],
      ['nat/POSTROUTING:1', 'NOPE:1', '-t nat -I NOPE 1 -j SNAT --to-source 10.0.0.2'],
    ];
    for (const [rule, place, words] of wrong) {
      const codes = (): Node =>
        changedBy(own, { save: nat('-A POSTROUTING -j SNAT --to-source 10.0.0.2') }, rule, place);
      expect(codes).toThrow(/RULE_WRONG_HOOK|USAGE_WITH_/);
      expect(refuse(`iptables-legacy ${words}`)).toBe(1);
    }
  });
});
