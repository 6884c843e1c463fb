/** Which route of a table is taken. */
import { type Section, fact, forwarded, fromLan, fromNode, nowhere, sent } from './fact.js';
import { ETH0, ETH1, ETH2 } from './node.js';

const to = (dst: string): ReturnType<typeof fromLan> => fromLan({ dst });
const eth2 = forwarded('eth2', { via: '10.2.0.254' });
const eth0 = forwarded('eth0', { via: '10.0.0.254' });
const T = (destination: string, more = ''): string => `${destination} via 10.2.0.254 dev eth2${more}`;
const U = (destination: string, more = ''): string => `${destination} via 10.0.0.254 dev eth0${more}`;
const DOWN = { ...ETH2, state: 'NO-CARRIER,UP' };

export const lookup: Section = {
  title: '9. the lookup in a table',
  facts: [
    fact('the longest prefix is taken', { routes: [U('198.51.0.0/16'), T('198.51.100.0/24')] }, [
      to('198.51.100.7'),
      eth2,
    ]),
    fact(
      'trap: a longer prefix is stronger than a lower metric',
      { routes: [U('198.51.0.0/16', ' metric 1'), T('198.51.100.0/24', ' metric 5000')] },
      [to('198.51.100.7'), eth2],
    ),
    fact(
      'of one prefix the lowest metric is taken',
      { routes: [U('198.51.100.0/24', ' metric 200'), T('198.51.100.0/24', ' metric 100')] },
      [to('198.51.100.7'), eth2],
    ),
    fact(
      'a route with a TOS is taken for that TOS, before the metric',
      { routes: [U('198.51.100.0/24'), `198.51.100.0/24 tos 0x10 via 10.2.0.254 dev eth2 metric 500`] },
      [fromLan({ dst: '198.51.100.7', tos: 0x10 }), eth2],
      [fromLan({ dst: '198.51.100.8', tos: 0 }), eth0],
      [fromLan({ dst: '198.51.100.9', tos: 0x08 }), eth0],
    ),
    fact('a packet with a TOS uses a route without one', { routes: [T('198.51.100.0/24')] }, [
      fromLan({ dst: '198.51.100.7', tos: 0x10 }),
      eth2,
    ]),
    fact(
      'unreachable ends at once, with a shorter prefix beside it',
      { routes: ['unreachable 198.51.100.0/24', T('198.51.0.0/16')] },
      [to('198.51.100.7'), nowhere('EHOSTUNREACH', 'icmp-host-unreachable')],
      [to('198.51.101.7'), eth2],
    ),
    fact(
      'a route of a bound socket has to leave by its device: others are passed over',
      { routes: [U('198.51.100.0/24'), T('198.51.0.0/16')] },
      [fromNode({ dst: '198.51.100.7', oif: 'eth2' }), sent('eth2', { via: '10.2.0.254', src: '10.2.0.1' })],
    ),
    fact('a bound socket without any route takes the destination for a neighbour', {}, [
      fromNode({ dst: '198.51.100.7', oif: 'eth2' }),
      sent('eth2', { via: null, src: '10.2.0.1' }),
    ]),
    fact(
      'a nexthop without carrier is used all the same',
      { links: [ETH0, ETH1, DOWN], routes: [`${T('198.51.100.0/24')} linkdown`] },
      [to('198.51.100.7'), { verdict: 'dropped', drop: 'no-carrier' }],
    ),
    fact(
      'unless the device ignores routes that are linkdown',
      {
        links: [ETH0, ETH1, DOWN],
        routes: [`${T('198.51.100.0/24')} linkdown`],
        sysctls: { 'net.ipv4.conf.eth2.ignore_routes_with_linkdown': 1 },
      },
      [to('198.51.100.7'), eth0],
    ),
    fact(
      'onlink: the gateway need not be on any subnet',
      { routes: ['198.51.100.0/24 via 192.0.2.1 dev eth2 onlink'] },
      [to('198.51.100.7'), forwarded('eth2', { via: '192.0.2.1' })],
    ),
    fact(
      'a route without a gateway asks the destination itself',
      { routes: ['198.51.100.0/24 dev eth2 scope link'] },
      [to('198.51.100.7'), forwarded('eth2', { via: null })],
    ),
    fact(
      'of several nexthops a hash picks one',
      {
        routes: [
          '198.51.100.0/24\n\tnexthop via 10.2.0.254 dev eth2 weight 1\n\tnexthop via 10.0.0.254 dev eth0 weight 1',
        ],
      },
      [to('198.51.100.7'), [eth2, eth0]],
    ),
    fact(
      'the hash of addresses alone sends all flows between two hosts one way',
      {
        routes: [
          '198.51.100.0/24\n\tnexthop via 10.2.0.254 dev eth2 weight 1\n\tnexthop via 10.0.0.254 dev eth0 weight 1',
        ],
        sysctls: { 'net.ipv4.fib_multipath_hash_policy': 0 },
      },
      [fromLan({ dst: '198.51.100.7', sport: 1000 }), [eth2, eth0]],
    ),
    fact(
      'the route of a whole address is taken before that of its network',
      { routes: [T('198.51.100.7'), U('198.51.100.0/24')] },
      [to('198.51.100.7'), eth2],
    ),
  ],
};
