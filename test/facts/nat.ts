/** What NAT translates, when, and to what. */
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
  sent,
} from './fact.js';

const nat = (...lines: readonly string[]): string => table('nat', lines.join('\n'));
const mangle = (...lines: readonly string[]): string => table('mangle', lines.join('\n'));
const raw = (...lines: readonly string[]): string => table('raw', lines.join('\n'));
const filter = (...lines: readonly string[]): string => table('filter', lines.join('\n'));
const mark = (value: number): string => `-j MARK --set-xmark 0x${value.toString(16)}/0x${value.toString(16)}`;
const TRACK = filter('-A OUTPUT -m conntrack --ctstate INVALID -j DROP');
const VIP = '192.0.2.80';
const OTHER = '203.0.113.77';
const MASQUERADE = nat('-A POSTROUTING -o eth0 -j MASQUERADE');
/** A service in front of the pod. */
const SERVICE = nat(
  `-A PREROUTING -d ${VIP}/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination ${POD}:8080`,
);

const syn = fromLan({ tcpFlags: ['SYN'] });
const synAck = {
  in: 'eth0',
  proto: 'tcp',
  src: SERVER,
  sport: 443,
  dst: POD,
  dport: 40000,
  tcpFlags: ['SYN', 'ACK'],
};
const ack = fromLan({ tcpFlags: ['ACK'] });
/** A client's packet to the service, and the pod's answer. */
const call = fromWan({ dst: VIP, dport: 80, tcpFlags: ['SYN'] });
const back = {
  in: 'eth1',
  proto: 'tcp',
  src: POD,
  sport: 8080,
  dst: call.src ?? '',
  dport: 50000,
  tcpFlags: ['SYN', 'ACK'],
};

