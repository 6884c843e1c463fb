/** What is different in IPv6, and what is not. */
import type { PacketInput } from '../../src/packet/result.js';
import { table } from '../support/save.js';
import { type Section, delivered, dropped, fact, fact6, forwarded, nowhere, rejected, sent } from './fact.js';
import { THROUGH, TRACK, inOrder } from './hooks.js';
import { ETH0, ETH1, ETH2, type FactNode } from './node.js';

const POD = 'fd00:b::7';
const SERVER = '2001:db8::9';
const OUTSIDE = '2001:db8:1::7';
const HOST = '2001:db8:2::9';
const lan = (more: Partial<PacketInput> = {}): PacketInput => ({
  ...{ in: 'eth1', proto: 'tcp', src: POD, sport: 40000, dst: SERVER, dport: 443 },
  ...more,
});
const wan = (more: Partial<PacketInput> = {}): PacketInput => ({
  ...{ in: 'eth0', proto: 'udp', src: OUTSIDE, sport: 50000, dst: 'fd00:a::1', dport: 53 },
  ...more,
});
const local = (more: Partial<PacketInput> = {}): PacketInput => ({
  ...{ in: null, proto: 'udp', sport: 40000, dst: SERVER, dport: 53 },
  ...more,
});
const nat = (...lines: readonly string[]): string => table('nat', lines.join('\n')) + table('filter', '');
const mangle = (...lines: readonly string[]): string =>
  table('mangle', lines.join('\n')) + table('filter', '');
const filter = (...lines: readonly string[]): string => table('filter', lines.join('\n'));
const one = '-j MARK --set-xmark 0x1/0x1';
const SEVEN = '-j MARK --set-xmark 0x7/0xffffffff';
const SECOND: FactNode = {
  rules: ['100: from all fwmark 0x7 lookup 100'],
  routes: ['default via fd00:c::fe dev eth2 table 100'],
};
const udp = lan({ proto: 'udp', dport: 53 });

