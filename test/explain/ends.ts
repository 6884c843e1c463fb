/** A small router on which packets end in every way, for the words of the ends. */
import type { PacketInput } from '../../src/packet/result.js';
import { loadNode } from '../../src/snapshot/load.js';

const save = `*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
*mangle
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -s 10.0.1.0/24 -o eth0 -j MASQUERADE
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -p tcp -m tcp --dport 22 -j REJECT --reject-with tcp-reset
-A INPUT -p icmp -m limit --limit 3/min -j ACCEPT
-A INPUT -p icmp -j DROP
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -d 198.51.100.0/24 -m comment --comment "no way there" -j DROP
-A FORWARD -p tcp -m tcp --dport 443 -j ACCEPT
-A FORWARD -p tcp -m mystery --level 3 -j ACCEPT
-A OUTPUT -p udp -m udp --dport 53 -j REJECT --reject-with icmp-port-unreachable
COMMIT
*security
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
`;

const addresses = `1: lo: <LOOPBACK,UP> mtu 65536 qdisc noqueue state UNKNOWN
    inet 127.0.0.1/8 scope host lo
2: eth0: <BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state UP
    inet 10.0.0.1/24 scope global eth0
3: eth1: <BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state UP
    inet 10.0.1.1/24 scope global eth1
`;

const routes = `default via 10.0.0.254 dev eth0 table main
10.0.0.0/24 dev eth0 table main proto kernel scope link src 10.0.0.1
10.0.1.0/24 dev eth1 table main proto kernel scope link src 10.0.1.1
blackhole 10.8.0.0/16 table main
unreachable 10.9.0.0/16 table main
local 10.0.0.1 dev eth0 table local proto kernel scope host src 10.0.0.1
broadcast 10.0.0.255 dev eth0 table local proto kernel scope link src 10.0.0.1
local 10.0.1.1 dev eth1 table local proto kernel scope host src 10.0.1.1
broadcast 10.0.1.255 dev eth1 table local proto kernel scope link src 10.0.1.1
local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1
`;

const settings = `net.ipv4.ip_forward = 1
net.ipv4.conf.all.rp_filter = 0
net.ipv4.conf.eth0.rp_filter = 0
net.ipv4.conf.eth1.rp_filter = 1
net.ipv4.conf.all.forwarding = 1
net.ipv4.conf.eth0.forwarding = 1
net.ipv4.conf.eth1.forwarding = 1
`;

/** The router. */
export const router = loadNode('router', [
  { name: 'iptables-save.txt', text: save },
  { name: 'ip-addr.txt', text: addresses },
  { name: 'ip-route.txt', text: routes },
  {
    name: 'ip-rule.txt',
    text: '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n',
  },
  { name: 'sysctl.txt', text: settings },
]);

const inside = { in: 'eth1', proto: 'tcp', src: '10.0.1.7', sport: 40000 } as const;

/** A packet for each end. */
export const ends: readonly (readonly [title: string, packet: PacketInput])[] = [
  ['refused by a rule', { ...inside, dst: '10.0.1.1', dport: 22 }],
  ['dropped by a rule', { ...inside, dst: '198.51.100.9', dport: 443 }],
  ['dropped by a policy', { ...inside, proto: 'udp', dst: '203.0.113.9', dport: 53 }],
  ['accepted by a rule that nobody can evaluate, or dropped', { ...inside, dst: '203.0.113.9', dport: 80 }],
  ['a source that does not belong there', { ...inside, src: '10.0.0.7', dst: '203.0.113.9', dport: 443 }],
  ['into a blackhole', { ...inside, dst: '10.8.0.1', dport: 443 }],
  ['to what is unreachable', { ...inside, dst: '10.9.0.1', dport: 443 }],
  ['with the last hop', { ...inside, dst: '203.0.113.9', dport: 443, ttl: 1 }],
  ['out, masqueraded', { ...inside, dst: '203.0.113.9', dport: 443 }],
  ['to a socket', { ...inside, dst: '10.0.1.1', dport: 8080 }],
  ['within a limit, or not', { in: 'eth1', proto: 'icmp', src: '10.0.1.7', dst: '10.0.1.1' }],
  ['refused to a process of the node', { proto: 'udp', dst: '203.0.113.9', dport: 53 }],
  ['from a process of the node', { proto: 'tcp', dst: '203.0.113.9', dport: 443 }],
];
