/** Rules that the nft at hand does not print, or no longer: of older and newer versions, and of none. */
import { describe, expect, it } from 'vitest';
import { printRule } from '../print.js';
import { readRule } from './rule.js';

function reprinted(text: string): string {
  const { statements, comment } = readRule(text);
  return printRule({ statements, comment });
}

describe('rules that are read whole', () => {
  it.each([
    // What this project's kernel tests cannot load everywhere.
    ['queue', 'queue'],
    ['queue num 2', 'queue to 2'],
    ['queue num 2-5 bypass,fanout', 'queue flags bypass,fanout to 2-5'],
    ['queue flags bypass to numgen inc mod 4', 'queue flags bypass to numgen inc mod 4'],
    ['queue to symhash mod 4 offset 1', 'queue to symhash mod 4 offset 1'],
    ['flow add @ft', 'flow add @ft'],
    ['flow offload @ft', 'flow add @ft'],
    ['update @s { ip saddr ct count over 5 } drop', 'update @s { ip saddr ct count over 5 } drop'],
    ['socket cgroupv2 level 2 "system.slice/a.service"', 'socket cgroupv2 level 2 "system.slice/a.service"'],
    ['meta ibrname "br0" meta obrname "br1"', 'meta ibrname "br0" meta obrname "br1"'],
    ['meta l4proto tcp tproxy to :tcp dport map { 80 : 15001 }', 'meta l4proto tcp tproxy to :tcp dport map { 80 : 15001 }'],
    // As 1.0.6 prints a range that iptables-nft made, and a tuple's port whose type it does not know.
    ['snat to [fd00::1-fd00::5]:80 random', 'snat to [fd00::1]-[fd00::5]:80 random'],
    ['ct original proto-src { 0x16 [invalid type], 0x50 [invalid type]-0x5a [invalid type] } accept', 'ct original proto-src { 0x16, 0x50-0x5a } accept'],
    // Newer: 1.0.7 and later.
    ['vxlan ip saddr 10.0.0.1', 'vxlan ip saddr 10.0.0.1'],
    ['udp dport 4789 vxlan vni 5', 'udp dport 4789 vxlan vni 5'],
    ['geneve vni 5 geneve udp dport 53', 'geneve vni 5 geneve udp dport 53'],
    ['gre ip daddr 10.0.0.1', 'gre ip daddr 10.0.0.1'],
    ['meta broute set 1', 'meta broute set 1'],
    ['exthdr srh exists', 'exthdr srh exists'],
    ['dccp option 5 exists', 'dccp option 5 exists'],
    ['last used 5m3s', 'last used 5m3s'],
    ['last used never', 'last used never'],
    ['fib daddr check exists', 'fib daddr check exists'],
    ['limit rate 5/second burst 5 packets', 'limit rate 5/second'],
    ['limit rate 10 mbytes/second burst 256 kbytes', 'limit rate 10 mbytes/second burst 256 kbytes'],
    ['tcp option mptcp subtype mp-join', 'tcp option mptcp subtype mp-join'],
    ['xt match "comment" xt target "MASQUERADE"', 'xt match comment xt target MASQUERADE'],
    ['ct mark set ct mark & 0xffffff00 | 0x00000001', 'ct mark set ct mark & 0xffffff00 | 0x00000001'],
    ['meta mark set meta mark & 0xffff00ff ^ 0x4000', 'meta mark set meta mark & 0xffff00ff ^ 0x4000'],
    ['meta mark set (meta mark | 0x1) & 0xff', 'meta mark set (meta mark | 0x1) & 0xff'],
    ['update @m { ip saddr timeout 1h : 10.0.0.1 }', 'update @m { ip saddr timeout 1h : 10.0.0.1 }'],
    ['add @m { ip saddr : jump a }', 'add @m { ip saddr : jump a }'],
    // Older.
    ['snat 10.0.0.1', 'snat to 10.0.0.1'],
    ['dnat 10.0.0.1:8080', 'dnat to 10.0.0.1:8080'],
    ['ip saddr 10.13.37.0/24 snat 10.0.0.1-10.0.0.9 random', 'ip saddr 10.13.37.0/24 snat to 10.0.0.1-10.0.0.9 random'],
    ['mark 5 mark set 6', 'meta mark 5 meta mark set 6'],
    ['meta iif "lo" accept', 'iif "lo" accept'],
    ['skuid root counter', 'meta skuid root counter packets 0 bytes 0'],
    ['set add ip saddr @s', 'add @s { ip saddr }'],
    ['meter m size 128 { ip saddr limit rate 5/second }', 'meter m size 128 { ip saddr limit rate 5/second }'],
    ['reject with icmp type host-unreachable', 'reject with icmp host-unreachable'],
    ['tcp dport {22,80}', 'tcp dport { 22, 80 }'],
    ['ct state established , related accept', 'ct state established,related accept'],
    ['tcp flags & (syn|ack) == syn', 'tcp flags syn / syn,ack'],
    ['tcp dport ne 22 tcp sport ge 1024', 'tcp dport != 22 tcp sport >= 1024'],
    ['redirect to 8080', 'redirect to :8080'],
    ['log prefix "x" group 0', 'log prefix "x" group 0'],
    ['accept comment "one \'two\' { } ; # three"', 'accept comment "one \'two\' { } ; # three"'],
  ])('%s', (text, expected) => {
    expect([readRule(text).unread, reprinted(text)]).toEqual([null, expected]);
  }); // prettier-ignore
});

describe('rules with something that is not known', () => {
  it.each([
    ['frobnicate the packet', 0, []],
    ['tcp dport 22 frobnicate 5 accept', 13, ['match']],
    ['counter packets 1 bytes 2 tcp dport 22 wobble { 1, 2 } drop comment "x"', 39, ['counter', 'match']],
    ['accept )', 7, ['verdict']],
    ['ip saddr', 0, []],
    ['jump', 0, []],
    ['tcp dport vmap { 22 : accept,, }', 0, []],
    ['meta mark set ??', 0, []],
    ['ip daddr 10.0.0.1 tcp dport accept', 18, ['match']],
  ])('%s: keep the rest as it is from there', (text, start, before) => {
    const { statements, comment, unread } = readRule(text);
    const kinds = statements.map(({ kind }) => kind);
    expect(kinds.slice(0, before.length)).toEqual(before);
    expect(kinds.at(-1)).toBe('opaque');
    expect(unread?.start).toBe(start);
    expect(reprinted(text)).toBe(text);
    expect(comment).toBe(text.endsWith('"x"') ? 'x' : null);
  });
});
