import { describe, expect, it } from 'vitest';
import { chainOf, ruleHolds, walkListing } from '../../test/support/nft.js';

/** `family rule | packet | yes, no or open`; the family left out: ip, or ip6 for a packet of family=6. */
const CASES = `
# headers, and what they imply
tcp dport 80 | | yes
tcp dport 80 | proto=udp | no
tcp dport != 80 | proto=udp | no
inet tcp dport 80 | family=6 | yes
inet ip saddr 10.0.0.0/8 | family=6 | no
inet ip saddr != 10.0.0.0/8 | family=6 | no
ip saddr 10.0.0.0/8 | | yes
ip saddr 10.0.0.0/8 | src=9.255.255.255-10.0.0.1 | open
ip daddr 10.0.0.1-10.0.0.3 | | yes
ip saddr != 10.0.0.1 | | no
ip6 saddr 2001:db8::/32 | family=6 | yes
ip6 daddr 2001:db8::3 | family=6 | no
udp sport 1-1024 | proto=udp sport=53 | yes
th dport 53 | proto=udp dport=53 | yes
meta l4proto { tcp, udp } th dport 53 | proto=icmp | no
th sport 2048 | proto=icmp icmp=8/0 | yes
ip protocol udp | | no
ip6 nexthdr 6 | family=6 | yes
ip ttl < 64 | | no
ip ttl > 63 | | yes
ip dscp cs1 | tos=32 | yes
ip6 dscp cs1 | family=6 tos=32 | yes
ip dscp != cs1 | tos=35 | no
ip ecn ce | tos=3 | yes
ip version 4 | | yes
ip length 100 | length=100 | yes
ip length 100 | | open
ip frag-off & 8191 != 0 | | no
ip id 5 | | open
icmp type echo-request | proto=icmp | yes
icmp type echo-reply | proto=icmp | no
icmp type { echo-reply, echo-request } icmp id 5 | proto=icmp icmp-id=5 | yes
icmpv6 type echo-request | family=6 proto=icmpv6 | yes
inet icmp type 8 | family=6 proto=icmpv6 | no
icmp code 1 | proto=icmp icmp=3/1 | yes
@nh,96,32 0x0a000001 | | yes
@th,16,16 80 | | yes
tcp dport 80 | dport=70-90 | open
tcp dport 60-100 | dport=70-90 | yes
tcp dport 1-60 | dport=70-90 | no
tcp option sack-permitted exists | | open
tcp option sack-perm exists | flags=ACK | no
tcp option sack-perm missing | flags=ACK | yes
tcp option maxseg size > 1 | flags=ACK | no
tcp option md5sig missing | flags=ACK | open
tcp option md5sig exists | proto=udp | no
# the condition that asks for TCP is not listed
tcp option md5sig missing | proto=udp | open
exthdr frag exists | family=6 | no
exthdr frag missing | family=6 | yes

ct original proto-src { 0x16 [invalid type], 0x9c40 [invalid type] } | state=NEW | yes

# flags
tcp flags syn | flags=SYN,ACK | yes
tcp flags == syn | flags=SYN,ACK | no
tcp flags syn / fin,syn,rst,ack | flags=SYN | yes
tcp flags syn / fin,syn,rst,ack | flags=SYN,ACK | no
tcp flags ! syn,rst | flags=ACK | yes
tcp flags ! syn,rst | flags=SYN | no
tcp flags != syn | flags=SYN,ACK | yes
tcp flags { syn, syn | ack } | flags=SYN,ACK | yes
tcp flags { syn, syn | ack } | flags=SYN,PSH | no

# ct
ct state established,related | state=ESTABLISHED | yes
ct state established,related | | no
ct state new | | yes
ct state { new, invalid } | state=INVALID | yes
ct state != established | | yes
ct state != established | related | state=ESTABLISHED | yes
ct state untracked | state=UNTRACKED | yes
ct status dnat | status=DST_NAT,CONFIRMED | yes
ct status dnat | status=CONFIRMED | no
ct status snat,dnat | status=SRC_NAT | yes
ct mark 0x5 | ctmark=5 | yes
ct mark 0x5 | ctmark=5 state=INVALID | no
ct mark != 0x5 | state=INVALID | no
ct mark & 0xf0 == 0x10 | ctmark=0x15 | yes
ct mark 0x5 | ctmark=0?1 | no
ct mark 0x1 | ctmark=0?1 | open
ct direction reply | dir=REPLY | yes
ct original ip saddr 10.0.0.1 | | yes
ct reply ip saddr 10.0.0.1 | | no
ct original proto-dst 80 | | yes
ct zone 3 | zone=3 | yes
ct expiration 10s | | open
ct label 5 | label=5 | yes
ct label 5 | | no

# meta
meta mark 0x1 | mark=1 | yes
meta mark & 0xff != 0x1 | mark=0x101 | no
meta mark 0x4000 | mark=0?0x4000 | open
# so nft lists & 0x80000000 == 0x1, which nothing fulfils
meta mark 0x00000001/1 | mark=1 | no
meta mark != 0x00000001/1 | mark=1 | yes
meta mark 0x80000000/1 | mark=0x80000001 | yes
ip saddr 10.0.0.1/24 | | no
meta mark 0x8000 | mark=0?0x4000 | no
meta mark & 0x8000 == 0x0 | mark=0?0x4000 | yes
meta mark 1-5 | mark=3 | yes
iifname "eth*" | | yes
iifname "eth1" | | no
iif "eth0" | | yes
iifname { "lo", "et*" } | | yes
iifname != { "lo", "et*" } | | no
oifname "" | | yes
oifname "eth1" | hook=FORWARD out=? | open
meta l4proto tcp | | yes
meta nfproto ipv6 | family=6 | yes
meta protocol ip | | yes
meta length > 100 | length=101 | yes
meta skuid 0 | hook=OUTPUT uid=0 | yes
meta skuid 0 | hook=OUTPUT | open
meta skuid 0 | hook=FORWARD | no
meta skuid != 0 | hook=FORWARD | no
meta iifgroup 5 | group=eth0:5 | yes
meta pkttype broadcast | dst=10.0.0.255 type=10.0.0.255:BROADCAST | yes
meta pkttype unicast | | yes
meta hour "10:00"-"12:00" | | open
meta cpu 1 | | open

# fib, rt, socket
fib daddr type local | type=10.0.0.2:LOCAL | yes
fib daddr type local | | no
fib daddr type { local, multicast } | type=10.0.0.2:MULTICAST | yes
fib saddr . iif oif missing | | open
fib saddr . iif oif exists | in=lo hook=PREROUTING | yes
fib saddr . iif oif exists | in=lo hook=INPUT | yes
fib saddr . iif oif exists | in=eth0 hook=INPUT | open
rt classid 3 | realm=3 | yes
rt classid "cosmos" | realm=0 | yes
socket transparent 1 | | open

# sets
tcp dport { 22, 80-90 } | | yes
tcp dport != { 22, 80-90 } | | no
tcp dport { 22, 443 } | | no
tcp dport { 22, 85 } | dport=70-90 | open
ip daddr . tcp dport { 10.0.0.2 . 80 } | | yes
ip daddr . tcp dport { 10.0.0.2 . 443 } | | no
ip daddr . tcp dport { 10.0.0.0/24 . 1-1024, 192.168.0.0/16 . 22 } | | yes
ip daddr . tcp dport { 10.0.0.0/24 . 81-1024, 192.168.0.0/16 . 22 } | | no
ip daddr . meta l4proto . th dport { 10.0.0.2 . udp . 80 } | | no

# chance and counts
numgen random mod 2 < 1 | | open
numgen random mod 2 < 2 | | yes
numgen inc mod 3 1 | | open
limit rate 5/second | | open
limit rate over 5/second | | open
quota over 25 mbytes | | open
ct count over 20 | | open
ct count over 0 | | yes
`;

