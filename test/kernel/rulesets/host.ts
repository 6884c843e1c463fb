/** A host with an uplink, a bridge of containers, and a private network behind it: what all rule sets here run on. */
export const HOST: Readonly<Record<string, string>> = {
  'ip-addr.txt': `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    inet 127.0.0.1/8 scope host lo
    inet6 ::1/128 scope host
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default
    link/ether 02:00:00:00:02:01 brd ff:ff:ff:ff:ff:ff
    inet 192.0.2.10/24 brd 192.0.2.255 scope global eth0
    inet6 2001:db8:1::10/64 scope global
    inet6 fe80::201/64 scope link
3: docker0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default
    link/ether 02:00:00:00:02:02 brd ff:ff:ff:ff:ff:ff
    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0
    inet6 fd00:17::1/64 scope global
    inet6 fe80::202/64 scope link
4: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default
    link/ether 02:00:00:00:02:03 brd ff:ff:ff:ff:ff:ff
    inet 10.8.0.1/24 brd 10.8.0.255 scope global eth1
    inet6 fd00:8::1/64 scope global
    inet6 fe80::203/64 scope link
`,
  'ip-route.txt': `default via 192.0.2.1 dev eth0
10.8.0.0/24 dev eth1 proto kernel scope link src 10.8.0.1
172.17.0.0/16 dev docker0 proto kernel scope link src 172.17.0.1
192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.10
`,
  'ip6-route.txt': `2001:db8:1::/64 dev eth0 proto kernel metric 256 pref medium
fd00:8::/64 dev eth1 proto kernel metric 256 pref medium
fd00:17::/64 dev docker0 proto kernel metric 256 pref medium
default via 2001:db8:1::1 dev eth0 metric 1024 pref medium
`,
  'ip-rule.txt': `0:	from all lookup local
32766:	from all lookup main
32767:	from all lookup default
`,
  'sysctl.txt': `net.ipv4.ip_forward = 1
net.ipv6.conf.all.forwarding = 1
net.ipv4.conf.all.rp_filter = 0
net.ipv4.conf.default.rp_filter = 0
`,
};
