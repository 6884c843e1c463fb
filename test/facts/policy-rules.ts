/** Which policy rule decides. */
import { table } from '../support/save.js';
import {
  POD,
  SERVER,
  type Section,
  dropped,
  fact,
  forwarded,
  fromLan,
  fromNode,
  nowhere,
  sent,
} from './fact.js';
import { ETH0, ETH1, ETH2 } from './node.js';

const T100 = 'default via 10.2.0.254 dev eth2 table 100';
const SECOND = forwarded('eth2', { via: '10.2.0.254' });
const MAIN = forwarded('eth0', { via: '10.0.0.254' });
const MARK7 =
  table('mangle', '-A PREROUTING -i eth1 -j MARK --set-xmark 0x17/0xffffffff') + table('filter', '');
const lookup = (
  selector: string,
): { readonly rules: readonly string[]; readonly routes: readonly string[] } => ({
  rules: [`100: ${selector} lookup 100`],
  routes: [T100],
});

const SELECTORS: readonly (readonly [selector: string, holds: boolean, why: string])[] = [
  ['from all', true, 'a rule without a selector holds'],
  [`from ${POD}`, true, 'a source'],
  ['from 10.1.0.0/24', true, 'the network of the source'],
  ['from 10.2.0.0/24', false, 'another network'],
  [`from all to ${SERVER}`, true, 'a destination'],
  [`from 10.2.0.0/24 to ${SERVER}`, false, 'all selectors have to hold'],
  ['from all iif eth1', true, 'the device that it came in by'],
  ['from all iif eth0', false, 'another device'],
  ['from all iif lo', false, 'iif lo is what the node itself sends'],
  ['from all oif eth0', false, 'oif is never the result of routing'],
  ['from all ipproto tcp', true, 'a protocol'],
  ['from all ipproto udp', false, 'another protocol'],
  ['from all ipproto tcp dport 443', true, 'a destination port'],
  ['from all dport 400-443', true, 'a range of ports'],
  ['from all dport 80', false, 'another port'],
  ['from all sport 40000', true, 'a source port'],
  ['from all uidrange 0-0', true, 'what is forwarded counts as uid 0'],
  ['from all uidrange 1000-2000', false, 'and as no other'],
  ['not from 10.1.0.0/24', false, 'not turns the whole rule round'],
  ['not from 10.2.0.0/24', true, 'not: the rule that does not hold'],
  ['not from 10.1.0.0/24 iif eth0', true, 'not: of the conjunction, not of each selector'],
  ['from all tos 0x10', false, 'a TOS'],
];
const MARKS: readonly (readonly [selector: string, holds: boolean, why: string])[] = [
  ['from all fwmark 0x17', true, 'trap: a mark'],
  ['from all fwmark 0x7', false, 'trap: a mark without a mask is all 32 bits'],
  ['from all fwmark 0x7/0xf', true, 'trap: a mark with a mask'],
  ['not from all fwmark 0x7/0xf', false, 'a mark turned round'],
  ['from all fwmark 0/0xf0', false, 'bits of a mask that have to be 0'],
];

