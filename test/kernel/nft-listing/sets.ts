/** Sets, maps, chains and objects of a table, as somebody types them (nft(8)). */
import type { NftFamily } from '../../../src/nft/model.js';

const ANY = `
counter c { packets 5 bytes 6; }
counter c2 { }
quota q { over 25 mbytes used 10 bytes; }
quota q2 { 1500 bytes; }
limit lim { rate 400/minute burst 30 packets; }
limit lim2 { rate over 10 kbytes/second; }
set ports { type inet_service; flags interval; elements = { 22, 80-90, 443 }; }
set services { type inet_proto . inet_service; elements = { tcp . 22, udp . 53 }; }
set names { type ifname; elements = { "eth0", "wg*x", "lo" }; }
set wild { type ifname; flags interval; elements = { "eth*", "lo" }; }
set marksset { type mark; elements = { 1, 0x80 }; }
set macs { type ether_addr; elements = { 00:0f:54:0c:11:04 }; }
set empty { type inet_service; }
set told { type inet_service; comment "the words of a set"; size 100; elements = { 1 comment "one", 2 comment "two: {x}, y" }; }
set timed { type inet_service; flags timeout; timeout 1d; gc-interval 1h; elements = { 1 timeout 2h, 2 timeout 90m30s comment "x", 3 }; }
set counted { type inet_service; counter; elements = { 1 counter packets 5 bytes 6, 2 }; }
set limited { type inet_service; limit rate 5/second; elements = { 1, 2 }; }
set fixed { type inet_service; flags constant; elements = { 1 }; }
set merged { type inet_service; flags interval; auto-merge; elements = { 1-5, 6-9, 20 }; }
set mergedfor { type inet_service; size 100; flags interval,timeout; timeout 1h; gc-interval 5s; auto-merge; comment "all"; }
set memory { type inet_service; policy memory; }
set dyn { type inet_service; size 65535; flags dynamic,timeout; timeout 1h; }
set states { type ct_state; elements = { new, established, related }; }
set dscps { type dscp; elements = { cs1, ef, 7 }; }
set ethertypes { type ether_type; elements = { ip, ip6, arp }; }
set users { typeof meta skuid; elements = { 0, 1000 }; }
set lengths { typeof meta length; flags interval; elements = { 1-5 }; }
set typed { typeof tcp dport . meta mark; elements = { 22 . 0x5 }; }
map verdicts { type inet_service : verdict; flags interval; elements = { 22 : accept, 80-90 : jump U, 443 comment "x" : goto U, 25 : drop, 26 : continue, 27 : return, * : drop }; }
map marks { type inet_service : mark; elements = { 22 : 1, 80 : 0x80 }; }
map dynmap { typeof tcp dport : udp length; size 100; flags dynamic; }
map counters { type inet_service : counter; elements = { 22 : "c", 80 : "c2" }; }
map quotas { type inet_service : quota; elements = { 22 : "q" }; }
map limits { type inet_service : limit; elements = { 22 : "lim" }; }
set full { type inet_service; flags timeout; counter; elements = { 1 counter packets 5 bytes 6 timeout 1h comment "x", 2 }; }
set quoted { type inet_service; quota over 5 mbytes; elements = { 1, 2 }; }
set classes { type classid; elements = { "1:5", "1:a", "ffff:0" }; }
set arps { type arp_op; elements = { request, reply }; }
map classverdicts { type classid : verdict; elements = { "1:5" : accept }; }
map countedmap { type inet_service : verdict; counter; elements = { 1 counter packets 1 bytes 2 comment "q" : accept, 2 : drop }; }
map names-of { type mark : ifname; elements = { 1 : "lo", 2 : "eth0" }; }
map wildverdicts { type ifname : verdict; elements = { "eth0" : accept, "lo" : drop }; }
map zones { typeof tcp dport : ct zone; elements = { 22 : 5 }; }
`;

const ROUTED = `
ct helper ftp-standard { type "ftp" protocol tcp; }
ct timeout policy-tcp { protocol tcp; policy = { established : 100, close_wait : 4 }; }
ct expectation expect { protocol tcp; dport 9876; timeout 2m; size 12; }
synproxy syn { mss 1460; wscale 7; timestamp sack-perm; }
flowtable ft { hook ingress priority 0; devices = { lo }; }
`;

