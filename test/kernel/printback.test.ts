/**
 * Rules in every spelling, by the real tools: loaded by iptables-restore in a namespace of its own and printed by
 * iptables-save, they are what we print of what we read. Dumps go the same way in test/corpus.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Family } from '../../src/address/address.js';
import { printRule } from '../../src/iptables/print.js';
import { EXTENSIONS } from '../../src/iptables/registry.js';
import { readIptables } from '../../src/snapshot/iptables.js';
import { Diagnostics } from '../../src/source/diagnostic.js';
import { SourceText } from '../../src/source/source.js';
import { type Backend, printedBack, rulesByChain } from '../corpus/real-tools.js';
import { allSpecs } from '../support/spec.js';
import { whyNoKernel } from './available.js';

const reason = whyNoKernel();

/** What follows `-A CHAIN`; `U` is a chain of the table. */
const BOTH = [
  '',
  '-j U',
  '-g U',
  '--jump U',
  '--goto U',
  '-gU',
  '-j ACCEPT',
  '-i eth+',
  '-i + -o +',
  '--in-interface eth0 ! --out-interface eth1',
  '-i eth0.5 -j U',
  '-p TCP',
  '-p 0',
  '-p all',
  '-p 47',
  '-p 253',
  '-p icmpv6',
  '-p sctp',
  '! -p udp',
  '-c 5 6 -j U',
  '-c 5,6 -j U',
  '-p tcp --dport 80',
  '-p 6 --dport 80',
  '-p tcp --source-port=80 --dport 1024:',
  '-p tcp --dpo 80',
  '-p tcp -m mark --dport 80 --mark 5',
  '-p tcp -m comment --comment x --dport 80',
  '-p tcp -m comment --comm x --syn',
  '-p tcp -m tcp -m tcp --dport 80',
  '-j U -p tcp --dport 80 -m mark ! --mark 5/0xff',
  '-p tcp ! --dport 80 ! --syn',
  '-m comment --comment -j -j U',
  '-m comment --comment ! -j U',
  '-m comment --comment "-m mark" -m mark --mark 1',
  '-m comment --comment ""',
  '-m comment --comment "say \\"hi\\" it\'s \\\\ back"',
  "-m comment --comment it's",
  '-m comment --comment a"b c"',
  '-m comment --comment "#1 \t x"',
  '-m mark --mark 5 -m mark --mark 6 -j U',
  '-m conntrack --ctstate NEW -j MARK --set-mark 1',
  '-j MARK --set-mark 1 -m mark --mark 2',
  '-m limit --limit 5/min -j LOG --log-prefix "a b: " --log-level 4',
  '   -p   tcp\t-m tcp  --dport 80   ',
];

const ONLY4 = [
  '-s 10.1.2.3/24 -d 10.1.2.3',
  '--source 10.0.0.0/8 ! --destination 10.0.0.1',
  '--src 10.1.2.3/255.255.0.255 --dst 0.0.0.0/0',
  '-s 10/8 -d 10.1',
  '-s 01.02.03.010',
  '-s 1.1.1.1,2.2.2.2 -d 3.3.3.3,4.4.4.0/24 -j U',
  '-s 1.1.1.1,0.0.0.0/0 -j U',
  '-f',
  '! --fragments -j U',
  '-4 -j U',
  '-p icmp --icmp-type echo-request -j U',
];

const ONLY6 = [
  '-s fd00::1 ! -d fd00::/8',
  '-s ::/0 -d ::ffff:1.2.3.4',
  '-s fd00::1/ffff::ffff',
  '-s fd00::1,fd00::2 -d 2001:DB8::0:1',
  '-6 -j U',
  '-p icmpv6 -m icmpv6 --icmpv6-type 128',
  '-p ipv6-icmp --icmpv6-type echo-request -j U',
];

/** What both tools refuse, and we report. */
const REFUSED = [
  '-s 300.1.1.1',
  '-s 1.2.3.4/33',
  '! -s 1.1.1.1,2.2.2.2',
  '-s 1.1.1.1 -s 2.2.2.2',
  '-i a234567890123456',
  '-p nosuch',
  '! -p all',
  '-ptcp',
  '-s10.0.0.1',
  '-jU',
  '! -j U',
  '-j U -j U',
  '-g ACCEPT',
  '-j NOSUCH',
  '-m nosuch',
  '-p tcp --dport 80 --dport 81',
  '-p tcp --nosuch',
  '-m tcp --dport 80',
  '-p udp -m tcp --dport 80',
  '-m comment --comment',
  '-m comment ! --comment x',
  '-p tcp stray -j U',
  '--proto tcp --in eth0 --nosuch',
];

/** A save with each rule in a chain of its own. */
function save(rules: readonly string[]): string {
  const chains = rules.map((_, at) => `:R${String(at)} - [0:0]`);
  const lines = rules.map((rule, at) => `-A R${String(at)} ${rule}`);
  return [
    ...['*filter', ':INPUT ACCEPT [0:0]', ':FORWARD ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]', ':U - [0:0]'],
    ...chains,
    ...lines,
    'COMMIT',
    '',
  ].join('\n');
}

