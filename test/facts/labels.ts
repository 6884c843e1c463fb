/** The labels by which IPv6 chooses sources, where somebody gave other ones (`ip addrlabel`): net/ipv6/addrlabel.c. */
import { type Fact, type Section, fact6, fromNode, sent } from './fact.js';
import { ETH1, ETH2, type FactLink } from './node.js';

const DST = '2001:db8:9::9';
const USUAL = ['prefix fc00::/7 label 5', 'prefix ::/0 label 1'];

/** A packet to DST by eth0, which has a private address and one that shares few bits, in this order. */
function chosen(
  name: string,
  labels: readonly string[],
  src: string,
  eth0: readonly string[] = ['fd00:a::1/64', '2400::1/64'],
): Fact {
  const link: FactLink = { name: 'eth0', addresses: [...eth0, 'fe80::1/64'] };
  const node = {
    links: [link, ETH1, ETH2],
    noDefault: true,
    routes: ['default via fe80::fe dev eth0'],
    labels,
  };
  return fact6(name, node, [fromNode({ dst: DST }), sent('eth0', { src })]);
}

export const addressLabels: Section = {
  title: '12a. labels of IPv6 addresses',
  facts: [
    chosen('the usual labels keep a private address from a public destination', USUAL, '2400::1'),
    chosen(
      'an address of the same label as the destination is taken',
      ['prefix 2001:db8:9::/48 label 99', 'prefix fd00:a::/64 label 99', ...USUAL],
      'fd00:a::1',
    ),
    chosen(
      'where the destination alone has a label no address is better by it, and more bits decide',
      ['prefix 2001:db8:9::/48 label 99', 'prefix 2002::/16 label 2', ...USUAL],
      '2002:c000:201::1',
      ['2002:c000:201::1/64', '2400::1/64'],
    ),
    chosen(
      'the longest prefix counts, not the first line',
      [
        'prefix ::/0 label 1',
        'prefix fd00::/16 label 7',
        'prefix fc00::/7 label 1',
        'prefix fd00:a::/64 label 1',
      ],
      '2001:db8:9:1::1',
      ['fd00:a::1/64', '2001:db8:9:1::1/64'],
    ),
    chosen(
      'of equal prefixes the one of the device counts',
      [
        'prefix fd00:a::/64 label 5',
        'prefix fd00:a::/64 dev eth0 label 1',
        'prefix 2400::/16 label 8',
        ...USUAL,
      ],
      'fd00:a::1',
    ),
    chosen(
      'a longer prefix comes before that of the device',
      [
        'prefix fd00::/16 dev eth0 label 1',
        'prefix fd00:a::/64 label 5',
        'prefix 2400::/16 label 8',
        ...USUAL,
      ],
      '2400::1',
    ),
    chosen(
      'that of another device does not count',
      ['prefix fd00:a::/64 dev eth1 label 1', 'prefix 2400::/16 label 8', ...USUAL],
      '2400::1',
    ),
    chosen(
      'the destination has the label of the device that it is reached by',
      ['prefix 2001:db8:9::/48 dev eth0 label 5', ...USUAL],
      'fd00:a::1',
    ),
    chosen('without any label more bits decide', [], '2001:db9::1', [
      '2400::1/64',
      '2001:db9::1/64',
      'fd00:a::1/64',
    ]),
    chosen('without any label private addresses are like others', [], 'fd00:a::1', [
      'fd00:a::1/64',
      'fd00:a::2/64',
    ]),
    chosen(
      'addresses that no prefix holds are alike',
      ['prefix 2001:db8:1::/48 label 4294967294'],
      '2400::1',
      ['2001:db8:1::1/64', '2400::1/64'],
    ),
  ],
};