const rows = CASES.split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line): readonly [string, string, string] => {
    const parts = line.split('|').map((part) => part.trim());
    return [parts.slice(0, -2).join(' | '), parts.at(-2) ?? '', parts.at(-1) ?? ''];
  });

it('fib asks for presence by number too, as nft -n prints it', () => {
  const found = { fib: () => ({ kind: 'device', name: 'eth0' }) as const };
  const none = { fib: () => ({ kind: 'none' }) as const };
  const ends = (rule: string, node: typeof found | typeof none): readonly string[] =>
    walkListing(chainOf('ip', `${rule} accept`), 'hook=PREROUTING in=eth0', node).map(({ end }) => end);
  expect(ends('fib saddr . iif oif 1', found)).toEqual(['accept']);
  expect(ends('fib saddr . iif oif 1', none)).toEqual(['drop']);
  expect(ends('fib saddr . iif oif 0', none)).toEqual(['accept']);
  expect(ends('fib saddr . iif oif exists', found)).toEqual(['accept']);
});

describe('a comparison', () => {
  it.each(rows)('%s | %s | %s', (text, words, wanted) => {
    const inet = text.startsWith('inet ');
    const rule = inet ? text.slice('inet '.length) : text;
    expect(inet ? ruleHolds(rule, words, 'inet') : ruleHolds(rule, words)).toBe(wanted);
  });

  it('looks a named set up, with its intervals and what stands for all', () => {
    const set = (elements: string): string =>
      `	set s {\n		type ipv4_addr\n		flags interval\n		elements = { ${elements} }\n	}`;
    const holds = (elements: string, words = ''): string =>
      ruleHolds('ip saddr @s', words, 'ip', set(elements));
    expect(holds('10.0.0.0/24, 192.168.0.1')).toBe('yes');
    expect(holds('10.0.1.0-10.0.2.255')).toBe('no');
    expect(holds('10.0.1.0/24, *')).toBe('yes');
    expect(holds('10.0.0.0/24', 'src=10.0.0.5-10.0.0.9')).toBe('yes');
    expect(holds('10.0.0.0/29', 'src=10.0.0.5-10.0.0.9')).toBe('open');
  });

  it('asks for an Ethernet device before its header', () => {
    const ends = (rule: string, words: string): unknown =>
      walkListing(chainOf('ip', `${rule} accept`), words, {
        interfaceType: (device) => (device === 'lo' ? 772 : 1),
      }).map(({ end }) => end);
    expect(ends('ether type ip', 'in=eth0')).toEqual(['accept']);
    expect(ends('ether type ip6', 'in=eth0')).toEqual(['drop']);
    expect(ends('ether type ip', 'in=lo')).toEqual(['drop']);
    expect(ends('ether type != ip6', 'in=')).toEqual(['drop']);
    expect(ends('ether saddr 02:00:00:00:00:01', 'in=eth0')).toHaveLength(2);
  });

  it('takes the output device for the one of iiftype at postrouting, and for that of no other key', () => {
    const ends = (rule: string, words: string): unknown =>
      walkListing(chainOf('ip', `${rule} accept`), `in= out=lo ${words}`, {
        interfaceType: (device) => (device === 'lo' ? 772 : 1),
      }).map(({ end }) => end);
    expect(ends('meta iiftype loopback', 'hook=POSTROUTING')).toEqual(['accept']);
    expect(ends('meta iiftype != ether', 'hook=OUTPUT')).toEqual(['drop']);
    expect(ends('iifgroup != 9', 'hook=POSTROUTING group=lo:7')).toEqual(['drop']);
    expect(ends('ether type != arp', 'hook=POSTROUTING')).toEqual(['drop']);
  });

  it('takes an element with a limit for an open one', () => {
    const set = `	set s {\n		type ipv4_addr\n		elements = { 10.0.0.1 limit rate 5/second, 10.0.0.9 counter packets 1 bytes 2 }\n	}`;
    expect(ruleHolds('ip saddr @s', '', 'ip', set)).toBe('open');
    expect(ruleHolds('ip saddr @s', 'src=10.0.0.9', 'ip', set)).toBe('yes');
    // Whether the element lets pass is asked where the rule goes on with it.
    expect(ruleHolds('ip saddr != @s', '', 'ip', set)).toBe('no');
    expect(ruleHolds('ip saddr @s', 'src=10.0.0.1-10.0.0.2', 'ip', set)).toBe('open');
  });
});
