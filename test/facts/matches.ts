/** What matches look at. A rule that holds sets the first bit of the mark. */
import type { PacketInput } from '../../src/packet/result.js';
import { table } from '../support/save.js';
import { POD, SERVER, type Section, fact, forwarded, fromLan, fromNode, sent } from './fact.js';
import { ETH0, ETH1, ETH2, type FactNode } from './node.js';

const one = '-j MARK --set-xmark 0x1/0x1';
const rule = (chain: string, match: string): string =>
  table('mangle', `-A ${chain} ${match} ${one}`) + table('filter', '');

interface Asked {
  readonly match: string;
  readonly holds: boolean;
  readonly why: string;
  readonly packet?: PacketInput;
  readonly node?: FactNode;
}

const asked = (match: string, holds: boolean, why: string, packet?: PacketInput, node?: FactNode): Asked => ({
  match,
  holds,
  why,
  ...(packet === undefined ? {} : { packet }),
  ...(node === undefined ? {} : { node }),
});
const to = (dst: string): PacketInput => fromLan({ dst, proto: 'udp', dport: 9 });
const udp = (dport: number): PacketInput => fromLan({ proto: 'udp', dport });
const tcp = (...tcpFlags: readonly string[]): PacketInput => fromLan({ tcpFlags });
const icmp = (icmpType: number, icmpCode = 0): PacketInput =>
  fromLan({ proto: 'icmp', icmpType, icmpCode, icmpId: 1 });

const REJECTING: FactNode = { routes: ['unreachable 192.0.2.0/24', 'blackhole 198.51.100.0/24 table local'] };
const DNAT_LOCAL: FactNode = { routes: ['local 192.0.2.0/24 dev lo table 100'] };
const LOCAL_NET: FactNode = { routes: ['local 192.0.2.0/24 dev lo table local'] };

/** Matches in FORWARD of a packet that goes through; what the packet is called by DNAT is where it goes. */
const TYPES: readonly Asked[] = [
  asked('-m addrtype --dst-type UNICAST', true, 'an address beyond the gateway is unicast', to(SERVER)),
  asked('-m addrtype --dst-type LOCAL', true, 'an address of any device is local', to('10.2.0.1')),
  asked('-m addrtype ! --dst-type LOCAL', true, 'trap: what is not the node is not local', to(SERVER)),
  asked('-m addrtype ! --dst-type LOCAL', false, 'trap: ! does not hold of an own address', to('10.0.0.2')),
  asked(
    '-m addrtype --dst-type LOCAL',
    true,
    'a local route in table local makes an address local',
    to('192.0.2.9'),
    LOCAL_NET,
  ),
  asked(
    '-m addrtype --dst-type LOCAL',
    false,
    'a local route in another table does not',
    to('192.0.2.9'),
    DNAT_LOCAL,
  ),
  asked(
    '-m addrtype --dst-type UNICAST',
    true,
    'an unreachable prefix is unicast',
    to('192.0.2.9'),
    REJECTING,
  ),
  asked(
    '-m addrtype --dst-type UNREACHABLE',
    false,
    'and not of type UNREACHABLE',
    to('192.0.2.9'),
    REJECTING,
  ),
  asked(
    '-m addrtype --dst-type UNICAST',
    true,
    'even a blackhole in table local is unicast',
    to('198.51.100.9'),
    REJECTING,
  ),
  asked(
    '-m addrtype --dst-type BLACKHOLE',
    false,
    'and not of type BLACKHOLE',
    to('198.51.100.9'),
    REJECTING,
  ),
  asked(
    '-m addrtype --dst-type BROADCAST',
    true,
    'the last address of a subnet is a broadcast',
    to('10.1.0.255'),
  ),
  asked('-m addrtype --dst-type BROADCAST', true, 'so is 255.255.255.255', to('255.255.255.255')),
  asked('-m addrtype --dst-type MULTICAST', true, 'a group is multicast', to('224.0.0.251')),
  asked('-m addrtype --src-type UNICAST', true, 'a client is unicast'),
  asked(
    '-m addrtype --dst-type LOCAL --limit-iface-in',
    true,
    'limit-iface-in: the address of the device it came in by',
    to('10.1.0.1'),
  ),
  asked(
    '-m addrtype --dst-type LOCAL --limit-iface-in',
    false,
    'limit-iface-in: not that of another device',
    to('10.2.0.1'),
  ),
];

