/** Where one selector, one bit or one rule beside it makes the difference: what faults in the engine were not caught by. */
import { table } from '../support/save.js';
import {
  POD,
  SERVER,
  type Fact,
  type Given,
  type Section,
  delivered,
  dropped,
  fact,
  factOf,
  forwarded,
  fromLan,
  fromNode,
  fromWan,
  sent,
} from './fact.js';
import { ETH0, ETH1, ETH2 } from './node.js';

const T100 = 'default via 10.2.0.254 dev eth2 table 100';
const SECOND = forwarded('eth2', { via: '10.2.0.254' });
const MAIN = forwarded('eth0', { via: '10.0.0.254' });
const EMPTY = table('filter', '');
const mangle = (...rules: readonly string[]): string => table('mangle', rules.join('\n')) + EMPTY;
const nat = (...rules: readonly string[]): string => table('nat', rules.join('\n')) + EMPTY;
const one = '-j MARK --set-xmark 0x1/0x1';
/** A prefix that table local has as a whole, and a host of it that main sends away. */
const SPLIT = ['local 192.0.2.0/24 dev lo table local', '192.0.2.5 via 10.2.0.254 dev eth2'];
const toSplit = fromLan({ proto: 'udp', dst: '192.0.2.5' });
/** The broadcast address of eth0's subnet, as a source. */
const fromBroadcast = fromLan({ src: '10.0.0.255' });
const NET = '198.51.100.0/24';
const HOST = '198.51.100.9';
const pair = (gateway: string, more = ''): readonly string[] => [
  `${NET} via 10.0.0.254 dev eth0`,
  `${NET} via ${gateway}${more}`,
];
const BOTH = `${NET}\n\tnexthop via 10.2.0.254 dev eth2 weight 1\n\tnexthop via 10.0.0.254 dev eth0 weight 1`;
/** Rules for single hosts, as many as make an index worth it. */
const hosts = (from: number, selector: string, prefix: string): readonly string[] =>
  Array.from(
    { length: 12 },
    (_, at) => `${String(from + at)}: ${selector} ${prefix}.${String(at + 100)} lookup main`,
  );

/** A native rule in PREROUTING that marks what fits. */
const native = (name: string, condition: string, ...steps: readonly Given[]): Fact =>
  factOf(
    'legacy',
    name,
    {
      native: `table ip t {
	chain p {
		type filter hook prerouting priority raw; policy accept;
		${condition} meta mark set 0x00000001 # handle 2
	}
}
`,
    },
    ...steps,
  );

