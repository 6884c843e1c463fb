/** Each reader by itself: a text, what it gives, what it finds. */
import { describe, expect, it } from 'vitest';
import { formatAddress } from '../address/address.js';
import { formatPrefix } from '../address/prefix.js';
import type { Family } from '../address/address.js';
import type { PolicyRule, Route } from '../routing/model.js';
import { Diagnostics } from '../source/diagnostic.js';
import { SourceText } from '../source/source.js';
import { readLinks } from './ip-addr.js';
import { readRoutes } from './ip-route.js';
import { readPolicyRules } from './ip-rule.js';
import { readSets } from './ipset.js';
import { policyRuleLine } from './print-rule.js';
import { SectionReport } from './report.js';
import { canonicalKey, readSysctls } from './sysctl.js';
import { TableNames } from './table-names.js';

function open(text: string): { readonly report: SectionReport; readonly codes: () => readonly string[] } {
  const diagnostics = new Diagnostics();
  const codes = (): readonly string[] =>
    diagnostics.list.map(({ code, span }) => {
      if (span === null) return code;
      const { line, column } = span.source.position(span.start);
      return `${code}@${String(line)}:${String(column)}`;
    });
  return { report: new SectionReport(new SourceText('dump', text), diagnostics), codes };
}

function rules(
  text: string,
  family: Family | null = null,
  names = new TableNames(),
): { readonly rules: readonly PolicyRule[]; readonly codes: readonly string[]; readonly family: Family } {
  const { report, codes } = open(text);
  const read = readPolicyRules(family, names, report);
  return { ...read, codes: codes() };
}

function routes(
  text: string,
  table: number | null = null,
  names = new TableNames(),
): { readonly routes: readonly Route[]; readonly codes: readonly string[] } {
  const { report, codes } = open(text);
  return { routes: readRoutes(null, table, names, report).routes, codes: codes() };
}

