/** Where what counts or waits somewhere has no say after all, where it has, and the window of TCP. */
import type { PacketInput } from '../../src/packet/result.js';
import { table } from '../support/save.js';
import {
  POD,
  SERVER,
  type Fact,
  type Section,
  dropped,
  fact,
  fact6,
  factOf,
  forwarded,
  fromLan,
  fromNode,
  sent,
} from './fact.js';

const one = '-j MARK --set-xmark 0x1/0x1';
const rule = (match: string): string => table('mangle', `-A FORWARD ${match} ${one}`) + table('filter', '');
const EITHER = [forwarded('eth0', { mark: 1 }), forwarded('eth0', { mark: 0 })];

/** Decided whatever was counted before. */
const DECIDED: readonly (readonly [match: string, holds: boolean, why: string])[] = [
  ['-m quota --quota 10', false, 'a packet that is longer than the whole quota is never within it'],
  ['-m quota ! --quota 10', true, '! of a quota that no packet fits into'],
  ['-m quota --quota 0', false, 'a quota of nothing'],
  ['-m connlimit --connlimit-above 0', true, 'the own connection is more than none'],
  ['-m connlimit --connlimit-upto 0', false, 'and never up to none'],
  ['-m connlimit --connlimit-upto 4294967295', true, 'no count is above the greatest'],
  ['-m recent ! --set --name seen', false, '! --set never holds'],
  ['-m helper --helper ftp', false, 'a connection that nobody expected has no helper'],
  ['-m helper ! --helper ftp', true, '! holds of it'],
];
/** Hangs on what was counted. */
const OPEN: readonly (readonly [match: string, code: string, why: string])[] = [
  ['-m quota --quota 1000', 'UNK_QUOTA', 'what is left of a quota'],
  ['-m connlimit --connlimit-above 3', 'UNK_CONNLIMIT', 'how many connections an address has'],
  ['-m recent --update --seconds 60 --hitcount 2 --name seen', 'UNK_RECENT', 'who was seen how often'],
  ['-m recent --remove --name seen', 'UNK_RECENT', 'whom there is to remove'],
  ['-m limit --limit 5/hour --limit-burst 1', 'UNK_LIMIT', 'how much of a burst is left'],
];

const back = (tcpFlags: readonly string[]): PacketInput => ({
  ...{ in: 'eth0', proto: 'tcp', src: SERVER, sport: 443, dst: POD, dport: 40000, tcpFlags },
});
const STATES =
  table(
    'mangle',
    [
      '-A FORWARD -m conntrack --ctstate NEW -j MARK --set-xmark 0x1/0x1',
      '-A FORWARD -m conntrack --ctstate ESTABLISHED -j MARK --set-xmark 0x2/0x2',
      '-A FORWARD -m conntrack --ctstate INVALID -j MARK --set-xmark 0x8/0x8',
    ].join('\n'),
  ) + table('filter', '');

const PORTS = rule('-p tcp -m tcp ! --sport 6 ! --dport 443');

/** The tracker lets an acknowledgement pass before the handshake, and does not know from where its sender counts. */
function behind(name: string, liberal: number, mark: number): Fact {
  return fact(
    name,
    { save: STATES, sysctls: { 'net.netfilter.nf_conntrack_tcp_be_liberal': liberal } },
    [fromLan(), forwarded('eth0', { mark: 1 })],
    [back(['ACK']), forwarded('eth1', { mark: 2 })],
    [fromLan({ tcpFlags: ['RST', 'ACK'] }), forwarded('eth0')],
    [fromLan({ tcpFlags: ['ACK'] }), forwarded('eth0', { mark })],
  );
}

export const open: Section = {
  title: '7. what counts and what waits, and the window of TCP',
  facts: [
    ...DECIDED.map(([match, holds, why]) =>
      fact(`${why}: ${match} ${holds ? 'holds' : 'does not hold'}`, { save: rule(match) }, [
        fromLan({ length: 100 }),
        forwarded('eth0', { mark: Number(holds) }),
      ]),
    ),
    ...OPEN.map(([match, code, why]) =>
      fact(`${why} is in no dump: ${match}`, { save: rule(match) }, [
        fromLan({ length: 100 }),
        EITHER,
        [code],
      ]),
    ),
    factOf(
      'nft',
      'two inverted ports are compared at once by iptables-nft 1.8.9: one that differs is enough',
      { save: PORTS },
      [fromLan(), EITHER, ['UNK_NFT_PORTS']],
    ),
    factOf('nft', 'two inverted ports that are both equal fail', { save: PORTS }, [
      fromLan({ sport: 6 }),
      forwarded('eth0', { mark: 0 }),
    ]),
    factOf('nft', 'two inverted ports that both differ hold', { save: PORTS }, [
      fromLan({ dport: 80 }),
      forwarded('eth0', { mark: 1 }),
    ]),
    factOf('legacy', 'of two inverted ports both must differ with iptables-legacy', { save: PORTS }, [
      fromLan(),
      forwarded('eth0', { mark: 0 }),
    ]),
    fact(
      'SYNPROXY answers a SYN in place of the server',
      { save: table('filter', `-A FORWARD -p tcp -j SYNPROXY --mss 1460\n-A FORWARD ${one}`) },
      [fromLan({ tcpFlags: ['SYN'] }), dropped('synproxy', { answer: 'SYN,ACK' })],
    ),
    fact(
      'SYNPROXY takes an ACK without a cookie',
      { save: table('filter', `-A FORWARD -p tcp -j SYNPROXY --mss 1460\n-A FORWARD ${one}`) },
      [fromLan({ tcpFlags: ['ACK'] }), dropped('synproxy')],
    ),
    fact(
      'SYNPROXY lets other segments go on',
      {
        save: table('filter', `-A FORWARD -p tcp -j SYNPROXY --mss 1460\n-A FORWARD ${one}`),
      },
      [fromLan({ tcpFlags: ['RST', 'ACK'] }), forwarded('eth0', { mark: 1 })],
    ),
    behind('a segment out of the window is INVALID', 0, 8),
    behind('with tcp_be_liberal it is taken', 1, 2),
    fact(
      'several default routes of one metric stand in for each other: the neighbours decide for what the node sends',
      { routes: ['default via 10.2.0.254 dev eth2'] },
      [
        fromNode(),
        [sent('eth0', { via: '10.0.0.254' }), sent('eth2', { via: '10.2.0.254' })],
        ['UNK_EQUAL_ROUTES'],
      ],
    ),
    fact('and not for what it forwards', { routes: ['default via 10.2.0.254 dev eth2'] }, [
      fromLan(),
      forwarded('eth0', { via: '10.0.0.254' }),
    ]),
    fact('without VRFs the l3mdev rule never holds', { rules: ['1000: from all lookup [l3mdev-table]'] }, [
      fromLan(),
      forwarded('eth0'),
    ]),
    fact6('nor does it in IPv6', { rules: ['1000: from all lookup [l3mdev-table]'] }, [
      fromLan({ src: 'fd00:b::7', dst: '2001:db8::9' }),
      forwarded('eth0'),
    ]),
    fact(
      'which tunnel key a packet came with is in no dump',
      {
        rules: ['100: from all tun_id 5 lookup 100'],
        routes: ['default via 10.2.0.254 dev eth2 table 100'],
      },
      [fromLan(), [forwarded('eth0'), forwarded('eth2')], ['UNK_SELECTOR']],
    ),
  ],
};
