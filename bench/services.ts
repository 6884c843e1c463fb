/** Nodes with many services, as kube-proxy's nftables mode has them: one verdict map, and two chains for each service. */
import type { SnapshotFile } from '../src/snapshot/load.js';

/** Services have the addresses 10.96.0.0 and on; their endpoints 10.244.0.0 and on. */
export function serviceAddress(at: number): string {
  return `10.${String(96 + (at >> 16))}.${String((at >> 8) & 255)}.${String(at & 255)}`;
}

function endpointAddress(at: number): string {
  return `10.${String(244 + (at >> 16))}.${String((at >> 8) & 255)}.${String(at & 255)}`;
}

function chainsOf(at: number): string {
  return `	chain service-${String(at)} {
		ip daddr ${serviceAddress(at)} tcp dport 80 ip saddr != 10.244.0.0/14 jump mark-for-masquerade
		numgen random mod 1 vmap { 0 : goto endpoint-${String(at)} }
	}

	chain endpoint-${String(at)} {
		ip saddr ${endpointAddress(at)} jump mark-for-masquerade
		meta l4proto tcp dnat to ${endpointAddress(at)}:8080
	}
`;
}

/** `nft list ruleset` of a node with so many services. */
export function nftRuleset(services: number): string {
  const all = Array.from({ length: services }, (_, at) => at);
  const elements = all.map((at) => `${serviceAddress(at)} . tcp . 80 : goto service-${String(at)}`);
  return `table ip kube-proxy {
	map service-ips {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { ${elements.join(',\n\t\t\t     ')} }
	}

	chain nat-prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		jump services
	}

	chain nat-postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		meta mark & 0x00004000 == 0x00000000 return
		meta mark set meta mark ^ 0x00004000
		masquerade fully-random
	}

	chain services {
		ip daddr . meta l4proto . th dport vmap @service-ips
	}

	chain mark-for-masquerade {
		meta mark set meta mark | 0x00004000
	}

${all.map(chainsOf).join('\n')}}
`;
}

const RULES = '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n';

const ADDRESSES = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500
    inet 192.0.2.10/24 brd 192.0.2.255 scope global eth0
3: veth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500
`;

const ROUTES = `default via 192.0.2.1 dev eth0
10.244.0.0/14 dev veth1 scope link
192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.10
local 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1
local 192.0.2.10 dev eth0 table local proto kernel scope host src 192.0.2.10
`;

const SYSCTLS = `net.ipv4.ip_forward = 1
net.ipv4.conf.all.rp_filter = 0
net.ipv4.conf.eth0.rp_filter = 0
net.ipv4.conf.veth1.rp_filter = 0
`;

/** The dumps of such a node. */
export function filesOf(services: number): readonly SnapshotFile[] {
  return [
    { name: 'nft-ruleset.txt', text: nftRuleset(services) },
    { name: 'ip-rule.txt', text: RULES },
    { name: 'ip-addr.txt', text: ADDRESSES },
    { name: 'ip-route.txt', text: ROUTES },
    { name: 'sysctl.txt', text: SYSCTLS },
    { name: 'ipset.txt', text: '' },
  ];
}
