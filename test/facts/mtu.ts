/** Packets that are longer than their way allows. */
import type { PacketInput } from '../../src/packet/result.js';
import { table } from '../support/save.js';
import { type Section, dropped, fact6, forwarded } from './fact.js';
import { ETH0, ETH1, ETH2, type FactNode } from './node.js';

/** The way in takes longer packets than the way out. */
const WIDE: FactNode = {
  links: [ETH0, { ...ETH1, mtu: 9000 }, ETH2],
  save: table('filter', '-A FORWARD -j MARK --set-xmark 0x1/0x1'),
};
const six = (length: number, more: Partial<PacketInput> = {}): PacketInput => ({
  ...{ in: 'eth1', proto: 'udp', src: 'fd00:b::7', sport: 40000, dst: '2001:db8::9', dport: 53, length },
  ...more,
});
const TOO_BIG = dropped('mtu', { answer: 'icmp 2/0' });
const TO_SERVER = '2001:db8::/32 via fd00:a::fe dev eth0';

export const mtu: Section = {
  title: '9. what is too long',
  facts: [
    fact6('a packet of the length of the MTU goes on', WIDE, [six(1500), forwarded('eth0', { mark: 1 })]),
    fact6('one byte more does not come to FORWARD, and the sender is told', WIDE, [six(1501), TOO_BIG]),
    fact6('the hop limit is looked at before', WIDE, [
      six(1501, { ttl: 1 }),
      dropped('ttl', { answer: 'icmp 3/0' }),
    ]),
    fact6(
      "the MTU of the device's IPv6 counts, not that of the link",
      { ...WIDE, sysctls: { 'net.ipv6.conf.eth0.mtu': 1400 } },
      [six(1401), TOO_BIG],
    ),
    fact6(
      'the MTU of a route counts behind POSTROUTING',
      { ...WIDE, routes: [`${TO_SERVER} metric 1024 mtu 1400 pref medium`] },
      [six(1401), dropped('mtu', { answer: 'icmp 2/0', mark: 1 })],
    ),
    fact6(
      'and before FORWARD when it is locked',
      { ...WIDE, routes: [`${TO_SERVER} metric 1024 mtu lock 1400 pref medium`] },
      [six(1401), TOO_BIG],
    ),
  ],
};
