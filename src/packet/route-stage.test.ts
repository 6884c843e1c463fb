/** Routing in whole walks; each row is what Linux 6.18 did with the packet. */
import { describe, expect, it } from 'vitest';
import { loadNode } from '../snapshot/load.js';
import type { Node } from './node.js';
import type { Outcome, PacketInput } from './result.js';
import { trace } from './trace.js';

const ADDRESSES = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 state UNKNOWN group default
    inet 127.0.0.1/8 scope host lo
    inet6 ::1/128 scope host
2: e0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP group default
    inet 10.0.0.1/24 brd 10.0.0.255 scope global e0
    inet6 fd00:a::1/64 scope global
    inet6 fe80::1/64 scope link
3: e1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP group default
    inet 10.0.1.1/24 brd 10.0.1.255 scope global e1
    inet6 fd00:b::1/64 scope global
    inet6 fe80::2/64 scope link
4: e2: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 state DOWN group default
    inet 10.0.2.1/24 brd 10.0.2.255 scope global e2
5: e3: <BROADCAST,MULTICAST> mtu 1500 state DOWN group default
    inet 10.0.3.1/24 brd 10.0.3.255 scope global e3
`;
const KERNEL = 'table local proto kernel';
const ROUTES = `default via 10.0.1.254 dev e1
10.0.0.0/24 dev e0 proto kernel scope link src 10.0.0.1
10.0.1.0/24 dev e1 proto kernel scope link src 10.0.1.1
10.0.2.0/24 dev e2 proto kernel scope link src 10.0.2.1 linkdown
198.51.100.0/24 via 10.0.1.1 dev e1
10.0.1.0/24 dev e1 table 7 scope link
198.51.100.0/24 via 10.0.1.1 dev e1 table 7
192.0.2.0/24 via 10.7.2.19 dev e1
local 10.7.0.0/16 dev e1 table local scope host
${['0', '1', '2', '3'].map((n) => `local 10.0.${n}.1 dev e${n} ${KERNEL} scope host src 10.0.${n}.1\n`).join('')}broadcast 10.0.0.255 dev e0 ${KERNEL} scope link src 10.0.0.1
local 127.0.0.0/8 dev lo ${KERNEL} scope host src 127.0.0.1
`;
const ROUTES6 = `fd00:a::/64 dev e0 proto kernel metric 256 pref medium
fd00:b::/64 dev e1 proto kernel metric 256 pref medium
fe80::/64 dev e0 proto kernel metric 256 pref medium
fe80::/64 dev e1 proto kernel metric 256 pref medium
default via fd00:b::fe dev e1 table 7 metric 1024 pref medium
default dev e1 table 8 metric 1024 pref medium
anycast fe80:: dev e0 ${KERNEL} metric 0 pref medium
anycast fd00:e::/64 dev e1 table local metric 1024 pref medium
${['fd00:a::1', 'fe80::1'].map((own) => `local ${own} dev e0 ${KERNEL} metric 0 pref medium\n`).join('')}${['fd00:b::1', 'fe80::2'].map((own) => `local ${own} dev e1 ${KERNEL} metric 0 pref medium\n`).join('')}local ::1 dev lo ${KERNEL} metric 0 pref medium
`;
const RULES = '0:\tfrom all lookup local\n90:\tfrom all fwmark 0x7 lookup 7\n32766:\tfrom all lookup main\n';
const RULES6 = '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n';

function nodeOf(rules6: string, mangle: string, rules: string, groups = ''): Node {
  const chains = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'].map(
    (name) => `:${name} ACCEPT\n`,
  );
  const save = `*mangle\n${chains.join('')}${mangle}COMMIT\n`;
  return loadNode('test', [
    { name: 'ip-addr.txt', text: ADDRESSES },
    { name: 'ip-route.txt', text: ROUTES },
    { name: 'ip6-route.txt', text: ROUTES6 },
    { name: 'ip-rule.txt', text: rules },
    { name: 'ip6-rule.txt', text: rules6 },
    { name: 'ip-maddr.txt', text: groups },
    { name: 'iptables-save.txt', text: save },
    { name: 'ip6tables-save.txt', text: save },
    {
      name: 'sysctl.txt',
      text: 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.e0.rp_filter = 0\nnet.ipv6.conf.all.forwarding = 1\nnet.ipv6.conf.e0.forwarding = 1\nnet.ipv6.conf.e1.forwarding = 0\nnet.ipv4.ip_nonlocal_bind = 0\nnet.ipv6.ip_nonlocal_bind = 0\n',
    },
  ]);
}

function walk(
  packet: Partial<PacketInput> & { readonly dst: string },
  mangle = '',
  rules6 = RULES6,
  rules = RULES,
): Outcome {
  const { outcomes } = trace(nodeOf(rules6, mangle, rules), { in: null, proto: 'udp', uid: 0, ...packet });
  const [outcome] = outcomes;
  if (outcome === undefined || outcomes.length > 1) throw new Error(`${String(outcomes.length)} outcomes`);
  return outcome;
}

describe('a socket', () => {
  it.each([
    ['10.0.0.255', undefined, 'ENETUNREACH'],
    ['255.255.255.255', '10.0.0.1', 'ENETUNREACH'],
    ['239.1.2.3', undefined, 'ENETUNREACH'],
    ['ff02::1', undefined, 'ENETUNREACH'],
    ['fe80::9', undefined, 'EINVAL'],
  ])('of TCP does not connect to %s', (dst, src, errno) => {
    const source = src === undefined ? {} : { src };
    expect(walk({ proto: 'tcp', dst, ...source }).unroutable).toEqual({ errno });
  });

  it('of TCP connects to a link-local address when it is bound to a device', () => {
    expect(walk({ proto: 'tcp', dst: 'fe80::9', oif: 'e1' })).toMatchObject({ egress: { iface: 'e1' } });
  });

  it('of connected UDP routes again with the source that it got', () => {
    const rules = '0:\tfrom all lookup local\n80:\tfrom 10.0.1.1 prohibit\n32766:\tfrom all lookup main\n';
    const sent = (connected: boolean): Outcome =>
      walk({ dst: '203.0.113.9', connected }, '', undefined, rules);
    expect(sent(false)).toMatchObject({ verdict: 'sent', final: { src: '10.0.1.1' } });
    expect(sent(true).unroutable).toEqual({ errno: 'EACCES' });
  });

  it.each(['fe80::9', 'ff02::9'])('of connected UDP needs a device for %s', (dst) => {
    expect(walk({ dst, connected: true }).unroutable).toEqual({ errno: 'EINVAL' });
    expect(walk({ dst, oif: 'e1', connected: true }).unroutable?.errno).not.toBe('EINVAL');
  });

  it('of connected UDP, bound to a device, does not keep an IPv6 route through lo', () => {
    const rules = '0:\tfrom fd00:a::/64 prohibit\n0:\tfrom all lookup local\n';
    const sent = (connected: boolean): Outcome => walk({ dst: 'fd00:a::1', oif: 'e0', connected }, '', rules);
    expect(sent(false).verdict).toBe('delivered');
    expect(sent(true).unroutable).toEqual({ errno: 'EACCES' });
  });

  it('leaves by the device of an anycast route that the kernel did not make', () => {
    expect(walk({ dst: 'fd00:e::7' })).toMatchObject({ verdict: 'sent', egress: { iface: 'e1' } });
    expect(walk({ dst: 'fd00:e::7', in: 'e0', src: 'fd00:a::9' }).verdict).toBe('delivered');
    expect(walk({ dst: 'fe80::', oif: 'e0' }).verdict).toBe('delivered');
  });

  it.each(['10.9.9.9', 'fd00:9::9'])('is not bound to %s, which is not the own', (src) => {
    const dst = src.includes(':') ? 'fd00:a::9' : '10.0.0.9';
    expect(walk({ src, dst }).unroutable).toEqual({ errno: 'EADDRNOTAVAIL' });
  });

  it.each([
    [{ dst: '0.0.0.0' }, '127.0.0.1', '127.0.0.1'],
    [{ dst: '0.0.0.0', src: '10.0.1.1' }, '10.0.1.1', '10.0.1.1'],
    [{ dst: '0.0.0.0', oif: 'e0' }, '10.0.0.1', '10.0.0.1'],
    [{ dst: '::' }, '::1', '::1'],
    [{ dst: '::', src: 'fd00:b::1' }, 'fd00:b::1', '::1'],
  ])('reaches the node itself by %j', (packet, src, dst) => {
    expect(walk(packet)).toMatchObject({ verdict: 'delivered', final: { src, dst } });
  });

  it('sends multicast with a TTL of 1 unless told otherwise', () => {
    expect(walk({ dst: '239.1.2.3', oif: 'e0' }).final.ttl).toBe(1);
    expect(walk({ dst: 'ff05::2', oif: 'e0' }).final.ttl).toBe(1);
    expect(walk({ dst: '239.1.2.3', oif: 'e0', ttl: 9 }).final.ttl).toBe(9);
  });

  it('of IPv6 gets a source although its first lookup fails, and that source finds the way', () => {
    const rules = '0:\tfrom all lookup local\n80:\tfrom fd00:a::/64 lookup 7\n';
    expect(walk({ dst: 'fd00:c::9' }, '', rules)).toMatchObject({
      verdict: 'sent',
      egress: { iface: 'e1', via: 'fd00:b::fe' },
      final: { src: 'fd00:a::1' },
    });
  });

  it('of IPv6 does not look again with the source that it got', () => {
    const rules = `0:\tfrom all lookup local\n80:\tfrom fd00:a::/64 blackhole\n32766:\tfrom all lookup main\n`;
    expect(walk({ proto: 'tcp', dst: 'fd00:a::9' }, '', rules)).toMatchObject({ verdict: 'sent' });
  });
});

describe('the last resort', () => {
  it('is to leave with the source 0.0.0.0 when no device has an address', () => {
    const node = loadNode('test', [
      { name: 'ip-addr.txt', text: '2: e0: <BROADCAST,UP,LOWER_UP> mtu 1500 state UP\n' },
      { name: 'ip-route.txt', text: 'default dev e0 scope link\nbroadcast 10.0.0.0 dev e0 table local\n' },
      { name: 'ip-rule.txt', text: RULES },
      { name: 'iptables-save.txt', text: '' },
    ]);
    const { outcomes } = trace(node, { in: null, proto: 'icmp', dst: '10.9.9.9', uid: 0 });
    expect(outcomes[0]).toMatchObject({ verdict: 'sent', final: { src: '0.0.0.0' } });
  });

  it('asks no neighbour for ::1', () => {
    const redirect = 'COMMIT\n*nat\n:OUTPUT ACCEPT\n-A OUTPUT -p udp -j REDIRECT --to-ports 83\n';
    const rules = '0:\tfrom all oif e1 lookup 7\n1:\tfrom all lookup local\n';
    const sent = walk({ dst: 'fd00:c::9', oif: 'e1' }, redirect, rules);
    expect(sent).toMatchObject({ verdict: 'sent', final: { dst: '::1' }, egress: { via: 'fd00:b::fe' } });
    const near = '0:\tfrom all lookup local\n1:\tfrom all lookup 8\n';
    expect(walk({ dst: 'fd00:c::9', oif: 'e1' }, redirect, near).drop?.reason).toBe('no-neighbour');
  });
});

describe('ICMP of a socket', () => {
  it.each([
    ['icmp', '10.0.0.9', '2048'],
    ['icmpv6', 'fd00:a::9', '32768'],
  ])(
    'shows type and code of %s to %s as its destination port, to the first lookup alone',
    (proto, dst, port) => {
      const rules = `0:\tfrom all lookup local\n50:\tfrom all dport ${port} blackhole\n32766:\tfrom all lookup main\n`;
      expect(walk({ proto, dst }, '', rules, rules).unroutable).toEqual({ errno: 'EINVAL' });
      const src = proto === 'icmp' ? '10.0.1.9' : 'fd00:b::9';
      expect(walk({ in: 'e1', proto, src, dst }, '', rules, rules).verdict).toBe('forwarded');
    },
  );
});

describe('a gateway that is the own address', () => {
  it('is passed over: the destination itself is asked for', () => {
    expect(walk({ dst: '198.51.100.7' }).egress).toMatchObject({ iface: 'e1', via: null });
  });

  it("is asked when the route's own table leads to it over the link", () => {
    expect(walk({ dst: '198.51.100.7', mark: 7 }).egress).toMatchObject({ iface: 'e1', via: '10.0.1.1' });
  });
});

describe('a gateway within a prefix that somebody made local', () => {
  it('is asked or passed over, as the one or the other was added first', () => {
    const { outcomes } = trace(nodeOf(RULES6, '', RULES), {
      in: null,
      proto: 'udp',
      uid: 0,
      dst: '192.0.2.9',
    });
    expect(
      outcomes.map(({ egress, assumptions }) => [egress?.via, assumptions.map(({ code }) => code)]),
    ).toEqual([
      [null, expect.arrayContaining(['UNK_GATEWAY_OWN'])],
      ['10.7.2.19', expect.arrayContaining(['UNK_GATEWAY_OWN'])],
    ]);
  });
});

describe('a packet longer than its way', () => {
  it('is cut in IPv4, unless its sender forbids that', () => {
    const packet = { in: 'e0', proto: 'udp', src: '10.0.0.9', dst: '203.0.113.9', length: 1501 };
    const ends = (length: number): readonly unknown[] =>
      trace(nodeOf(RULES6, '', RULES), { ...packet, length }).outcomes.map(
        ({ verdict, drop, assumptions }) => [
          drop?.reason ?? verdict,
          assumptions.some(({ code }) => code === 'UNK_DONT_FRAGMENT'),
        ],
      );
    expect(ends(1501)).toEqual([
      ['mtu', true],
      ['forwarded', true],
    ]);
    expect(ends(1500)).toEqual([['forwarded', false]]);
  });

  it('is told to its sender in IPv6', () => {
    const packet = { in: 'e0', proto: 'udp', src: 'fd00:a::9', dst: 'fd00:b::9', length: 1501 };
    expect(walk(packet)).toMatchObject({ verdict: 'dropped', drop: { reason: 'mtu' } });
  });
});

describe('a device that cannot send', () => {
  it.each([
    [{ dst: '10.0.2.9' }, 'no-carrier'],
    [{ dst: '255.255.255.255', src: '10.0.3.1' }, 'device-down'],
  ])('drops %j', (packet, reason) => {
    expect(walk(packet)).toMatchObject({ verdict: 'dropped', drop: { reason } });
  });
});

describe('IPv6', () => {
  it.each([
    ['::1', 'fd00:a::1', 'martian_source'],
    ['ff02::1', 'fd00:a::1', 'martian_source'],
    ['fd00:a::9', '::1', 'martian_destination'],
    ['fd00:a::9', 'ff01::1', 'martian_destination'],
    ['fe80::9', 'fd00:b::9', 'link_local'],
    ['::', 'fd00:b::9', 'martian_source'],
  ])('drops what comes in from %s to %s', (src, dst, reason) => {
    expect(walk({ in: 'e0', src, dst })).toMatchObject({ verdict: 'dropped', drop: { reason } });
  });

  it('drops it before PREROUTING, where a rule might rewrite it', () => {
    expect(walk({ in: 'e0', src: '::1', dst: 'fd00:a::1' }).path).toEqual([]);
  });

  it('forwards a link-local source back out of its own device', () => {
    expect(walk({ in: 'e0', src: 'fe80::9', dst: 'fd00:a::9' })).toMatchObject({ egress: { iface: 'e0' } });
  });

  it('masquerades a packet without a source', () => {
    const nat = 'COMMIT\n*nat\n:POSTROUTING ACCEPT\n-A POSTROUTING -j MASQUERADE\n';
    expect(walk({ in: 'e0', src: '::', dst: 'fd00:a::9' }, nat).final.src).toBe('fd00:a::1');
  });

  it('looks at the hop limit first', () => {
    expect(walk({ in: 'e0', src: 'fe80::9', dst: 'fd00:b::9', ttl: 1 }).drop?.reason).toBe('ttl');
  });

  it('delivers to the anycast address of a link', () => {
    expect(walk({ dst: 'fe80::', src: 'fd00:a::1', connected: false }).verdict).toBe('delivered');
  });
});

describe('routing again after OUTPUT', () => {
  const mark = '-A OUTPUT -p udp -j MARK --set-xmark 0x5/0xffffffff\n';

  it("of IPv6 knows the socket's owner", () => {
    const rules = '0:\tfrom all lookup local\n90:\tfrom all uidrange 5-9 lookup 7\n';
    expect(walk({ dst: 'fd00:c::9', src: 'fd00:b::1', uid: 7 }, mark, rules).egress).toMatchObject({
      iface: 'e1',
      table: '7',
    });
  });

  it('of IPv6 keeps a link-local destination on the device, and so does not find an anycast one again', () => {
    expect(walk({ dst: 'fe80::', src: 'fd00:a::1', connected: false }, mark).unroutable).toEqual({
      errno: 'ENETUNREACH',
      hook: 'OUTPUT',
    });
  });
});

describe('multicast from outside', () => {
  const outcomes = (dst: string, device: string, groups = ''): readonly string[] => {
    const src = dst.includes(':') ? 'fd00:a::9' : '10.0.0.9';
    const { outcomes: all } = trace(nodeOf(RULES6, '', RULES, groups), {
      in: device,
      proto: 'udp',
      src,
      dst,
    });
    return all.map(({ verdict }) => verdict);
  };

  it.each([
    ['224.0.0.1', 'e0'],
    ['ff02::1', 'e0'],
    ['ff02::2', 'e0'],
    ['ff02::1:ff00:1', 'e0'],
    ['ff02::1:ff00:2', 'e1'],
  ])('to %s is taken in by %s, for the kernel joins it', (group, device) => {
    expect(outcomes(group, device)).toEqual(['delivered']);
  });

  it.each([
    ['224.0.0.2', 'e0'],
    ['ff02::2', 'e1'],
    ['ff05::2', 'e0'],
    ['ff02::1:ff00:3', 'e0'],
    ['ff02::2:ff00:1', 'e0'],
  ])('to %s by %s may have been joined by a socket', (group, device) => {
    expect(outcomes(group, device)).toEqual(['delivered', 'dropped']);
  });

  it.each([
    ['239.1.2.3', 'e0', 'delivered'],
    ['224.0.0.2', 'e0', 'dropped'],
    ['ff05::2', 'e0', 'delivered'],
    ['ff02::9', 'e0', 'dropped'],
    ['ff02::2', 'e0', 'delivered'],
  ])('to %s by %s is as ip maddr says', (group, device, verdict) => {
    const groups = '2:\te0\n\tinet  239.1.2.3 users 2\n\tinet  224.0.0.1\n\tinet6 ff05::2\n\tinet6 ff02::2\n';
    expect(outcomes(group, device, groups)).toEqual([verdict]);
    expect(outcomes('ff02::9', 'e1', groups)).toEqual(['delivered', 'dropped']);
  });
});
