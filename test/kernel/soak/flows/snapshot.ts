/** Nodes of the profile `flows`: three links, a second way out for a mark, and drawn rules. */
import { NOT_LIBERAL, UNCHANGED } from '../unchanged.js';
import fc from 'fast-check';
import { type Setting, type SoakCase, saveHeader } from '../profile.js';
import { type RuleLine, type Table, ruleLines } from './rules.js';
import type { Vocabulary } from './vocabulary.js';

const LINKS = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    inet 127.0.0.1/8 scope host lo
    inet6 ::1/128 scope host
2: lan: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default
    link/ether 02:00:00:00:01:01 brd ff:ff:ff:ff:ff:ff
    inet 10.0.0.1/24 brd 10.0.0.255 scope global lan
    inet6 fd00:a::1/64 scope global
    inet6 fe80::1/64 scope link
3: wan: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default
    link/ether 02:00:00:00:01:02 brd ff:ff:ff:ff:ff:ff
    inet 10.0.1.1/24 brd 10.0.1.255 scope global wan
    inet 10.0.1.2/24 brd 10.0.1.255 scope global secondary wan
    inet6 fd00:b::1/64 scope global
    inet6 fd00:b::2/64 scope global
    inet6 fe80::2/64 scope link
4: dmz: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default
    link/ether 02:00:00:00:01:03 brd ff:ff:ff:ff:ff:ff
    inet 10.0.2.1/24 brd 10.0.2.255 scope global dmz
    inet6 fd00:c::1/64 scope global
    inet6 fe80::3/64 scope link
`;

const ROUTES = `default via 10.0.1.254 dev wan
10.0.0.0/24 dev lan proto kernel scope link src 10.0.0.1
10.0.1.0/24 dev wan proto kernel scope link src 10.0.1.1
10.0.2.0/24 dev dmz proto kernel scope link src 10.0.2.1
default via 10.0.2.254 dev dmz table 100
local 10.0.0.1 dev lan table local proto kernel scope host src 10.0.0.1
broadcast 10.0.0.255 dev lan table local proto kernel scope link src 10.0.0.1
local 10.0.1.1 dev wan table local proto kernel scope host src 10.0.1.1
local 10.0.1.2 dev wan table local proto kernel scope host src 10.0.1.1
broadcast 10.0.1.255 dev wan table local proto kernel scope link src 10.0.1.1
local 10.0.2.1 dev dmz table local proto kernel scope host src 10.0.2.1
broadcast 10.0.2.255 dev dmz table local proto kernel scope link src 10.0.2.1
local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1
local 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1
broadcast 127.255.255.255 dev lo table local proto kernel scope link src 127.0.0.1
`;

const ROUTES6 = `fd00:a::/64 dev lan proto kernel metric 256 pref medium
fd00:b::/64 dev wan proto kernel metric 256 pref medium
fd00:c::/64 dev dmz proto kernel metric 256 pref medium
default via fd00:b::fe dev wan metric 1024 pref medium
default via fd00:c::fe dev dmz table 100 metric 1024 pref medium
local ::1 dev lo table local proto kernel metric 0 pref medium
local fd00:a::1 dev lan table local proto kernel metric 0 pref medium
local fd00:b::1 dev wan table local proto kernel metric 0 pref medium
local fd00:b::2 dev wan table local proto kernel metric 0 pref medium
local fd00:c::1 dev dmz table local proto kernel metric 0 pref medium
local fe80::1 dev lan table local proto kernel metric 0 pref medium
local fe80::2 dev wan table local proto kernel metric 0 pref medium
local fe80::3 dev dmz table local proto kernel metric 0 pref medium
multicast ff00::/8 dev lan table local proto kernel metric 256 pref medium
multicast ff00::/8 dev wan table local proto kernel metric 256 pref medium
multicast ff00::/8 dev dmz table local proto kernel metric 256 pref medium
`;

const RULES = `0:	from all lookup local
100:	from all fwmark 0x1/0x1 lookup 100
32766:	from all lookup main
`;

const CHAINS: Readonly<Record<Table, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
};

/** Neighbours are found by packets that the rules see: nobody could be reached without this. */
function discovery(table: Table, { family }: Setting): string[] {
  if (family === 4 || table === 'nat') return [];
  return CHAINS[table].flatMap((chain) =>
    [135, 136].map((type) => `-A ${chain} -p ipv6-icmp -m icmp6 --icmpv6-type ${type} -j ACCEPT`),
  );
}

function saveOf(lines: readonly RuleLine[], setting: Setting): string {
  const tables = (['raw', 'mangle', 'nat', 'filter'] as const).flatMap((table) => {
    const own = lines.filter((line) => line.table === table);
    if (own.length === 0 && table !== 'filter') return [];
    const heads = CHAINS[table].map((chain) => `:${chain} ACCEPT [0:0]`);
    return [`*${table}`, ...heads, ...discovery(table, setting), ...own.map(({ text }) => text), 'COMMIT'];
  });
  return `${saveHeader(setting)}${tables.join('\n')}\n`;
}

interface Switches {
  readonly rpFilter: number;
  readonly markCounts: boolean;
  readonly localnet: boolean;
  readonly loose: boolean;
}

function sysctls({ rpFilter, markCounts, localnet, loose }: Switches): string {
  const bit = (on: boolean): string => (on ? '1' : '0');
  const four = ['all', 'default', 'lo', 'lan', 'wan', 'dmz'].flatMap((device) => [
    `net.ipv4.conf.${device}.forwarding = 1`,
    `net.ipv4.conf.${device}.rp_filter = ${String(device === 'all' || device === 'lo' ? 0 : rpFilter)}`,
    `net.ipv4.conf.${device}.src_valid_mark = ${bit(markCounts)}`,
    `net.ipv4.conf.${device}.route_localnet = ${bit(localnet)}`,
    `net.ipv4.conf.${device}.accept_local = 0`,
    `net.ipv4.conf.${device}.bc_forwarding = 0`,
  ]);
  return [
    ...four,
    ...UNCHANGED,
    NOT_LIBERAL,
    'net.ipv4.ip_forward = 1',
    'net.ipv6.conf.all.forwarding = 1',
    `net.netfilter.nf_conntrack_tcp_loose = ${bit(loose)}`,
    '',
  ].join('\n');
}

/** The dumps of a drawn node. */
export function nodes(words: Vocabulary, setting: Setting): fc.Arbitrary<SoakCase['files']> {
  const switches = fc.record({
    rpFilter: fc.constantFrom(0, 0, 1, 2),
    markCounts: fc.boolean(),
    localnet: fc.boolean(),
    loose: fc.constantFrom(true, true, true, false),
  });
  return fc.tuple(ruleLines(words), switches).map(([lines, chosen]) => ({
    'ip-addr.txt': LINKS,
    'ip-route.txt': ROUTES,
    'ip6-route.txt': ROUTES6,
    'ip-rule.txt': `${RULES}32767:	from all lookup default\n`,
    'ip6-rule.txt': RULES,
    'sysctl.txt': sysctls(chosen),
    [words.family === 4 ? 'iptables-save.txt' : 'ip6tables-save.txt']: saveOf(lines, setting),
  }));
}