export const policyRules: Section = {
  title: '8. policy rules',
  facts: [
    ...SELECTORS.map(([selector, holds, why]) =>
      fact(
        `trap: policy rules are asked: ${why}: ${selector} ${holds ? 'holds' : 'does not hold'}`,
        lookup(selector),
        [fromLan(), holds ? SECOND : MAIN],
      ),
    ),
    ...MARKS.map(([selector, holds, why]) =>
      fact(
        `${why}: ${selector} ${holds ? 'holds' : 'does not hold'} of 0x17`,
        { save: MARK7, ...lookup(selector) },
        [fromLan(), holds ? SECOND : MAIN],
      ),
    ),
    fact('a TOS rule holds of its TOS', lookup('from all tos 0x10'), [fromLan({ tos: 0x10 }), SECOND]),
    fact(
      'rules are asked in the order of their priorities',
      { rules: ['200: from all lookup main', '100: from all lookup 100'], routes: [T100] },
      [fromLan(), SECOND],
    ),
    fact(
      'of equal priorities the one that was added first is asked first',
      {
        rules: ['100: from all lookup 100', '100: from 10.1.0.0/24 lookup 101'],
        routes: [T100, 'default via 10.0.0.253 dev eth0 table 101'],
      },
      [fromLan(), SECOND],
    ),
    fact('iif lo holds of what the node sends', lookup('from all iif lo'), [
      fromNode({ src: '10.0.0.1' }),
      sent('eth2', { src: '10.0.0.1' }),
    ]),
    fact('oif holds of a socket that is bound to the device', lookup('from all oif eth2'), [
      fromNode({ src: '10.2.0.1', oif: 'eth2' }),
      sent('eth2', { via: '10.2.0.254' }),
    ]),
    fact('the uid of the sender counts', lookup('from all uidrange 1000-2000'), [
      fromNode({ src: '10.0.0.1', uid: 1000 }),
      sent('eth2'),
    ]),
    fact('the uid of another sender does not', lookup('from all uidrange 1000-2000'), [
      fromNode({ src: '10.0.0.1', uid: 999 }),
      sent('eth0'),
    ]),
    fact(
      'connect() looks a second time, with the source that the first lookup gave',
      lookup('from 10.0.0.1'),
      [fromNode({ proto: 'tcp', dport: 443 }), sent('eth2', { via: '10.2.0.254', src: '10.0.0.1' })],
    ),
    fact('a rule whose table is empty is passed over', { rules: ['100: from all lookup 100'] }, [
      fromLan(),
      MAIN,
      [],
    ]),
    fact(
      'a table without a route to the destination is passed over',
      { rules: ['100: from all lookup 100'], routes: ['198.51.100.0/24 via 10.2.0.254 dev eth2 table 100'] },
      [fromLan(), MAIN],
    ),
    fact(
      'throw leads to the next rule',
      { rules: ['100: from all lookup 100'], routes: [T100, `throw ${SERVER} table 100`] },
      [fromLan(), MAIN],
      [fromLan({ dst: '203.0.113.10' }), SECOND],
    ),
    ...(
      [
        ['blackhole', 'EINVAL', null],
        ['unreachable', 'ENETUNREACH', 'icmp-net-unreachable'],
        ['prohibit', 'EACCES', 'icmp-admin-prohibited'],
      ] as const
    ).flatMap(([action, errno, answer]) => [
      fact(`a rule that says ${action}, for what is forwarded`, { rules: [`100: from ${POD} ${action}`] }, [
        fromLan(),
        answer === null ? dropped('blackhole') : nowhere(errno, answer),
      ]),
      fact(
        `a rule that says ${action}, for what the node sends`,
        { rules: [`100: from all to ${SERVER} ${action}`] },
        [fromNode(), nowhere(errno)],
      ),
    ]),
    fact(
      'an unreachable route of a table ends the walk of the rules',
      { rules: ['100: from all lookup 100'], routes: [`unreachable ${SERVER} table 100`] },
      [fromLan(), nowhere('EHOSTUNREACH', 'icmp-host-unreachable')],
    ),
    fact(
      'goto jumps forward to a priority',
      {
        rules: ['100: from all goto 300', '200: from all blackhole', '300: from all lookup 100'],
        routes: [T100],
      },
      [fromLan(), SECOND],
    ),
    fact('nop goes on', { rules: ['100: from all nop', '200: from all lookup 100'], routes: [T100] }, [
      fromLan(),
      SECOND,
    ]),
    fact(
      'suppress_prefixlength 0 does without the default route of a table',
      {
        rules: ['100: from all lookup 100 suppress_prefixlength 0'],
        routes: [T100, '198.51.100.0/24 via 10.2.0.254 dev eth2 table 100'],
      },
      [fromLan(), MAIN],
      [fromLan({ dst: '198.51.100.7' }), SECOND],
    ),
    fact(
      'suppress_prefixlength 24 does without what is no longer than 24',
      {
        rules: ['100: from all lookup 100 suppress_prefixlength 24'],
        routes: [
          '198.51.100.0/24 via 10.2.0.254 dev eth2 table 100',
          '198.51.100.7 via 10.2.0.254 dev eth2 table 100',
        ],
      },
      [fromLan({ dst: '198.51.100.8' }), MAIN],
      [fromLan({ dst: '198.51.100.7' }), SECOND],
    ),
    fact(
      'suppress_ifgroup does without routes by devices of a group',
      {
        links: [ETH0, ETH1, { ...ETH2, group: '5' }],
        rules: ['100: from all lookup 100 suppress_ifgroup 5'],
        routes: [T100],
      },
      [fromLan(), MAIN],
    ),
    fact(
      'a node that never had a rule of its own asks local and main as one: a longer prefix of main is stronger',
      { routes: ['local 192.0.2.0/24 dev lo table local', '192.0.2.5 via 10.2.0.254 dev eth2'] },
      [fromLan({ dst: '192.0.2.5' }), [SECOND, { verdict: 'delivered' }], ['UNK_RULES_EVER_ADDED']],
    ),
    fact(
      'with a rule of its own it asks local first, whatever the prefixes',
      {
        rules: ['30000: from 192.0.2.200 lookup main'],
        routes: ['local 192.0.2.0/24 dev lo table local', '192.0.2.5 via 10.2.0.254 dev eth2'],
      },
      [fromLan({ proto: 'udp', dst: '192.0.2.5' }), { verdict: 'delivered' }],
    ),
    fact(
      'without the rule for table local the node does not know itself',
      {
        allRules: ['100: from all lookup main', '200: from all lookup local'],
        routes: ['10.0.0.1 via 10.2.0.254 dev eth2'],
      },
      [fromLan({ dst: '10.0.0.1' }), SECOND],
    ),
  ],
};