describe('ip rule', () => {
  it.each([
    '0:\tfrom all lookup local',
    '50:\tfrom 1.2.3.4 blackhole',
    '51:\tfrom 1.2.3.5 unreachable',
    '52:\tfrom 1.2.3.6 prohibit',
    '53:\tfrom all nop',
    '54:\tnot from 1.2.3.0/24 to 5.6.7.0/24 tos 0x10 fwmark 0x1/0xff iif e0 oif e1 lookup 200',
    '55:\tfrom all ipproto tcp sport 10 dport 20-30 lookup main',
    '55:\tfrom all ipproto 200 lookup main',
    '56:\tfrom all uidrange 1000-2000 lookup 7',
    '57:\tfrom all lookup main suppress_prefixlength 0',
    '58:\tfrom all lookup main suppress_ifgroup 5',
    '59:\tfrom all goto 32766',
    '60:\tfrom all goto 40000 [unresolved]',
    '61:\tfrom all iif nosuch [detached] lookup main',
    '61:\tfrom all iif a [detached] oif b [detached] lookup main',
    '62:\tfrom all lookup 4294967294',
    '63:\tfrom all lookup main proto static',
    '64:\tfrom all tun_id 77 lookup main',
    '65:\tfrom all lookup main realms 3/4 proto bird',
    '1000:\tfrom all lookup [l3mdev-table]',
    '5000:\tfrom 10.96.135.5 lookup blue',
    '2852018311:\tfrom 169.254.0.2/31 lookup 2852018311',
    '512:\tfrom 2001:db8::/64 ipproto ipv6-icmp lookup main',
    '700:\tfrom all dscp 10 lookup main',
  ])('prints back %s', (line) => {
    const read = rules(`${line}\n`);
    expect(read.codes).toEqual([]);
    expect(read.rules.map(policyRuleLine)).toEqual([line]);
  });

  it.each([
    [
      '32764:  from all  lookup main suppress_prefixlength 0 ',
      '32764:\tfrom all lookup main suppress_prefixlength 0',
    ],
    ['10:     from all iif vlan.eth.2 lookup 102   # branch ENI', '10:\tfrom all iif vlan.eth.2 lookup 102'],
    ['7: from all fwmark 128 lookup main', '7:\tfrom all fwmark 0x80 lookup main'],
    ['8: from all dsfield lowdelay lookup main', '8:\tfrom all tos 0x10 lookup main'],
    ['9: from all ipproto 6 table main', '9:\tfrom all ipproto tcp lookup main'],
  ])('reads %s as %s', (line, canonical) => {
    const read = rules(line);
    expect(read.codes).toEqual([]);
    expect(read.rules.map(policyRuleLine)).toEqual([canonical]);
  });

  it.each([
    ['4294967296:\tfrom all lookup main', 'READ_PRIORITY@1:1'],
    ['1:\tfrom 10.0.0.256 lookup main', 'READ_VALUE@1:9'],
    ['1:\tfrom 10.0.0.0/33 lookup main', 'READ_VALUE@1:9'],
    ['1:\tfrom all fwmark 0x1ffffffff lookup main', 'READ_VALUE@1:20'],
    ['1:\tfrom all sport 70000 lookup main', 'READ_VALUE@1:19'],
    ['1:\tfrom all dport 30-20 lookup main', 'READ_VALUE@1:19'],
    ['1:\tfrom all lookup 4294967296', 'READ_VALUE@1:20'],
    ['1:\tfrom all frobnicate lookup main', 'READ_WORD@1:13'],
    ['1:\tfrom all lookup', 'READ_VALUE_MISSING@1:13'],
    ['1:\tfrom all fwmark 0x1', 'READ_RULE_NO_ACTION@1:1'],
    ['-5:\tfrom all lookup main\n', 'READ_LINE@1:1'],
    ['1:\tfrom 10.0.0.1 to 2001:db8::1 lookup main', 'READ_OTHER_FAMILY@1:1'],
    ['1:\tfrom a\0b lookup main', 'READ_VALUE@1:9'],
  ])('refuses %j', (line, code) => {
    const read = rules(line);
    expect(read.codes).toEqual([code]);
    expect(read.rules).toEqual([]);
  });

  it('keeps equal priorities in the order of the list, and sorts a list that is out of order', () => {
    const read = rules(
      '5: from 1.0.0.1 lookup 1\n9: from 1.0.0.2 lookup 2\n5: from 1.0.0.3 lookup 3\n9: from 1.0.0.4 lookup 4\n',
    );
    expect(read.codes).toEqual(['READ_RULE_ORDER@3:1']);
    expect(read.rules.map(({ action }) => (action.kind === 'lookup' ? action.table : 0))).toEqual([
      1, 3, 2, 4,
    ]);
  });

  it('goes on after a line that it cannot read', () => {
    const read = rules('0: from all lookup local\nwhat is this\n32766: from all lookup main\n');
    expect(read.codes).toEqual(['READ_LINE@2:1']);
    expect(read.rules).toHaveLength(2);
  });

  it('tells the family by the addresses, then by the hint, else takes IPv4', () => {
    expect(rules('1: from fe80::1 lookup main').family).toBe(6);
    expect(rules('1: from all lookup main', 6).family).toBe(6);
    expect(rules('1: from all lookup main').family).toBe(4);
  });

  it('keeps a hostile name a name', () => {
    const read = rules('1:\tfrom all iif __proto__ lookup constructor\n');
    expect(read.rules.map(policyRuleLine)).toEqual(['1:\tfrom all iif __proto__ lookup constructor']);
  });
});

describe('table names', () => {
  it('means one table by one name, in rules and in routes', () => {
    const names = new TableNames();
    const [rule] = rules('5000: from 10.0.0.1 lookup blue', null, names).rules;
    const [route] = routes('default dev eth0 table blue', null, names).routes;
    expect(rule?.action).toEqual({ kind: 'lookup', table: route?.table, name: 'blue' });
    expect(route?.table).toBeLessThan(0);
  });

  it('knows the fixed ones', () => {
    const names = new TableNames();
    expect(['local', 'main', 'default', '254', '0x64'].map((name) => names.idOf(name))).toEqual([
      255, 254, 253, 254, 100,
    ]);
    expect(names.idOf('4294967296')).toBeNull();
  });
});

