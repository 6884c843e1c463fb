/** Which source address the node gives to what it sends itself in IPv6: RFC 6724, one rule after the other. */
import type { PacketInput } from '../../src/packet/result.js';
import { type Fact, type Section, fact6, fromNode, sent } from './fact.js';
import { ETH1, ETH2, type FactLink } from './node.js';

const LINK_LOCAL = 'fe80::1/64';

/** A packet to `dst`, by eth0 with these addresses; all but the right one come first, or share more bits. */
function chosen(
  name: string,
  dst: string,
  addresses: readonly string[],
  src: string,
  others: readonly FactLink[] = [ETH1, ETH2],
): Fact {
  const packet: PacketInput = fromNode({ dst });
  return fact6(
    name,
    {
      links: [{ name: 'eth0', addresses: [...addresses, LINK_LOCAL] }, ...others],
      noDefault: true,
      routes: ['default via fe80::fe dev eth0'],
    },
    [packet, sent('eth0', { src })],
  );
}

const eth1 = (...addresses: readonly string[]): FactLink => ({
  name: 'eth1',
  addresses: [...addresses, 'fe80::2/64'],
});

export const sourceSelection6: Section = {
  title: '12. source address selection in IPv6, by the rules of RFC 6724',
  facts: [
    chosen(
      'rule 2: a scope as wide as that of the destination comes before a narrower one',
      '2001:db8:9::9',
      ['fec0:0:0:1::1/64', '2400::1/64'],
      '2400::1',
    ),
    chosen(
      'rule 2: of scopes that are wide enough the narrower',
      'fec0:0:0:9::9',
      ['2001:db8:1::1/64', 'fec0:0:0:1::1/64'],
      'fec0:0:0:1::1',
    ),
    chosen(
      'rule 3: a deprecated address comes last, however many bits it shares',
      '2001:db8:1:1::9',
      ['2001:db8:1::1/64 global deprecated', '2400::1/64'],
      '2400::1',
    ),
    chosen(
      'rule 3: a deprecated address is taken where there is no other',
      '2001:db8:1:1::9',
      ['2001:db8:1::1/64 global deprecated'],
      '2001:db8:1::1',
      [eth1(), { name: 'eth2', addresses: ['fe80::3/64'] }],
    ),
    chosen(
      'rule 5: an address of the device that it leaves by comes before one that shares more bits',
      '2001:db8:1:1::9',
      ['2400::1/64'],
      '2400::1',
      [eth1('2001:db8:1:2::1/64'), ETH2],
    ),
    chosen(
      'rule 6: an address of the same label comes before one that shares more bits',
      '2001:db8:9::9',
      ['2001:0:1::1/64', '2400::1/64'],
      '2400::1',
    ),
    chosen(
      'rule 6: private addresses have a label of their own',
      '2001:db8:9::9',
      ['fd00:a::1/64', '2400::1/64'],
      '2400::1',
    ),
    chosen(
      'rule 6: 6to4 addresses have a label of their own',
      '2003::9',
      ['2002:c000:201::1/64', '2400::1/64'],
      '2400::1',
    ),
    chosen(
      'rule 8: of equal addresses the one that shares more bits',
      '2001:db8:3::9',
      ['2001:db8:1::1/64', '2001:db8:2::1/64'],
      '2001:db8:2::1',
    ),
    chosen(
      'rule 8: no more bits count than the prefix of the address has',
      '2001:db8:3::9',
      ['2001:db8:2::1/32', '2001:db8:1::1/64'],
      '2001:db8:1::1',
    ),
    chosen(
      'of addresses that no rule tells apart, the first of the device',
      '2001:db8:8::9',
      ['2001:db8:1::1/64', '2001:db8:2::1/64'],
      '2001:db8:1::1',
    ),
  ],
};