function ours(
  text: string,
  family: Family,
): { readonly rules: Map<string, string[]>; readonly codes: string[] } {
  const diagnostics = new Diagnostics();
  const { tables } = readIptables(
    [{ source: new SourceText('save', text), family, table: null }],
    diagnostics,
  );
  const chains = [...(tables.get('filter')?.chains.values() ?? [])].filter(({ rules }) => rules.length > 0);
  return {
    rules: new Map(chains.map(({ name, rules }) => [`filter ${name}`, rules.map(printRule)])),
    codes: diagnostics.list.map(({ code }) => code),
  };
}

/** Rules of the extensions' tables that stand in any chain of the filter table, without the protocol that they need. */
function specRules(family: Family): {
  readonly matches: readonly string[];
  readonly targets: readonly string[];
} {
  const rules = (kind: 'match' | 'target'): string[] =>
    allSpecs()
      .filter((spec) => spec.kind === kind && !spec.optional && spec.ipsets.length === 0)
      .flatMap((spec) => {
        const extension = (kind === 'match' ? EXTENSIONS.matches : EXTENSIONS.targets).find(
          ({ name }) => name === spec.name,
        );
        const { tables, hooks } = extension?.placement ?? {};
        if (hooks !== undefined || (tables !== undefined && !tables.includes('filter'))) return [];
        if (extension?.families.includes(family) !== true) return [];
        return spec.forms
          .filter((row) => row.canonical !== null && row.place.table === null && row.place.chain === null)
          .filter((row) => (row.family ?? family) === family && row.backend === null)
          .map(({ rule }) => rule);
      });
  return { matches: rules('match'), targets: rules('target') };
}

const protocolOf = (rule: string): string => /(?:^|\s)((?:! )?-p \S+)/.exec(rule)?.[1] ?? '';

/** Random rules: some header, matches that go together, a target, in random order. */
function randomRules(family: Family, count: number, seed: number): string[] {
  const { matches, targets } = specRules(family);
  const [network, host] = family === 4 ? ['10.0.0.0/8', '192.0.2.1'] : ['fd00::/8', '2001:db8::1'];
  const header = fc.subarray([`-s ${network}`, `! -d ${host}`, '-i eth+', '! -o lo']);
  const rule = fc
    .tuple(
      header,
      fc.array(fc.constantFrom(...matches), { maxLength: 3 }),
      fc.option(fc.constantFrom(...targets)),
      fc.boolean(),
    )
    .map(([parts, tested, target, targetFirst]) => {
      // A protocol once, and each match once: nft merges what is there twice.
      const names = new Set<string>();
      const kept: string[] = [];
      for (const one of [...tested, target ?? '']) {
        const name = /-[mj] (\S+)/.exec(one)?.[1] ?? one;
        if (names.has(name) || (protocolOf(one) !== '' && kept.some((other) => protocolOf(other) !== '')))
          continue;
        names.add(name);
        kept.push(one);
      }
      if (targetFirst) kept.reverse();
      return [...parts, ...kept].join(' ');
    });
  return fc.sample(rule, { numRuns: count, seed });
}

/** What the tool makes of a save: the part that it accepts, and what it prints. The tools take bytes. */
function theirs(
  text: string,
  family: Family,
  backend: Backend,
): { readonly accepted: string; readonly saved: string; readonly refused: number } {
  const back = printedBack(Buffer.from(text).toString('latin1'), family, backend);
  if (back === null) return { accepted: '', saved: '', refused: Infinity };
  const decode = (bytes: string): string => Buffer.from(bytes, 'latin1').toString();
  return { accepted: decode(back.accepted), saved: decode(back.saved), refused: back.refused };
}

if (reason !== null) {
  it(`is not compared with the real tools: ${reason}`, ({ skip }) => {
    skip(reason);
  });
} else {
  for (const backend of ['legacy', 'nft'] as const satisfies readonly Backend[]) {
    for (const family of [4, 6] as const) {
      describe(`${backend}, IPv${String(family)}`, () => {
        const written = [...BOTH, ...(family === 4 ? ONLY4 : ONLY6)];

        it('prints every spelling as we do', () => {
          const text = save(written);
          const { refused, saved } = theirs(text, family, backend);
          expect(refused).toBe(0);
          const { rules, codes } = ours(text, family);
          expect(codes).toEqual([]);
          expect(rules).toEqual(rulesByChain(saved));
        });

        it.each(REFUSED)('refuses %s, which we report', (rule) => {
          expect(theirs(save([rule]), family, backend).refused).not.toBe(0);
          expect(ours(save([rule]), family).codes).not.toEqual([]);
        });

        it('prints random rules as we do', () => {
          const { accepted, saved } = theirs(save(randomRules(family, 400, 7 + family)), family, backend);
          const { rules, codes } = ours(accepted, family);
          expect(codes.filter((code) => code !== 'RULE_WRONG_TABLE')).toEqual([]);
          expect(rules.size).toBeGreaterThan(300);
          expect(rules).toEqual(rulesByChain(saved));
        });
      });
    }
  }
}
