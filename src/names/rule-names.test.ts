/** What the text of a rule says of services is what the rule says that is made of it. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ruleOf, sizeOf } from '../iptables/digest.js';
import { loadNode } from '../snapshot/load.js';
import { type RuleNames, namesInText, namesOfRule } from './rule-names.js';

/** What texts say, beside what their rules say; and how many rules of kube-proxy's chains are not told by their text. */
function compare(text: string): {
  readonly texts: RuleNames[];
  readonly rules: RuleNames[];
  readonly untold: number;
} {
  const node = loadNode('n', [{ name: 'iptables-save.txt', text }]);
  const [texts, rules]: [RuleNames[], RuleNames[]] = [[], []];
  let untold = 0;
  for (const family of [4, 6] as const)
    for (const [table, { chains }] of node.ruleSets[family].tables)
      for (const chain of chains.values()) {
        const written = Array.from({ length: sizeOf(chain) }, (_, at) => chain.digest?.textOf(at) ?? null);
        for (const [at, one] of written.entries()) {
          const named = one === null ? null : namesInText(one.text, table, one.leadsTo);
          const rule = ruleOf(chain, at);
          if (named === null && chain.name.startsWith('KUBE-S')) untold += 1;
          if (named === null || rule === undefined) continue;
          texts.push(named);
          rules.push(namesOfRule(rule));
        }
      }
  return { texts, rules, untold };
}

const save = (rules: readonly string[]): string =>
  [
    ...['*nat', ':PREROUTING ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]'],
    ...[':KUBE-SERVICES - [0:0]', ':KUBE-SEP-A - [0:0]', ':KUBE-SVC-A - [0:0]'],
    ...rules,
    ...['COMMIT', ''],
  ].join('\n');

const PARTS = [
  ...['-s 10.0.0.1/32', '-d 10.96.0.1/32', '! -d 10.0.0.0/8', '-d 10.0.0.0/8', '-d 10.0.0.9', '-i eth0', '! -i eth0'],
  ...['-p tcp', '-p udp', '-p 132', '-p icmp', '! -p tcp', '--dport 81'],
  ...['-m tcp --dport 80', '-m udp --dport 53', '-m sctp --dport 5:9', '-m tcp ! --dport 80', '-m tcp --sport 1 --dport 80', '-m tcp --dport 443 --sport 2'],
  ...['-m comment --comment "ns/a:http cluster IP"', '-m comment --comment ns/b', '-m comment --comment "-d 10.1.1.1/32"', '-m comment --comment "a \\"b\\" c"', "-m comment --comment 'x y'", '-m comment --comment "! -j DROP"'],
  ...['-m statistic --mode random --probability 0.50000000000', '-m addrtype --dst-type LOCAL', '-m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-A --mask 255.255.255.255 --rsource', '-m nosuch --dport 7'],
]; // prettier-ignore
const ENDS = [
  ...['', '-j KUBE-SEP-A', '-g KUBE-SVC-A', '-j NOWHERE', '-j ACCEPT', '-j RETURN', '-j REJECT --reject-with icmp-port-unreachable'],
  ...['-j DNAT --to-destination 10.0.0.5:8080', '-j DNAT --to-destination 10.0.0.5', '-j DNAT --to-destination 10.0.0.5:1-9', '-j DNAT --to-destination :80', '-j DNAT --to-destination 10.0.0.5:80 --persistent'],
  ...['-j KUBE-SEP-A -m tcp --dport 9', '-j ACCEPT -m comment --comment "ns/late"'],
]; // prettier-ignore
const CHAINS = ['KUBE-SERVICES', 'KUBE-SEP-A', 'KUBE-SVC-A', 'PREROUTING'];

describe('the text of a rule', () => {
  it('tells all of the rules that kube-proxy writes, as the rules themselves do', () => {
    const { texts, rules, untold } = compare(readFileSync('examples/eks-node/iptables-save.txt', 'utf8'));
    expect(texts).toEqual(rules);
    expect(untold).toBe(0);
    expect(texts.filter(({ to }) => to !== null).length).toBeGreaterThan(3);
    expect(texts.filter(({ port }) => port !== null).length).toBeGreaterThan(3);
  });

  it('says nothing else than the rule, whatever stands in it', () => {
    const line = fc
      .tuple(fc.constantFrom(...CHAINS), fc.array(fc.constantFrom(...PARTS), { maxLength: 5 }), fc.constantFrom(...ENDS))
      .map(([chain, parts, end]) => ['-A', chain, ...parts, end].filter((word) => word !== '').join(' ')); // prettier-ignore
    let told = 0;
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), (lines) => {
        const { texts, rules } = compare(save(lines));
        told += texts.length;
        expect(texts).toEqual(rules);
      }),
      { numRuns: 400 },
    );
    expect(told).toBeGreaterThan(100);
  });
});
