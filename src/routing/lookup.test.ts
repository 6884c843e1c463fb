import { describe, expect, it } from 'vitest';
import { parsePrefix } from '../address/prefix.js';
import { enumerate } from '../chooser/enumerate.js';
import { type NetworkParts, flow, ip, link, network, rule } from '../../test/support/network.js';
import { type Flow, type Lookup, assumptionsOf, lookup, rulesOf } from './lookup.js';
import type { Network, PolicyRule } from './model.js';

const links = [
  link('lo', ['127.0.0.1/8 host']),
  link('e0', ['10.0.0.1/24'], { group: 1 }),
  link('e1', ['10.0.1.1/24'], { group: 2 }),
  link('e2', ['10.0.2.1/24'], { group: 3 }),
];
const routes = [
  'default via 10.0.1.254 dev e1',
  '10.0.0.0/24 dev e0 scope link src 10.0.0.1',
  '10.0.1.0/24 dev e1 scope link src 10.0.1.1',
  '10.0.2.0/24 dev e2 scope link src 10.0.2.1',
  'default via 10.0.2.254 dev e2 table 101',
  'unreachable 198.51.100.0/24 table 102',
  'throw default table 102',
  'blackhole default table 103',
];

function text(found: Lookup): string {
  const { kind } = found;
  if (kind === 'unseen') return `unseen ${String(found.table)}`;
  return kind === 'error' ? found.errno : `${found.nexthop.device ?? ''} ${String(found.route.table)}`;
}

/** All answers, each with its probability unless that is 1. */
function answers(net: Network, asked: Flow): string[] {
  return enumerate((chooser) => text(lookup(net, asked, chooser)), 100).branches.map(
    ({ value, probability }) =>
      probability === 1 ? value : `${value} p=${probability === null ? '?' : probability.toFixed(2)}`,
  );
}

function with_(rules: readonly PolicyRule[], more: NetworkParts = {}): Network {
  return network({ links, routes, rules, ...more });
}

describe('policy rules', () => {
  const far = '203.0.113.5';
  const toTarget = rule(100, 101, { to: parsePrefix('203.0.113.0/24') });
  it.each<[string, readonly PolicyRule[], string, string]>([
    ['the default rules', [], far, 'e1 254'],
    ['an own address', [], '10.0.2.1', 'e2 255'],
    ['iif lo, sent by the node', [rule(100, 101, { iif: 'lo' })], far, 'e2 101'],
    ['iif e0, sent by the node', [rule(100, 101, { iif: 'e0' })], far, 'e1 254'],
    ['a missing table', [rule(100, 999)], far, 'e1 254'],
    ['unreachable in the table', [rule(100, 102)], '198.51.100.5', 'EHOSTUNREACH'],
    ['throw in the table', [rule(100, 102), rule(200, 101)], far, 'e2 101'],
    ['blackhole in the table', [rule(100, 103)], far, 'EINVAL'],
    ['rule prohibit', [rule(100, 0, { action: { kind: 'prohibit' } })], far, 'EACCES'],
    [
      'rule prohibit, own address: table local comes first',
      [rule(100, 0, { action: { kind: 'prohibit' } })],
      '10.0.1.1',
      'e1 255',
    ],
    ['rule unreachable', [rule(100, 0, { action: { kind: 'unreachable' } })], far, 'ENETUNREACH'],
    ['rule blackhole', [rule(100, 0, { action: { kind: 'blackhole' } })], far, 'EINVAL'],
    [
      'goto the end',
      [rule(100, 0, { action: { kind: 'goto', priority: 32767, unresolved: false } })],
      far,
      'ENETUNREACH',
    ],
    [
      'goto nowhere',
      [rule(100, 0, { action: { kind: 'goto', priority: 150, unresolved: true } })],
      far,
      'e1 254',
    ],
    [
      'goto back is not followed',
      [rule(100, 0, { action: { kind: 'goto', priority: 0, unresolved: false } })],
      far,
      'e1 254',
    ],
    ['nop', [rule(100, 0, { action: { kind: 'nop' } })], far, 'e1 254'],
    ['suppressed default', [rule(100, 254, { suppressPrefixLength: 0 }), rule(200, 101)], far, 'e2 101'],
    [
      'longer than suppressed',
      [rule(100, 254, { suppressPrefixLength: 0 }), rule(200, 101)],
      '10.0.1.2',
      'e1 254',
    ],
    ['suppressed group', [rule(100, 254, { suppressGroup: 2 }), rule(200, 101)], far, 'e2 101'],
    ['a refusal is not suppressed', [rule(100, 103, { suppressPrefixLength: 0 })], far, 'EINVAL'],
    ['equal priorities in the order of the dump', [toTarget, rule(100, 103)], far, 'e2 101'],
    [
      'no route at all',
      [rule(100, 0, { action: { kind: 'goto', priority: 32767, unresolved: false } })],
      '8.8.8.8',
      'ENETUNREACH',
    ],
  ])('%s', (_, rules, to, expected) => {
    expect(answers(with_(rules), flow(to))).toEqual([expected]);
  });

  it('tells of each rule why it went on', () => {
    const rules = [
      rule(10, 101, { iif: 'e0' }),
      rule(20, 999),
      rule(30, 102),
      rule(40, 254, { suppressPrefixLength: 0 }),
      rule(50, 101),
    ];
    const [branch] = enumerate((chooser) => lookup(with_(rules), flow(far), chooser), 1).branches;
    expect(
      branch?.value.tried.map(({ rule: { priority }, matched, code }) => [priority, matched, code]),
    ).toEqual([
      [0, true, 'PR_NO_ROUTE'],
      [10, false, 'PR_IIF'],
      [20, true, 'PR_TABLE_EMPTY'],
      [30, true, 'PR_THROW'],
      [40, true, 'PR_SUPPRESS_PREFIX'],
      [50, true, 'PR_MATCH'],
    ]);
  });

  it('forks on an unknown mark bit, and does not ask again for the same bit', () => {
    const fwmark = { value: 0x80, mask: 0x80 };
    const net = with_([rule(100, 999, { fwmark }), rule(200, 101, { fwmark })]);
    expect(answers(net, flow(far, { markUnknown: 0x80 }))).toEqual(['e2 101 p=?', 'e1 254 p=?']);
  });

  it('asks for the group of a device only when the dump does not show it', () => {
    const net = with_([rule(100, 254, { suppressGroup: 2 }), rule(200, 101)], {
      links: [...links.filter(({ name }) => name !== 'e1'), link('e1', ['10.0.1.1/24'], { group: null })],
    });
    expect(answers(net, flow(far))).toEqual(['e2 101 p=?', 'e1 254 p=?']);
  });
});

