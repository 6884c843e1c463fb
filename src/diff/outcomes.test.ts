import { describe, expect, it } from 'vitest';
import { loadNode } from '../snapshot/load-any.js';
import { agreement } from './outcomes.js';
import { PairWalker } from './walker.js';

const ROUTES = `default via 10.0.0.1 dev eth0
10.0.0.0/24 dev eth0 scope link src 10.0.0.2
local 10.0.0.2 dev eth0 table local scope host src 10.0.0.2
`;
const LINKS = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500
    inet 10.0.0.2/24 scope global eth0
`;
const RULES = `0:	from all lookup local
32766:	from all lookup main
32767:	from all lookup default
`;
const SETTINGS = `net.ipv4.ip_forward = 1
net.ipv4.conf.all.rp_filter = 0
net.ipv4.conf.eth0.rp_filter = 0
`;
const PACKET = { proto: 'tcp', in: null, dst: '203.0.113.9', dport: 443 };

function node(filter: string, nat = ''): ReturnType<typeof loadNode> {
  const table = (name: string, chains: readonly string[], rules: string): string =>
    `*${name}\n${chains.map((chain) => `:${chain} ACCEPT [0:0]\n`).join('')}${rules}COMMIT\n`;
  const save =
    table('filter', ['INPUT', 'FORWARD', 'OUTPUT'], filter) +
    table('nat', ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'], nat) +
    table('mangle', ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'], '');
  return loadNode('node', [
    { name: 'iptables-save.txt', text: save },
    { name: 'ip-route.txt', text: ROUTES },
    { name: 'ip-addr.txt', text: LINKS },
    { name: 'ip-rule.txt', text: RULES },
    { name: 'sysctl.txt', text: SETTINGS },
  ]);
}

function agree(a: ReturnType<typeof node>, b: ReturnType<typeof node>): string | null {
  const both = new PairWalker(a, b).walk(PACKET, false);
  return both === null ? null : agreement(both.a, both.b);
}

describe('two results', () => {
  it('are the same whatever rule says so', () => {
    const one = node('-A OUTPUT -d 203.0.113.0/24 -j DROP\n');
    const other = node('-A OUTPUT -p udp -j ACCEPT\n-A OUTPUT -p tcp -j DROP\n');
    expect(agree(one, other)).toBe('same');
    expect(agree(one, node(''))).toBe('different');
  });

  it('differ by their answer, or by chance alone', () => {
    const half = '-A OUTPUT -m statistic --mode random --probability 0.50000000000 -j DROP\n';
    const fifth = '-A OUTPUT -m statistic --mode random --probability 0.20000000000 -j DROP\n';
    expect(agree(node(half), node(half))).toBe('same');
    expect(agree(node(half), node(fifth))).toBe('different');
    expect(agree(node(''), node('-A INPUT -m conntrack --ctstate ESTABLISHED -j DROP\n'))).toBe('different');
  });

  it('differ by what is remembered of a connection that goes on, not of one that was dropped', () => {
    const mark = '-A OUTPUT -j CONNMARK --set-xmark 0x1/0xffffffff\n';
    expect(agree(node('', mark), node(''))).toBe('different');
    const drop = '-A OUTPUT -j DROP\n';
    expect(agree(node(drop, mark), node(drop))).toBe('same');
  });

  it('are open where only what they rest on differs', () => {
    const limit = (rate: string): string => `-A OUTPUT -m limit --limit ${rate} -j DROP\n`;
    expect(agree(node(limit('1/sec')), node(limit('1/sec')))).toBe('same');
    expect(agree(node(limit('1/sec')), node(limit('9/min')))).toBe('open');
    expect(agree(node(limit('1/sec')), node(''))).toBe('different');
  });
});
