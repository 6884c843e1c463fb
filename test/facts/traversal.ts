/** How a table is walked: jumps, gotos, returns, policies, and targets that do not end the walk. */
import { table } from '../support/save.js';
import { type Section, dropped, fact, factOf, forwarded, fromLan, rejected } from './fact.js';

const bit = (value: number): string => {
  const hex = `0x${value.toString(16)}`;
  return `-j MARK --set-xmark ${hex}/${hex}`;
};
const filter = (...lines: readonly string[]): string => table('filter', lines.join('\n'));
const TRACK = '-A OUTPUT -m conntrack --ctstate INVALID -j DROP';

/** A rule with the target, then one that marks: the mark tells whether the walk went on. */
const goesOn = (target: string, where = 'mangle' as const): string =>
  table(where, `-A PREROUTING ${target}\n-A PREROUTING ${bit(1)}`) + filter(TRACK);

const CONTINUE = [
  ['MARK', '-j MARK --set-xmark 0x2/0x2', 3],
  ['CONNMARK', '-j CONNMARK --set-xmark 0x5/0xffffffff', 1],
  ['LOG', '-j LOG --log-prefix "x "', 1],
  ['NFLOG', '-j NFLOG --nflog-group 7', 1],
  ['TOS', '-j TOS --set-tos 0x10/0xff', 1],
  ['DSCP', '-j DSCP --set-dscp 0x04', 1],
  ['TTL', '-j TTL --ttl-set 9', 1],
  ['TCPMSS', '-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1200', 1],
  ['CHECKSUM', '-p udp -j CHECKSUM --checksum-fill', 1],
  ['a rule without a target', '-s 10.1.0.0/16', 1],
  ['SET', '-j SET --add-set seen src', 1],
] as const;

