/** Turning points of IPv6: what faults in the engine were not caught by. */
import type { PacketInput } from '../../src/packet/result.js';
import { table } from '../support/save.js';
import {
  type Fact,
  type Given,
  type Section,
  delivered,
  dropped,
  fact6,
  forwarded,
  nowhere,
  sent,
} from './fact.js';
import { ETH1, ETH2, type FactNode } from './node.js';

const POD = 'fd00:b::7';
const SERVER = '2001:db8::9';
const lan = (more: Partial<PacketInput> = {}): PacketInput => ({
  ...{ in: 'eth1', proto: 'udp', src: POD, sport: 40000, dst: SERVER, dport: 53 },
  ...more,
});
const local = (more: Partial<PacketInput> = {}): PacketInput => ({
  ...{ in: null, proto: 'udp', sport: 40000, dst: SERVER, dport: 53 },
  ...more,
});
const EMPTY = table('filter', '');
const mangle = (...rules: readonly string[]): string => table('mangle', rules.join('\n')) + EMPTY;
const nat = (...rules: readonly string[]): string => table('nat', rules.join('\n')) + EMPTY;
const mark = (match: string, bit: number): string =>
  `-A PREROUTING ${match} -j MARK --set-xmark ${String(bit)}/${String(bit)}`;
const LIMITED = [
  mark('-m addrtype --dst-type LOCAL --limit-iface-in', 1),
  mark('-m addrtype --dst-type LOCAL', 2),
];

/** A native rule in PREROUTING. */
const V6 = (condition: string, bit: number): string => `table ip6 t {
	chain p {
		type filter hook prerouting priority raw; policy accept;
		${condition} meta mark set 0x0000000${String(bit)} # handle 2
	}
}
`;
/** A fact about a native table, which stands beside one backend. */
const alone = (name: string, native: string, node: FactNode, ...steps: readonly Given[]): Fact => ({
  ...fact6(name, { ...node, native }, ...steps),
  backends: ['legacy'],
});

export const turningPoints6: Section = {
  title: '16. turning points in IPv6',
  facts: [
    fact6('limit-iface-in: the address of another device is not local there', { save: mangle(...LIMITED) }, [
      lan({ dst: 'fd00:a::1' }),
      delivered({ mark: 2 }),
    ]),
    fact6('limit-iface-in: an address of the device is', { save: mangle(...LIMITED) }, [
      lan({ dst: 'fd00:b::1' }),
      delivered({ mark: 3 }),
    ]),
    fact6(
      'limit-iface-in: a local prefix is no address of the device',
      { save: mangle(...LIMITED), routes: ['local fd00:99::/64 dev eth1 table local'] },
      [lan({ dst: 'fd00:99::5' }), delivered({ mark: 2 })],
    ),
    fact6('the unspecified address is no source of what is forwarded', {}, [
      lan({ src: '::' }),
      dropped('martian_source'),
    ]),
    fact6(
      'a link-local source may go back out of the device that it came in by',
      { routes: ['fd00:99::/64 via fd00:b::fe dev eth1'] },
      [lan({ src: 'fe80::9', dst: 'fd00:99::5' }), forwarded('eth1', { via: 'fd00:b::fe' })],
      [lan({ src: 'fe80::9', dst: SERVER, sport: 41000 }), dropped('link_local', { answer: 'icmp 1/2' })],
    ),
    fact6(
      'rp_filter is of IPv4 alone',
      { sysctls: { 'net.ipv4.conf.all.rp_filter': 1, 'net.ipv4.conf.eth1.rp_filter': 1 } },
      [lan({ src: 'fd00:c::9' }), forwarded('eth0')],
    ),
    fact6(
      'the rpfilter match takes what comes back the way it came, and loosely any way back',
      {
        save: mangle(mark('-m rpfilter', 1), mark('-m rpfilter --loose', 2), mark('-m rpfilter --invert', 4)),
      },
      [lan(), forwarded('eth0', { mark: 3 })],
      [lan({ src: 'fd00:c::9' }), forwarded('eth0', { mark: 6 })],
    ),
    fact6(
      'redirected where it was sent: to ::1',
      { save: nat('-A OUTPUT -p udp -j REDIRECT --to-ports 5353') },
      [local({ src: 'fd00:a::1' }), delivered({ dst: '::1', dport: 5353 })],
    ),
    fact6(
      'REDIRECT gives a link-local destination a link-local address',
      { save: nat('-A PREROUTING -p udp -j REDIRECT --to-ports 5353') },
      [lan({ src: 'fe80::9', dst: 'fe80::2' }), delivered({ dst: 'fe80::2', dport: 5353 })],
      [lan({ sport: 41000 }), delivered({ dst: 'fd00:b::1', dport: 5353 })],
    ),
    fact6('no IPv6 source can be bound that is not of the node', {}, [
      local({ src: '2001:db8:77::1' }),
      nowhere('EADDRNOTAVAIL'),
    ]),
    fact6(
      'routed again, a link-local destination keeps its device',
      {
        save: mangle('-A OUTPUT -j MARK --set-xmark 0x7/0xffffffff'),
        rules: ['100: from all fwmark 0x7 lookup 100'],
        routes: ['fe80::/64 dev eth2 table 100', 'default via fd00:c::fe dev eth2 table 100'],
        links: [ETH1, ETH2],
        noDefault: true,
      },
      [local({ src: 'fd00:b::1', dst: 'fe80::9', connected: false }), sent('eth1', { via: null })],
      [local({ src: 'fd00:b::1', dst: SERVER, sport: 41000 }), nowhere('ENETUNREACH')],
    ),
    fact6('every node is in the groups that the kernel joins', {}, [
      lan({ src: 'fe80::9', dst: 'ff02::1' }),
      delivered({ dst: 'ff02::1' }),
    ]),
    fact6('the group by which neighbours ask for an address of the device', {}, [
      lan({ src: 'fe80::9', dst: 'ff02::1:ff00:1' }),
      delivered({ dst: 'ff02::1:ff00:1' }),
    ]),
    alone('fib: an own address of IPv6 is reached by no device', V6('fib daddr oif "eth1"', 1), {}, [
      lan({ dst: 'fd00:b::1' }),
      delivered({ mark: 0 }),
    ]),
    alone('fib: nor is an anycast address', V6('fib daddr oif "eth1"', 1), {}, [
      lan({ dst: 'fd00:b::' }),
      delivered({ mark: 0 }),
    ]),
    alone('fib: the type of an own address of any device', V6('fib daddr type local', 1), {}, [
      lan({ dst: 'fd00:a::1' }),
      delivered({ mark: 1 }),
    ]),
    alone(
      'fib: the lookup goes by the source of the packet',
      V6('fib daddr oif "eth2"', 1),
      {
        rules: [`100: from ${POD} lookup 100`],
        routes: ['default via fd00:c::fe dev eth2 table 100'],
      },
      [lan(), forwarded('eth2', { mark: 1 })],
      [lan({ src: 'fd00:b::8', sport: 41000 }), forwarded('eth0', { mark: 0 })],
    ),
    fact6(
      'of a range that differs in more than one word the hash picks every word',
      {
        save: nat('-A POSTROUTING -o eth0 -j SNAT --to-source fd00:77::1:0:0-fd00:77::5:0:3'),
      },
      [lan(), forwarded('eth0', { src: 'fd00:77::5:0:3' })],
      [lan({ src: 'fd00:b::1234' }), forwarded('eth0', { src: 'fd00:77::2:65d1:2d95' })],
    ),
  ],
};
