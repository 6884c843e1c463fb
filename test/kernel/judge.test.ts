/** The judge itself: every kind of end, both families, seen as it is. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { warningsOf } from './adapter/complaints.js';
import { Judge, type Observation, judge } from './adapter/judge.js';
import { RefusedError } from './adapter/refusal.js';

const ADDRESSES = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    inet 127.0.0.1/8 scope host lo
    inet6 ::1/128 scope host
2: lan: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default
    link/ether 02:00:00:00:01:01 brd ff:ff:ff:ff:ff:ff
    inet 10.0.0.1/24 brd 10.0.0.255 scope global lan
    inet6 fd00:a::1/64 scope global
    inet6 fe80::1/64 scope link
4: wan.7@lan: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default
    link/ether 02:00:00:00:01:02 brd ff:ff:ff:ff:ff:ff
    inet 10.0.1.1/24 brd 10.0.1.255 scope global wan.7
    inet6 fd00:b::1/64 scope global
    inet6 fe80::2/64 scope link
`;
const ROUTES = `default via 10.0.1.254 dev wan.7
10.0.0.0/24 dev lan proto kernel scope link src 10.0.0.1
10.0.1.0/24 dev wan.7 proto kernel scope link src 10.0.1.1
unreachable 198.51.100.0/24
fd00:a::/64 dev lan proto kernel metric 256 pref medium
fd00:b::/64 dev wan.7 proto kernel metric 256 pref medium
default via fd00:b::fe dev wan.7 metric 1024 pref medium
`;
const RULES = `0:	from all lookup local
90:	from all fwmark 0x7 blackhole
32766:	from all lookup main
32767:	from all lookup default
`;
const SAVE = `*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -p udp -m udp --dport 6 -m mark --mark 0x0 -j DROP
-A FORWARD -p tcp -m tcp --dport 81 -j REJECT --reject-with tcp-reset
-A FORWARD -p udp -m udp --dport 82 -j REJECT --reject-with PORT
-A OUTPUT -p udp -m owner --uid-owner 1234 -j DROP
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -o wan.7 -p udp -m udp --dport 83 -j MASQUERADE
COMMIT
`;
const SYSCTLS = `net.ipv4.ip_forward = 1
net.ipv6.conf.all.forwarding = 1
`;

const folder = mkdtempSync(join(tmpdir(), 'natwalk-judge-test-'));
let loaded: Judge | null = null;

beforeAll(async () => {
  writeFileSync(join(folder, 'ip-addr.txt'), ADDRESSES);
  writeFileSync(join(folder, 'ip-route.txt'), ROUTES);
  writeFileSync(join(folder, 'ip-rule.txt'), RULES);
  writeFileSync(join(folder, 'sysctl.txt'), SYSCTLS);
  writeFileSync(join(folder, 'iptables-save.txt'), SAVE.replace('PORT', 'icmp-port-unreachable'));
  writeFileSync(join(folder, 'ip6tables-save.txt'), SAVE.replace('PORT', 'icmp6-port-unreachable'));
  loaded = await Judge.load(folder, { conntrack: true });
});

afterAll(async () => {
  await loaded?.stop();
  rmSync(folder, { recursive: true });
});

async function one(packet: Parameters<Judge['observe']>[0][number]): Promise<Observation> {
  const [observation] = (await loaded?.observe([packet])) ?? [];
  if (observation === undefined) throw new Error('nothing observed');
  return observation;
}

it('loads without a complaint', () => {
  expect(loaded?.complaints).toBe('');
});

it.each([
  ['10.0.0.2', '203.0.113.5', '10.0.1.254'],
  ['fd00:a::2', 'fd00:c::5', '000000fe'],
])('forwards from %s to %s by the gateway', async (src, dst, nexthop) => {
  const { out, delivered, answers } = await one({
    in: 'lan',
    proto: 'udp',
    src,
    dst,
    sport: 5,
    dport: 9,
    tos: 0x20,
  });
  expect(out).toMatchObject([{ iface: 'wan.7', nexthop, src, dst, sport: 5, dport: 9, ttl: 63, tos: 0x20 }]);
  expect([...delivered, ...answers]).toEqual([]);
});

it.each([
  ['10.0.0.2', '10.0.0.1'],
  ['fd00:a::2', 'fd00:a::1'],
])('delivers from %s to %s, and the port answers', async (src, dst) => {
  const { out, delivered, answers } = await one({ in: 'lan', proto: 'udp', src, dst, dport: 9, ttl: 7 });
  expect(out).toEqual([]);
  expect(delivered).toMatchObject([{ iface: 'lo', src, dst, dport: 9, ttl: 7, mark: 0 }]);
  expect(answers).toMatchObject([{ iface: 'lan', src: dst, dst: src, inner: { dport: 9 } }]);
});

it.each([
  ['10.0.0.2', '203.0.113.5', 3],
  ['fd00:a::2', 'fd00:c::5', 4],
])('sees resets and ICMP errors to %s', async (src, dst, code) => {
  expect((await one({ in: 'lan', proto: 'tcp', src, dst, dport: 81 })).answers).toMatchObject([
    { iface: 'lan', tcpFlags: ['RST', 'ACK'] },
  ]);
  expect((await one({ in: 'lan', proto: 'udp', src, dst, dport: 82 })).answers).toMatchObject([
    { iface: 'lan', icmpCode: code },
  ]);
  expect((await one({ in: 'lan', proto: 'udp', src, dst, dport: 9, ttl: 1 })).answers).toHaveLength(1);
});

it.each([
  ['10.0.0.2', '10.0.0.1'],
  ['fd00:a::2', 'fd00:a::1'],
])('sees a drop as silence: %s', async (src, dst) => {
  const { out, delivered, answers } = await one({ in: 'lan', proto: 'udp', src, dst, dport: 6 });
  expect([...out, ...delivered, ...answers]).toEqual([]);
});

it.each([
  ['203.0.113.5', '10.0.1.1'],
  ['fd00:c::5', 'fd00:b::1'],
])('sends from a socket to %s, with its mark and user', async (dst, src) => {
  expect((await one({ in: null, proto: 'udp', dst, dport: 9, uid: 1000, ttl: 9 })).out).toMatchObject([
    { iface: 'wan.7', src, dst, ttl: 9 },
  ]);
  expect(await one({ in: null, proto: 'udp', dst, dport: 9, uid: 1234 })).toMatchObject({
    out: [],
    errno: 'EPERM',
  });
});

it('tells the socket why there is no way', async () => {
  const to = { in: null, proto: 'tcp', dport: 9 } as const;
  expect((await one({ ...to, dst: '198.51.100.9' })).errno).toBe('EHOSTUNREACH');
  expect((await one({ ...to, dst: '203.0.113.5', mark: 7 })).errno).toBe('EINVAL');
  expect((await one({ ...to, dst: '203.0.113.5', oif: 'lan' })).out).toMatchObject([
    { iface: 'lan', src: '10.0.0.1' },
  ]);
});

it.each([
  ['10.0.0.2', '203.0.113.5', '10.0.1.1'],
  ['fd00:a::2', 'fd00:c::5', 'fd00:b::1'],
])('keeps conntrack within a flow and forgets it after: %s', async (src, dst, own) => {
  const there = { in: 'lan', proto: 'udp', src, dst, sport: 700, dport: 83 };
  const back = { in: 'wan.7', proto: 'udp', src: dst, dst: own, sport: 83, dport: 700 };
  const [first, second, third] =
    (await loaded?.observe([{ ...there, flow: 'f', step: 1 }, { ...back, flow: 'f', step: 2 }, back])) ?? [];
  expect(first?.out).toMatchObject([{ iface: 'wan.7', src: own }]);
  expect(first?.conntrack.join()).toContain('[UNREPLIED]');
  expect(second?.out).toMatchObject([{ iface: 'lan', dst: src, dport: 700 }]);
  expect(third).toMatchObject({ out: [], delivered: [{ dst: own }] });
});

it('judges a whole batch in one call', async () => {
  const seen = await judge(folder, [{ id: 'x', in: 'lan', proto: 'gre', src: '10.0.0.2', dst: '10.0.1.9' }]);
  expect(seen).toMatchObject([{ id: 'x', out: [{ proto: 47, nexthop: '10.0.1.9' }] }]);
});

describe('a rule set that a tool does not load', () => {
  const other = join(folder, 'other');

  /** The router with another rule set. */
  async function loadWith(files: Readonly<Record<string, string>>): Promise<Judge> {
    rmSync(other, { recursive: true, force: true });
    mkdirSync(other);
    writeFileSync(join(other, 'ip-addr.txt'), ADDRESSES);
    writeFileSync(join(other, 'ip-route.txt'), ROUTES);
    for (const name of [...RULE_FILES, ...Object.keys(files)])
      writeFileSync(join(other, name), files[name] ?? '');
    return Judge.load(other);
  }
  const RULE_FILES = ['iptables-save.txt', 'ip6tables-save.txt'];
  const NFT = '# Generated by iptables-nft-save v1.8.9 (nf_tables)\n';
  const filter = (rule: string): string =>
    `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${rule}\nCOMMIT\n`;
  const bad = '-A FORWARD -p tcp --frob 5 -j DROP';
  const nat = '-A FORWARD -j SNAT --to-source 192.0.2.1';

  it.each([
    ['iptables-save.txt', filter(bad), 'iptables-legacy-restore', 5, bad, 'unknown option "--frob"'],
    ['ip6tables-save.txt', NFT + filter(bad), 'ip6tables-nft-restore', 6, bad, 'unknown option "--frob"'],
    ['iptables-save.txt', NFT + filter(nat), 'iptables-nft-restore', 6, nat, 'Invalid argument'],
    // The kernel takes a legacy table as a whole, or does not.
    ['iptables-save.txt', filter(nat), 'iptables-legacy-restore', 6, 'COMMIT', 'failed'],
    [
      'ipset-save.txt',
      'create a hash:ip\nadd a nowhere.invalid\n',
      'ipset',
      2,
      'add a nowhere.invalid',
      'cannot parse',
    ],
  ])('is refused by name, in %s', async (name, text, tool, line, written, message) => {
    const refused: unknown = await loadWith({ [name]: text }).then(
      (judged) => judged.stop(),
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(RefusedError);
    expect(refused).toMatchObject({
      refusal: { tool, line, text: written, message: expect.stringContaining(message) as unknown },
      message: expect.stringContaining(`${tool} refused line ${String(line)}, "${written}": `) as unknown,
    });
  });

  it.each([
    ['legacy', ''],
    ['nft', NFT],
  ])('a mere warning is kept, and the packets are judged: %s', async (backend, head) => {
    const judged = await loadWith({ 'ip6tables-save.txt': head + filter('-A OUTPUT -p ah -j DROP') });
    try {
      expect(judged.complaints).toBe('');
      expect(warningsOf(judged.refused)).toEqual([
        `ip6tables-${backend}-restore: Warning: never matched protocol: ah. use extension match instead.`,
      ]);
      const packet = { in: null, proto: 'udp', dst: 'fd00:a::2', dport: 9 } as const;
      expect(await judged.observe([packet])).toMatchObject([{ out: [{ iface: 'lan', dst: 'fd00:a::2' }] }]);
    } finally {
      await judged.stop();
    }
  });
});