const PORTS: readonly Asked[] = [
  asked('-p tcp -m tcp --dport 443', true, 'a port'),
  asked('-p tcp -m tcp --dport 400:500', true, 'trap: a range of ports holds its inside'),
  asked('-p tcp -m tcp --dport 443:443', true, 'trap: a range holds both ends'),
  asked('-p tcp -m tcp --dport 444:500', false, 'trap: a range does not hold what is below'),
  asked('-p tcp -m tcp --dport :443', true, 'trap: a range without a begin starts at 0'),
  asked('-p tcp -m tcp --dport 443:', true, 'trap: a range without an end goes to 65535'),
  asked('-p tcp -m tcp ! --dport 443', false, 'trap: ! turns a port round'),
  asked('-p tcp -m tcp ! --dport 444:500', true, 'trap: ! turns a range round'),
  asked('-p tcp -m tcp --sport 40000', true, 'the source port is another'),
  asked('-p udp -m udp --dport 443', false, 'udp is not tcp'),
  asked('-p tcp', true, 'a protocol alone holds of all its packets'),
  asked('! -p udp', true, '! turns a protocol round'),
  asked('! -p tcp', false, '! does not hold of the protocol itself'),
  asked('-p all', true, 'all is every protocol'),
  asked('-p 6', true, 'a protocol by its number'),
  asked('-p tcp -m multiport --dports 80,443', true, 'multiport holds of each'),
  asked('-p tcp -m multiport --dports 80,400:500', true, 'multiport holds of a range'),
  asked('-p tcp -m multiport ! --dports 80,443', false, '! turns the whole list round'),
  asked('-p tcp -m multiport ! --dports 80,81', true, '! holds of what is in no part of the list'),
  asked('-p tcp -m multiport --ports 1,40000', true, '--ports: either port will do'),
  asked('-p tcp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,443,15', true, 'fifteen ports fit'),
];

const HEADERS: readonly Asked[] = [
  asked('-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN', true, 'a SYN is --syn', tcp('SYN')),
  asked('-p tcp -m tcp --syn', true, '--syn means those flags', tcp('SYN')),
  asked('-p tcp -m tcp --syn', false, 'the answer to a SYN is not --syn', tcp('SYN', 'ACK')),
  asked('-p tcp -m tcp ! --syn', true, '! --syn', tcp('ACK')),
  asked(
    '-p tcp -m tcp --tcp-flags SYN,ACK SYN',
    true,
    'flags that are not in the mask do not count',
    tcp('SYN', 'PSH'),
  ),
  asked('-p tcp -m tcp --tcp-flags ALL NONE', true, 'no flag at all', fromLan({ tcpFlags: [] })),
  asked('-p icmp -m icmp --icmp-type 8', true, 'an ICMP type', icmp(8)),
  asked('-p icmp -m icmp --icmp-type echo-request', true, 'an ICMP type by its name', icmp(8)),
  asked(
    '-p icmp -m icmp --icmp-type 3',
    true,
    'a type alone holds of every code',
    fromLan({
      proto: 'icmp',
      icmpType: 3,
      icmpCode: 1,
      inner: { proto: 'udp', src: SERVER, sport: 9, dst: POD, dport: 9 },
    }),
  ),
  asked(
    '-p icmp -m icmp --icmp-type 3/3',
    false,
    'type and code',
    fromLan({
      proto: 'icmp',
      icmpType: 3,
      icmpCode: 1,
      inner: { proto: 'udp', src: SERVER, sport: 9, dst: POD, dport: 9 },
    }),
  ),
  asked('-p icmp -m icmp --icmp-type any', true, 'any ICMP type', icmp(13)),
  asked('-m ttl --ttl-eq 64', true, 'the TTL before it is lowered'),
  asked('-m ttl --ttl-lt 64', false, 'less than'),
  asked('-m tos --tos 0x10/0x3f', true, 'some bits of the TOS', fromLan({ tos: 0xd0 })),
  asked('-m dscp --dscp 0x0a', true, 'DSCP is the upper six bits', fromLan({ tos: 0x28 })),
  asked('-m comment --comment "it says nothing" -m comment --comment "nor does this"', true, 'comments hold'),
  asked('-m iprange --src-range 10.1.0.5-10.1.0.7', true, 'a range of addresses holds its end'),
  asked('-s 10.1.0.7/255.255.0.255', true, 'a mask with holes'),
  asked('! -s 10.1.0.0/16', false, '! turns a source round'),
  asked('-m rpfilter', true, 'rpfilter holds where the way back is the way it came'),
  asked(
    '-m rpfilter --invert',
    true,
    'rpfilter --invert holds of a forged source',
    fromLan({ src: '10.2.0.9' }),
  ),
  asked('-m physdev --physdev-in eth1', false, 'without a bridge physdev does not hold'),
  asked('-m physdev ! --physdev-in eth1', true, 'unless it is turned round'),
];

