/** What connection tracking says of a packet. The states mark the packet: one bit each. */
import type { PacketInput } from '../../src/packet/result.js';
import { table } from '../support/save.js';
import {
  POD,
  SERVER,
  type Section,
  fact,
  factOf,
  forwarded,
  fromLan,
  fromNode,
  fromWan,
  sent,
} from './fact.js';

const STATE = { NEW: 1, ESTABLISHED: 2, RELATED: 4, INVALID: 8, UNTRACKED: 16, SNAT: 32, DNAT: 64 } as const;
const STATES = [
  ...Object.entries(STATE).map(
    ([name, value]) => `-m conntrack --ctstate ${name} -j MARK --set-xmark ${value}/${value}`,
  ),
];
const mangle = (...rules: readonly string[]): string =>
  table('mangle', rules.map((rule) => `-A FORWARD ${rule}`).join('\n'));
const nat = (...lines: readonly string[]): string => table('nat', lines.join('\n'));
const raw = (...lines: readonly string[]): string => table('raw', lines.join('\n'));
const EMPTY = table('filter', '');
const states = mangle(...STATES) + EMPTY;
const STRICT = { 'net.netfilter.nf_conntrack_tcp_loose': 0 };
const VIP = '192.0.2.80';
const DNAT = nat(`-A PREROUTING -d ${VIP}/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination ${POD}:8080`);
const one = '-j MARK --set-xmark 0x1/0x1';

const back: PacketInput = {
  in: 'eth0',
  proto: 'tcp',
  src: SERVER,
  sport: 443,
  dst: POD,
  dport: 40000,
  tcpFlags: ['SYN', 'ACK'],
};
const udp = fromLan({ proto: 'udp', dport: 53 });
const udpBack: PacketInput = { in: 'eth0', proto: 'udp', src: SERVER, sport: 53, dst: POD, dport: 40000 };
const icmp = (icmpType: number, more: Partial<PacketInput> = {}): PacketInput =>
  fromLan({ proto: 'icmp', icmpType, icmpCode: 0, icmpId: 7, ...more });
/** A port unreachable from a router on the way, about what the server saw. */
const error = (inner: PacketInput, more: Partial<PacketInput> = {}): PacketInput => ({
  in: 'eth0',
  proto: 'icmp',
  icmpType: 3,
  icmpCode: 3,
  src: '198.51.100.1',
  dst: inner.src ?? POD,
  inner,
  ...more,
});

/** What the first packet of nothing is. */
const FIRST: readonly (readonly [name: string, packet: PacketInput, state: keyof typeof STATE])[] = [
  ['a SYN', fromLan(), 'NEW'],
  ['a UDP datagram', udp, 'NEW'],
  ['GRE', { in: 'eth1', proto: 'gre', src: POD, dst: SERVER }, 'NEW'],
  ['ESP', { in: 'eth1', proto: 'esp', src: POD, dst: SERVER }, 'NEW'],
  ['an acknowledgement without a connection', fromLan({ tcpFlags: ['ACK'] }), 'NEW'],
  ['a reset without a connection', fromLan({ tcpFlags: ['RST'] }), 'INVALID'],
  ['the answer to a SYN that nobody saw', fromLan({ tcpFlags: ['SYN', 'ACK'] }), 'INVALID'],
  ['an echo request', icmp(8), 'NEW'],
  ['a timestamp request', icmp(13), 'NEW'],
  ['an information request', icmp(15), 'NEW'],
  ['an address mask request', icmp(17), 'NEW'],
  ['an echo reply that nobody asked for', icmp(0), 'INVALID'],
  ['a timestamp reply that nobody asked for', icmp(14), 'INVALID'],
  ['an address mask reply that nobody asked for', icmp(18), 'INVALID'],
  ['an ICMP error about an unknown flow', error(udp), 'INVALID'],
];

/** Options of -m conntrack behind DNAT of a client's packet: which hold. */
const OPTIONS: readonly (readonly [option: string, holds: boolean])[] = [
  [`--ctorigdst ${VIP}`, true],
  [`--ctorigdst ${POD}`, false],
  ['--ctorigdstport 80', true],
  ['--ctorigdstport 8080', false],
  ['--ctorigsrc 198.51.100.7', true],
  [`--ctreplsrc ${POD}`, true],
  ['--ctreplsrcport 8080', true],
  ['--ctrepldst 198.51.100.7', true],
  ['--ctproto 6', true],
  ['! --ctproto 6', false],
  ['--ctdir ORIGINAL', true],
  ['--ctdir REPLY', false],
  ['--ctstate DNAT', true],
  ['--ctstate SNAT', false],
  ['--ctstatus NONE', false],
  ['--ctstatus CONFIRMED', false],
];

