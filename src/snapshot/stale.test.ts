/** Commands that change the node among its listings: what still counts, and what the answers then rest on. */
import { describe, expect, it } from 'vitest';
import { printRuleSet } from '../iptables/print.js';
import type { Node } from '../packet/node.js';
import { trace } from '../packet/trace.js';
import { changesOf } from './changes.js';
import { loadNode } from './load.js';

const HOOKS = ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'];
const NAT = `*nat\n${HOOKS.map((hook) => `:${hook} ACCEPT [0:0]\n`).join('')}-A POSTROUTING -j MASQUERADE\nCOMMIT\n`;
const FILTER = '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n';
const NAT_S = HOOKS.map((hook) => `-P ${hook} ACCEPT\n`).join('');
const SAVE = `$ iptables-save\n${NAT}${FILTER}`;
const RULES = '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n';
const ENTRY =
  'udp      17 29 src=10.0.0.2 dst=10.0.0.9 sport=50 dport=53 src=10.0.0.9 dst=10.0.0.2 sport=53 dport=50 mark=0 use=1\n';
const SETS = 'create A hash:ip family inet\nadd A 10.0.0.1\ncreate B hash:ip family inet\n';
const TABLE =
  'table inet x {\n\tchain y {\n\t\ttype filter hook forward priority filter; policy accept;\n\t}\n}\n';
const ROUTE = 'default via 10.0.0.254 dev e0\n';

function load(text: string): Node {
  return loadNode('node', [{ name: 'node.txt', text }]);
}

/** `line:column command` of the changes that a transcript has behind the listing that they change. */
function stale(node: Node): readonly string[] {
  return node.diagnostics.flatMap(({ code, span, params }) => {
    if (code !== 'READ_CHANGED_AFTER' || span === null) return [];
    const { line, column } = span.source.position(span.start);
    return [`${String(line)}:${String(column)} ${String(params['command'])}`];
  });
}

/** The commands that every outcome of an answer rests on not having been typed. */
function rests(node: Node, family: 4 | 6 = 4): readonly string[] {
  const dst = family === 4 ? '10.0.0.9' : '2001:db8::9';
  const { outcomes } = trace(node, { in: null, proto: 'udp', dst, dport: 53 });
  const commands = outcomes.map(({ assumptions }) =>
    assumptions.flatMap(({ code, params }) =>
      code === 'ASM_CHANGED_AFTER' ? [String(params['command'])] : [],
    ),
  );
  expect(new Set(commands.map((list) => list.join())).size).toBe(1);
  return commands[0] ?? [];
}

