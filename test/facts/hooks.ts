/** The order of hooks and tables. Every rule adds one to the mark, if all rules before it have run. */
import { table } from '../support/save.js';
import {
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

type Place = readonly [table: 'raw' | 'mangle' | 'nat' | 'filter' | 'security', chain: string];

/** Chains that see the frames of a device; each has one rule about IPv4. */
function atDevices(...chains: readonly (readonly [hook: string, device: string, verdict: string])[]): string {
  const blocks = chains.map(
    ([hook, device, verdict], at) => `	chain c${String(at)} {
		type filter hook ${hook} device "${device}" priority filter; policy accept;
		ip protocol tcp ${verdict}
	}
`,
  );
  return `table netdev t {\n${blocks.join('\n')}}\n`;
}

/** A rule at each place: it counts on from the places before it, so the mark at the end is their number. */
export function inOrder(
  places: readonly Place[],
  extra: readonly (readonly [...Place, string])[] = [],
): string {
  const lines = places.map(([name, chain], at): readonly [...Place, string] => {
    const next = `0x${(at + 1).toString(16)}`;
    return [name, chain, `-m mark --mark 0x${at.toString(16)} -j MARK --set-xmark ${next}/0xffffffff`];
  });
  return (['raw', 'mangle', 'nat', 'filter', 'security'] as const)
    .map((name) =>
      table(
        name,
        [...lines, ...extra]
          .filter(([own]) => own === name)
          .map(([, chain, rule]) => `-A ${chain} ${rule}`)
          .join('\n'),
      ),
    )
    .join('');
}

/** Makes the kernel track connections: without any such rule the nat table is asleep. */
export const TRACK = ['filter', 'FORWARD', '-m conntrack --ctstate INVALID -j DROP'] as const;
export const THROUGH: readonly Place[] = [
  ['raw', 'PREROUTING'],
  ['mangle', 'PREROUTING'],
  ['nat', 'PREROUTING'],
  ['mangle', 'FORWARD'],
  ['filter', 'FORWARD'],
  ['security', 'FORWARD'],
  ['mangle', 'POSTROUTING'],
  ['nat', 'POSTROUTING'],
];
const BEFORE_LOCAL: readonly Place[] = [
  ['raw', 'PREROUTING'],
  ['mangle', 'PREROUTING'],
  ['nat', 'PREROUTING'],
  ['mangle', 'INPUT'],
  ['filter', 'INPUT'],
];
const OUT: readonly Place[] = [
  ['raw', 'OUTPUT'],
  ['mangle', 'OUTPUT'],
  ['nat', 'OUTPUT'],
  ['filter', 'OUTPUT'],
  ['security', 'OUTPUT'],
  ['mangle', 'POSTROUTING'],
  ['nat', 'POSTROUTING'],
];
/** From the node to itself: the nat table is asked on the way out alone. */
const ROUND: readonly Place[] = [
  ...OUT,
  ['raw', 'PREROUTING'],
  ['mangle', 'PREROUTING'],
  ['mangle', 'INPUT'],
  ['filter', 'INPUT'],
  ['security', 'INPUT'],
];

export const hooks: Section = {
  title: '1. hook order',
  facts: [
    fact(
      'trap: a forwarded packet meets raw, mangle, nat PREROUTING, then mangle, filter, security FORWARD, then mangle, nat POSTROUTING',
      { save: inOrder(THROUGH, [TRACK]) },
      [fromLan(), forwarded('eth0', { mark: 8 })],
    ),
    factOf(
      'legacy',
      'a packet for the node meets security INPUT before nat INPUT with iptables-legacy',
      { save: inOrder([...BEFORE_LOCAL, ['security', 'INPUT'], ['nat', 'INPUT']], [TRACK]) },
      [fromWan({ proto: 'udp' }), delivered({ mark: 7 })],
    ),
    factOf(
      'nft',
      'a packet for the node meets nat INPUT before security INPUT with iptables-nft, whose security is at 150',
      { save: inOrder([...BEFORE_LOCAL, ['nat', 'INPUT'], ['security', 'INPUT']], [TRACK]) },
      [fromWan({ proto: 'udp' }), delivered({ mark: 7 })],
    ),
    fact(
      'a packet of the node meets raw, mangle, nat, filter, security OUTPUT, then mangle, nat POSTROUTING',
      { save: inOrder(OUT, [TRACK]) },
      [fromNode(), sent('eth0', { mark: 7 })],
    ),
    fact(
      'a packet to the node itself goes out and in by lo, its mark with it, and nat PREROUTING and INPUT are not asked',
      {
        save: inOrder(ROUND, [
          TRACK,
          ['nat', 'PREROUTING', '-j MARK --set-xmark 0x100/0x100'],
          ['nat', 'INPUT', '-j MARK --set-xmark 0x200/0x200'],
        ]),
      },
      [fromNode({ dst: '10.0.0.1' }), delivered({ mark: 12 })],
    ),
    fact(
      'on the way round by lo POSTROUTING leaves by lo and PREROUTING comes in by lo',
      {
        save:
          table(
            'mangle',
            '-A POSTROUTING -o lo -j MARK --set-xmark 0x1/0x1\n-A PREROUTING -i lo -j MARK --set-xmark 0x2/0x2',
          ) + table('filter', ''),
      },
      [fromNode({ dst: '10.1.0.1' }), delivered({ mark: 3 })],
    ),
    fact(
      'connection tracking runs between raw and mangle: raw sees no state',
      {
        save:
          table('raw', '-A PREROUTING -m conntrack --ctstate NEW -j MARK --set-xmark 0x1/0x1') +
          table('mangle', '-A PREROUTING -m conntrack --ctstate NEW -j MARK --set-xmark 0x2/0x2') +
          table('filter', ''),
      },
      [fromLan(), forwarded('eth0', { mark: 2 })],
    ),
    fact(
      'the TTL is lowered before FORWARD and behind PREROUTING',
      {
        save:
          table(
            'mangle',
            [
              '-A PREROUTING -m ttl --ttl-eq 64 -j MARK --set-xmark 0x1/0x1',
              '-A FORWARD -m ttl --ttl-eq 63 -j MARK --set-xmark 0x2/0x2',
              '-A POSTROUTING -m ttl --ttl-eq 63 -j MARK --set-xmark 0x4/0x4',
            ].join('\n'),
          ) + table('filter', ''),
      },
      [fromLan(), forwarded('eth0', { mark: 7, ttl: 63 })],
    ),
    fact(
      'a TTL of 1 ends before FORWARD, with time exceeded',
      { save: table('filter', '-A FORWARD -j REJECT') },
      [fromLan({ ttl: 1 }), dropped('ttl', { answer: 'icmp 11/0' })],
      [fromLan({ ttl: 2, sport: 40001 }), { verdict: 'rejected', answer: 'icmp-port-unreachable' }],
    ),
    fact('a TTL of 1 is enough for the node itself', { save: table('filter', '') }, [
      fromWan({ proto: 'udp', ttl: 1 }),
      delivered({ ttl: 1 }),
    ]),
    fact(
      'trap: connections are tracked between raw and mangle: INVALID to the one, NEW to the other',
      {
        save:
          table(
            'raw',
            '-A PREROUTING -i eth1 -m conntrack --ctstate INVALID -j ACCEPT\n-A PREROUTING -i eth1 -j DROP',
          ) +
          table('mangle', '-A PREROUTING -m conntrack --ctstate NEW -j MARK --set-xmark 0x1/0x1') +
          table('filter', ''),
      },
      [fromLan(), forwarded('eth0', { mark: 1 })],
    ),
    fact(
      'trap: filter is behind the destination translation, and before the source translation',
      {
        save:
          table(
            'nat',
            '-A PREROUTING -d 192.0.2.80/32 -j DNAT --to-destination 10.2.0.9\n-A POSTROUTING -j SNAT --to-source 10.2.0.1',
          ) + table('filter', '-A FORWARD -s 10.1.0.7/32 -d 10.2.0.9/32 -j MARK --set-xmark 0x1/0x1'),
      },
      [fromLan({ dst: '192.0.2.80' }), forwarded('eth2', { src: '10.2.0.1', dst: '10.2.0.9', mark: 1 })],
    ),
    fact(
      'trap: a forwarded packet walks PREROUTING once',
      {
        save:
          table('mangle', '-A PREROUTING -j TTL --ttl-dec 1\n-A PREROUTING -m ttl --ttl-eq 62 -j DROP') +
          table('filter', ''),
      },
      [fromLan({ ttl: 64 }), forwarded('eth0', { ttl: 62 })],
    ),
    fact(
      'a forwarded packet meets neither INPUT nor OUTPUT',
      { save: table('filter', ':INPUT DROP [0:0]\n:OUTPUT DROP [0:0]') },
      [fromLan(), forwarded('eth0')],
    ),
    factOf(
      'legacy',
      'a chain at a device does not see what comes in by another, nor what leaves on its other side',
      { native: atDevices(['ingress', 'eth0', 'drop'], ['egress', 'eth1', 'drop']) },
      [fromLan(), forwarded('eth0')],
    ),
    factOf(
      'legacy',
      'chains at the devices of the way are taken to let pass',
      { native: atDevices(['ingress', 'eth1', 'accept'], ['egress', 'eth0', 'accept']) },
      [fromLan(), forwarded('eth0'), ['ASM_NFT_ASIDE']],
    ),
    fact(
      'a packet for the node does not meet FORWARD, nor one of the node',
      { save: table('filter', ':FORWARD DROP [0:0]') },
      [fromWan({ proto: 'udp' }), delivered()],
    ),
  ],
};
