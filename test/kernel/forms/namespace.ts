/** A namespace with links of every kind that the kernel has here, addresses, rules, routes, neighbours and a bridge's entries. */
import { execFileSync, spawnSync } from 'node:child_process';

const LINKS = `
link set lo up
link add e0 type veth peer name e0p
link add e1 type veth peer name e1p
link add e2.100 type veth peer name e2p
link add br0 type bridge
link add vx0 type vxlan id 42 local 10.0.0.1 dev e0 dstport 8472 nolearning
link add vx1 type vxlan id 43 local 10.0.0.1 remote 10.0.0.9 dstport 4789
link add vx6 type vxlan id 44 group ff02::5 dev e0 dstport 4789
link add mv0 link e0 type macvlan mode bridge
link add ifb0 type ifb
link add dum0 type dummy
link add e0.7 link e0 type vlan id 7
link add gre7 type gre local 10.0.0.1 remote 10.0.0.4 key 5
link add t0 type ipip local 10.0.0.1 remote 10.0.0.2
link add vrf1 type vrf table 100
link add wg0 type wireguard
link set e0 alias hello
link property add dev e1 altname enp0s9
link set e1 group 7 mtu 1400 address 02:00:00:00:00:11
link set e0p master br0
link set e0 up
link set e0p up
link set e1 up
link set e1p up
link set e2.100 up
link set br0 up
link set vx0 up
`;

const ADDRESSES = `
addr add 10.0.0.1/24 brd + dev e0
addr add 10.0.0.2/24 dev e0 label e0:1
addr add 10.0.1.1/24 metric 512 dev e1
addr add 10.0.9.1 peer 10.9.9.9/32 dev e1
addr add 10.0.2.1/24 dev e2.100 noprefixroute
addr add 10.0.3.1/24 scope link dev br0
addr add 2001:db8::1/64 nodad dev e0
addr add 2001:db8:2::1 peer 2001:db8:3::1/128 nodad dev e0
addr add 2001:db8:1::1/64 nodad noprefixroute dev e1
addr add fd00::9/128 nodad valid_lft 1000 preferred_lft 500 dev e1
`;

const ROUTES = `
route add default via 10.0.1.254 dev e1
route add default via 10.0.0.254 dev e0 proto dhcp src 10.0.0.1 metric 512
route add 10.20.0.0/16 via 10.0.0.254 proto bird
route add 10.21.0.0/16 via 10.0.0.254 proto 80 metric 7
route add 10.22.0.0/16 dev e1 scope link src 10.0.1.1
route add 10.23.0.0/16 via 203.0.113.1 dev e1 onlink
route add 10.24.0.0/16 dev e1 mtu 1300 advmss 1260 initcwnd 10 rtt 3s rttvar 300ms rto_min 40ms
route add 10.25.0.0/16 dev e1 features ecn congctl reno quickack 1
route add 10.29.0.0/16 dev e1 mtu lock 1300
route add 10.26.0.0/16 dev e1 realm 5
route add 10.26.1.0/24 dev e1 realm 3/5
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
`;

const RULES = `
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
rule add pref 66 lookup main realms 3/4
rule add pref 66 from 10.0.0.1 lookup 2 realms 4
rule add pref 67 l3mdev
`;

const RULES6 = `
rule add pref 70 from 2001:db8::/64 to 2001:db8:1::1 fwmark 0x5/0xf lookup 100
rule add pref 71 iif e0 ipproto ipv6-icmp lookup 101
rule add pref 72 not from all sport 1-2 lookup main suppress_prefixlength 0
rule add pref 73 from 2001:db8::1 prohibit
`;

const NEIGHBOURS = `
neigh add 10.0.0.7 lladdr 02:00:00:00:00:07 dev e0 nud permanent
neigh add 10.0.0.8 dev e0 nud failed
neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev e0 nud permanent extern_learn
neigh add 10.0.0.10 lladdr 02:00:00:00:00:0a dev e0 nud noarp
neigh add 10.0.1.7 lladdr 02:00:00:00:00:17 dev e1 nud permanent protocol zebra
neigh add fe80::5 lladdr 02:00:00:00:00:09 dev e0 router nud permanent
neigh add proxy 10.0.0.77 dev e0
neigh add proxy 2001:db8::77 dev e0
`;

/** The namespace; ended by `remove`. */
export class FormsNamespace {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
    execFileSync('ip', ['netns', 'add', name]);
    // Addresses would be tentative for a moment otherwise.
    this.run('sysctl -qw net.ipv6.conf.default.accept_dad=0');
    for (const part of [LINKS, ADDRESSES, ROUTES, RULES, NEIGHBOURS]) this.#batch(part);
    this.#batch(RULES6, '-6');
    const entries = [
      'append 2a:02:24:58:e9:07 dev vx0 dst 10.0.0.102',
      'append 2a:02:24:58:e9:08 dev vx0 dst 10.0.0.103 port 99 vni 77 via e0',
      'add 02:00:00:00:00:55 dev e0p master static vlan 1',
      'add 02:00:00:00:00:56 dev e0p self',
    ];
    for (const entry of entries) spawnSync('bridge', ['-n', name, 'fdb', ...entry.split(' ')]);
  }

  /** Runs lines of `ip`. What this kernel or this iproute2 does not have is passed over. */
  #batch(lines: string, ...options: readonly string[]): void {
    const input = lines.trim();
    spawnSync('ip', [...options, '-n', this.name, '-force', '-batch', '-'], { input, encoding: 'utf8' });
  }

  /** What a command prints in the namespace. */
  run(command: string): string {
    return execFileSync('ip', ['netns', 'exec', this.name, ...command.split(' ')], { encoding: 'utf8' });
  }

  remove(): void {
    execFileSync('ip', ['netns', 'del', this.name]);
  }
}
