/** Gateways, several nexthops, nexthop objects, and what of IPv6 routes IPv4 does not have. */
import { type Section, dropped, fact, fact6, forwarded, fromLan, fromNode, nowhere, sent } from './fact.js';
import { ETH0, ETH1, ETH2 } from './node.js';

const HOST = '198.51.100.7';
const NET = '198.51.100.0/24';
const to = fromLan({ dst: HOST });
const HOPS = (first: string, second: string): string =>
  `${NET}\n\tnexthop via 10.2.0.254 dev eth2 weight ${first}\n\tnexthop via 10.0.0.254 dev eth0 weight ${second}`;
const eth2 = forwarded('eth2', { via: '10.2.0.254' });
const eth0 = forwarded('eth0', { via: '10.0.0.254' });

const NET6 = '2001:db8:2::/48';
const HOST6 = '2001:db8:2::9';
const SHORT6 = '2001:db8::/32 via fd00:a::fe dev eth0';
const lan6 = fromLan({ src: 'fd00:b::7', dst: HOST6 });
const HOPS6 = (object: string): string =>
  `${NET6}${object} metric 1024 pref medium\n\tnexthop via fd00:c::fe dev eth2 weight 1\n\tnexthop via fd00:a::fe dev eth0 weight 1`;
const NO_CARRIER = { ...ETH2, state: 'NO-CARRIER,UP' };

