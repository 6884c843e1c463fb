/** What the real `ip` prints is read and printed back, line by line, for both families. */
import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Family } from '../../src/address/address.js';
import type { Node } from '../../src/packet/node.js';
import { loadNode } from '../../src/snapshot/load.js';
import { printListings, printTranscript } from '../../src/snapshot/print.js';

const NAME = `printback-${String(process.pid)}`;

function ip(...words: readonly string[]): string {
  return execFileSync('ip', ['-n', NAME, ...words], { encoding: 'utf8' });
}

/** Runs lines of `ip`. What this kernel or this iproute2 does not have is passed over. */
function batch(lines: string, ...options: readonly string[]): void {
  spawnSync('ip', [...options, '-n', NAME, '-force', '-batch', '-'], {
    input: lines.trim(),
    encoding: 'utf8',
  });
}

const SETUP = `
link set lo up
link add e0 type veth peer name e0p
link add e1 type veth peer name e1p
link add e2.100 type veth peer name e2p
link set e1p up
link set e2p up
link add br0 type bridge
link set e1 group 7 mtu 1400 address 02:00:00:00:00:11
link set e0p master br0
link set e0 up
link set e0p up
link set e1 up
link set e2.100 up
link set br0 up
addr add 10.0.0.1/24 brd + dev e0
addr add 10.0.0.2/24 dev e0 label e0:1
addr add 10.0.1.1/24 metric 512 dev e1
addr add 10.0.9.1 peer 10.9.9.9/32 dev e1
addr add 10.0.2.1/24 dev e2.100 noprefixroute
addr add 10.0.3.1/24 scope link dev br0
addr add 2001:db8::1/64 nodad dev e0
addr add 2001:db8:1::1/64 nodad noprefixroute dev e1
addr add fd00::9/128 nodad valid_lft 1000 preferred_lft 500 dev e1
route add default via 10.0.1.254 dev e1
route add default via 10.0.0.254 dev e0 proto dhcp src 10.0.0.1 metric 512
route add 10.20.0.0/16 via 10.0.0.254 proto bird
route add 10.21.0.0/16 via 10.0.0.254 proto 80 metric 7
route add 10.22.0.0/16 dev e1 scope link src 10.0.1.1
route add 10.23.0.0/16 via 203.0.113.1 dev e1 onlink
route add 10.24.0.0/16 dev e1 mtu 1300 advmss 1260 initcwnd 10
route add 10.25.0.0/16 dev e1 mtu lock 1300
route add 10.26.0.0/16 dev e1 realm 5
route add 10.27.0.0/16 tos 0x10 via 10.0.0.254
route add 10.28.0.0/16 via inet6 2001:db8::2 dev e0
route add blackhole 10.30.0.0/16
route add unreachable 10.31.0.0/16 metric 9
route add prohibit 10.32.0.0/16
route add throw 10.33.0.0/16
route add local 10.34.0.0/16 dev lo
route add broadcast 10.35.0.255 dev e1
route add 10.36.0.0/16 nexthop via 10.0.0.253 dev e0 weight 1 nexthop via 10.0.1.253 dev e1 weight 3
route add 10.36.0.0/16 table 101 nexthop dev e0 weight 1 nexthop via 10.0.1.253 dev e1 weight 200 onlink
nexthop add id 1 via 10.0.1.3 dev e1
nexthop add id 2 via 10.0.0.3 dev e0
nexthop add id 3 group 1/2,2
nexthop add id 9 blackhole
route add 10.40.0.0/16 nhid 1
route add 10.41.0.0/16 nhid 3
route add 10.42.0.0/16 nhid 9
route add 10.50.0.0/16 encap ip id 5 dst 10.0.1.5 dev e1
route add default via 10.0.0.254 dev e0 table 2
route add 10.0.0.254 dev e0 table 2 scope link
route add 10.60.0.0/16 dev e1 table 4294967290
route add 10.61.0.0/16 dev e2.100 table default
route add 2001:db8:20::/48 via 2001:db8::2 dev e0
route add 2001:db8:21::/48 via 2001:db8::2 dev e0 metric 5 proto static
route add 2001:db8:22::/48 dev e1 mtu 1300 hoplimit 9
route add 2001:db8:23::/48 via 2001:db8::2 dev e0 expires 1000
route add default via fe80::1 dev e0 pref high
route add blackhole 2001:db8:30::/48
route add unreachable 2001:db8:31::/48
route add prohibit 2001:db8:32::/48 table 2
route add throw 2001:db8:33::/48
route add 2001:db8:36::/48 nexthop via 2001:db8::2 dev e0 weight 1 nexthop via 2001:db8::3 dev e0 weight 3
route add default from 2001:db8:5::/64 via 2001:db8::2 dev e0
rule add pref 50 from 1.2.3.4 blackhole
rule add pref 51 from 1.2.3.5 unreachable
rule add pref 52 from 1.2.3.6 prohibit
rule add pref 53 nop
rule add pref 54 not from 1.2.3.0/24 to 5.6.7.0/24 tos 0x10 fwmark 1/0xff iif e0 oif e1 lookup 200
rule add pref 55 ipproto tcp sport 10 dport 20-30 lookup main
rule add pref 55 ipproto 132 lookup main
rule add pref 56 uidrange 1000-2000 lookup 7
rule add pref 57 lookup main suppress_prefixlength 0
rule add pref 58 lookup main suppress_ifgroup 5
rule add pref 59 goto 32766
rule add pref 60 goto 40000
rule add pref 61 iif nosuch lookup main
rule add pref 61 iif e0 oif nosuch lookup main
rule add pref 62 lookup 4294967294
rule add pref 63 lookup main protocol static
rule add pref 64 tun_id 77 lookup main
rule add pref 65 fwmark 0x80 lookup 2
rule add pref 66 realms 3/4 lookup main
rule add pref 66 from 10.0.0.1 realms 4 lookup 2
`;