describe('tables local and main', () => {
  const parts = {
    links,
    routes: [...routes, 'local 192.0.2.0/24 dev lo table 255', '192.0.2.5 via 10.0.1.2 dev e1'],
  };

  it('are one trie while no policy rule was ever added, which no dump tells', () => {
    expect(answers(network(parts), flow('192.0.2.5'))).toEqual(['lo 255 p=?', 'e1 254 p=?']);
  });

  it('are asked about only where it matters', () => {
    expect(answers(network(parts), flow('192.0.2.6'))).toEqual(['lo 255']);
  });

  it('are apart where the dump shows a policy rule', () => {
    expect(answers(network({ ...parts, rules: [rule(100, 999)] }), flow('192.0.2.5'))).toEqual(['lo 255']);
  });
});

describe('a table that the snapshot does not show', () => {
  const known = { tables: new Set([254, 253]), localDerived: true };

  it('has a route or has none', () => {
    const net = with_([rule(100, 7)], { known });
    expect(answers(net, flow('8.8.8.8'))).toEqual(['unseen 7 p=?', 'e1 254 p=?']);
  });

  it('is not asked about when a rule before it decides', () => {
    const net = with_([rule(100, 101), rule(200, 7)], { known: { ...known, tables: new Set([254, 101]) } });
    expect(answers(net, flow('8.8.8.8'))).toEqual(['e2 101']);
  });

  it('delivers what is certainly its own, if it is table local', () => {
    const net = network({ routes, known: { links: false, tables: new Set([254]), localDerived: false } });
    expect(answers(net, flow('192.0.2.9'))).toEqual(['e1 254']);
    expect(answers(net, flow('10.0.2.1'))).toEqual(['lo 255']);
    expect(answers(net, flow('127.0.0.53'))).toEqual(['lo 255']);
  });
});

describe('assumptions', () => {
  it('name what is missing', () => {
    const known = { rules: false, links: false, tables: new Set<number>(), localDerived: false };
    const codes = (net: Network): string[] => assumptionsOf(net).map(({ code }) => code);
    expect(codes(network({ known }))).toEqual(['UNK_NO_RULES', 'UNK_NO_LOCAL', 'UNK_NO_MAIN']);
    expect(codes(network({ known: { tables: new Set([254]) } }))).toEqual([]);
  });

  it('takes the default rules when none are shown', () => {
    const net = { ...network({ links, routes, known: { rules: false } }), rules: [] };
    expect(answers(net, flow('8.8.8.8'))).toEqual(['e1 254']);
    expect(answers({ ...net, known: { ...net.known, rules: true } }, flow('8.8.8.8'))).toEqual([
      'ENETUNREACH',
    ]);
  });
});