export const nexthops: Section = {
  title: '9. gateways and nexthops',
  facts: [
    fact('whatever their weights, every nexthop is taken by some', { routes: [HOPS('1', '3')] }, [
      to,
      [eth2, eth0],
    ]),
    fact(
      'a bound socket takes the nexthop of its device, and no hash is asked',
      { routes: [HOPS('1', '3')] },
      [fromNode({ dst: HOST, oif: 'eth2' }), sent('eth2', { via: '10.2.0.254', src: '10.2.0.1' })],
    ),
    fact(
      'of a nexthop without carrier nothing is taken where the device ignores such',
      {
        links: [ETH0, ETH1, NO_CARRIER],
        routes: [HOPS('1', '1').replace('eth2 weight 1', 'eth2 weight 1 linkdown')],
        sysctls: { 'net.ipv4.conf.eth2.ignore_routes_with_linkdown': 1 },
      },
      [to, eth0],
    ),
    fact(
      'a gateway that is an own address of the device is passed over: the destination itself is asked',
      { routes: [`${NET} via 10.2.0.1 dev eth2`] },
      [to, forwarded('eth2', { via: null })],
    ),
    fact(
      'a gateway of the other family is asked for all the same',
      { routes: [`${NET} via inet6 fd00:c::fe dev eth2`] },
      [to, forwarded('eth2', { via: 'fd00:c::fe' })],
    ),
    fact(
      'a gateway behind a host route on the link will do',
      { routes: ['192.0.2.1 dev eth2 scope link', `${NET} via 192.0.2.1 dev eth2`] },
      [to, forwarded('eth2', { via: '192.0.2.1' })],
    ),
    fact(
      'a route by a nexthop object goes where the object says',
      { routes: [`${NET} nhid 7 via 10.2.0.254 dev eth2`] },
      [to, eth2],
    ),
    fact(
      'a group of nexthop objects is several nexthops',
      {
        routes: [
          `${NET} nhid 9\n\tnexthop via 10.2.0.254 dev eth2 weight 1\n\tnexthop via 10.0.0.254 dev eth0 weight 1`,
        ],
      },
      [to, [eth2, eth0]],
    ),
    fact(
      'of several nexthops the neighbour table has a say with fib_multipath_use_neigh',
      { routes: [HOPS('1', '1')], sysctls: { 'net.ipv4.fib_multipath_use_neigh': 1 } },
      [to, [eth2, eth0], ['UNK_NEIGHBOUR']],
    ),
    fact6(
      'a source-specific route takes its sources, before a plain one of the same prefix',
      {
        routes: [
          SHORT6,
          `${NET6} via fd00:a::fe dev eth0`,
          `${NET6} from fd00:b::/64 via fd00:c::fe dev eth2`,
        ],
      },
      [lan6, forwarded('eth2', { via: 'fd00:c::fe' })],
    ),
    fact6(
      'a source-specific route does not take another source',
      { routes: [SHORT6, `${NET6} from fd00:e::/64 via fd00:c::fe dev eth2`] },
      [lan6, forwarded('eth0', { via: 'fd00:a::fe' })],
    ),
    fact6(
      'note 36: it hides the plain route to its prefix from other sources',
      {
        routes: [
          '2001:db8::/32 via fd00:b::fe dev eth1',
          `${NET6} via fd00:a::fe dev eth0`,
          `${NET6} from fd00:e::/64 via fd00:c::fe dev eth2`,
        ],
      },
      [lan6, forwarded('eth1', { via: 'fd00:b::fe' })],
    ),
    fact6(
      'note 36: not so the plain default route',
      { routes: ['default from fd00:e::/64 via fd00:c::fe dev eth2'] },
      [lan6, forwarded('eth0', { via: 'fd00:a::fe' })],
    ),
    fact6(
      'a source-specific default route takes its sources',
      { routes: ['default from fd00:b::/64 via fd00:c::fe dev eth2'] },
      [lan6, forwarded('eth2', { via: 'fd00:c::fe' })],
    ),
    fact6(
      'a socket without a source does not match a source-specific route, and routes by the plain one',
      { routes: ['default from fd00:a::/64 via fd00:c::fe dev eth2'] },
      [fromNode({ dst: HOST6, connected: false }), sent('eth0', { src: 'fd00:a::1' })],
    ),
    fact6(
      'a socket that is bound to a source matches it',
      { routes: ['default from fd00:a::/64 via fd00:c::fe dev eth2'] },
      [fromNode({ dst: HOST6, src: 'fd00:a::1' }), sent('eth2', { via: 'fd00:c::fe' })],
    ),
    fact6(
      'a metric is stronger than a preference (pref)',
      {
        routes: [
          `${NET6} via fd00:a::fe dev eth0 metric 200 pref high`,
          `${NET6} via fd00:c::fe dev eth2 metric 100 pref low`,
        ],
      },
      [lan6, forwarded('eth2', { via: 'fd00:c::fe' })],
    ),
    fact(
      'a nexthop that is dead is taken by none',
      {
        links: [ETH0, ETH1, { ...ETH2, state: 'DOWN' }],
        routes: [HOPS('1', '1').replace('eth2 weight 1', 'eth2 weight 1 dead linkdown')],
      },
      [to, eth0],
    ),
    fact(
      'a nexthop object that is a blackhole drops in silence',
      { routes: [`blackhole ${NET} nhid 7 dev lo`] },
      [to, dropped('blackhole')],
    ),
    fact('and tells a process of the node', { routes: [`blackhole ${NET} nhid 7 dev lo`] }, [
      fromNode({ dst: HOST }),
      nowhere('EINVAL'),
    ]),
    fact6(
      'of routes without a gateway that share prefix and metric the preference decides (pref)',
      {
        routes: [`${NET6} dev eth0 metric 1024 pref low`, `${NET6} dev eth2 metric 1024 pref high`],
      },
      [lan6, forwarded('eth2', { via: null })],
    ),
    fact6(
      'medium is more than low',
      {
        routes: [`${NET6} dev eth0 metric 1024 pref low`, `${NET6} dev eth2 metric 1024 pref medium`],
      },
      [lan6, forwarded('eth2', { via: null })],
    ),
    fact6(
      'a preference is stronger than the device that the packet came in by',
      {
        routes: [`${NET6} dev eth0 metric 1024 pref medium`, `${NET6} dev eth1 metric 1024 pref low`],
      },
      [lan6, forwarded('eth0', { via: null })],
    ),
    fact6(
      'of equal preference that device is taken',
      { routes: [`${NET6} dev eth0 metric 1024`, `${NET6} dev eth1 metric 1024`] },
      [lan6, forwarded('eth1', { via: null })],
    ),
    fact6('a bound IPv6 socket takes the nexthop of its device', { routes: [HOPS6('')] }, [
      fromNode({ dst: HOST6, oif: 'eth2' }),
      sent('eth2', { via: 'fd00:c::fe', src: 'fd00:c::1' }),
    ]),
    fact6(
      'note 55: of a group of nexthop objects it takes any, of whichever device',
      { routes: [HOPS6(' nhid 9')] },
      [
        fromNode({ dst: HOST6, src: 'fd00:a::1', oif: 'eth2' }),
        [sent('eth2', { via: 'fd00:c::fe' }), sent('eth0', { via: 'fd00:a::fe' })],
      ],
    ),
    fact6(
      'note 55: but the group has to have one of its device',
      { routes: [HOPS6(' nhid 9')], noDefault: true },
      [fromNode({ dst: HOST6, oif: 'eth1' }), nowhere('ENETUNREACH')],
    ),
    fact(
      'in IPv4 it keeps to its device, with a group too',
      { routes: [HOPS('1', '3').replace(NET, `${NET} nhid 9`)] },
      [fromNode({ dst: HOST, oif: 'eth2' }), sent('eth2', { via: '10.2.0.254' })],
    ),
    fact6('of several nexthops of an IPv6 route a hash picks one', { routes: [HOPS6('')] }, [
      lan6,
      [forwarded('eth2', { via: 'fd00:c::fe' }), forwarded('eth0', { via: 'fd00:a::fe' })],
    ]),
    fact(
      'a route of a device that is down is gone, though its network is listed nowhere else',
      { links: [ETH0, ETH1, { ...ETH2, state: 'DOWN' }], noDefault: true },
      [fromLan({ dst: '10.2.0.9' }), nowhere('ENETUNREACH', 'icmp-net-unreachable')],
    ),
    fact(
      'one default route beside another of a higher metric is taken alone',
      { routes: ['default via 10.2.0.254 dev eth2 metric 100'] },
      [fromNode(), sent('eth0', { via: '10.0.0.254' })],
    ),
  ],
};
