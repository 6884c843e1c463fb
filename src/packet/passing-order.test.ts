/** Chains of one priority in several tables: held against all orders, each of which one table alone can show. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORWARD, nodeOf } from '../../test/support/router.js';
import type { Outcome, PacketInput } from './result.js';
import { trace } from './trace.js';

const LOCAL = { in: null, proto: 'tcp', src: '10.0.0.1', dst: '8.8.8.8', dport: 443 } as const;

/** Where the chains stand, and what they do beside what all may do. */
const PLACES = [
  { line: 'type filter hook prerouting priority mangle', packet: FORWARD, own: [] },
  { line: 'type filter hook prerouting priority raw', packet: FORWARD, own: ['notrack', 'ct zone set 5'] },
  { line: 'type filter hook forward priority filter', packet: FORWARD, own: ['reject', 'ct mark 1 reject'] },
  { line: 'type route hook output priority mangle', packet: LOCAL, own: ['ip daddr set 10.1.0.7'] },
  {
    line: 'type nat hook postrouting priority srcnat',
    packet: FORWARD,
    own: ['masquerade', 'snat to 10.9.9.1', 'meta mark 2 snat to 10.9.9.2', 'ct mark 1 snat to 10.9.9.3'],
  },
] as const;

const RULES = [
  'meta mark set 0x00000001',
  'meta mark set 0x00000002',
  'meta mark 1 meta mark set 0x00000002',
  'meta mark 2 meta mark set 0x00000003',
  'meta mark 0 counter',
  'meta mark & 0x00000002 == 0x00000002 ct mark set 0x00000001',
  'ct mark 1 meta mark set 0x00000004',
  'ct mark set meta mark',
  'meta mark 1 drop',
  'ct mark 1 drop',
  'meta mark 3 accept',
  'meta mark != 0 return',
  'ip dscp set cs1',
  'ip dscp cs1 meta mark set 0x00000001',
  'limit rate 1/second drop',
  'limit rate 1/second meta mark set 0x00000002',
  'tcp dport 1 drop',
  'meta priority set 1:2',
  'meta priority 1:2 meta mark set 0x00000001',
  'accept',
] as const;

/** Never matches. */
const BUSY = ['meta mark 9 meta mark set 0x00000008'] as const;

type Chains = readonly (readonly string[])[];

const chain = (line: string, at: number, rules: readonly string[]): string =>
  `\tchain c${String(at)} {\n${[`${line}; policy accept;`, ...rules].map((one) => `\t\t${one}\n`).join('')}\t}\n`;

/** Every chain in a table of its own: the listing tells no order. */
const apart = (line: string, chains: Chains): string =>
  chains.map((rules, at) => `table ip t${String(at)} {\n${chain(line, at, rules)}}\n`).join('');

/** All chains in one table, made so that they run as `order` says. */
const together = (line: string, chains: Chains, order: readonly number[]): string =>
  `table ip t {\n${order
    .toReversed()
    .map((at) => chain(line, at, chains[at] ?? []))
    .join('')}}\n`;

function permutations(of: readonly number[]): (readonly number[])[] {
  if (of.length < 2) return [of];
  return of.flatMap((first) =>
    permutations(of.filter((one) => one !== first)).map((rest) => [first, ...rest]),
  );
}

const walked = (nft: string, packet: PacketInput): readonly Outcome[] => {
  const { outcomes, truncated } = trace(nodeOf({ nft }), packet, { limit: 5000 });
  expect(truncated).toBe(false);
  return outcomes;
};

/** What a user sees of an outcome, whatever the tables are called. */
function told({ verdict, final, egress, drop, reject, snat, conntrack }: Outcome): string {
  const mark = conntrack?.mark;
  const by = [drop?.chain, drop?.rule?.number, reject?.with, snat?.to];
  return JSON.stringify([verdict, final, egress?.iface, by, mark]);
}

/** The entries of a path, whatever the tables are called. */
const untabled = (path: readonly string[]): readonly string[] =>
  path.map((name) => name.replace(/^ip t\d* /, '')).sort();

/** Is the path one that the outcome allows? */
function allows(outcome: Outcome, path: readonly string[]): boolean {
  const maybe = new Set(untabled(outcome.pathMaybe));
  const [certain, met] = [outcome.path, path].map((one) => untabled(one).filter((name) => !maybe.has(name)));
  return JSON.stringify(certain) === JSON.stringify(met);
}

const chains = (own: readonly string[]): fc.Arbitrary<Chains> =>
  fc.array(fc.array(fc.constantFrom(...RULES, ...own, ...own), { minLength: 1, maxLength: 3 }), {
    minLength: 2,
    maxLength: 3,
  });

describe('chains of one priority in several tables', () => {
  it.each(PLACES)('have the outcomes of all their orders, and no others: $line', ({ line, packet, own }) => {
    fc.assert(
      fc.property(chains(own), (drawn) => {
        // Of chains that only let pass or drop it is not told which drops.
        const list = drawn.map((rules, at) => (at === 0 ? [...BUSY, ...rules] : rules));
        const reduced = walked(apart(line, list), packet);
        const orders = permutations(list.map((_, at) => at));
        const forced = orders.flatMap((order) => walked(together(line, list, order), packet));
        expect([...new Set(reduced.map(told))].sort()).toEqual([...new Set(forced.map(told))].sort());
        for (const one of forced) {
          const same = reduced.filter((other) => told(other) === told(one));
          expect([one.path, same.some((other) => allows(other, one.path))]).toEqual([one.path, true]);
        }
      }),
      { numRuns: 40 },
    );
  });
});