describe('a list of policy rules that is not whole', () => {
  const shown = (...rules: readonly PolicyRule[]): Network => ({
    ...network({ links, routes, known: { rules: false } }),
    rules,
  });

  it('keeps the rules that it shows, among those of a new namespace', () => {
    const refuses: PolicyRule = { ...rule(100, 254), action: { kind: 'prohibit' } };
    expect(rulesOf(shown(refuses)).map(({ priority }) => priority)).toEqual([0, 100, 32766, 32767]);
    expect(answers(shown(refuses), flow('8.8.8.8'))).toEqual(['EACCES']);
  });

  it('takes a rule that it shows in place of the usual one of its priority', () => {
    expect(answers(shown(rule(32766, 101)), flow('8.8.8.8'))).toEqual(['e2 101']);
  });
});

describe('a route by a nexthop object that cannot be used', () => {
  const routes = [
    '10.0.0.0/24 nhid 7 dev e1',
    '10.0.0.0/24 dev e2 metric 5',
    '10.0.0.0/16 dev e2',
    '10.0.0.0/8 dev e2',
  ];

  it('hides all routes that begin at the same address', () => {
    const bound = flow('10.0.0.9', { outInterface: 'e2' });
    expect(answers(network({ links, routes }), bound)).toEqual(['ENETUNREACH']);
    expect(
      answers(network({ links, routes: [...routes, 'default dev e2', '8.0.0.0/5 dev e2'] }), bound),
    ).toEqual(['e2 254']);
    expect(answers(network({ links, routes }), flow('10.0.1.9', { outInterface: 'e2' }))).toEqual(['e2 254']);
    expect(answers(network({ links, routes }), flow('10.0.0.9'))).toEqual(['e1 254']);
  });
});

describe('multipath', () => {
  const hops = 'nexthop via 10.0.1.2 dev e1 weight 1 nexthop via 10.0.2.2 dev e2 weight 3';
  const forwarded = flow('8.8.8.8', { inInterface: 'e0', source: ip('10.0.0.9') });

  it('goes by chance, in proportion to the weights', () => {
    expect(answers(network({ links, routes: [`default ${hops}`] }), forwarded)).toEqual([
      'e1 254 p=0.25',
      'e2 254 p=0.75',
    ]);
  });

  it('leaves out a dead nexthop, and one without carrier where the device says so', () => {
    expect(answers(network({ links, routes: [`default ${hops} dead`] }), forwarded)).toEqual(['e1 254']);
    const linkdown = { links, routes: [`default ${hops} linkdown`] };
    expect(answers(network(linkdown), forwarded)).toHaveLength(2);
    const sysctls = { 'net.ipv4.conf.all.ignore_routes_with_linkdown': '1' };
    expect(answers(network({ ...linkdown, sysctls }), forwarded)).toEqual(['e1 254']);
  });

  it('is no choice for a bound socket', () => {
    const net = network({ links, routes: [`default ${hops}`] });
    expect(answers(net, flow('8.8.8.8', { outInterface: 'e2' }))).toEqual(['e2 254']);
  });

  it('hangs on the kernel when the source is of one of the devices', () => {
    const net = network({ links, routes: [`default ${hops}`] });
    const own = flow('8.8.8.8', { source: ip('10.0.1.1') });
    expect(answers(net, own)).toEqual(['e1 254 p=?', 'e1 254 p=?', 'e2 254 p=?']);
  });

  it.each([
    ['6.16.0', ['e1 254']],
    ['7.0.1-amd64', ['e1 254']],
    ['6.12.57+deb13-cloud-amd64', ['e1 254 p=0.25', 'e2 254 p=0.75']],
    ['5.14.0-570.el9.x86_64', ['e1 254 p=?', 'e1 254 p=?', 'e2 254 p=?']],
    ['the newest', ['e1 254 p=?', 'e1 254 p=?', 'e2 254 p=?']],
  ])('with the source of a device is what kernel %s does', (release, expected) => {
    const net = network({ links, routes: [`default ${hops}`], sysctls: { 'kernel.osrelease': release } });
    expect(answers(net, flow('8.8.8.8', { source: ip('10.0.1.1') }))).toEqual(expected);
  });

  it('keeps to one answer for a pair of addresses within a walk', () => {
    const net = network({ links, routes: [`default ${hops}`] });
    const twice = enumerate((chooser) => {
      const port = (sourcePort: number): string => text(lookup(net, { ...forwarded, sourcePort }, chooser));
      return port(1) === port(2);
    }, 9);
    expect(twice.branches.map(({ value }) => value)).toEqual([true, true]);
    const sysctls = { 'net.ipv4.fib_multipath_hash_policy': '1' };
    const layer4 = network({ links, routes: [`default ${hops}`], sysctls });
    expect(answers(layer4, forwarded)).toHaveLength(2);
  });

  it('of a group of nexthop objects, is one for a bound IPv6 socket too', () => {
    const sides = [link('lo', ['::1/128 host']), link('e0', ['fd00::1/64']), link('e1', ['fd01::1/64'])];
    const toBoth = 'nexthop via fd00::9 dev e0 weight 1 nexthop via fd01::9 dev e1 weight 3';
    const asked = (route: string, outInterface: string): string[] =>
      answers(
        network({ family: 6, links: sides, routes: [route] }),
        flow('2001:db8::1', { source: ip('fd00::1'), outInterface }),
      );
    expect(asked(`2001:db8::/32 ${toBoth}`, 'e0')).toEqual(['e0 254']);
    expect(asked(`2001:db8::/32 nhid 9 ${toBoth}`, 'e0')).toEqual(['e0 254 p=0.25', 'e1 254 p=0.75']);
    expect(asked(`2001:db8::/32 nhid 9 ${toBoth}`, 'e1')).toEqual(['e0 254 p=0.25', 'e1 254 p=0.75']);
    expect(asked(`2001:db8::/32 nhid 9 ${toBoth}`, 'lo')).toEqual(['ENETUNREACH']);
  });

  it('of equal default routes, hangs on the neighbours', () => {
    const net = network({ links, routes: ['default via 10.0.1.2 dev e1', 'default via 10.0.2.2 dev e2'] });
    expect(answers(net, flow('8.8.8.8'))).toEqual(['e1 254 p=?', 'e2 254 p=?']);
    expect(answers(net, forwarded)).toEqual(['e1 254']);
  });
});

