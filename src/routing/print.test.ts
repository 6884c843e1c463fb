import { expect, it } from 'vitest';
import { parsePrefix } from '../address/prefix.js';
import { rule } from '../../test/support/network.js';
import type { PolicyRule } from './model.js';
import { printPolicyRule } from './print.js';

it.each<[Partial<PolicyRule>, string]>([
  [{}, 'from all lookup 10'],
  [{ from: parsePrefix('10.0.0.1/32'), to: parsePrefix('fd00::/8') }, 'from 10.0.0.1 to fd00::/8 lookup 10'],
  [{ tos: 4 }, 'from all tos 0x04 lookup 10'],
  [{ fwmark: { value: 0x80, mask: 0xffffffff } }, 'from all fwmark 0x80 lookup 10'],
  [
    { fwmark: { value: 0x80000000, mask: 0x80000000 }, not: true },
    'not from all fwmark 0x80000000/0x80000000 lookup 10',
  ],
  [
    { iif: 'foo', words: ['iif', '[detached]', 'proto', 'static'] },
    'from all iif foo [detached] lookup 10 proto static',
  ],
  [
    {
      oif: 'e0',
      uidRange: { from: 1, to: 5 },
      ipproto: 1,
      sport: { from: 5, to: 8 },
      dport: { from: 5, to: 5 },
    },
    'from all oif e0 uidrange 1-5 ipproto icmp sport 5-8 dport 5 lookup 10',
  ],
  [
    { suppressPrefixLength: 0, suppressGroup: 5 },
    'from all lookup 10 suppress_prefixlength 0 suppress_ifgroup 5',
  ],
  [{ action: { kind: 'goto', priority: 10, unresolved: true } }, 'from all goto 10 [unresolved]'],
  [{ action: { kind: 'blackhole' } }, 'from all blackhole'],
  [{ action: { kind: 'l3mdev' }, opaque: ['tun_id 5'] }, 'from all lookup [l3mdev-table] tun_id 5'],
])('%o', (fields, expected) => {
  expect(printPolicyRule(rule(7, 10, fields))).toBe(`7:\t${expected}`);
});