export const conntrack: Section = {
  title: '5. connection tracking',
  facts: [
    ...FIRST.map(([name, packet, state]) =>
      fact(`trap: ${name} is ${state}`, { save: states }, [
        packet,
        forwarded(packet.in === 'eth0' ? 'eth1' : 'eth0', { mark: STATE[state] }),
      ]),
    ),
    fact(
      'an acknowledgement without a connection is INVALID when tcp_loose is off',
      { save: states, sysctls: STRICT },
      [fromLan({ tcpFlags: ['ACK'] }), forwarded('eth0', { mark: STATE.INVALID })],
    ),
    fact(
      'a SYN that comes again is NEW; what follows the first answer is ESTABLISHED',
      { save: states },
      [fromLan(), forwarded('eth0', { mark: STATE.NEW })],
      [fromLan(), forwarded('eth0', { mark: STATE.NEW })],
      [back, forwarded('eth1', { mark: STATE.ESTABLISHED })],
      [fromLan({ tcpFlags: ['ACK'] }), forwarded('eth0', { mark: STATE.ESTABLISHED })],
    ),
    fact(
      'trap: a UDP flow is NEW until it is answered',
      { save: states },
      [udp, forwarded('eth0', { mark: STATE.NEW })],
      [udp, forwarded('eth0', { mark: STATE.NEW })],
      [udpBack, forwarded('eth1', { mark: STATE.ESTABLISHED })],
      [udp, forwarded('eth0', { mark: STATE.ESTABLISHED })],
    ),
    fact(
      'an echo reply to a request is ESTABLISHED, by its id',
      { save: states },
      [icmp(8), forwarded('eth0', { mark: STATE.NEW })],
      [
        { in: 'eth0', proto: 'icmp', icmpType: 0, icmpCode: 0, icmpId: 7, src: SERVER, dst: POD },
        forwarded('eth1', { mark: STATE.ESTABLISHED }),
      ],
    ),
    fact(
      'an ICMP error about a known flow is RELATED, whoever sends it',
      { save: states },
      [udp, forwarded('eth0', { mark: STATE.NEW })],
      [error(udp), forwarded('eth1', { mark: STATE.RELATED })],
    ),
    fact(
      'an ICMP error is INVALID when it goes elsewhere than the flow that it quotes',
      { save: states },
      [udp, forwarded('eth0', { mark: STATE.NEW })],
      [error(udp, { dst: '10.1.0.8' }), forwarded('eth1', { mark: STATE.INVALID })],
    ),
    fact(
      'the state module knows the same states',
      {
        save:
          mangle(
            '-m state --state NEW -j MARK --set-xmark 0x1/0x1',
            '-m state --state ESTABLISHED -j MARK --set-xmark 0x2/0x2',
          ) + EMPTY,
      },
      [udp, forwarded('eth0', { mark: 1 })],
      [udpBack, forwarded('eth1', { mark: 2 })],
    ),
    fact(
      'a packet that CT leaves alone is UNTRACKED',
      { save: raw('-A PREROUTING -j CT --notrack') + states },
      [fromLan(), forwarded('eth0', { mark: STATE.UNTRACKED })],
    ),
    ...(['--ctdir ORIGINAL', '--ctproto 6', `--ctorigsrc ${POD}`, '--ctstatus NONE'] as const).map((option) =>
      fact(
        `an untracked packet has no connection to ask for ${option}`,
        { save: raw('-A PREROUTING -j CT --notrack') + mangle(`-m conntrack ${option} ${one}`) + EMPTY },
        [fromLan(), forwarded('eth0', { mark: 0 })],
      ),
    ),
    fact(
      'SNAT and DNAT are states beside the others, once the translation is made',
      {
        save:
          nat(`-A PREROUTING -d ${VIP}/32 -j DNAT --to-destination ${POD}`, '-A POSTROUTING -j MASQUERADE') +
          states,
      },
      [fromWan({ dst: VIP }), forwarded('eth1', { mark: STATE.NEW | STATE.DNAT })],
      [fromWan({ dst: VIP }), forwarded('eth1', { mark: STATE.NEW | STATE.DNAT | STATE.SNAT })],
    ),
    ...OPTIONS.map(([option, holds]) =>
      fact(
        `behind DNAT, ${option} ${holds ? 'holds' : 'does not hold'} for the first packet`,
        { save: DNAT + mangle(`-m conntrack ${option} ${one}`) + EMPTY },
        [fromWan({ dst: VIP, dport: 80 }), forwarded('eth1', { dst: POD, mark: holds ? 1 : 0 })],
      ),
    ),
    fact(
      'an ICMP error about a translated flow is translated outside and inside, and asks no nat rule',
      {
        save:
          nat(
            '-A POSTROUTING -o eth0 -j SNAT --to-source 10.0.0.2',
            '-A PREROUTING -p icmp -j MARK --set-xmark 0x100/0x100',
          ) + states,
      },
      [udp, forwarded('eth0', { src: '10.0.0.2' })],
      [
        error({ ...udp, src: '10.0.0.2' }),
        forwarded('eth1', { src: '198.51.100.1', dst: POD, mark: STATE.RELATED | STATE.SNAT }),
      ],
    ),
    fact(
      'the backend of a service that sends an ICMP error is shown as the service',
      { save: DNAT + states },
      [fromWan({ dst: VIP, dport: 80 }), forwarded('eth1', { dst: POD })],
      [
        {
          in: 'eth1',
          proto: 'icmp',
          icmpType: 3,
          icmpCode: 3,
          src: POD,
          dst: '198.51.100.7',
          inner: {
            proto: 'tcp',
            src: '198.51.100.7',
            sport: 50000,
            dst: POD,
            dport: 8080,
            tcpFlags: ['SYN'],
          },
        },
        forwarded('eth0', { src: VIP, dst: '198.51.100.7' }),
      ],
    ),
    fact(
      'answers have to be in the zone of what they answer',
      { save: raw('-A PREROUTING -i eth1 -j CT --zone 3') + states },
      [udp, forwarded('eth0', { mark: STATE.NEW })],
      [udpBack, forwarded('eth1', { mark: STATE.NEW })],
    ),
    fact(
      'answers in the zone of what they answer belong to it',
      { save: raw('-A PREROUTING -j CT --zone 3') + states },
      [udp, forwarded('eth0', { mark: STATE.NEW })],
      [udpBack, forwarded('eth1', { mark: STATE.ESTABLISHED })],
    ),
    ...(
      [
        ['set-xmark', '--set-xmark 0xf0/0xff', 0x0, 0x5, 0xf0],
        ['save, with a mask for each side', '--save-mark --nfmask 0x0f --ctmask 0xff', 0x0, 0x35, 0x05],
        ['save', '--save-mark', 0x0, 0x35, 0x35],
      ] as const
    ).map(([name, option, , mark, ctmark]) =>
      fact(
        `CONNMARK, ${name}`,
        { save: mangle(`-j MARK --set-xmark ${mark}/0xffffffff`, `-j CONNMARK ${option}`) + EMPTY },
        [udp, forwarded('eth0', { mark, ctmark })],
      ),
    ),
    fact(
      'CONNMARK restores the bits of its masks and leaves the others',
      {
        save:
          table(
            'mangle',
            [
              '-A FORWARD -i eth1 -j CONNMARK --set-xmark 0xab/0xffffffff',
              '-A FORWARD -i eth0 -j MARK --set-xmark 0x1234/0xffffffff',
              '-A FORWARD -i eth0 -j CONNMARK --restore-mark --nfmask 0xf --ctmask 0xf',
            ].join('\n'),
          ) + EMPTY,
      },
      [udp, forwarded('eth0', { mark: 0, ctmark: 0xab })],
      [udpBack, forwarded('eth1', { mark: 0x123b, ctmark: 0xab })],
    ),
    fact(
      'trap: CONNMARK carries a mark from the first packet to the answer, and a rule routes by it',
      {
        save:
          table(
            'mangle',
            [
              '-A PREROUTING -i eth0 -m conntrack --ctstate NEW -j CONNMARK --set-xmark 0x7/0xffffffff',
              '-A PREROUTING -i eth1 -j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xff',
            ].join('\n'),
          ) + EMPTY,
        rules: ['100: from all fwmark 0x7 lookup 100'],
        routes: ['default via 10.2.0.254 dev eth2 table 100'],
      },
      [fromWan({ proto: 'udp', dst: POD }), forwarded('eth1', { ctmark: 7 })],
      [
        { in: 'eth1', proto: 'udp', src: POD, sport: 22, dst: '198.51.100.7', dport: 50000 },
        forwarded('eth2', { mark: 7 }),
      ],
    ),
    ...(
      [
        ['--set-mark 0x1/0x3', 0xf1, 0xf1],
        ['--set-xmark 0x1/0x3', 0xf0, 0xf1],
        ['--set-xmark 0xff/0xf', 0x0f, 0xff],
        ['--and-mark 0x3c', 0xff, 0x3c],
        ['--or-mark 0x3c', 0x03, 0x3f],
        ['--xor-mark 0x3c', 0x0f, 0x33],
      ] as const
    ).map(([option, before, after]) =>
      fact(
        `MARK ${option} makes 0x${after.toString(16)} of 0x${before.toString(16)}`,
        { save: mangle(`-j MARK --set-xmark ${before}/0xffffffff`, `-j MARK ${option}`) + EMPTY },
        [fromLan(), forwarded('eth0', { mark: after })],
      ),
    ),
    fact(
      'a mark that has bits outside its mask never matches',
      {
        save:
          mangle(
            '-j MARK --set-xmark 0x15/0xffffffff',
            '-m mark --mark 0x15/0xf -j DROP',
            '-m mark --mark 0x5/0xf -j MARK --set-xmark 0x100/0x100',
          ) + EMPTY,
      },
      [fromLan(), forwarded('eth0', { mark: 0x115 })],
    ),
    factOf(
      'legacy',
      'what the node sends is tracked as what it forwards',
      { save: table('mangle', '-A OUTPUT -m conntrack --ctstate NEW -j MARK --set-xmark 0x1/0x1') + EMPTY },
      [fromNode(), sent('eth0', { mark: 1 })],
    ),
  ],
};