describe('IPv6', () => {
  const v6 = [
    link('lo', ['::1/128 host']),
    link('e0', ['fd00::1/64', 'fe80::1/64 link']),
    link('e1', ['fe80::2/64 link']),
  ];
  const net = network({
    family: 6,
    links: v6,
    routes: [
      'fe80::/64 dev e0 metric 256',
      'fe80::/64 dev e1 metric 256',
      'default via fe80::9 dev e0 metric 1024',
      'default via fe80::8 dev e1 metric 1024 pref high',
      'fd01::/16 via fe80::9 dev e0 metric 10 from fd00::/64',
      'fd01::/16 via fe80::8 dev e1 metric 10',
      'unreachable fd02::/16 dev lo metric 1',
    ],
  });

  it.each<[string, Partial<Flow>, string]>([
    ['fd00::1', {}, 'e0 255'],
    ['2001:db8::1', {}, 'e1 254'],
    ['fe80::77', { outInterface: 'e1' }, 'e1 254'],
    ['fe80::77', { inInterface: 'e1', source: ip('fe80::5') }, 'e1 254'],
    ['fe80::1', { inInterface: 'e1', source: ip('fe80::5') }, 'e1 254'],
    ['fd01::1', { source: ip('fd00::1') }, 'e0 254'],
    ['fd01::1', { source: ip('fd05::1') }, 'e1 254'],
    ['fd02::1', {}, 'EHOSTUNREACH'],
  ])('%s %o', (to, fields, expected) => {
    expect(answers(net, flow(to, fields))).toEqual([expected]);
  });

  it('hides the routes of a prefix that name no source where others do, but not the default route', () => {
    const routes = [
      'fd01::/16 via fe80::9 dev e0 metric 10 from fd00::/64',
      'fd01::/16 via fe80::8 dev e1 metric 10',
      'default via fe80::9 dev e0 metric 10 from fd00::/64',
      'default via fe80::8 dev e1 metric 10',
      'fd00::/8 via fe80::7 dev e0 metric 10',
    ];
    const specific = network({ family: 6, links: v6, routes });
    const out = (to: string, source: string): string[] => answers(specific, flow(to, { source: ip(source) }));
    expect(out('fd01::1', 'fd05::1')).toEqual(['e0 254']);
    expect(out('2001:db8::1', 'fd05::1')).toEqual(['e1 254']);
    const bound = flow('fd01::1', { source: ip('fd00::1'), outInterface: 'e1' });
    expect(answers(specific, bound)).toEqual(['e1 254']);
    // Coming back from a longer prefix that does not fit the socket's device, they are found.
    const back = network({
      family: 6,
      links: v6,
      routes: [...routes, 'blackhole fd01:2::/32 dev lo metric 1024'],
    });
    const away = flow('fd01:2::1', { source: ip('fd05::1'), outInterface: 'e1' });
    expect(answers(back, away)).toEqual(['e1 254']);
    expect(answers(back, flow('fd01:3::1', { source: ip('fd05::1'), outInterface: 'e1' }))).toEqual([
      'e1 254',
    ]);
  });
});
