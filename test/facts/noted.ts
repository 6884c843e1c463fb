/** What kernel notes say, as facts that the kernel is asked again. */
import { table } from '../support/save.js';
import {
  type Section,
  delivered,
  dropped,
  fact,
  fact6,
  forwarded,
  fromLan,
  fromNode,
  rejected,
  sent,
} from './fact.js';

const set = (bit: string): string => `-j MARK --set-xmark ${bit}/${bit}`;
const filter = (lines: string): string => table('filter', lines);

/** Raw takes no MARK: what holds there is counted by what goes on and what does not. */
const inRaw = (rule: string, state: string): string =>
  `${table('raw', `-A PREROUTING -i eth1 ${rule}\n-A PREROUTING -i eth1 -m conntrack --ctstate ${state} -j ACCEPT\n-A PREROUTING -i eth1 -j DROP`)}${filter('')}`;

export const noted: Section = {
  title: 'kernel notes',
  facts: [
    fact(
      'note 8: -o in OUTPUT names the first device, behind a mark that leads elsewhere',
      {
        rules: ['100: from all fwmark 0x10/0x10 lookup 100'],
        routes: ['default via 10.2.0.254 dev eth2 table 100'],
        save:
          table('mangle', `-A OUTPUT ${set('0x10')}\n-A POSTROUTING -o eth2 ${set('0x4')}`) +
          filter(`-A OUTPUT -o eth2 -j DROP`),
      },
      [fromNode({ src: '10.0.0.1' }), sent('eth2', { mark: 0x14 })],
    ),
    fact('note 9: behind -j CT a match in raw sees a new entry', { save: inRaw('-j CT', 'NEW') }, [
      fromLan(),
      forwarded('eth0'),
    ]),
    fact('note 9: behind CT --notrack it is UNTRACKED', { save: inRaw('-j CT --notrack', 'UNTRACKED') }, [
      fromLan(),
      forwarded('eth0'),
    ]),
    fact('note 9: without a CT rule it is INVALID in raw', { save: inRaw('-p esp -j CT', 'INVALID') }, [
      fromLan(),
      forwarded('eth0'),
    ]),
    fact(
      'note 2: of several CT rules the first decides',
      { save: inRaw('-j CT --notrack\n-A PREROUTING -i eth1 -j CT', 'UNTRACKED') },
      [fromLan(), forwarded('eth0')],
    ),
    fact(
      'note 10: UDP-Lite that comes in is INVALID, and not translated',
      {
        save:
          table('nat', '-A POSTROUTING -o eth0 -j SNAT --to-source 10.0.0.2') +
          table('mangle', `-A FORWARD -m conntrack --ctstate INVALID ${set('0x1')}`),
      },
      [fromLan({ proto: 'udplite' }), forwarded('eth0', { src: '10.1.0.7', mark: 1 })],
    ),
    fact(
      'note 11: DNAT makes no unicast of what came in a frame to all',
      {
        save:
          table('nat', '-A PREROUTING -d 10.1.0.255/32 -j DNAT --to-destination 203.0.113.9') + filter(''),
      },
      [fromLan({ proto: 'udp', dst: '10.1.0.255' }), { verdict: 'dropped' }],
    ),
    fact(
      'note 12: REJECT is silent about an ICMP error',
      { save: filter('-A FORWARD -j REJECT --reject-with icmp-port-unreachable') },
      [
        fromLan({ proto: 'icmp', icmpType: 11, icmpCode: 0, inner: { ...fromLan(), in: null } }),
        { verdict: 'dropped' },
      ],
    ),
    fact(
      'note 12: and about a reset, with a reset',
      { save: filter('-A FORWARD -p tcp -j REJECT --reject-with tcp-reset') },
      [fromLan({ tcpFlags: ['RST'] }), { verdict: 'dropped' }],
    ),
    fact(
      'note 12: it answers what is asked',
      { save: filter('-A FORWARD -j REJECT --reject-with icmp-port-unreachable') },
      [fromLan({ proto: 'icmp', icmpType: 8, icmpCode: 0, icmpId: 1 }), rejected('icmp-port-unreachable')],
    ),
    fact6(
      'note 17: a multicast source never comes to PREROUTING',
      { save: table('mangle', `-A PREROUTING ${set('0x1')}`) },
      [
        { ...fromLan({ proto: 'udp', dport: 53 }), src: 'ff05::7', dst: '2001:db8::9' },
        dropped('martian_source'),
      ],
    ),
    fact(
      'note 40: of a flow to itself every packet but the first is an answer',
      {
        save: filter(
          '-A INPUT -p udp -m conntrack --ctstate ESTABLISHED -m conntrack --ctdir REPLY -j ACCEPT\n-A INPUT -p udp -m conntrack --ctstate ESTABLISHED -j DROP',
        ),
      },
      [
        fromNode({ src: '10.0.0.1', dst: '10.0.0.1', sport: 4000, dport: 4000 }),
        delivered({ src: '10.0.0.1', dst: '10.0.0.1' }),
      ],
      [
        fromNode({ src: '10.0.0.1', dst: '10.0.0.1', sport: 4000, dport: 4000 }),
        delivered({ src: '10.0.0.1', dst: '10.0.0.1' }),
      ],
    ),
    fact(
      'trap: a goto to a priority that no rule has goes on with the next rule',
      {
        rules: ['100: from all goto 9999', '200: from all lookup 100'],
        routes: ['default via 10.2.0.254 dev eth2 table 100'],
      },
      [fromLan(), forwarded('eth2')],
    ),
    fact(
      'a redirect: a packet back to where it came from is forwarded',
      { routes: ['192.0.2.0/24 via 10.1.0.254 dev eth1'] },
      [fromLan({ dst: '192.0.2.9' }), forwarded('eth1', { via: '10.1.0.254' })],
    ),
  ],
};