describe('ip route', () => {
  it.each([
    'default via 10.0.1.254 dev e1',
    '10.0.0.0/24 dev e0 proto kernel scope link src 10.0.0.1',
    '10.3.0.0/16 encap ip id 5 src 0.0.0.0 dst 10.0.1.5 ttl 0 tos 0 dev e1 scope link',
    '10.5.0.0/16 dev e1 scope link realm 5 mtu 1400 advmss 1360 initcwnd 10',
    '10.5.0.0/16 dev e1 mtu lock 1400',
    'throw 10.6.0.0/16',
    'prohibit 10.9.0.0/16 metric 5',
    'blackhole 10.244.2.0/24 proto 80',
    '10.244.1.0/24 via 10.244.1.0 dev e1 onlink',
    '10.9.9.9 dev up0 proto kernel scope link src 10.0.0.6 linkdown',
    '10.8.0.0/16 tos 0x10 via 10.0.1.1 dev e1',
    '10.7.0.0/16 via inet6 fe80::1 dev e1',
    '172.19.0.0/16 nhid 1 via 10.0.1.3 dev e1',
    'blackhole 172.18.0.0/16 nhid 9 dev lo',
    '192.168.0.2 via 192.168.32.1 dev ens5 proto dhcp src 192.168.45.10 metric 512',
    '2001:db8::/64 dev up0 proto kernel metric 256 pref medium',
    'default via fe80::1 dev up0 proto ra metric 1024 expires 1799sec pref high',
    'default via fe80::2 dev eth0 proto ra metric 1024 expires 1715sec hoplimit 64 pref medium',
    'unreachable 2001:db8:dead::/48 dev lo metric 1024 pref medium',
    'default from 2001:db8:5::/64 via fe80::1 dev e0 metric 1024 pref medium',
    'local 10.0.0.4 dev up0 table local proto kernel scope host src 10.0.0.4',
    'multicast ff00::/8 dev br0 table local proto kernel metric 256 pref medium',
    'default dev e0 table blue scope link',
  ])('prints back %s', (line) => {
    const read = routes(`${line} \n`);
    expect(read.codes).toEqual([]);
    expect(read.routes.map(({ text }) => text)).toEqual([line]);
  });

  it.each([
    [
      'unicast default via 10.0.0.1 dev e1 table main proto boot scope global ',
      'default via 10.0.0.1 dev e1',
    ],
    [
      '10.0.0.0/24 dev e0 proto 2 scope 253 src 10.0.0.1',
      '10.0.0.0/24 dev e0 proto 2 scope link src 10.0.0.1',
    ],
    ['10.0.0.0/24  via 255.255.255.0  dev vpriv ', '10.0.0.0/24 via 255.255.255.0 dev vpriv'],
    ['default via 10.5.2.1 dev eni2              # default via VPC gateway', 'default via 10.5.2.1 dev eni2'],
    [
      'unreachable default dev lo metric 4294967295 error -101',
      'unreachable default dev lo metric 4294967295 error -101',
    ],
  ])('reads %s as %s', (line, canonical) => {
    const read = routes(line);
    expect(read.codes).toEqual([]);
    expect(read.routes.map(({ text }) => text)).toEqual([canonical]);
  });

  const multipath =
    '172.16.0.0/16 nexthop via 10.0.1.2 dev e1 weight 1 nexthop via 10.0.2.2 dev e2 weight 3 dead linkdown';
  it.each([
    [
      'lines',
      '172.16.0.0/16 \n\tnexthop via 10.0.1.2 dev e1 weight 1 \n\tnexthop via 10.0.2.2 dev e2 weight 3 dead linkdown \n',
    ],
    [
      '-o',
      '172.16.0.0/16 \\\tnexthop via 10.0.1.2 dev e1 weight 1 \\\tnexthop via 10.0.2.2 dev e2 weight 3 dead linkdown \n',
    ],
  ])('reads a multipath route of %s', (_form, text) => {
    const read = routes(`${text}10.0.0.0/8 dev e0\n`);
    expect(read.codes).toEqual([]);
    expect(read.routes.map((route) => route.text)).toEqual([multipath, '10.0.0.0/8 dev e0']);
    expect(read.routes[0]?.nexthops).toMatchObject([
      { device: 'e1', weight: 1, dead: false },
      { device: 'e2', weight: 3, dead: true, linkdown: true },
    ]);
  });

  it('tells the families of one listing apart, also where a line does not tell', () => {
    const read = routes(
      [
        'default dev wg0 table 5 scope link',
        'local 10.0.0.1 dev e0 table local scope host',
        '2001:db8::/64 dev e0 metric 256',
        'default dev wg0 metric 1024',
        '',
      ].join('\n'),
    );
    expect(read.routes.map(({ family }) => family)).toEqual([4, 4, 6, 6]);
    expect(read.routes.map(({ destination }) => formatPrefix(destination)).at(-1)).toBe('::/0');
  });

  it.each([
    ['lines without table words are of the table that is told', 'default dev e0', 101, [101]],
    [
      'lines with local types alone are table local',
      'local 10.0.0.1 dev e0 scope host\nbroadcast 10.0.0.255 dev e0 scope link',
      null,
      [255, 255],
    ],
    ['unless another table is told', 'local default dev lo scope host', 100, [100]],
    ['anything else is main', 'local 10.0.0.1 dev e0 scope host\ndefault dev e0', null, [254, 254]],
  ])('%s', (_rule, text, table, expected) => {
    expect(routes(text, table).routes.map((route) => route.table)).toEqual(expected);
  });

  it.each([
    ['10.0.0.0/33 dev e0', 'READ_VALUE@1:1'],
    ['300.0.0.0/8 dev e0', 'READ_VALUE@1:1'],
    ['10.0.0.0/8 via 10.0.0 dev e0', 'READ_VALUE@1:16'],
    ['192.168.26.147 dev vlan107abcf0bc3 scope lin', 'READ_VALUE@1:42'],
    ['10.0.0.0/8 dev e0 metric 4294967296', 'READ_VALUE@1:26'],
    ['10.0.0.0/8 dev', 'READ_VALUE_MISSING@1:12'],
    ['10.0.0.0/8 dev e0 bogus more', 'READ_WORD@1:19'],
  ])('refuses %j', (line, code) => {
    const read = routes(line);
    expect(read.codes).toEqual([code]);
    expect(read.routes).toEqual([]);
  });

  it('knows the errors of the tool, and lines that were left out', () => {
    const { report, codes } = open('Error: ipv4: FIB table does not exist.\nDump terminated\n');
    expect(readRoutes(null, 77, new TableNames(), report)).toMatchObject({
      routes: [],
      noSuchTable: true,
      table: 77,
    });
    expect(codes()).toEqual(['READ_TOOL_ERROR@1:1']);
    expect(routes('default dev e0\n...\n').codes).toEqual(['READ_ELIDED@2:1']);
    expect(routes('default dev e0\nTotal: cut he').codes).toEqual(['READ_CUT@2:1']);
  });

  it('takes a line of a megabyte', () => {
    const read = routes(
      `default dev e0\n${'x'.repeat(1_000_000)}\n10.0.0.0/8 dev ${'y'.repeat(1_000_000)}\n`,
    );
    expect(read.codes).toEqual(['READ_LINE@2:1']);
    expect(read.routes).toHaveLength(2);
  });
});