const SETS: FactNode = {
  sets: `create nets hash:net family inet hashsize 1024 maxelem 65536
add nets 10.1.0.0/24
add nets 10.1.0.8 nomatch
create hostports hash:ip,port family inet hashsize 1024 maxelem 65536
add hostports ${SERVER},udp:53
create both list:set size 8
add both nets
`,
};
const IN_SETS: readonly Asked[] = [
  asked('-m set --match-set nets src', true, 'a network in a set', undefined, SETS),
  asked(
    '-m set --match-set nets src',
    false,
    'a nomatch entry takes an address out',
    fromLan({ src: '10.1.0.8' }),
    SETS,
  ),
  asked(
    '-m set ! --match-set nets src',
    true,
    '! holds of what is taken out',
    fromLan({ src: '10.1.0.8' }),
    SETS,
  ),
  asked(
    '-m set --match-set nets src --return-nomatch',
    true,
    '--return-nomatch holds of what is taken out',
    fromLan({ src: '10.1.0.8' }),
    SETS,
  ),
  asked('-m set --match-set nets dst', false, 'dst asks for the destination', undefined, SETS),
  asked('-m set --match-set hostports dst,dst', true, 'address and port', udp(53), SETS),
  asked(
    '-m set --match-set hostports dst,dst',
    false,
    'a port of another protocol',
    fromLan({ dport: 53 }),
    SETS,
  ),
  asked('-m set --match-set hostports dst,src', false, 'the other port', udp(53), SETS),
  asked('-m set --match-set both src', true, 'a set of sets asks its members', undefined, SETS),
];

const OWNER: readonly Asked[] = [
  asked('-m owner --uid-owner 1000', true, 'the uid of the sending process', fromNode({ uid: 1000 })),
  asked('-m owner ! --uid-owner 1000', false, '! turns it round', fromNode({ uid: 1000 })),
  asked('-m owner --uid-owner 1000-2000', true, 'a range of uids holds its begin', fromNode({ uid: 1000 })),
  asked('-m owner --uid-owner 1001-2000', false, 'and not what is below', fromNode({ uid: 1000 })),
];

function sentence({ match, holds, why }: Asked): string {
  return `${why}: ${match} ${holds ? 'holds' : 'does not hold'}`;
}

/** Of packets that are forwarded. */
function throughPrerouting(asks: Asked): ReturnType<typeof fact> {
  const { match, holds, packet = fromLan(), node = {} } = asks;
  return fact(sentence(asks), { ...node, save: rule('PREROUTING', match) }, [
    packet,
    forwarded('eth0', { mark: holds ? 1 : 0 }),
  ]);
}

/** Of packets to anywhere: where the rule holds they are sent to one host, else to another. */
function caught(asks: Asked): ReturnType<typeof fact> {
  const { match, holds, packet = fromLan(), node = {} } = asks;
  const save =
    table('mangle', `-A PREROUTING ${match} -j MARK --set-xmark 0x1/0x1`) +
    table('raw', '') +
    table(
      'nat',
      '-A PREROUTING -m mark --mark 0x1 -j DNAT --to-destination 10.2.0.9\n-A PREROUTING -j DNAT --to-destination 10.0.0.9',
    ) +
    table('filter', '');
  return fact(sentence(asks), { ...node, save }, [
    packet,
    forwarded(holds ? 'eth2' : 'eth0', { dst: holds ? '10.2.0.9' : '10.0.0.9' }),
  ]);
}

const isGroup = ({ packet }: Asked): boolean => /255$|^224/.test(packet?.dst ?? '');

/** Broadcasts are dropped wherever they are sent: only a rule tells them. */
function dropsOr(asks: Asked): ReturnType<typeof fact> {
  const { match, packet = fromLan() } = asks;
  return fact(
    sentence(asks),
    {
      save: table('raw', `-A PREROUTING ${match} -j DROP`) + table('filter', ''),
    },
    [packet, { verdict: 'dropped', drop: 'rule' }],
  );
}

