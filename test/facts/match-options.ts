/** Options of matches, each at the edge of what it takes. A rule that holds sets the first bit of the mark. */
import type { PacketInput } from '../../src/packet/result.js';
import { table } from '../support/save.js';
import { type Section, fact, forwarded, fromLan, fromNode, sent } from './fact.js';

const rule = (chain: string, match: string): string =>
  table('mangle', `-A ${chain} ${match} -j MARK --set-xmark 0x1/0x1`) + table('filter', '');

type Asked = readonly [match: string, holds: boolean, why: string, packet: PacketInput];

const own = (gid: number): PacketInput => fromNode({ gid });
const long = (length: number): PacketInput => fromLan({ proto: 'udp', length });
const icmp = (icmpType: number, icmpCode: number): PacketInput =>
  fromLan({ proto: 'icmp', icmpType, icmpCode, icmpId: 1 });
const ports = (sport: number, dport: number): PacketInput => fromLan({ proto: 'udp', sport, dport });

const OUTPUT: readonly Asked[] = [
  ['-m owner --gid-owner 1000', true, 'the gid of the sending process', own(1000)],
  ['-m owner --gid-owner 1000', false, 'and no other', own(1001)],
  ['-m owner ! --gid-owner 1000', false, '! turns the gid round', own(1000)],
  ['-m owner ! --gid-owner 1000', true, '! holds of another gid', own(1001)],
  ['-m owner --gid-owner 1000-2000', true, 'a range of gids holds its end', own(2000)],
  ['-m owner --gid-owner 1000-2000', false, 'and not what is above', own(2001)],
  ['-m owner --uid-owner 1000-2000', true, 'a range of uids holds its end', fromNode({ uid: 2000 })],
  ['-m owner --uid-owner 1000-2000', false, 'and not the uid above', fromNode({ uid: 2001 })],
];

const PREROUTING: readonly Asked[] = [
  ['-m length --length 100:200', true, 'the upper end of a length is in it', long(200)],
  ['-m length --length 100:200', false, 'one byte more is not', long(201)],
  ['-m length --length 100:200', true, 'the lower end of a length is in it', long(100)],
  ['-m length --length 100:200', false, 'one byte less is not', long(99)],
  ['-m length ! --length 100:200', false, '! does not hold of the upper end', long(200)],
  ['-p icmp -m icmp --icmp-type 3/4', true, 'type and code of ICMP', icmp(3, 4)],
  ['-p icmp -m icmp --icmp-type 3/4', false, 'the type with another code does not do', icmp(3, 3)],
  ['-p icmp -m icmp --icmp-type 3', true, 'a type alone takes every code', icmp(3, 4)],
  ['-p icmp -m icmp ! --icmp-type 3/4', true, '! of type and code holds of another code', icmp(3, 3)],
  ['-p udp -m udp --sport 100:200', true, 'the upper end of source ports is in them', ports(200, 9)],
  ['-p udp -m udp --sport 100:200', false, 'one source port more is not', ports(201, 9)],
  ['-p udp -m udp --dport 100:200', true, 'the upper end of destination ports is in them', ports(9, 200)],
  ['-p udp -m udp --dport 100:200', false, 'one destination port more is not', ports(9, 201)],
  ['-m ttl --ttl-lt 64', false, 'less than is not as much as', fromLan({ ttl: 64 })],
  ['-m ttl --ttl-gt 64', false, 'more than is not as much as', fromLan({ ttl: 64 })],
];

export const matchOptions: Section = {
  title: '7. options of matches at their edges',
  facts: [
    ...OUTPUT.map(([match, holds, why, packet]) =>
      fact(`OUTPUT ${match}: ${why}`, { save: rule('OUTPUT', match) }, [
        packet,
        sent('eth0', { mark: Number(holds) }),
      ]),
    ),
    ...PREROUTING.map(([match, holds, why, packet]) =>
      fact(`PREROUTING ${match}: ${why}`, { save: rule('PREROUTING', match) }, [
        packet,
        forwarded('eth0', { mark: Number(holds) }),
      ]),
    ),
    // Neither is told by a dump; the kernel does one of both.
    fact(
      'whether IPsec has decrypted a packet is open',
      { save: rule('FORWARD', '-m policy --dir in --pol ipsec') },
      [fromLan(), [forwarded('eth0', { mark: 1 }), forwarded('eth0', { mark: 0 })], ['UNK_IPSEC']],
    ),
    fact(
      'the rates of a hashlimit table are open',
      {
        save: rule(
          'FORWARD',
          '-m hashlimit --hashlimit-upto 1/min --hashlimit-burst 1 --hashlimit-mode srcip --hashlimit-name h',
        ),
      },
      [fromLan(), [forwarded('eth0', { mark: 1 }), forwarded('eth0', { mark: 0 })], ['UNK_HASHLIMIT']],
    ),
  ],
};
