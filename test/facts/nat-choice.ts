/** To which address and port NAT translates. */
import { table } from '../support/save.js';
import {
  POD,
  SERVER,
  type Section,
  delivered,
  dropped,
  fact,
  forwarded,
  fromLan,
  fromNode,
  fromWan,
  rejected,
  sent,
} from './fact.js';
import { ETH0, ETH1, ETH2 } from './node.js';

const nat = (...lines: readonly string[]): string => table('nat', lines.join('\n')) + table('filter', '');
const filter = (...lines: readonly string[]): string => table('filter', lines.join('\n'));
const VIP = '192.0.2.80';
const snat = (options: string): string => nat(`-A POSTROUTING -o eth0 -p tcp -j SNAT ${options}`);
const masquerade = (options = ''): string => nat(`-A POSTROUTING -o eth0 -j MASQUERADE ${options}`.trim());
const dnat = (to: string): string => nat(`-A PREROUTING -d ${VIP}/32 -j DNAT --to-destination ${to}`);
const second = { src: '10.1.0.8' } as const;

/** Which part of the ports a drawn one comes from. */
const CLASSES = [
  [53, [1, 511]],
  [700, [600, 1023]],
  [5000, [1024, 65535]],
] as const;

export const choice: Section = {
  title: '3. nat: to what it translates',
  facts: [
    fact('SNAT keeps the source port when it is free', { save: snat('--to-source 10.0.0.2') }, [
      fromLan(),
      forwarded('eth0', { src: '10.0.0.2', sport: 40000 }),
    ]),
    fact(
      'a translated port is free as long as the answers differ: two clients keep one port towards two servers',
      { save: masquerade() },
      [fromLan(), forwarded('eth0', { src: '10.0.0.1', sport: 40000 })],
      [fromLan({ ...second, dst: '203.0.113.10' }), forwarded('eth0', { src: '10.0.0.1', sport: 40000 })],
    ),
    ...CLASSES.map(([sport, drawn]) =>
      fact(
        `a port ${String(sport)} that is taken is drawn anew from ${drawn.join(' to ')}`,
        { save: masquerade() },
        [fromLan({ sport }), forwarded('eth0', { src: '10.0.0.1', sport })],
        [fromLan({ ...second, sport }), forwarded('eth0', { src: '10.0.0.1', drawn })],
      ),
    ),
    fact(
      'an ICMP id that is taken is drawn from all ids',
      { save: masquerade() },
      [fromLan({ proto: 'icmp', icmpId: 7 }), forwarded('eth0', { icmpId: 7 })],
      [fromLan({ ...second, proto: 'icmp', icmpId: 7 }), forwarded('eth0', { drawn: [0, 65535] })],
    ),
    ...(['--random', '--random-fully'] as const).map((option) =>
      fact(`${option} draws a port though the own one is free`, { save: masquerade(option) }, [
        fromLan(),
        forwarded('eth0', { src: '10.0.0.1', drawn: [1024, 65535] }),
      ]),
    ),
    fact('ports to choose from: one inside is kept', { save: snat('--to-source 10.0.0.2:39000-41000') }, [
      fromLan(),
      forwarded('eth0', { src: '10.0.0.2', sport: 40000 }),
    ]),
    fact(
      'ports to choose from: another is drawn from them',
      { save: snat('--to-source 10.0.0.2:5000-5010') },
      [fromLan(), forwarded('eth0', { src: '10.0.0.2', drawn: [5000, 5010] })],
    ),
    fact(
      'when no port of the range is free the flow is dropped',
      { save: snat('--to-source 10.0.0.2:5000') },
      [fromLan(), forwarded('eth0', { src: '10.0.0.2', sport: 5000 })],
      [fromLan(second), dropped('clash')],
    ),
    fact(
      'of a range of addresses the hash of source and destination picks one',
      { save: snat('--to-source 10.0.0.10-10.0.0.13') },
      [fromLan(), forwarded('eth0', { src: '10.0.0.13' })],
    ),
    fact(
      '--persistent leaves the destination out: one client has one address',
      { save: snat('--to-source 10.0.0.10-10.0.0.13 --persistent') },
      [fromLan(), forwarded('eth0', { src: '10.0.0.11' })],
      [fromLan({ dst: '203.0.113.10' }), forwarded('eth0', { src: '10.0.0.11' })],
      [fromLan({ dst: '203.0.113.11' }), forwarded('eth0', { src: '10.0.0.11' })],
    ),
    fact('DNAT without a port keeps the port', { save: dnat(POD) }, [
      fromWan({ dst: VIP, dport: 81 }),
      forwarded('eth1', { dst: POD, dport: 81 }),
    ]),
    fact(
      'DNAT to a port sets it',
      { save: nat(`-A PREROUTING -p tcp -d ${VIP}/32 -j DNAT --to-destination ${POD}:8080`) },
      [fromWan({ dst: VIP, dport: 81 }), forwarded('eth1', { dst: POD, dport: 8080 })],
    ),
    fact(
      'DNAT to a range of ports takes the first, or keeps the port that is inside',
      { save: nat(`-A PREROUTING -p tcp -d ${VIP}/32 -j DNAT --to-destination ${POD}:8000-8010`) },
      [fromWan({ dst: VIP, dport: 80 }), forwarded('eth1', { dst: POD, dport: 8000 })],
      [fromWan({ dst: VIP, dport: 8005 }), forwarded('eth1', { dst: POD, dport: 8005 })],
    ),
    fact(
      'DNAT to ports counted from a base shifts the port',
      { save: nat(`-A PREROUTING -p tcp -d ${VIP}/32 -j DNAT --to-destination ${POD}:8050-8060/50`) },
      [fromWan({ dst: VIP, dport: 53 }), forwarded('eth1', { dst: POD, dport: 8053 })],
    ),
    fact('of GRE the address alone changes', { save: masquerade() }, [
      { in: 'eth1', proto: 'gre', src: POD, dst: SERVER },
      forwarded('eth0', { src: '10.0.0.1' }),
    ]),
    fact(
      'SCTP is translated as UDP is, ports and all',
      { save: nat('-A POSTROUTING -p sctp -j SNAT --to-source 10.0.0.2') },
      [fromLan({ proto: 'sctp' }), forwarded('eth0', { src: '10.0.0.2', sport: 40000 })],
    ),
    fact(
      'trap: MASQUERADE takes the primary address whose subnet holds the gateway, not the first of the device',
      {
        save: masquerade(),
        links: [{ name: 'eth0', addresses: ['192.0.2.1/24', '10.0.0.1/24'] }, ETH1, ETH2],
      },
      [fromLan(), forwarded('eth0', { src: '10.0.0.1' })],
    ),
    fact(
      'MASQUERADE does not heed the src of the route',
      { save: masquerade(), noDefault: true, routes: ['default via 10.0.0.254 dev eth0 src 10.0.0.2'] },
      [fromLan(), forwarded('eth0', { src: '10.0.0.1' })],
    ),
    fact(
      'MASQUERADE takes the first global address of another device when the own has none',
      {
        save: nat('-A POSTROUTING -o eth2 -j MASQUERADE'),
        links: [ETH0, ETH1, { name: 'eth2', addresses: [] }],
        routes: ['198.51.100.0/24 dev eth2 scope link'],
      },
      [fromLan({ dst: '198.51.100.9' }), forwarded('eth2', { via: null, src: '10.0.0.1' })],
    ),
    fact(
      'MASQUERADE drops when no device has an address to give',
      {
        save: nat('-A POSTROUTING -o eth2 -j MASQUERADE'),
        links: [
          { name: 'eth0', addresses: [] },
          { name: 'eth1', addresses: [] },
          { name: 'eth2', addresses: [] },
        ],
        noDefault: true,
        routes: ['198.51.100.0/24 dev eth2 scope link', '10.1.0.0/24 dev eth1 scope link'],
      },
      [fromLan({ dst: '198.51.100.9' }), dropped('no-address')],
    ),
    fact(
      'REDIRECT in OUTPUT leads to 127.0.0.1',
      { save: nat('-A OUTPUT -p udp --dport 53 -j REDIRECT --to-ports 5353') },
      [fromNode({ src: '10.0.0.1' }), delivered({ dst: '127.0.0.1', dport: 5353 })],
    ),
    fact(
      'REDIRECT in PREROUTING leads to the first address of the device that it came in by',
      { save: nat('-A PREROUTING -p udp --dport 53 -j REDIRECT --to-ports 5353') },
      [
        { in: 'eth0', proto: 'udp', src: '198.51.100.7', sport: 9, dst: SERVER, dport: 53 },
        delivered({ dst: '10.0.0.1', dport: 5353 }),
      ],
    ),
    fact(
      'REDIRECT in PREROUTING drops when the device has no address',
      {
        save: nat('-A PREROUTING -p udp --dport 53 -j REDIRECT'),
        links: [ETH0, ETH1, { name: 'eth2', addresses: [] }],
        routes: ['198.51.100.0/24 dev eth2 scope link'],
      },
      [
        { in: 'eth2', proto: 'udp', src: '198.51.100.7', sport: 9, dst: SERVER, dport: 53 },
        dropped('no-address'),
      ],
    ),
    fact(
      'NETMAP replaces the bits of the network and keeps those of the host',
      {
        save: nat(
          '-A PREROUTING -d 192.0.2.0/24 -j NETMAP --to 10.1.0.0/24',
          '-A POSTROUTING -s 10.1.0.0/24 -o eth0 -j NETMAP --to 192.0.2.0/24',
        ),
      },
      [fromWan({ dst: '192.0.2.7' }), forwarded('eth1', { dst: '10.1.0.7' })],
      [fromLan({ sport: 9 }), forwarded('eth0', { src: '192.0.2.7' })],
    ),
    fact(
      'SNAT in INPUT changes what the socket sees',
      { save: nat('-A INPUT -p udp -j SNAT --to-source 10.0.0.99') },
      [fromWan({ proto: 'udp' }), delivered({ src: '10.0.0.99', sport: 50000 })],
    ),
    fact('REJECT alone is a port unreachable', { save: filter('-A FORWARD -j REJECT') }, [
      fromLan({ proto: 'udp' }),
      rejected('icmp-port-unreachable'),
    ]),
    ...(
      [
        'net-unreachable',
        'host-unreachable',
        'proto-unreachable',
        'net-prohibited',
        'host-prohibited',
        'admin-prohibited',
      ] as const
    ).map((word) =>
      fact(
        `REJECT --reject-with icmp-${word} says so`,
        { save: filter(`-A FORWARD -j REJECT --reject-with icmp-${word}`) },
        [fromLan(), rejected(`icmp-${word}`)],
      ),
    ),
    fact(
      'REJECT with a reset resets',
      { save: filter('-A FORWARD -p tcp -j REJECT --reject-with tcp-reset') },
      [fromLan(), rejected('tcp-reset')],
    ),
    fact(
      'REJECT in INPUT and in OUTPUT speaks too',
      {
        save: filter('-A INPUT -j REJECT --reject-with icmp-host-prohibited', '-A OUTPUT -p sctp -j REJECT'),
      },
      [fromWan(), rejected('icmp-host-prohibited')],
    ),
    fact(
      'a DNAT rule of OUTPUT sends a packet of the node elsewhere',
      { save: nat(`-A OUTPUT -d ${VIP}/32 -j DNAT --to-destination 10.1.0.9`) },
      [fromNode({ src: '10.0.0.1', dst: VIP }), sent('eth1', { dst: '10.1.0.9', src: '10.0.0.1' })],
    ),
  ],
};