export const matches: Section = {
  title: '7. matches',
  facts: [
    ...TYPES.map((asks) => (isGroup(asks) ? dropsOr(asks) : caught(asks))),
    ...[...PORTS, ...HEADERS, ...IN_SETS].map(throughPrerouting),
    ...OWNER.map((asks) =>
      fact(sentence(asks), { save: rule('OUTPUT', asks.match) }, [
        asks.packet ?? fromNode(),
        sent('eth0', { mark: asks.holds ? 1 : 0 }),
      ]),
    ),
    fact(
      'limit-iface-out asks for an address of the device that it leaves by',
      {
        save:
          table(
            'mangle',
            `-A FORWARD -m addrtype --dst-type LOCAL --limit-iface-out ${one}\n-A FORWARD -m addrtype ! --dst-type LOCAL --limit-iface-out -j MARK --set-xmark 0x2/0x2`,
          ) + table('filter', ''),
      },
      [fromLan(), forwarded('eth0', { mark: 2 })],
    ),
    fact(
      'a forwarded packet has no owner: only ! holds',
      {
        save:
          table(
            'mangle',
            `-A POSTROUTING -m owner --uid-owner 0 ${one}\n-A POSTROUTING -m owner ! --uid-owner 0 -j MARK --set-xmark 0x2/0x2`,
          ) + table('filter', ''),
      },
      [fromLan(), forwarded('eth0', { mark: 2 })],
    ),
    fact(
      'trap: statistic does not always hold: chance decides',
      { save: rule('PREROUTING', '-m statistic --mode random --probability 0.50000000000') },
      [fromLan(), [forwarded('eth0', { mark: 1 }), forwarded('eth0', { mark: 0 })]],
    ),
    fact(
      'a probability of 0 never holds, of 1 always',
      {
        save:
          table(
            'mangle',
            `-A PREROUTING -m statistic --mode random --probability 0.00000000000 -j DROP\n-A PREROUTING -m statistic --mode random --probability 1.00000000000 ${one}`,
          ) + table('filter', ''),
      },
      [fromLan(), forwarded('eth0', { mark: 1 })],
    ),
    fact(
      'the counter of statistic nth is in no dump',
      { save: rule('PREROUTING', '-m statistic --mode nth --every 3 --packet 0') },
      [fromLan(), [forwarded('eth0', { mark: 1 }), forwarded('eth0', { mark: 0 })], ['UNK_NTH']],
    ),
    fact(
      'nth with every 1 holds always',
      { save: rule('PREROUTING', '-m statistic --mode nth --every 1 --packet 0') },
      [fromLan(), forwarded('eth0', { mark: 1 })],
    ),
    fact(
      'how full the bucket of a limit is, is in no dump',
      { save: rule('PREROUTING', '-m limit --limit 1/min --limit-burst 3') },
      [fromLan(), [forwarded('eth0', { mark: 1 }), forwarded('eth0', { mark: 0 })], ['UNK_LIMIT']],
    ),
    fact(
      'whether a socket waits for a forwarded packet is in no dump',
      { save: rule('PREROUTING', '-m socket') },
      [fromLan(), [forwarded('eth0', { mark: 1 }), forwarded('eth0', { mark: 0 })], ['UNK_SOCKET']],
    ),
    fact(
      'recent --set holds always',
      { save: rule('PREROUTING', '-m recent --set --name seen --mask 255.255.255.255 --rsource') },
      [fromLan(), forwarded('eth0', { mark: 1 })],
    ),
    fact(
      'what a recent list holds is in no dump',
      { save: rule('PREROUTING', '-m recent --rcheck --name seen --mask 255.255.255.255 --rsource') },
      [fromLan(), [forwarded('eth0', { mark: 1 }), forwarded('eth0', { mark: 0 })], ['UNK_RECENT']],
    ),
    fact(
      'how much of a quota is left is in no dump',
      { save: rule('PREROUTING', '-m quota --quota 100000') },
      [fromLan(), [forwarded('eth0', { mark: 1 }), forwarded('eth0', { mark: 0 })], ['UNK_QUOTA']],
    ),
    fact(
      'trap: an address of a second subnet of the device is local too',
      {
        save: rule('PREROUTING', '-m addrtype --dst-type LOCAL --limit-iface-in'),
        links: [ETH0, { ...ETH1, addresses: ['10.1.0.1/24', '172.16.0.1/24'] }, ETH2],
      },
      [fromLan({ dst: '172.16.0.1', proto: 'udp' }), { verdict: 'delivered', mark: 1 }],
    ),
  ],
};