const SETUP6 = `
rule add pref 70 from 2001:db8::/64 to 2001:db8:1::1 fwmark 0x5/0xf lookup 100
rule add pref 71 iif e0 ipproto ipv6-icmp lookup 101
rule add pref 72 not from all sport 1-2 lookup main suppress_prefixlength 0
rule add pref 73 from 2001:db8::1 prohibit
`;

/** The tools' own lines, without the blanks that iproute2 leaves at their ends and between `encap` and what is before. */
function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/ {2,}/g, ' ').trimEnd())
    .filter((line) => line !== '');
}

let node: Node;
let dumps: ReadonlyMap<string, string>;

beforeAll(() => {
  execFileSync('ip', ['netns', 'add', NAME]);
  batch(SETUP);
  batch(SETUP6, '-6');
  const commands = ['addr', '-4 rule', '-6 rule', '-4 route show table all', '-6 route show table all'];
  dumps = new Map(commands.map((command) => [command, ip(...command.split(' '))]));
  node = loadNode(
    'node',
    [...dumps].map(([command, text]) => ({ name: `ip ${command}`, text })),
  );
});

afterAll(() => {
  execFileSync('ip', ['netns', 'del', NAME]);
});

function printed(command: string): readonly string[] {
  const listing = printListings(node).find((one) => one.command === command);
  return linesOf(listing?.text ?? '');
}

describe('the real ip', () => {
  it('printed nothing that could not be read', () => {
    const findings = node.diagnostics.filter(({ code }) => code.startsWith('READ_'));
    expect(
      findings.map(({ code, params, span }) => ({ code, params, line: span?.source.position(span.start) })),
    ).toEqual([]);
  });

  it.each<[Family, string]>([
    [4, 'ip rule'],
    [6, 'ip -6 rule'],
  ])('IPv%i rules are printed back', (family, command) => {
    expect(printed(command)).toEqual(linesOf(dumps.get(`-${String(family)} rule`) ?? ''));
  });

  it.each<[Family, string]>([
    [4, 'ip route show table all'],
    [6, 'ip -6 route show table all'],
  ])('IPv%i routes are printed back', (family, command) => {
    const real = linesOf(dumps.get(`-${String(family)} route show table all`) ?? '');
    expect([...printed(command)].sort()).toEqual([...real].sort());
  });

  it('addresses are printed back', () => {
    const wanted = linesOf(dumps.get('addr') ?? '')
      .filter((line) => /^ ?inet/.test(line) || /^\d/.test(line))
      .map((line) => line.replace(/ (?:qdisc|state|qlen) \S+/g, ''));
    const own = printed('ip addr').filter((line) => !/^ ?link/.test(line));
    expect(own).toEqual(wanted);
  });

  it.each([['-d'], ['-o'], ['-N']])('ip %s says the same of rules, routes and addresses', (option) => {
    const files = ['-4 rule', '-6 rule', '-4 route show table all', '-6 route show table all', 'addr'].map(
      (command) => ({
        name: `ip ${command}`,
        text: ip(option, ...command.split(' ')),
      }),
    );
    const other = loadNode('node', files);
    const routes = (which: Node): readonly string[] =>
      [4, 6].flatMap((family) =>
        [...(family === 4 ? which.networks[4] : which.networks[6]).tables.values()]
          .flat()
          .map(({ text }) => text.replace(/ expires \S+/, '').replace(/ proto \S+/, '')),
      );
    expect(
      other.diagnostics.flatMap(({ code, params }) => (code.startsWith('READ_') ? [{ code, params }] : [])),
    ).toEqual([]);
    expect(routes(other)).toEqual(routes(node));
    expect(other.networks[4].rules.map(({ priority, action }) => ({ priority, kind: action.kind }))).toEqual(
      node.networks[4].rules.map(({ priority, action }) => ({ priority, kind: action.kind })),
    );
    const addresses = (which: Node): readonly unknown[] =>
      [...which.networks[4].links.values()].map((link) =>
        link.addresses.map(({ address, length, peer, scope }) => ({ address, length, peer, scope })),
      );
    expect(addresses(other)).toEqual(addresses(node));
  });

  it('reads its own print as the same node', () => {
    const again = loadNode('node', [{ name: 'show', text: printTranscript(printListings(node)) }]);
    expect(printListings(again)).toEqual(printListings(node));
  });
});