describe('a change behind the only listing of its kind', () => {
  it.each<[listing: string, command: string]>([
    [SAVE, 'iptables -A INPUT -j DROP'],
    [SAVE, 'sudo iptables -t nat -F'],
    [SAVE, 'iptables -P FORWARD DROP'],
    [SAVE, 'iptables -t nat -I POSTROUTING 1 -d 10.0.0.0/8 -j RETURN'],
    [SAVE, 'iptables-restore < /tmp/rules'],
    [SAVE, 'iptables-save | sed s/a/b/ | sudo iptables-restore'],
    [SAVE, 'nft flush ruleset'],
    [SAVE, 'ip route flush cache; iptables -A INPUT -j DROP'],
    [`$ iptables -t nat -S\n${NAT_S}`, 'iptables -t nat -D POSTROUTING 1'],
    [`$ ip rule\n${RULES}`, 'ip rule add from 10.0.0.2 lookup 7'],
    [`$ ip rule\n${RULES}`, 'ip rule del pref 512'],
    [`$ ip route\n${ROUTE}`, 'ip route del default'],
    [`$ ip route show table all\n${ROUTE}`, 'ip route replace default dev e1 table 7'],
    [`$ ip route\n${ROUTE}`, 'ip link set e0 down'],
    [`$ ipset save\n${SETS}`, 'ipset add A 10.0.0.9'],
    [`$ ipset list A\nName: A\nType: hash:ip\nMembers:\n`, 'ipset flush A'],
    ['$ sysctl -a\nnet.ipv4.ip_forward = 1\n', 'sysctl -q -w net.ipv4.ip_forward=0'],
    ['$ sysctl -a\nnet.ipv4.ip_forward = 1\n', 'echo 0 > /proc/sys/net/ipv4/ip_forward'],
    ['$ sysctl -a\nnet.ipv4.conf.e0.forwarding = 1\n', 'echo 0 > /proc/sys/net/ipv4/ip_forward'],
    ['$ sysctl -a\nnet.ipv4.ip_forward = 1\n', 'sysctl -q -w net.ipv4.conf.all.forwarding=0'],
    [`$ nft list ruleset\n${TABLE}`, 'nft add rule inet x y drop'],
    [`$ nft list ruleset\n${TABLE}`, 'nft -f /etc/nftables.conf'],
    [`$ nft list ruleset\n${TABLE.replace('inet x', 'ip filter')}`, 'iptables -A INPUT -j DROP'],
    [`$ conntrack -L\n${ENTRY}`, 'conntrack -D -p udp'],
    [SAVE, 'sudo systemctl restart docker'],
    [SAVE, 'systemctl stop firewalld.service'],
    [SAVE, 'service kubelet restart'],
    [`$ nft list ruleset\n${TABLE}`, 'systemctl reload nftables'],
    [`$ ip route\n${ROUTE}`, 'systemctl restart NetworkManager'],
  ])('%j, then %s', (listing, command) => {
    const node = load(`${listing}$ ${command}\n`);
    const line = listing.split('\n').length;
    expect(stale(node)).toEqual([`${String(line)}:3 ${command}`]);
    expect(rests(node)).toEqual([command]);
  });

  it.each<[listing: string, command: string]>([
    [SAVE, 'iptables -C INPUT -j DROP'],
    [SAVE, 'iptables -N NEW'],
    [SAVE, 'ip6tables -A INPUT -j DROP'],
    [SAVE, 'ip rule add from 10.0.0.2 lookup 7'],
    [`$ iptables -t nat -S\n${NAT_S}`, 'iptables -A INPUT -j DROP'],
    [`$ iptables -S\n-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n`, 'iptables -t nat -F'],
    [`$ ip route show table 7\n${ROUTE}`, 'ip route del default'],
    [`$ ip rule\n${RULES}`, 'ip -6 rule del pref 512'],
    ['$ sysctl -a\nnet.ipv4.ip_forward = 1\n', 'sysctl -w net.ipv4.conf.all.rp_filter=0'],
    ['$ sysctl -a\nnet.ipv6.conf.e0.forwarding = 1\n', 'echo 0 > /proc/sys/net/ipv4/ip_forward'],
    ['$ sysctl -a\nnet.ipv4.conf.e0.rp_filter = 1\n', 'echo 0 > /proc/sys/net/ipv4/ip_forward'],
    [`$ conntrack -L\n${ENTRY}`, 'conntrack -E'],
    [SAVE, 'ip netns exec blue iptables -F'],
    [SAVE, 'ssh other iptables -F'],
  ])('does not touch %j: %s', (listing, command) => {
    const node = load(`${listing}$ ${command}\n`);
    expect(stale(node)).toEqual([]);
    expect(node.grounds).toEqual([]);
  });

  it('is of one family where its command is', () => {
    const node = load(
      `${SAVE}$ ip6tables-save\n${FILTER}$ ip6tables -A OUTPUT -j DROP\n$ ip -6 route\ndefault dev e0\n`,
    );
    expect(rests(node, 4)).toEqual([]);
    expect(rests(node, 6)).toEqual(['ip6tables -A OUTPUT -j DROP']);
  });
});

describe('a change before the listing', () => {
  it.each([
    `$ iptables -A INPUT -j DROP\n${SAVE}`,
    `$ ip rule add from 10.0.0.2 lookup 7\n$ ip rule\n${RULES}`,
    `$ conntrack -D\n$ conntrack -L\n${ENTRY}`,
    `$ sysctl -w net.ipv4.ip_forward=1\nnet.ipv4.ip_forward = 1\n`,
  ])('is in it: %j', (text) => {
    const node = load(text);
    expect(stale(node)).toEqual([]);
    expect(node.grounds).toEqual([]);
  });
});

