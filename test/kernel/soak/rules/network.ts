/** The one network that all rule sets of the profile stand in: three links, a gateway, an unreachable prefix. */
import type { Family } from '../../../../src/address/address.js';
import { type Addressed, kernelRoutes } from '../local-table.js';
import type { FileName } from '../profile.js';
import { NOT_LIBERAL, UNCHANGED } from '../unchanged.js';

const LINKS = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
    inet6 ::1/128 scope host
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 02:00:00:00:01:00 brd ff:ff:ff:ff:ff:ff
    inet 10.0.0.1/24 brd 10.0.0.255 scope global eth0
    inet 10.0.0.9/24 brd 10.0.0.255 scope global secondary eth0
    inet6 fd00:a::1/64 scope global
    inet6 fd00:a::9/64 scope global
    inet6 fe80::10/64 scope link
3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 02:00:00:00:01:01 brd ff:ff:ff:ff:ff:ff
    inet 10.0.1.1/24 brd 10.0.1.255 scope global eth1
    inet6 fd00:b::1/64 scope global
    inet6 fe80::11/64 scope link
4: wan: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 02:00:00:00:01:02 brd ff:ff:ff:ff:ff:ff
    inet 192.0.2.2/24 brd 192.0.2.255 scope global wan
    inet6 2001:db8::2/64 scope global
    inet6 fe80::12/64 scope link
`;

const FOUR_LINKS: readonly Addressed[] = [
  { device: 'eth0', addresses: ['10.0.0.1/24', '10.0.0.9/24'] },
  { device: 'eth1', addresses: ['10.0.1.1/24'] },
  { device: 'wan', addresses: ['192.0.2.2/24'] },
];

const SIX_LINKS: readonly Addressed[] = [
  { device: 'eth0', addresses: ['fd00:a::1/64', 'fd00:a::9/64', 'fe80::10/64'] },
  { device: 'eth1', addresses: ['fd00:b::1/64', 'fe80::11/64'] },
  { device: 'wan', addresses: ['2001:db8::2/64', 'fe80::12/64'] },
];

const ROUTES = `default via 192.0.2.1 dev wan
unreachable 198.51.100.0/24
default via 10.0.1.254 dev eth1 table 7
default via 10.0.0.254 dev eth0 table 8
`;

const ROUTES6 = `unreachable 2001:db8:dead::/48 dev lo metric 1024 pref medium
default via 2001:db8::1 dev wan metric 1024 pref medium
default via fd00:b::fe dev eth1 table 7 metric 1024 pref medium
default via fd00:a::fe dev eth0 table 8 metric 1024 pref medium
`;

const RULES = `0:	from all lookup local
100:	from all fwmark 0x7/0xf lookup 7
101:	from all fwmark 0x80/0xf0 lookup 8
32766:	from all lookup main
`;

const SYSCTLS = `net.ipv4.ip_forward = 1
${['all', 'default', 'lo', 'eth0', 'eth1', 'wan']
  .flatMap((device) =>
    [
      'accept_local',
      'route_localnet',
      'src_valid_mark',
      'bc_forwarding',
      'rp_filter',
      'ignore_routes_with_linkdown',
    ].map((name) => `net.ipv4.conf.${device}.${name} = 0`),
  )
  .join('\n')}
net.ipv4.conf.eth0.forwarding = 1
net.ipv4.conf.eth1.forwarding = 1
net.ipv4.conf.wan.forwarding = 1
net.ipv6.conf.all.forwarding = 1
net.netfilter.nf_conntrack_tcp_loose = 1
${NOT_LIBERAL}
${UNCHANGED.join('\n')}
`;

export const DEVICES = ['eth0', 'eth1', 'wan'] as const;

/** The dumps of the network. */
export function networkFiles(family: Family): Partial<Record<FileName, string>> {
  const shared = { 'ip-addr.txt': LINKS, 'sysctl.txt': SYSCTLS };
  const { local, main } = kernelRoutes(family, family === 4 ? FOUR_LINKS : SIX_LINKS);
  return family === 4
    ? {
        ...shared,
        'ip-route.txt': `${main}${ROUTES}${local}`,
        'ip-rule.txt': `${RULES}32767:	from all lookup default\n`,
      }
    : { ...shared, 'ip6-route.txt': `${main}${ROUTES6}${local}`, 'ip6-rule.txt': RULES };
}

interface Places {
  /** Addresses of the node. */
  readonly own: readonly string[];
  /** Hosts by the device behind which they live. */
  readonly hosts: Readonly<Record<(typeof DEVICES)[number], readonly string[]>>;
  /** Where nobody lives, or nobody answers: unreachable, broadcast, multicast. */
  readonly odd: readonly string[];
}

const FOUR: Places = {
  own: ['10.0.0.1', '10.0.0.9', '10.0.1.1', '192.0.2.2'],
  hosts: {
    eth0: ['10.0.0.2', '10.0.0.3', '10.0.0.77', '10.0.0.200'],
    eth1: ['10.0.1.2', '10.0.1.3', '10.0.1.130'],
    wan: ['203.0.113.5', '203.0.113.6', '192.0.2.77', '8.8.8.8'],
  },
  odd: ['198.51.100.4', '10.0.0.255'],
};

const SIX: Places = {
  own: ['fd00:a::1', 'fd00:a::9', 'fd00:b::1', '2001:db8::2'],
  hosts: {
    eth0: ['fd00:a::2', 'fd00:a::3', 'fd00:a::77', 'fd00:a::200'],
    eth1: ['fd00:b::2', 'fd00:b::3', 'fd00:b::130'],
    wan: ['2001:db8:1::5', '2001:db8:1::6', '2001:db8::77', '2001:4860::8888'],
  },
  odd: ['2001:db8:dead::4'],
};

export function placesOf(family: Family): Places {
  return family === 4 ? FOUR : SIX;
}
