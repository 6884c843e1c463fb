/** Which family a listing without any address in its rules is of. */
import { describe, expect, it } from 'vitest';
import { loadNode } from '../load.js';
import { listingFamily } from './family.js';

const HEAD = ' pkts bytes target     prot opt in     out     source               destination\n';
const line = (text: string, opt = '--'): string =>
  `Chain FORWARD (policy ACCEPT)\n${HEAD}    0     0 ACCEPT     all  ${opt}  any    any     anywhere             anywhere             ${text}\n`;

describe('a listing', () => {
  it.each([
    ['CLASSIFY set 1:20', null],
    ['tcp spts:1:9', null],
    ['LOG level warning prefix "to fe80::1 "', null],
    ['TPROXY redirect fd00::1 mark 0x1/0x1', 6],
    ['reject-with icmp6-port-unreachable', 6],
    ['to:10.0.0.1', 4],
  ])('with %j is of IPv%s', (text, family) => {
    expect(listingFamily(line(text))).toBe(family);
  });

  it('is told by its column of fragments', () => {
    expect([listingFamily(line('', '-f')), listingFamily(line('', '  ')), listingFamily(line(''))]).toEqual([
      4,
      6,
      null,
    ]);
  });

  it('is of the family of its command or its file where a target has a colon', () => {
    const text = line('CLASSIFY set 1:20').replace('ACCEPT     all', 'CLASSIFY   all');
    const typed = loadNode('n', [{ name: 'n.txt', text: `root@n1:~# iptables -L -v\n${text}` }]);
    const named = loadNode('n', [{ name: 'n/ip6tables-L.txt', text }]);
    expect([typed.ruleSets[4].tables.has('filter'), typed.ruleSets[6].tables.has('filter')]).toEqual([
      true,
      false,
    ]);
    expect([named.ruleSets[4].tables.has('filter'), named.ruleSets[6].tables.has('filter')]).toEqual([
      false,
      true,
    ]);
  });
});
