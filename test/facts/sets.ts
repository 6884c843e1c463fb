/** What sets hold beside addresses, and sets of sets. A rule that holds sets the first bit of the mark. */
import { table } from '../support/save.js';
import { type Fact, type Section, fact, forwarded, fromLan } from './fact.js';

const rule = (match: string): string =>
  table('mangle', `-A PREROUTING -m set --match-set ${match} -j MARK --set-xmark 0x1/0x1`) +
  table('filter', '');
const EIGHT = { src: '10.1.0.8' } as const;

/** Two sets of networks, of which the first takes out one address, and sets of them in both orders. */
const LISTS = `create out hash:net family inet hashsize 1024 maxelem 65536
add out 10.1.0.0/24
add out 10.1.0.8 nomatch
create in hash:net family inet hashsize 1024 maxelem 65536
add in 10.1.0.8/30
create outin list:set size 8
add outin out
add outin in
create alone list:set size 8
add alone out
create none list:set size 8
create ports hash:ip,port family inet hashsize 1024 maxelem 65536
add ports 203.0.113.9,tcp:443
create mixed list:set size 8
add mixed ports
add mixed in
`;
const LISTED: readonly (readonly [match: string, holds: boolean, why: string, more?: typeof EIGHT])[] = [
  ['outin src', true, 'what one member takes out, the next may hold', EIGHT],
  ['alone src', false, 'what the only member takes out is in no set of it', EIGHT],
  ['alone src', true, 'what it holds is in the set of it'],
  ['none src', false, 'a set of no sets holds nothing'],
  ['mixed dst,dst', true, 'a member of two dimensions is asked with both'],
  ['mixed src,src', true, 'members of fewer dimensions are asked with the first', EIGHT],
];

const COUNTED = `create counted hash:ip family inet hashsize 1024 maxelem 65536 counters
add counted 10.1.0.7 packets 5 bytes 300
`;
const open = (name: string, match: string, more = {}): Fact =>
  fact(name, { save: rule(match), sets: COUNTED }, [
    fromLan(more),
    [forwarded('eth0', { mark: 1 }), forwarded('eth0', { mark: 0 })],
    ['UNK_SET_COUNTER'],
  ]);

export const sets: Section = {
  title: '7. sets',
  facts: [
    ...LISTED.map(([match, holds, why, more = {}]) =>
      fact(`${why}: ${match}`, { save: rule(match), sets: LISTS }, [
        fromLan(more),
        forwarded('eth0', { mark: Number(holds) }),
      ]),
    ),
    open('what the counters of an element hold by now is in no dump', 'counted src --packets-gt 3'),
    open('nor how many bytes', 'counted src --bytes-lt 1000'),
    fact(
      'of an address that is not in the set no counter is asked',
      { save: rule('counted src --packets-gt 3'), sets: COUNTED },
      [fromLan(EIGHT), forwarded('eth0', { mark: 0 })],
    ),
    fact(
      '--update-counters decides nothing, nor does its !',
      { save: rule('counted src ! --update-counters'), sets: COUNTED },
      [fromLan(), forwarded('eth0', { mark: 1 })],
    ),
    fact(
      'an element that a rule has added is there for the rules behind it',
      {
        save:
          table(
            'mangle',
            '-A PREROUTING -j SET --add-set seen src\n-A PREROUTING -m set --match-set seen src -j MARK --set-xmark 0x1/0x1',
          ) + table('filter', ''),
        sets: 'create seen hash:ip family inet hashsize 1024 maxelem 65536\n',
      },
      [fromLan(), [forwarded('eth0', { mark: 1 }), forwarded('eth0', { mark: 0 })], ['UNK_SET_CHANGED']],
    ),
    fact(
      'a timeout that is over takes an element out, and no dump tells the time since',
      {
        save: rule('short src'),
        sets: 'create short hash:ip family inet hashsize 1024 maxelem 65536 timeout 300\nadd short 10.1.0.7 timeout 299\n',
      },
      [fromLan(), forwarded('eth0', { mark: 1 })],
    ),
  ],
};