const IP4 = `
set s4 { type ipv4_addr; elements = { 10.0.0.1, 10.0.0.2, 10.0.0.3 }; }
set nets4 { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 192.168.0.1, 172.16.0.1-172.16.0.9 }; }
set pairs4 { type ipv4_addr . inet_service; elements = { 10.0.0.1 . 22, 10.0.0.2 . 80 }; }
set ranges4 { type ipv4_addr . inet_service; flags interval; elements = { 10.0.0.0/24 . 22, 10.0.0.1-10.0.0.9 . 80-90 }; }
set quad4 { type ipv4_addr . ipv4_addr . inet_proto . inet_service; flags interval; elements = { 10.0.0.0/8 . 10.0.0.1 . tcp . 80 }; }
set typeof4 { typeof ip saddr . tcp dport; elements = { 10.0.0.1 . 22 }; }
set s4dyn { type ipv4_addr; size 65535; flags dynamic,timeout; }
set pairs4dyn { type ipv4_addr . inet_service; size 100; flags dynamic; }
set affinity { type ipv4_addr; size 65535; flags dynamic,timeout; timeout 3h; }
set original4 { typeof ct original ip saddr; elements = { 10.0.0.1 }; }
set raw4 { typeof @nh,96,32; elements = { 0xa000001 }; }
set protocols { typeof ip protocol . th dport; elements = { tcp . 22 }; }
map verdicts4 { type ipv4_addr : verdict; flags interval; elements = { 10.0.0.0/8 : accept, 192.168.0.1 : jump U }; }
map service-ips { type ipv4_addr . inet_proto . inet_service : verdict; comment "ClusterIP, ExternalIP and LoadBalancer IP traffic"; elements = { 10.96.0.10 . udp . 53 : goto service-NWBZK7IH-kube-system/kube-dns/udp/dns, 10.96.0.1 . tcp . 443 comment "a/b:c" : drop }; }
map m4 { type ipv4_addr : ipv4_addr; elements = { 10.0.0.1 : 10.1.0.1 }; }
map ports4 { type inet_service : ipv4_addr; elements = { 80 : 10.0.0.1 }; }
map endpoints4 { type ipv4_addr . inet_service : ipv4_addr . inet_service; elements = { 10.0.0.1 . 80 : 10.1.0.1 . 8080 }; }
map intervals4 { type ipv4_addr : interval ipv4_addr; flags interval; elements = { 10.0.0.0/24 : 10.1.0.0/24 }; }
map typeofmap4 { typeof ip saddr . tcp dport : ip daddr . tcp dport; elements = { 10.0.0.1 . 22 : 10.0.0.2 . 23 }; }
`;

const IP6 = `
set s6 { type ipv6_addr; elements = { fd00::1, ::1, 2001:db8::5 }; }
set nets6 { type ipv6_addr; flags interval; elements = { fd00::/8, 2001:db8::1-2001:db8::9, ::1 }; }
map m6 { type ipv6_addr . inet_service : verdict; elements = { fd00::1 . 80 : accept }; }
`;

const IP_BASES = `
chain raw1 { type filter hook prerouting priority raw; policy accept; }
chain raw2 { type filter hook output priority raw - 5; }
chain mangle1 { type filter hook prerouting priority mangle; policy drop; }
chain mangle2 { type route hook output priority mangle + 3; }
chain dstnat1 { type nat hook prerouting priority dstnat; }
chain dstnat2 { type nat hook prerouting priority dstnat - 10; }
chain dstnat3 { type nat hook output priority -100; }
chain filter1 { type filter hook input priority filter; policy drop; comment "words"; }
chain filter2 { type filter hook forward priority 0; policy accept; }
chain filter3 { type filter hook forward priority filter + 11; }
chain filter4 { type filter hook input priority -110; }
chain security1 { type filter hook input priority security; }
chain srcnat1 { type nat hook postrouting priority srcnat; }
chain srcnat2 { type nat hook postrouting priority 99; }
chain srcnat3 { type nat hook input priority 100; }
chain far { type filter hook output priority 2147483647; }
chain near { type filter hook output priority -2147483648; }
`;

const BASES: Readonly<Record<NftFamily, string>> = {
  ip: IP_BASES,
  ip6: IP_BASES,
  inet: `${IP_BASES}chain in1 { type filter hook ingress device "lo" priority 0; }\n`,
  bridge: `
chain b1 { type filter hook prerouting priority dstnat; }
chain b2 { type filter hook forward priority filter; policy drop; }
chain b3 { type filter hook output priority out; }
chain b4 { type filter hook postrouting priority srcnat; }
chain b5 { type filter hook input priority 0; }
`,
  arp: `
chain a1 { type filter hook input priority filter; policy drop; }
chain a2 { type filter hook output priority 5; }
`,
  netdev: `
chain n1 { type filter hook ingress device lo priority 0; policy accept; }
chain n2 { type filter hook ingress devices = { lo, dummy0 } priority -500; }
chain n3 { type filter hook egress device lo priority filter; policy drop; }
`,
};

const OWN: Readonly<Record<NftFamily, string>> = {
  ip: ROUTED + IP4,
  ip6: ROUTED + IP6,
  inet: ROUTED.replace(/^ct expectation.*$/mu, '') + IP4 + IP6,
  bridge: '',
  arp: '',
  netdev: '',
};

/** The declarations of a family's table, each on a line of its own. */
export function declarations(family: NftFamily): readonly string[] {
  const all = `chain U { }\nchain service-NWBZK7IH-kube-system/kube-dns/udp/dns { }\n${BASES[family]}${ANY}${OWN[family]}`;
  return all.split('\n').filter((line) => line !== '');
}
