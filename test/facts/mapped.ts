/** IPv4 addresses as IPv6 writes them (::ffff:0:0/96): to a socket they mean IPv4, on a wire they are like others. */
import { type Section, fact6, forwarded, fromNode, sent } from './fact.js';

const MAPPED = '::ffff:203.0.113.9';
const ROUTES = ['default via fd00:a::fe dev eth0'];
const NODE = { noDefault: true, routes: ROUTES };
/** The dumps of a fact about IPv6 show no tables of IPv4. */
const BECAUSE = ['ASM_NO_TABLE', 'UNK_V6ONLY'];
const REFUSED = { verdict: 'unroutable', errno: 'ENETUNREACH' } as const;
/** To the neighbour of the network that the other family has too. */
const NEAR = '::ffff:10.1.0.9';

export const mapped: Section = {
  title: '12b. IPv4 addresses in IPv6',
  facts: [
    fact6(
      'a datagram of an IPv6 socket to an IPv4 address leaves as IPv4, unless the socket is for IPv6 alone',
      NODE,
      [
        fromNode({ dst: NEAR }),
        [REFUSED, sent('eth1', { src: '10.1.0.1', dst: '10.1.0.9', via: null })],
        BECAUSE,
      ],
    ),
    fact6('TCP does so too', NODE, [
      fromNode({ proto: 'tcp', dst: NEAR, dport: 443 }),
      [REFUSED, sent('eth1', { src: '10.1.0.1', dst: '10.1.0.9' })],
      BECAUSE,
    ]),
    fact6('its source may be an IPv4 address of the node', NODE, [
      fromNode({ dst: NEAR, src: '::ffff:10.2.0.1' }),
      [REFUSED, sent('eth1', { src: '10.2.0.1', dst: '10.1.0.9' })],
      BECAUSE,
    ]),
    fact6('a route of IPv6 does not help where IPv4 has none', NODE, [
      fromNode({ dst: MAPPED }),
      REFUSED,
      ['UNK_V6ONLY'],
    ]),
    fact6('a socket with an IPv6 address has no way to an IPv4 host', NODE, [
      fromNode({ dst: NEAR, src: 'fd00:a::1' }),
      REFUSED,
    ]),
    fact6('connect() says so as well', NODE, [
      fromNode({ proto: 'tcp', dst: NEAR, src: 'fd00:a::1', dport: 443 }),
      REFUSED,
    ]),
    fact6('a raw socket sends IPv6 to such an address', NODE, [
      fromNode({ proto: 99, dst: MAPPED, src: 'fd00:a::1' }),
      sent('eth0', { dst: MAPPED }),
    ]),
    fact6('what comes from such an address is forwarded like any other', NODE, [
      { in: 'eth1', proto: 'udp', src: '::ffff:10.1.0.7', sport: 5, dst: '2001:db8::9', dport: 53 },
      forwarded('eth0', { src: '::ffff:10.1.0.7' }),
    ]),
    fact6('what goes to such an address is forwarded', NODE, [
      { in: 'eth1', proto: 'udp', src: 'fd00:b::7', sport: 5, dst: MAPPED, dport: 53 },
      forwarded('eth0', { dst: MAPPED }),
    ]),
  ],
};