function links(text: string): ReturnType<typeof readLinks> & { readonly codes: readonly string[] } {
  const { report, codes } = open(text);
  return { ...readLinks(report), codes: codes() };
}

const LONG = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
6: up0@up1: <NO-CARRIER,BROADCAST,MULTICAST,UP,M-DOWN> mtu 1500 qdisc noqueue master br0 state LOWERLAYERDOWN group 7 qlen 1000
    link/ether de:fe:d5:fd:48:3a brd ff:ff:ff:ff:ff:ff link-netnsid 0
    altname enp0s1
    inet 10.0.0.4/24 metric 512 brd 10.0.0.255 scope global dynamic up0
       valid_lft 84872sec preferred_lft 84872sec
    inet 10.0.0.6 peer 10.9.9.9/32 scope global up0
    inet 10.0.0.5/24 scope global secondary up0:1
    inet6 fe80::dcfe:d5ff:fefd:483a/64 scope link tentative
`;

describe('ip addr', () => {
  it('reads the long form', () => {
    const read = links(LONG);
    expect(read.codes).toEqual([]);
    expect(
      read.links.map(({ name, index, peer, master, group, up, mtu, mac }) => ({
        name,
        index,
        peer,
        master,
        group,
        up,
        mtu,
        mac,
      })),
    ).toEqual([
      {
        name: 'lo',
        index: 1,
        peer: null,
        master: null,
        group: 0,
        up: true,
        mtu: 65536,
        mac: '00:00:00:00:00:00',
      },
      {
        name: 'up0',
        index: 6,
        peer: 'up1',
        master: 'br0',
        group: 7,
        up: true,
        mtu: 1500,
        mac: 'de:fe:d5:fd:48:3a',
      },
    ]);
    expect(
      read.links[1]?.addresses.map((own) => ({
        ...own,
        address: formatAddress(own.address),
        broadcast: own.broadcast === null ? null : formatAddress(own.broadcast),
        peer: own.peer === null ? null : formatAddress(own.peer),
      })),
    ).toEqual([
      {
        address: '10.0.0.4',
        length: 24,
        peer: null,
        broadcast: '10.0.0.255',
        scope: 0,
        secondary: false,
        metric: 512,
        words: ['dynamic', 'up0'],
      },
      {
        address: '10.0.0.6',
        length: 32,
        peer: '10.9.9.9',
        broadcast: null,
        scope: 0,
        secondary: false,
        metric: null,
        words: ['up0'],
      },
      {
        address: '10.0.0.5',
        length: 24,
        peer: null,
        broadcast: null,
        scope: 0,
        secondary: true,
        metric: null,
        words: ['up0:1'],
      },
      {
        address: 'fe80::dcfe:d5ff:fefd:483a',
        length: 64,
        peer: null,
        broadcast: null,
        scope: 253,
        secondary: false,
        metric: null,
        words: ['tentative'],
      },
    ]);
    expect([...read.families].sort()).toEqual([4, 6]);
  });

  it('reads -o as the long form', () => {
    const read = links(
      '6: up0    inet 10.0.0.4/24 brd 10.0.0.255 scope global up0\\       valid_lft forever preferred_lft forever\n6: up0    inet6 fe80::1/64 scope link \\       valid_lft forever preferred_lft forever\n',
    );
    expect(read.codes).toEqual([]);
    expect(read.links).toMatchObject([
      { name: 'up0', index: 6, addresses: [{ length: 24 }, { length: 64 }] },
    ]);
    const link = links(
      '1: lo: <LOOPBACK,UP> mtu 65536 mode DEFAULT group default \\    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n',
    );
    expect(link.links).toMatchObject([{ name: 'lo', mac: '00:00:00:00:00:00' }]);
  });

  it('reads -br, with indexes in the order of the listing', () => {
    const read = links(
      'lo               UNKNOWN        127.0.0.1/8 ::1/128 \nens5             UP             192.168.45.10/19 metric 512 fe80::1/64\nup0@up1  DOWN  10.0.0.6 peer 10.9.9.9/32\neni1   LOWERLAYERDOWN\n',
    );
    expect(read.codes).toEqual([]);
    expect(read.links).toMatchObject([
      { name: 'lo', index: -1, up: true, addresses: [{ length: 8, scope: 254 }, { length: 128 }] },
      { name: 'ens5', index: -2, addresses: [{ metric: 512 }, { scope: 253 }] },
      { name: 'up0', peer: 'up1', index: -3, up: false, addresses: [{ length: 32 }] },
      { name: 'eni1', index: -4, up: true, addresses: [] },
    ]);
  });

  it('reads -br link', () => {
    const read = links(
      'up0@up1          LOWERLAYERDOWN de:fe:d5:fd:48:3a <NO-CARRIER,BROADCAST,MULTICAST,UP,M-DOWN> \ndummy0 DOWN 02:00:00:00:00:01 <BROADCAST,NOARP>\n',
    );
    expect(read.codes).toEqual([]);
    expect(read.links).toMatchObject([
      { mac: 'de:fe:d5:fd:48:3a', up: true, flags: ['NO-CARRIER', 'BROADCAST', 'MULTICAST', 'UP', 'M-DOWN'] },
      { up: false, flags: ['BROADCAST', 'NOARP'] },
    ]);
  });

  it('stops at a second node', () => {
    const read = links(`${LONG}1: lo: <LOOPBACK> mtu 1\n    inet 10.1.1.1/8 scope host lo\n`);
    expect(read.codes).toEqual(['READ_SECOND_NODE@13:1']);
    expect(read.links).toHaveLength(2);
    expect(read.links[0]?.addresses).toHaveLength(1);
  });

  it.each([
    ['    inet 10.0.0.1/8 scope global e0\n', 'READ_NO_LINK@1:5'],
    ['1: e0: <UP> mtu 1500\n    inet 10.0.0.256/8 scope global e0\n', 'READ_VALUE@2:10'],
    ['1: e0: <UP> mtu 1500\n    inet 10.0.0.1/40 scope global e0\n', 'READ_VALUE@2:10'],
    ['1: e0: <UP> mtu many\n', 'READ_VALUE@1:17'],
    ['0: e0: <UP> mtu 1500\n', 'READ_VALUE@1:1'],
  ])('refuses %j', (text, code) => {
    expect(links(text).codes).toEqual([code]);
  });
});

describe('ipset', () => {
  const SAVE =
    'create B hash:net family inet hashsize 2048 timeout 300 comment\nadd B 10.0.0.0/8 timeout 299 nomatch comment "x y"\ncreate K hash:ip family inet6 hashsize 1024\nadd K 2001:db8::1\ncreate G list:set size 8\nadd G B\n';

  it('reads a save', () => {
    const { report, codes } = open(SAVE);
    const sets = readSets('save', report);
    expect(codes()).toEqual([]);
    expect([...sets.values()]).toMatchObject([
      {
        name: 'B',
        type: 'hash:net',
        family: 4,
        entries: [
          { text: '10.0.0.0/8', nomatch: true, words: ['timeout', '299', 'nomatch', 'comment', '"x y"'] },
        ],
      },
      { name: 'K', type: 'hash:ip', family: 6, entries: [{ text: '2001:db8::1', nomatch: false }] },
      { name: 'G', type: 'list:set', words: ['size', '8'], entries: [{ text: 'B' }] },
    ]);
  });

  it('reads a list as the same sets', () => {
    const { report, codes } = open(
      'Name: B\nType: hash:net\nRevision: 7\nHeader: family inet hashsize 2048 timeout 300 comment\nSize in memory: 932\nReferences: 1\nNumber of entries: 1\nMembers:\n10.0.0.0/8 timeout 299 nomatch comment "x y"\n\nName: K\nType: hash:ip\nHeader: family inet6 hashsize 1024\nMembers:\n2001:db8::1\n',
    );
    const sets = readSets('list', report);
    expect(codes()).toEqual([]);
    expect([...sets.values()]).toMatchObject([
      { name: 'B', type: 'hash:net', family: 4, entries: [{ text: '10.0.0.0/8', nomatch: true }] },
      { name: 'K', family: 6, entries: [{ text: '2001:db8::1' }] },
    ]);
  });

  it.each([
    ['add X 10.0.0.1\n', 'READ_SET_MISSING@1:1'],
    ['create X hash:ip family inet\ncreate X hash:ip family inet\n', 'READ_SET_TWICE@2:1'],
  ])('refuses %j', (text, code) => {
    const { report, codes } = open(text);
    readSets('save', report);
    expect(codes()).toEqual([code]);
  });

  it('keeps a hostile name a name', () => {
    const { report } = open('create __proto__ hash:ip family inet\nadd __proto__ 10.0.0.1\n');
    expect(readSets('save', report).get('__proto__')?.entries).toHaveLength(1);
  });
});

describe('sysctl', () => {
  it.each([
    ['net.ipv4.ip_forward', 'net.ipv4.ip_forward'],
    ['net.ipv4.conf.eth0/100.rp_filter', 'net.ipv4.conf.eth0/100.rp_filter'],
    ['net/ipv4/conf/eth0.100/rp_filter', 'net.ipv4.conf.eth0/100.rp_filter'],
    ['/proc/sys/net/ipv4/ip_forward', 'net.ipv4.ip_forward'],
  ])('knows %s as %s', (key, canonical) => {
    expect(canonicalKey(key)).toBe(canonical);
  });

  it('reads values with tabs, empty ones and assignments without blanks; the last of two counts', () => {
    const { report, codes } = open(
      '# a comment\nnet.ipv4.ip_local_port_range = 32768\t60999\nnet.ipv4.ip_local_reserved_ports = \nnet.ipv4.ip_forward=0\nnet.ipv4.ip_forward = 1\n',
    );
    expect([...readSysctls(report)]).toEqual([
      ['net.ipv4.ip_local_port_range', '32768\t60999'],
      ['net.ipv4.ip_local_reserved_ports', ''],
      ['net.ipv4.ip_forward', '1'],
    ]);
    expect(codes()).toEqual([]);
  });
});