export const core: Section = {
  title: '3. nat: when it translates',
  facts: [
    fact(
      'trap: nat rules are asked about the first packet of a flow alone',
      { save: nat(`-A PREROUTING ${mark(1)}`, `-A POSTROUTING ${mark(2)}`) + TRACK },
      [syn, forwarded('eth0', { mark: 3 })],
      [synAck, forwarded('eth1', { mark: 0 })],
      [ack, forwarded('eth0', { mark: 0 })],
    ),
    fact(
      'a SYN that comes again is NEW and translated, and asks no nat rule',
      {
        save:
          nat(`-A POSTROUTING ${mark(1)}`, '-A POSTROUTING -j SNAT --to-source 10.0.0.2') +
          filter(
            `-A FORWARD -m conntrack --ctstate NEW ${mark(2)}`,
            `-A FORWARD -m conntrack --ctstate SNAT ${mark(4)}`,
          ),
      },
      [syn, forwarded('eth0', { mark: 3, src: '10.0.0.2' })],
      [syn, forwarded('eth0', { mark: 6, src: '10.0.0.2' })],
    ),
    fact(
      'without a rule that needs connection tracking the nat table is not asked',
      { save: nat(`-A PREROUTING ${mark(1)}`) + filter() },
      [fromLan(), forwarded('eth0', { mark: 0 })],
    ),
    fact(
      'a null binding is a binding: the second of two flows from one port to one backend gets another source port',
      {
        save:
          nat(
            `-A PREROUTING -d ${VIP}/32 -j DNAT --to-destination ${POD}`,
            `-A PREROUTING -d 192.0.2.81/32 -j DNAT --to-destination ${POD}`,
          ) + filter(),
      },
      [fromWan({ dst: VIP, dport: 80 }), forwarded('eth1', { dst: POD, sport: 50000 })],
      [fromWan({ dst: '192.0.2.81', dport: 80 }), forwarded('eth1', { dst: POD, drawn: [1024, 65535] })],
    ),
    fact(
      'of two DNAT rules that match the first translates',
      {
        save:
          nat(
            `-A PREROUTING -d ${VIP}/32 -j DNAT --to-destination ${POD}`,
            `-A PREROUTING -d ${VIP}/32 -j DNAT --to-destination 10.2.0.9`,
          ) + filter(),
      },
      [fromWan({ dst: VIP }), forwarded('eth1', { dst: POD })],
    ),
    fact(
      'a connection has one source and one destination translation, made at different hooks',
      {
        save:
          nat(
            `-A PREROUTING -d ${VIP}/32 -j DNAT --to-destination ${POD}`,
            '-A POSTROUTING -o eth1 -j MASQUERADE',
          ) + filter(),
      },
      [
        fromWan({ dst: VIP, dport: 80 }),
        forwarded('eth1', { src: '10.1.0.1', dst: POD, sport: 50000, dport: 80 }),
      ],
      [
        {
          in: 'eth1',
          proto: 'tcp',
          src: POD,
          sport: 80,
          dst: '10.1.0.1',
          dport: 50000,
          tcpFlags: ['SYN', 'ACK'],
        },
        forwarded('eth0', { src: VIP, dst: '198.51.100.7', sport: 80, dport: 50000 }),
      ],
    ),
    fact(
      'an untracked packet is not translated',
      { save: raw('-A PREROUTING -i eth1 -j CT --notrack') + MASQUERADE + filter() },
      [fromLan(), forwarded('eth0', { src: POD })],
    ),
    fact('an invalid packet is not translated', { save: MASQUERADE + filter() }, [
      fromLan({ tcpFlags: ['SYN', 'ACK'] }),
      forwarded('eth0', { src: POD }),
    ]),
    fact(
      'the answer to a translated source is turned back in PREROUTING, before routing',
      {
        save:
          mangle(
            `-A PREROUTING -i eth0 -d 10.0.0.1/32 ${mark(1)}`,
            `-A FORWARD -i eth0 -d ${POD}/32 ${mark(2)}`,
          ) +
          MASQUERADE +
          filter(),
      },
      [syn, forwarded('eth0', { src: '10.0.0.1', mark: 0 })],
      [{ ...synAck, dst: '10.0.0.1' }, forwarded('eth1', { dst: POD, dport: 40000, mark: 3 })],
    ),
    fact(
      'the answer to a translated destination keeps the address of the backend up to nat POSTROUTING',
      {
        save:
          mangle(
            `-A PREROUTING -s ${POD}/32 ${mark(1)}`,
            `-A FORWARD -s ${POD}/32 ${mark(2)}`,
            `-A POSTROUTING -s ${POD}/32 ${mark(4)}`,
          ) +
          SERVICE +
          filter(`-A FORWARD -s ${POD}/32 ${mark(8)}`),
      },
      [call, forwarded('eth1', { dst: POD, dport: 8080, mark: 0 })],
      [back, forwarded('eth0', { src: VIP, sport: 80, mark: 15 })],
    ),
    fact(
      'the answer to a translated destination is routed with the source address of the backend',
      {
        save: SERVICE + filter(),
        rules: [`100: from ${POD} lookup 100`],
        routes: ['default via 10.2.0.254 dev eth2 table 100'],
      },
      [call, forwarded('eth1', { dst: POD })],
      [back, forwarded('eth2', { via: '10.2.0.254', src: VIP, sport: 80 })],
    ),
    fact(
      'the answer to a destination that OUTPUT translated is turned back in INPUT, behind filter',
      {
        save:
          nat(`-A OUTPUT -d ${VIP}/32 -j DNAT --to-destination ${SERVER}`) +
          mangle(`-A PREROUTING -s ${SERVER}/32 ${mark(1)}`) +
          filter(`-A INPUT -s ${SERVER}/32 ${mark(2)}`, `-A INPUT -s ${VIP}/32 ${mark(4)}`),
      },
      [fromNode({ src: '10.0.0.1', dst: VIP }), sent('eth0', { dst: SERVER })],
      [
        { in: 'eth0', proto: 'udp', src: SERVER, sport: 53, dst: '10.0.0.1', dport: 40000 },
        delivered({ src: VIP, mark: 3 }),
      ],
    ),
    fact(
      'the answer to a source that INPUT translated is turned back in OUTPUT, and routed again',
      {
        save:
          nat('-A INPUT -p udp -j SNAT --to-source 10.1.0.99') +
          filter(`-A INPUT -s 198.51.100.7/32 ${mark(1)}`),
      },
      [fromWan({ proto: 'udp' }), delivered({ src: '10.1.0.99', mark: 1 })],
      [
        fromNode({ src: '10.0.0.1', sport: 22, dst: '10.1.0.99', dport: 50000 }),
        sent('eth0', { dst: '198.51.100.7', src: '10.0.0.1' }),
      ],
    ),
    fact(
      'behind DNAT the rules see the translated destination, before SNAT they see the original source',
      {
        save:
          nat(
            `-A PREROUTING -d ${VIP}/32 -j DNAT --to-destination ${POD}`,
            `-A POSTROUTING -s 198.51.100.7/32 -d ${POD}/32 -j SNAT --to-source 10.1.0.1`,
          ) +
          mangle(
            `-A PREROUTING -d ${VIP}/32 ${mark(1)}`,
            `-A POSTROUTING -s 198.51.100.7/32 -d ${POD}/32 ${mark(4)}`,
          ) +
          filter(`-A FORWARD -d ${POD}/32 ${mark(2)}`, `-A FORWARD -d ${VIP}/32 -j DROP`),
      },
      [fromWan({ dst: VIP }), forwarded('eth1', { src: '10.1.0.1', dst: POD, mark: 7 })],
    ),
    fact(
      'a connection that the node has begun towards a translated client is not its answer',
      { save: MASQUERADE + filter() },
      [fromLan({ proto: 'udp', dport: 53 }), forwarded('eth0', { src: '10.0.0.1' })],
      [
        { in: 'eth0', proto: 'udp', src: OTHER, sport: 53, dst: '10.0.0.1', dport: 40000 },
        delivered({ dst: '10.0.0.1' }),
      ],
    ),
    fact(
      'masquerading drops a packet of an established flow that would now leave by another device',
      {
        save:
          mangle(
            `-A PREROUTING -i eth1 -m conntrack --ctstate ESTABLISHED -j MARK --set-xmark 0x7/0xffffffff`,
          ) +
          nat('-A POSTROUTING ! -o eth1 -j MASQUERADE') +
          filter(),
        rules: ['100: from all fwmark 0x7 lookup 100'],
        routes: ['default via 10.2.0.254 dev eth2 table 100'],
      },
      [syn, forwarded('eth0', { src: '10.0.0.1' })],
      [{ ...synAck, dst: '10.0.0.1' }, forwarded('eth1', { dst: POD })],
      [ack, dropped('masquerade-device')],
    ),
    fact(
      'a flow with SNAT keeps its translation when it leaves by another device',
      {
        save:
          mangle(
            `-A PREROUTING -i eth1 -m conntrack --ctstate ESTABLISHED -j MARK --set-xmark 0x7/0xffffffff`,
          ) +
          nat('-A POSTROUTING ! -o eth1 -j SNAT --to-source 10.0.0.2') +
          filter(),
        rules: ['100: from all fwmark 0x7 lookup 100'],
        routes: ['default via 10.2.0.254 dev eth2 table 100'],
      },
      [syn, forwarded('eth0', { src: '10.0.0.2' })],
      [{ ...synAck, dst: '10.0.0.2' }, forwarded('eth1', { dst: POD })],
      [ack, forwarded('eth2', { src: '10.0.0.2', sport: 40000 })],
    ),
  ],
};