describe('a change between two listings', () => {
  it('leaves the later save, though it has fewer rules', () => {
    const later = `${NAT.replace('-A POSTROUTING -j MASQUERADE\n', '')}${FILTER}`;
    const node = load(`${SAVE}$ iptables -t nat -F\n$ iptables-save\n${later}`);
    expect(printRuleSet(node.ruleSets[4])).toBe(later);
    expect([stale(node), rests(node)]).toEqual([[], []]);
    expect(node.diagnostics.map(({ code }) => code)).not.toContain('RULE_DUMPS_DISAGREE');
  });

  it('leaves the later listing of the table that it changes, and the others of before', () => {
    const node = load(`${SAVE}$ iptables -t nat -F\n$ iptables -t nat -S\n${NAT_S}`);
    const nat = node.ruleSets[4].tables.get('nat');
    expect(nat?.chains.get('POSTROUTING')?.rules).toEqual([]);
    expect(node.ruleSets[4].tables.has('filter')).toBe(true);
    expect([stale(node), rests(node)]).toEqual([[], []]);
    expect(node.diagnostics.map(({ code }) => code)).toContain('READ_OUTDATED');
  });

  it('leaves the later list of policy rules, of routes, of entries, and of a set', () => {
    const rules = load(`$ ip rule\n9:\tfrom all lookup 7\n${RULES}$ ip rule del pref 9\n$ ip rule\n${RULES}`);
    expect(rules.networks[4].rules.map(({ priority }) => priority)).toEqual([0, 32766, 32767]);
    const routes = load(
      `$ ip route show table all\n${ROUTE}10.0.0.0/24 dev e0\ndefault dev e1 table 7\n$ ip route del 10.0.0.0/24\n$ ip route\n${ROUTE}`,
    );
    expect([...routes.networks[4].tables].map(([table, list]) => [table, list.length])).toEqual([
      [7, 1],
      [254, 1],
    ]);
    const entries = load(`$ conntrack -L\n${ENTRY}$ conntrack -F\n$ conntrack -L\n`);
    expect(entries.connections).toEqual([]);
    const sets = load(
      `$ ipset save\n${SETS}$ ipset del A 10.0.0.1\n$ ipset save A\ncreate A hash:ip family inet\n`,
    );
    const counts = [...(sets.sets ?? [])].map(([name, { entries: list }]) => [name, list.length] as const);
    expect(Object.fromEntries(counts)).toEqual({ A: 0, B: 0 });
    const forward = load(
      '$ sysctl -a\nnet.ipv4.ip_forward = 1\n$ sysctl -w net.ipv4.ip_forward=0\nnet.ipv4.ip_forward = 0\n',
    );
    expect(forward.sysctls.get('net.ipv4.ip_forward')).toBe('0');
    for (const node of [rules, routes, entries, sets, forward])
      expect([stale(node), rests(node)]).toEqual([[], []]);
  });

  it('is said where the later one went through a filter or is of a part', () => {
    for (const command of ['iptables-save | grep POST', 'iptables -t nat -S POSTROUTING', 'iptables -S'])
      expect(stale(load(`${SAVE}$ iptables -t nat -F\n$ ${command}\n-P POSTROUTING ACCEPT\n`))).toHaveLength(
        1,
      );
  });
});

it('reads what loops and several commands on a line change', () => {
  const told = (line: string): readonly string[] =>
    changesOf(line).map(({ group, family, part }) => [group, family ?? '', part ?? ''].join(' ').trim());
  expect(told('for t in nat raw; do iptables -t $t -F; done')).toContain('iptables 4 $t');
  expect(told('ip route add 2001:db8::/64 dev e0 && ip -4 rule add pref 9 lookup 7')).toEqual([
    'routes 6 main',
    'rules 4',
  ]);
  expect(told('ip r add default dev e0 table 255')).toEqual(['routes 4 local']);
  expect(told('ipset swap A B')).toEqual(['sets  A', 'sets  B']);
  expect(told('echo 1 | sudo tee /proc/sys/net/ipv4/ip_forward')).toEqual(['sysctl  net.ipv4.ip_forward']);
  expect(told('iptables-save > /tmp/rules')).toEqual([]);
  expect(told('systemctl restart --now sshd docker')).toEqual(['iptables 4', 'iptables 6', 'nft']);
  for (const shows of ['systemctl status docker', 'systemctl restart sshd', 'service docker status'])
    expect(told(shows)).toEqual([]);
});