export const traversal: Section = {
  title: '2. traversal of a table',
  facts: [
    ...CONTINUE.map(([name, rule, mark]) =>
      fact(
        `trap: ${name} lets the walk go on`,
        {
          save: goesOn(rule),
          ...(name === 'SET'
            ? { sets: 'create seen hash:ip family inet hashsize 1024 maxelem 65536\n' }
            : {}),
        },
        [fromLan(name === 'CHECKSUM' ? { proto: 'udp' } : {}), forwarded('eth0', { mark })],
      ),
    ),
    ...(['-j NOTRACK', '-j CT --notrack', '-j CT --zone 3', '-j TRACE'] as const).map((rule) =>
      fact(
        `trap: ${rule} lets the walk go on`,
        { save: table('raw', `-A PREROUTING ${rule}\n-A PREROUTING ${bit(1)}`) + filter() },
        [fromLan(), forwarded('eth0', { mark: 1 })],
      ),
    ),
    ...(['-j ACCEPT', '-j RETURN'] as const).map((rule) =>
      fact(
        `${rule} ends the walk of its table, and of no other`,
        {
          save:
            table('mangle', `-A PREROUTING ${rule}\n-A PREROUTING ${bit(1)}\n-A FORWARD ${bit(2)}`) +
            filter(`-A FORWARD ${bit(4)}`),
        },
        [fromLan(), forwarded('eth0', { mark: 6 })],
      ),
    ),
    fact(
      'DROP ends everything',
      { save: table('mangle', '-A PREROUTING -j DROP') + filter('-A FORWARD -j ACCEPT') },
      [fromLan(), dropped('rule')],
    ),
    fact(
      'ACCEPT in mangle does not save a packet from filter',
      { save: table('mangle', '-A FORWARD -j ACCEPT') + filter('-A FORWARD -j DROP') },
      [fromLan(), dropped('rule')],
    ),
    fact(
      'the end of a custom chain goes back behind its jump',
      { save: filter(':A - [0:0]', `-A FORWARD -j A`, `-A FORWARD ${bit(2)}`, `-A A ${bit(1)}`) },
      [fromLan(), forwarded('eth0', { mark: 3 })],
    ),
    fact(
      'RETURN in a custom chain goes back behind its jump',
      {
        save: filter(
          ':A - [0:0]',
          `-A FORWARD -j A`,
          `-A FORWARD ${bit(2)}`,
          '-A A -j RETURN',
          `-A A ${bit(1)}`,
        ),
      },
      [fromLan(), forwarded('eth0', { mark: 2 })],
    ),
    fact(
      'RETURN in a built-in chain leads to the policy',
      { save: filter(':FORWARD DROP [0:0]', '-A FORWARD -j RETURN', '-A FORWARD -j ACCEPT') },
      [fromLan(), dropped('policy')],
    ),
    fact(
      'the end of a built-in chain leads to the policy',
      { save: filter(':FORWARD DROP [0:0]', `-A FORWARD ${bit(1)}`) },
      [fromLan(), dropped('policy')],
    ),
    fact(
      'trap: a jump to a custom chain is taken, three chains deep',
      {
        save: filter(
          ...[':A - [0:0]', ':B - [0:0]', ':C - [0:0]', '-A FORWARD -j A', '-A A -j B', '-A B -j C'],
          '-A C -j REJECT --reject-with icmp-admin-prohibited',
        ),
      },
      [fromLan(), rejected('icmp-admin-prohibited')],
    ),
    fact(
      'trap: goto is no call: the end of its chain goes back behind the last jump',
      {
        save: filter(
          ...[':A - [0:0]', ':B - [0:0]', '-A FORWARD -j A', `-A FORWARD ${bit(1)}`],
          ...['-A A -g B', `-A A ${bit(2)}`, `-A B ${bit(4)}`],
        ),
      },
      [fromLan(), forwarded('eth0', { mark: 5 })],
    ),
    fact(
      'RETURN in a chain that was gone to goes back behind the last jump',
      {
        save: filter(
          ...[':A - [0:0]', ':B - [0:0]', '-A FORWARD -j A', `-A FORWARD ${bit(1)}`],
          ...['-A A -g B', `-A A ${bit(2)}`, '-A B -j RETURN', `-A B ${bit(4)}`],
        ),
      },
      [fromLan(), forwarded('eth0', { mark: 1 })],
    ),
    fact(
      'goto from a built-in chain ends in its policy',
      {
        save: filter(
          ':FORWARD DROP [0:0]',
          ':A - [0:0]',
          '-A FORWARD -g A',
          '-A FORWARD -j ACCEPT',
          '-A A -j RETURN',
        ),
      },
      [fromLan(), dropped('policy')],
    ),
    fact(
      'two gotos in a row still go back behind the one jump',
      {
        save: filter(
          ...[':A - [0:0]', ':B - [0:0]', ':C - [0:0]', '-A FORWARD -j A', `-A FORWARD ${bit(1)}`],
          ...['-A A -g B', `-A A ${bit(2)}`, '-A B -g C', `-A B ${bit(4)}`, `-A C ${bit(8)}`],
        ),
      },
      [fromLan(), forwarded('eth0', { mark: 9 })],
    ),
    fact('REJECT ends the walk', { save: filter('-A FORWARD -j REJECT', '-A FORWARD -j ACCEPT') }, [
      fromLan(),
      rejected('icmp-port-unreachable'),
    ]),
    fact(
      'a NAT target ends the walk of nat',
      {
        save:
          table('nat', `-A POSTROUTING -j SNAT --to-source 10.0.0.2\n-A POSTROUTING ${bit(1)}`) + filter(),
      },
      [fromLan(), forwarded('eth0', { mark: 0, src: '10.0.0.2' })],
    ),
    fact(
      'NFQUEUE drops, unless a program that no dump shows listens',
      { save: filter('-A FORWARD -j NFQUEUE --queue-num 5') },
      [fromLan(), [dropped('rule'), forwarded('eth0')], ['UNK_TARGET']],
    ),
    fact(
      'the first match of a rule that does not hold stops it: a limit behind it loses nothing',
      {
        save: filter(
          '-A FORWARD -p udp -m limit --limit 1/hour --limit-burst 1 -j DROP',
          '-A FORWARD -j ACCEPT',
        ),
      },
      [fromLan(), forwarded('eth0')],
      [fromLan({ sport: 40001 }), forwarded('eth0')],
    ),
    fact(
      '-f never holds for a packet that is whole, and ! -f does',
      { save: filter('-A FORWARD -f -j DROP', `-A FORWARD ! -f ${bit(1)}`) },
      [fromLan(), forwarded('eth0', { mark: 1 })],
    ),
    factOf(
      'legacy',
      'a policy of nat that is DROP drops what no rule of nat takes',
      { save: table('nat', ':POSTROUTING DROP [0:0]') + filter(TRACK) },
      [fromLan(), dropped('policy')],
    ),
    fact(
      'a chain that two rules jump to is walked twice',
      {
        save:
          table('mangle', ':A - [0:0]\n-A PREROUTING -j A\n-A PREROUTING -j A\n-A A -j TTL --ttl-dec 1') +
          filter(),
      },
      [fromLan({ ttl: 64 }), forwarded('eth0', { ttl: 61 })],
    ),
  ],
};
