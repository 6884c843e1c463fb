/**
 * Targets that look, count or change what is no part of a header, and let the packet go on. HL is kept to TCP: neighbour
 * discovery needs its hop limit of 255.
 */
import { table } from '../support/save.js';
import { type Section, fact, fact6, forwarded, fromLan, fromNode, sent } from './fact.js';

const MARKED = '-j MARK --set-xmark 0x1/0x1';
const TRACK = table('filter', '-A OUTPUT -m conntrack --ctstate INVALID -j DROP');

/** The target in a chain of mangle, then a rule that marks: the mark tells that the walk went on. */
const behind = (chain: string, target: string): string =>
  table('mangle', `-A ${chain} ${target}\n-A ${chain} ${MARKED}`) + TRACK;

const THROUGH = [
  ['CLASSIFY', 'POSTROUTING', '-j CLASSIFY --set-class 0001:0002'],
  ['CLASSIFY in FORWARD', 'FORWARD', '-j CLASSIFY --set-class 0001:0002'],
  ['AUDIT', 'PREROUTING', '-j AUDIT --type drop'],
  [
    'RATEEST',
    'PREROUTING',
    '-j RATEEST --rateest-name seen --rateest-interval 250.0ms --rateest-ewmalog 1.0s',
  ],
  ['IDLETIMER', 'PREROUTING', '-j IDLETIMER --timeout 30 --label natwalk-idle'],
  ['CONNSECMARK', 'PREROUTING', '-j CONNSECMARK --save'],
  ['ECN', 'PREROUTING', '-p tcp -j ECN --ecn-tcp-remove'],
  ['TCPOPTSTRIP', 'PREROUTING', '-p tcp -j TCPOPTSTRIP --strip-options 8'],
] as const;

export const targets: Section = {
  title: '2. targets that let a packet go on',
  facts: [
    ...THROUGH.map(([name, chain, rule]) =>
      fact(`trap: ${name} lets the walk go on`, { save: behind(chain, rule) }, [
        fromLan(),
        forwarded('eth0', { mark: 1 }),
      ]),
    ),
    fact(
      'AUDIT of a kind that drops drops nothing itself, in filter neither',
      { save: table('filter', `-A FORWARD -j AUDIT --type reject\n-A FORWARD ${MARKED}`) },
      [fromLan(), forwarded('eth0', { mark: 1 })],
    ),
    fact(
      'CLASSIFY in OUTPUT lets the walk go on and routes nothing again',
      { save: behind('OUTPUT', '-j CLASSIFY --set-class 0001:0002') },
      [fromNode(), sent('eth0', { mark: 1 })],
    ),
    fact6('trap: HL lets the walk go on', { save: behind('PREROUTING', '-i eth1 -p tcp -j HL --hl-set 9') }, [
      fromLan({ src: 'fd00:b::7', dst: '2001:db8::9' }),
      forwarded('eth0', { mark: 1, ttl: 8 }),
    ]),
    fact6(
      'HL adds to the hop limit and takes from it',
      {
        save:
          table('mangle', '-A PREROUTING -p tcp -j HL --hl-inc 5\n-A FORWARD -p tcp -j HL --hl-dec 3') +
          TRACK,
      },
      [fromLan({ src: 'fd00:b::7', dst: '2001:db8::9', ttl: 64 }), forwarded('eth0', { ttl: 65 })],
    ),
  ],
};