export const turningPoints: Section = {
  title: '16. turning points',
  facts: [
    fact(
      'the node’s own table may be table 1 as well as any other',
      {
        rules: ['100: from all lookup 1'],
        routes: ['192.0.2.5 via 10.2.0.254 dev eth2', 'default via 10.1.0.254 dev eth1 table 1'],
      },
      [
        fromLan({ in: 'eth0', src: '198.51.100.7', dst: '192.0.2.5' }),
        forwarded('eth1', { via: '10.1.0.254' }),
      ],
      [fromLan({ in: 'eth0', src: '198.51.100.7', dst: '10.2.0.9', sport: 41000 }), forwarded('eth1')],
    ),
    fact(
      'a rule about another source port does not hold',
      { rules: ['100: from all sport 40001 lookup 100'], routes: [T100] },
      [fromLan(), MAIN],
    ),
    fact(
      'of two rules about a host, its source and its destination, the lower priority decides: the destination',
      {
        rules: [
          ...hosts(1000, 'from', '10.1.0'),
          ...hosts(2000, 'from all to', '203.0.113'),
          `500: from all to ${SERVER} lookup 100`,
          `600: from ${POD} lookup 101`,
        ],
        routes: [T100, 'default via 10.0.0.253 dev eth0 table 101'],
      },
      [fromLan(), SECOND],
    ),
    fact(
      'of two rules about a host, its source and its destination, the lower priority decides: the source',
      {
        rules: [
          ...hosts(1000, 'from', '10.1.0'),
          ...hosts(2000, 'from all to', '203.0.113'),
          `600: from all to ${SERVER} lookup 101`,
          `500: from ${POD} lookup 100`,
        ],
        routes: [T100, 'default via 10.0.0.253 dev eth0 table 101'],
      },
      [fromLan(), SECOND],
    ),
    fact(
      'main asked by a rule with a selector is not the rule of a new namespace: local is asked alone',
      {
        allRules: [
          '0: from all lookup local',
          '32766: from all iif eth1 lookup main',
          '32767: from all lookup default',
        ],
        routes: SPLIT,
      },
      [toSplit, delivered()],
    ),
    fact(
      'another table at the priority of main is not the rule of a new namespace: local is asked alone',
      {
        allRules: ['0: from all lookup local', '32766: from all lookup 100', '32767: from all lookup main'],
        routes: [...SPLIT, T100],
      },
      [toSplit, delivered()],
    ),
    fact(
      'whether an address is local hangs on whether local and main are one trie',
      {
        save: mangle(`-A PREROUTING -m addrtype --dst-type LOCAL -j MARK --set-xmark 0x1/0x1`),
        routes: SPLIT,
      },
      [
        toSplit,
        [
          { ...SECOND, mark: 0 },
          { verdict: 'delivered', mark: 1 },
        ],
        ['UNK_RULES_EVER_ADDED'],
      ],
    ),
    fact('whether a broadcast address is taken as a source hangs on whether the node ever had a rule', {}, [
      fromBroadcast,
      [MAIN, dropped('martian_source')],
      ['UNK_RULES_EVER_ADDED'],
    ]),
    fact(
      'with a rule of its own it looks the source up, and takes no broadcast address',
      { rules: ['30000: from 192.0.2.200 lookup main'] },
      [fromBroadcast, dropped('martian_source')],
    ),
    fact(
      'so it does with a local route that somebody added',
      { routes: ['local 192.0.2.0/24 dev lo table local'] },
      [fromBroadcast, dropped('martian_source')],
    ),
    fact(
      'the reverse way of a marked packet counts its mark only where a rule asks for marks',
      {
        save: mangle('-A PREROUTING -i eth1 -j MARK --set-xmark 0x7/0xffffffff'),
        sysctls: { 'net.ipv4.conf.eth1.rp_filter': 1, 'net.ipv4.conf.eth1.src_valid_mark': 1 },
      },
      [fromLan({ src: '10.2.0.9' }), dropped('rp_filter')],
      [fromLan(), forwarded('eth0', { mark: 7 })],
    ),
    fact(
      'equal routes to a prefix that is not the default: the first',
      { routes: pair('10.2.0.254 dev eth2') },
      [fromNode({ dst: HOST }), sent('eth0', { via: '10.0.0.254' })],
    ),
    fact(
      'equal default routes, of what is forwarded: the first',
      { routes: ['default via 10.2.0.254 dev eth2'] },
      [fromLan(), MAIN],
    ),
    fact(
      'default routes of two metrics: the lower, of what the node sends too',
      { routes: ['default via 10.2.0.254 dev eth2 metric 100'] },
      [fromNode(), sent('eth0', { via: '10.0.0.254' })],
    ),
    fact(
      'default routes of two TOS values: that of the packet, of what the node sends too',
      { routes: ['default tos 0x10 via 10.2.0.254 dev eth2'] },
      [fromNode({ tos: 0x10 }), sent('eth2', { via: '10.2.0.254' })],
    ),
    fact(
      'equal default routes, of what a bound socket sends: that of its device',
      { routes: ['default via 10.2.0.254 dev eth2'] },
      [fromNode({ oif: 'eth2' }), sent('eth2', { via: '10.2.0.254', src: '10.2.0.1' })],
    ),
    fact(
      'equal default routes, one of which has no gateway: the first',
      { routes: ['default dev eth2 scope link'], noDefault: true },
      [fromNode(), sent('eth2', { via: null, src: '10.2.0.1' })],
    ),
    fact(
      'a node keeps what it sends from an address to the nexthop whose device has it, as of Linux 6.16',
      { routes: [BOTH] },
      [
        fromNode({ dst: HOST, src: '10.2.0.1' }),
        [sent('eth2', { src: '10.2.0.1' }), sent('eth0', { src: '10.2.0.1' })],
        ['UNK_MULTIPATH_SOURCE'],
      ],
    ),
    fact('an address that no nexthop’s device has leaves the hash alone', { routes: [BOTH] }, [
      fromNode({ dst: HOST, src: '10.1.0.1' }),
      [sent('eth2', { src: '10.1.0.1' }), sent('eth0', { src: '10.1.0.1' })],
    ]),
    fact(
      'CONNMARK saves into the bits of its mask and leaves the others of the connection',
      {
        save: mangle(
          '-A FORWARD -j CONNMARK --set-xmark 0xff/0xffffffff',
          '-A FORWARD -j MARK --set-xmark 0x5/0xffffffff',
          '-A FORWARD -j CONNMARK --save-mark --nfmask 0xf --ctmask 0xf',
        ),
      },
      [fromLan({ proto: 'udp' }), forwarded('eth0', { mark: 5, ctmark: 0xf5 })],
    ),
    fact(
      'a connmark match alone makes the kernel track connections',
      { save: mangle(`-A FORWARD -m connmark --mark 0x0 ${one}`) },
      [fromLan({ proto: 'udp' }), forwarded('eth0', { mark: 1 })],
    ),
    fact(
      'SNAT to a range of ports leaves a source port that is in it',
      { save: nat('-A POSTROUTING -o eth0 -p tcp -j SNAT --to-source 10.0.0.2:39000-41000') },
      [fromLan(), forwarded('eth0', { src: '10.0.0.2', sport: 40000 })],
    ),
    fact(
      'behind forwarding, pkttype is what the packet was when it came',
      {
        save: mangle(
          '-A POSTROUTING -m pkttype --pkt-type unicast -j MARK --set-xmark 0x1/0x1',
          '-A POSTROUTING -m pkttype --pkt-type broadcast -j MARK --set-xmark 0x2/0x2',
        ),
        sysctls: { 'net.ipv4.conf.all.bc_forwarding': 1, 'net.ipv4.conf.eth0.bc_forwarding': 1 },
      },
      [
        fromLan({ proto: 'udp', dst: '10.1.0.255', in: 'eth0', src: '198.51.100.7' }),
        forwarded('eth1', { mark: 1 }),
      ],
    ),
    native('fib: an own address is reached by no device', 'fib daddr oif "eth0"', [
      fromWan({ dst: '10.0.0.1' }),
      delivered({ mark: 0 }),
    ]),
    native('fib: a broadcast address is reached by its device', 'fib daddr oif "eth0"', [
      fromWan({ proto: 'udp', dst: '10.0.0.255' }),
      delivered({ mark: 1 }),
    ]),
    factOf(
      'legacy',
      'what a chain that is jumped to marks hangs on the order of the backends, as what stands in the base chain',
      {
        save:
          table(
            'mangle',
            ':X - [0:0]\n-A FORWARD -j X\n-A X -m mark --mark 0x0 -j MARK --set-xmark 0x1/0xffffffff',
          ) + EMPTY,
        beside: mangle('-A FORWARD -m mark --mark 0x0 -j MARK --set-xmark 0x2/0xffffffff'),
      },
      [fromLan(), [forwarded('eth0', { mark: 1 }), forwarded('eth0', { mark: 2 })], ['UNK_TABLE_ORDER']],
    ),
    fact(
      'the rpfilter match takes any of the devices of several nexthops',
      {
        save: mangle('-A PREROUTING -m rpfilter -j MARK --set-xmark 0x1/0x1'),
        routes: [
          '192.0.2.0/24\n\tnexthop via 10.1.0.254 dev eth1 weight 1\n\tnexthop via 10.0.0.254 dev eth0 weight 1',
        ],
      },
      [fromLan({ src: '192.0.2.9', dst: '10.2.0.9' }), forwarded('eth2', { mark: 1 })],
      [
        fromLan({ src: '192.0.2.9', dst: '10.2.0.9', in: 'eth0', sport: 41000 }),
        forwarded('eth2', { mark: 1 }),
      ],
    ),
    fact('all hosts are a group that every node is in', {}, [
      fromLan({ proto: 'udp', dst: '224.0.0.1' }),
      delivered({ dst: '224.0.0.1' }),
    ]),
    fact(
      'REDIRECT on a device without an address drops',
      {
        links: [ETH0, ETH1, { ...ETH2, addresses: [] }],
        save: nat('-A PREROUTING -i eth2 -p udp -j REDIRECT --to-ports 5353'),
      },
      [fromWan({ in: 'eth2', proto: 'udp', dst: SERVER, dport: 53 }), dropped('no-address')],
    ),
    fact(
      'a masqueraded datagram whose flow now leaves by another device is dropped, before any answer too',
      {
        save: nat('-A POSTROUTING ! -o eth1 -j MASQUERADE'),
        rules: ['100: from all tos 0x10 lookup 100'],
        routes: [T100],
      },
      [fromLan({ proto: 'udp' }), forwarded('eth0', { src: '10.0.0.1' })],
      [fromLan({ proto: 'udp', tos: 0x10 }), dropped('masquerade-device')],
    ),
  ],
};
