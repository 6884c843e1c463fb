/** `ip route`, line by line. */
import { describe, expect, it } from 'vitest';
import { open } from '../../test/support/section.js';
import { formatPrefix } from '../address/prefix.js';
import type { Route } from '../routing/model.js';
import { readRoutes } from './ip-route.js';
import { readPolicyRules } from './ip-rule.js';
import { TableNames } from './table-names.js';

function routes(
  text: string,
  table: number | null = null,
  names = new TableNames(),
): { readonly routes: readonly Route[]; readonly codes: readonly string[] } {
  const { report, codes } = open(text);
  return { routes: readRoutes(null, table, names, report).routes, codes: codes() };
}

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

describe('table names', () => {
  it('means one table by one name, in rules and in routes', () => {
    const names = new TableNames();
    const [rule] = readPolicyRules(null, names, open('5000: from 10.0.0.1 lookup blue').report).rules;
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