export const ipv6: Section = {
  title: '14. IPv6',
  facts: [
    fact6('a forwarded packet meets the same tables in the same order', { save: inOrder(THROUGH, [TRACK]) }, [
      lan(),
      forwarded('eth0', { via: 'fd00:a::fe', mark: 8, ttl: 63 }),
    ]),
    fact6(
      'a hop limit of 1 ends before FORWARD, with time exceeded',
      { save: filter('-A FORWARD -j REJECT') },
      [lan({ ttl: 1 }), dropped('ttl', { answer: 'icmp 3/0' })],
    ),
    fact6(
      'one switch for all devices decides about forwarding',
      { sysctls: { 'net.ipv6.conf.all.forwarding': 0 } },
      [lan(), dropped('ip_forward')],
    ),
    fact6('the switch of the device alone does not', { sysctls: { 'net.ipv6.conf.eth1.forwarding': 0 } }, [
      lan(),
      forwarded('eth0'),
    ]),
    fact6(
      'force_forwarding of the device does, where the kernel has it',
      { sysctls: { 'net.ipv6.conf.all.forwarding': 0, 'net.ipv6.conf.eth1.force_forwarding': 1 } },
      [lan(), forwarded('eth0')],
    ),
    fact6(
      'there is no rp_filter: a source of another link passes',
      { sysctls: { 'net.ipv4.conf.all.rp_filter': 1 } },
      [lan({ src: 'fd00:c::9' }), forwarded('eth0', { src: 'fd00:c::9' })],
    ),
    fact6('an own address is a source like others', {}, [
      lan({ src: 'fd00:a::1' }),
      forwarded('eth0', { src: 'fd00:a::1' }),
    ]),
    fact6(
      'the rpfilter match does what rp_filter does in IPv4',
      { save: table('raw', '-A PREROUTING -m rpfilter --invert -j DROP') + filter() },
      [lan({ src: 'fd00:c::9' }), dropped('rule')],
    ),
    fact6(
      'of one IPv6 prefix the lowest metric is taken',
      {
        routes: [`${HOST} via fd00:a::fe dev eth0 metric 200`, `${HOST} via fd00:c::fe dev eth2 metric 100`],
      },
      [lan({ dst: HOST }), forwarded('eth2', { via: 'fd00:c::fe' })],
    ),
    fact6(
      'trap: a longer IPv6 prefix is stronger than a lower metric',
      {
        routes: [
          '2001:db8::/32 via fd00:a::fe dev eth0 metric 1',
          `${HOST} via fd00:c::fe dev eth2 metric 5000`,
        ],
      },
      [lan({ dst: HOST }), forwarded('eth2')],
    ),
    fact6('unreachable tells the sender that there is no route', { routes: [`unreachable ${HOST} dev lo`] }, [
      lan({ dst: HOST }),
      nowhere('EHOSTUNREACH', 'icmp6-no-route'),
    ]),
    fact6('prohibit tells that it is prohibited', { routes: [`prohibit ${HOST} dev lo`] }, [
      lan({ dst: HOST }),
      nowhere('EACCES', 'icmp6-adm-prohibited'),
    ]),
    fact6('no route tells the same as unreachable', { noDefault: true }, [
      lan(),
      nowhere('ENETUNREACH', 'icmp6-no-route'),
    ]),
    fact6('no IPv6 route: what the node sends', { noDefault: true }, [local(), nowhere('ENETUNREACH')]),
    fact6('a blackhole is silent', { routes: [`blackhole ${HOST} dev lo`] }, [
      lan({ dst: HOST }),
      dropped('blackhole'),
    ]),
    fact6(
      'a mark set in mangle PREROUTING decides the route',
      { ...SECOND, save: mangle(`-A PREROUTING ${SEVEN}`) },
      [lan(), forwarded('eth2', { via: 'fd00:c::fe', mark: 7 })],
    ),
    fact6(
      'a mark set in mangle OUTPUT routes again, and keeps the source',
      { ...SECOND, save: mangle(`-A OUTPUT ${SEVEN}`) },
      [local(), sent('eth2', { src: 'fd00:a::1', mark: 7 })],
    ),
    fact6(
      'a hop limit set in mangle OUTPUT routes again',
      { ...SECOND, save: table('raw', `-A OUTPUT ${SEVEN}`) + mangle('-A OUTPUT -j HL --hl-set 9') },
      [local(), sent('eth2', { ttl: 9 })],
    ),
    fact(
      'a TTL set in mangle OUTPUT does not, in IPv4',
      {
        rules: ['100: from all fwmark 0x7 lookup 100'],
        routes: ['default via 10.2.0.254 dev eth2 table 100'],
        save: table('raw', `-A OUTPUT ${SEVEN}`) + mangle('-A OUTPUT -j TTL --ttl-set 9'),
      },
      [{ in: null, proto: 'udp', dst: '203.0.113.9', dport: 53 }, sent('eth0', { ttl: 9 })],
    ),
    fact6(
      'MASQUERADE takes the address that the device would send to the destination with',
      {
        save: nat('-A POSTROUTING -o eth0 -j MASQUERADE'),
        links: [{ ...ETH0, addresses: [...ETH0.addresses, '2001:db8:f::1/64'] }, ETH1, ETH2],
      },
      [udp, forwarded('eth0', { src: '2001:db8:f::1', sport: 40000 })],
    ),
    fact6(
      'what the node sends gets the address that is most like the destination',
      { links: [{ ...ETH0, addresses: [...ETH0.addresses, '2001:db8:f::1/64'] }, ETH1, ETH2] },
      [local(), sent('eth0', { src: '2001:db8:f::1' })],
    ),
    fact6(
      'the src of the route is taken before that',
      { noDefault: true, routes: ['default via fd00:a::fe dev eth0 src fd00:c::1'] },
      [local(), sent('eth0', { src: 'fd00:c::1' })],
    ),
    fact6('to an own IPv6 address, the address itself', {}, [
      local({ dst: 'fd00:b::1' }),
      delivered({ src: 'fd00:b::1' }),
    ]),
    fact6(
      'SNAT and DNAT translate, and the answer back',
      {
        save: nat(
          `-A PREROUTING -d 2001:db8::80/128 -j DNAT --to-destination ${POD}`,
          '-A POSTROUTING -o eth1 -j MASQUERADE',
        ),
      },
      [wan({ dst: '2001:db8::80' }), forwarded('eth1', { src: 'fd00:b::1', dst: POD, sport: 50000 })],
      [
        { in: 'eth1', proto: 'udp', src: POD, sport: 53, dst: 'fd00:b::1', dport: 50000 },
        forwarded('eth0', { src: '2001:db8::80', dst: OUTSIDE }),
      ],
    ),
    fact6(
      'REDIRECT in OUTPUT leads to ::1',
      { save: nat('-A OUTPUT -p udp --dport 53 -j REDIRECT --to-ports 5353') },
      [local({ src: 'fd00:a::1' }), delivered({ dst: '::1', dport: 5353 })],
    ),
    fact6(
      'REDIRECT in PREROUTING leads to an address of the device',
      { save: nat('-A PREROUTING -p udp --dport 53 -j REDIRECT --to-ports 5353') },
      [udp, delivered({ dst: 'fd00:b::1', dport: 5353 })],
    ),
    ...(
      ['icmp6-no-route', 'icmp6-adm-prohibited', 'icmp6-addr-unreachable', 'icmp6-port-unreachable'] as const
    ).map((word) =>
      fact6(
        `REJECT --reject-with ${word} says so`,
        { save: filter(`-A FORWARD -j REJECT --reject-with ${word}`) },
        [lan(), rejected(word)],
      ),
    ),
    fact6(
      'REJECT alone is a port unreachable, with a reset a reset',
      { save: filter('-A FORWARD -p tcp -j REJECT --reject-with tcp-reset', '-A FORWARD -j REJECT') },
      [lan(), rejected('tcp-reset')],
      [udp, rejected('icmp6-port-unreachable')],
    ),
    fact6(
      'an ICMPv6 echo request is NEW',
      {
        save: mangle(
          `-A FORWARD -m conntrack --ctstate NEW ${one}`,
          '-A FORWARD -m conntrack --ctstate INVALID -j MARK --set-xmark 0x2/0x2',
        ),
      },
      [lan({ proto: 'icmpv6', icmpType: 128, icmpCode: 0, icmpId: 7 }), forwarded('eth0', { mark: 1 })],
    ),
    fact6(
      'an ICMPv6 echo reply that nobody asked for is INVALID',
      {
        save: mangle(
          `-A FORWARD -m conntrack --ctstate NEW ${one}`,
          '-A FORWARD -m conntrack --ctstate INVALID -j MARK --set-xmark 0x2/0x2',
        ),
      },
      [lan({ proto: 'icmpv6', icmpType: 129, icmpCode: 0, icmpId: 7 }), forwarded('eth0', { mark: 2 })],
    ),
    ...[133, 134, 135, 136].map((icmpType) =>
      fact6(
        `neighbour discovery, type ${String(icmpType)}, is not tracked: neither INVALID nor ESTABLISHED`,
        {
          save: mangle(
            `-A INPUT -p ipv6-icmp -m conntrack --ctstate UNTRACKED ${one}`,
            '-A INPUT -p ipv6-icmp -m conntrack --ctstate INVALID,ESTABLISHED,NEW,RELATED -j MARK --set-xmark 0x2/0x2',
          ),
        },
        [
          { in: 'eth1', proto: 'icmpv6', icmpType, icmpCode: 0, ttl: 255, src: 'fe80::99', dst: 'fd00:b::1' },
          delivered({ mark: 1 }),
        ],
      ),
    ),
    fact6(
      'an address whose route is unreachable is of type UNREACHABLE',
      {
        routes: [`unreachable ${HOST} dev lo`],
        save: nat(`-A PREROUTING -m addrtype --dst-type UNREACHABLE -j DNAT --to-destination ${SERVER}`),
      },
      [lan({ dst: HOST }), forwarded('eth0', { dst: SERVER })],
    ),
    fact6('a link-local source is not forwarded', {}, [
      lan({ src: 'fe80::99' }),
      dropped('link_local', { answer: 'icmp 1/2' }),
    ]),
    fact6(
      'hl matches look at the hop limit',
      {
        save: mangle(
          `-A PREROUTING -m hl --hl-eq 64 ${one}`,
          '-A FORWARD -m hl --hl-lt 64 -j MARK --set-xmark 0x2/0x2',
        ),
      },
      [lan(), forwarded('eth0', { mark: 3 })],
    ),
  ],
};
