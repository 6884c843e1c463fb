/** Packets that are redirected to the node itself, and refused there: in both families, by iptables-legacy. */
const save = (port: string): string => `*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -i eth1 -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 3128
-A PREROUTING -i eth1 -p tcp -m tcp --dport 81 -j REDIRECT --to-ports 3129
-A PREROUTING -i eth1 -p udp -m udp --dport 53 -j REDIRECT
-A OUTPUT -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 3128
-A OUTPUT -p tcp -m tcp --dport 81 -j REDIRECT --to-ports 3129
-A OUTPUT -p udp -m udp --dport 53 -j REDIRECT
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -p tcp -m tcp --dport 3128 -j REJECT --reject-with ${port}
-A INPUT -p tcp -m tcp --dport 3129 -j REJECT --reject-with tcp-reset
-A INPUT -p udp -m udp --dport 53 -j REJECT --reject-with ${port}
COMMIT
`;

export const REDIRECT: Readonly<Record<string, string>> = {
  'iptables-save.txt': save('icmp-port-unreachable'),
  'ip6tables-save.txt': save('icmp6-port-unreachable'),
};
