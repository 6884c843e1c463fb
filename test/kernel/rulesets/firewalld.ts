/** A table as firewalld makes it with its nftables backend: zones by interface, a forwarded port, masquerading. */
export const FIREWALLD: Readonly<Record<string, string>> = {
  'nft-ruleset.txt': `table inet firewalld {
	ct helper helper-ftp-tcp {
		type "ftp" protocol tcp
		l3proto inet
	}

	chain mangle_PREROUTING {
		type filter hook prerouting priority mangle + 10; policy accept;
		jump mangle_PREROUTING_ZONES
	}

	chain mangle_PREROUTING_ZONES {
		iifname "eth0" goto mangle_PRE_public
		iifname "eth1" goto mangle_PRE_internal
		goto mangle_PRE_public
	}

	chain mangle_PRE_public {
		tcp dport 2022 meta mark set 0x00000064
	}

	chain mangle_PRE_internal {
	}

	chain nat_PREROUTING {
		type nat hook prerouting priority dstnat + 10; policy accept;
		jump nat_PREROUTING_ZONES
	}

	chain nat_PREROUTING_ZONES {
		iifname "eth0" goto nat_PRE_public
		iifname "eth1" goto nat_PRE_internal
		goto nat_PRE_public
	}

	chain nat_PRE_public {
		jump nat_PRE_public_allow
	}

	chain nat_PRE_public_allow {
		meta nfproto ipv4 tcp dport 2222 dnat ip to 10.8.0.7:22
		meta nfproto ipv6 tcp dport 2222 dnat ip6 to [fd00:8::7]:22
		meta nfproto ipv4 tcp dport 8081 redirect to :80
		meta nfproto ipv6 tcp dport 8081 redirect to :80
		meta nfproto ipv6 tcp dport 8082 redirect to :81
		meta nfproto ipv4 tcp dport 8082 redirect to :81
	}

	chain nat_PRE_internal {
	}

	chain nat_OUTPUT {
		type nat hook output priority dstnat + 10; policy accept;
	}

	chain nat_POSTROUTING {
		type nat hook postrouting priority srcnat + 10; policy accept;
		jump nat_POSTROUTING_ZONES
	}

	chain nat_POSTROUTING_ZONES {
		oifname "eth0" goto nat_POST_public
		oifname "eth1" goto nat_POST_internal
		goto nat_POST_public
	}

	chain nat_POST_public {
		meta nfproto ipv4 oifname != "lo" masquerade
		meta nfproto ipv6 oifname != "lo" masquerade
	}

	chain nat_POST_internal {
	}

	chain filter_PREROUTING {
		type filter hook prerouting priority filter + 10; policy accept;
		icmpv6 type { nd-router-advert, nd-neighbor-solicit } accept
		meta nfproto ipv6 fib saddr . mark . iif oif missing drop
	}

	chain filter_INPUT {
		type filter hook input priority filter + 10; policy accept;
		ct state { established, related } accept
		ct status dnat accept
		iifname "lo" accept
		ct state invalid drop
		jump filter_INPUT_ZONES
		reject with icmpx admin-prohibited
	}

	chain filter_FORWARD {
		type filter hook forward priority filter + 10; policy accept;
		ct state { established, related } accept
		ct status dnat accept
		iifname "lo" accept
		ct state invalid drop
		ip6 daddr { ::/96, ::ffff:0.0.0.0/96, 2002::/24, 2002:a00::/24 } reject with icmpv6 addr-unreachable
		jump filter_FORWARD_ZONES
		reject with icmpx admin-prohibited
	}

	chain filter_OUTPUT {
		type filter hook output priority filter + 10; policy accept;
		ct state { established, related } accept
		oifname "lo" accept
		ip6 daddr { ::/96, ::ffff:0.0.0.0/96, 2002::/24, 2002:a00::/24 } reject with icmpv6 addr-unreachable
	}

	chain filter_INPUT_ZONES {
		iifname "eth0" goto filter_IN_public
		iifname "eth1" goto filter_IN_internal
		goto filter_IN_public
	}

	chain filter_FORWARD_ZONES {
		iifname "eth0" goto filter_FWD_public
		iifname "eth1" goto filter_FWD_internal
		goto filter_FWD_public
	}

	chain filter_IN_public {
		tcp dport 22 ct state { new, untracked } accept
		tcp dport 21 ct helper set "helper-ftp-tcp"
		tcp dport 21 ct state { new, untracked } accept
		ip6 daddr fe80::/64 udp dport 546 ct state { new, untracked } accept
		meta l4proto { icmp, ipv6-icmp } accept
		reject with icmpx admin-prohibited
	}

	chain filter_IN_internal {
		tcp dport { 22, 53 } ct state { new, untracked } accept
		udp dport 53 ct state { new, untracked } accept
		ip saddr 10.8.0.66 drop
		meta l4proto { icmp, ipv6-icmp } accept
		reject with icmpx admin-prohibited
	}

	chain filter_FWD_public {
		meta l4proto { icmp, ipv6-icmp } accept
		reject with icmpx admin-prohibited
	}

	chain filter_FWD_internal {
		oifname "eth0" accept
		meta l4proto { icmp, ipv6-icmp } accept
		reject with icmpx admin-prohibited
	}
}
`,
};
