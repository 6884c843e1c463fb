/** Policy rules of a routing case, as `ip rule` prints them. */
import * as fc from 'fast-check';
import type { Family } from '../../../../src/address/address.js';
import { DEVICES, TABLES, TOS, host, maybe, network, pick } from './pool.js';

const PRIORITIES = [0, 10, 50, 60, 60, 100, 110, 120, 120, 150, 200, 32766, 33000] as const;
const LENGTHS4 = [8, 15, 16, 24, 24, 30, 32] as const;
const LENGTHS6 = [16, 31, 32, 48, 48, 64, 128] as const;

function prefix(family: Family): fc.Arbitrary<string> {
  return fc
    .tuple(host(family), pick(family === 4 ? LENGTHS4 : LENGTHS6))
    .map(([address, length]) => network(address, length));
}

const RANGES = ['80', '1000-2000', '2000-3000', '40000'] as const;

/** The optional selectors, in the order in which `ip rule` prints them. */
function selectors(family: Family): fc.Arbitrary<string> {
  const words = (percent: number, word: string, value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    maybe(percent, value).map((one) => (one === null ? '' : `${word} ${one}`));
  return fc
    .tuple(
      words(20, 'to', prefix(family)),
      words(10, 'tos', pick(TOS.map((tos) => `0x${tos.toString(16)}`))),
      words(30, 'fwmark', pick(['0x10/0x10', '0x5', '0/0xf0', '0x30'])),
      words(20, 'iif', pick(['lo', 'lo', ...DEVICES, 'none0'])),
      words(10, 'oif', pick(DEVICES)),
      words(10, 'uidrange', pick(['0-0', '100-200', '0-4294967294'])),
      words(15, 'ipproto', pick(['tcp', 'udp', family === 4 ? 'icmp' : 'ipv6-icmp'])),
      words(12, 'sport', pick(RANGES)),
      words(12, 'dport', pick(RANGES)),
    )
    .map((all) => all.filter((one) => one !== '').join(' '));
}

const action: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 14,
    arbitrary: fc
      .tuple(
        pick([...TABLES, ...TABLES, 'local']),
        maybe(20, pick([0, 0, 16, 24])),
        maybe(12, fc.nat({ max: 3 })),
      )
      .map(([table, length, group]) =>
        [
          `lookup ${table}`,
          ...(length === null ? [] : [`suppress_prefixlength ${String(length)}`]),
          ...(group === null ? [] : [`suppress_ifgroup ${String(group)}`]),
        ].join(' '),
      ),
  },
  { weight: 2, arbitrary: pick([60, 120, 200, 32766, 32767, 40000]).map((to) => `goto ${String(to)}`) },
  { weight: 1, arbitrary: fc.constant('nop') },
  { weight: 2, arbitrary: pick(['blackhole', 'unreachable', 'prohibit']) },
);

function ruleLine(family: Family): fc.Arbitrary<readonly [number, string]> {
  return fc
    .tuple(
      pick(PRIORITIES),
      maybe(12, fc.constant('not ')),
      maybe(35, prefix(family)),
      selectors(family),
      action,
    )
    .map(([priority, not, from, selected, does]) => [
      priority,
      `${not ?? ''}from ${from ?? 'all'} ${selected}${selected === '' ? '' : ' '}${does}`,
    ]);
}

/**
 * `ip rule`: the three of every namespace and others among them; now and then table local of IPv4 is not looked up first (without it, IPv6 hears no
 * neighbour's answer).
 */
export function ruleText(family: Family): fc.Arbitrary<string> {
  const own = fc.array(ruleLine(family), { minLength: 1, maxLength: 9 });
  return fc.tuple(own, maybe(family === 4 ? 6 : 0, pick([20, 105, 32765]))).map(([rules, local]) => {
    const all: (readonly [number, string])[] = [
      [local ?? 0, 'from all lookup local'],
      [32766, 'from all lookup main'],
      ...(family === 4 ? ([[32767, 'from all lookup default']] as const) : []),
      ...rules,
    ];
    // A rule at the priority of table local's comes after it.
    return all
      .map((rule, at) => ({ rule, at }))
      .sort((a, b) => a.rule[0] - b.rule[0] || a.at - b.at)
      .map(({ rule: [priority, words] }) => `${String(priority)}:\t${words}\n`)
      .join('');
  });
}
