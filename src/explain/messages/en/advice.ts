/** Cause and remedy of other codes that have no cause and remedy of their own; src/explain/advice.ts says which is for which. */
import type { Catalogue } from '../catalogue.js';

export const advice = {
  ADVICE_HEADER: {
    text: 'why a rule did not match: the packet',
    why: 'the condition asks for another header or interface than the packet has at this rule; NAT before it counts',
    do: '`natwalk why NODE ... RULE` shows the condition and its place; walk a packet that fits it, or change the rule',
  },
  ADVICE_NO_MARK: {
    text: 'why a rule did not match: a mark or label',
    why: 'marks are set by rules before this one and are not in the packet on the wire',
    do: 'look at the CHANGED column for who sets the mark, and try another one with --mark',
  },
  ADVICE_NO_CONNECTION: {
    text: 'why a rule did not match: the connection',
    why: 'conntrack has the packet in another state than the rule asks for',
    do: 'try --ct new or --ct established, or add `conntrack -L` so that open connections are known',
  },
  ADVICE_NO_SET: {
    text: 'why a rule did not match: a set',
    why: "the set is asked for the packet's own addresses, ports or interface, in the order of the flags src and dst",
    do: 'look for the element in the dump of `ipset save`, and whether src and dst stand the right way round',
  },
  ADVICE_NO_BYTES: {
    text: 'why a rule did not match: bytes of the packet',
    why: 'the bytes that follow from its description do not fit the expression',
    do: 'check the offsets of the expression against the header that the packet has',
  },
  ADVICE_NO_SENDER: {
    text: 'why a rule did not match: the socket',
    why: 'only packets of local processes have an owner, and only some protocols have sockets that are looked up',
    do: 'give --uid or --gid with --local, or look at the packet where it is sent',
  },
  ADVICE_NO_WAY_BACK: {
    text: 'why a rule did not match: the way back',
    why: 'the rule asks by which interface an answer would leave (the match rpfilter, not the sysctl rp_filter)',
    do: 'compare with `ip route get SOURCE` on the node; policy rules and marks count',
  },
  ADVICE_NO_CHANCE: {
    text: 'why a rule did not match: chance, turn or state',
    why: 'in this outcome chance, the turn, the node of the cluster, the clock or the state of the machine was against it',
    do: 'read the other outcomes; --assume RULE=yes, --pick and --seed choose one',
  },
  ADVICE_NEVER: {
    text: 'why a rule did not match: it never can',
    why: 'the condition, as it is written, holds for no packet',
    do: 'mend the rule: look for an inversion (!) or a bound that was not meant',
  },
  ADVICE_NO_NFT: {
    text: 'why a rule of nftables did not match',
    why: 'an expression compares something else than the packet has; where the packet lacks what is asked for, the rule ends',
    do: '`natwalk why NODE ... FAMILY TABLE CHAIN:N` shows the expression and its place',
  },
  ADVICE_NO_ASSUMED: {
    text: 'settled by an assumption',
    why: 'the snapshot does not tell, and this outcome takes it so',
    do: 'read what the outcome rests on; --assume RULE=yes or no settles a rule, a further dump the rest',
  },
  ADVICE_POLICY_MATCH: {
    text: 'a policy rule that matched',
    why: 'policy rules are tried by priority, lowest first; the first that leads to a route decides',
    do: 'compare with `ip rule` and `ip route show table TABLE`',
  },
  ADVICE_POLICY_MISS: {
    text: 'why a policy rule did not match',
    why: 'a selector asks for something else than the packet has at the routing decision: after DNAT, before SNAT, with the mark of that moment',
    do: '`natwalk why NODE ... rule/PRIORITY` shows the selector; look at the CHANGED column for the mark',
  },
  ADVICE_POLICY_TABLE: {
    text: 'a policy rule that led to no route',
    why: 'its selectors hold, but its table has no usable route, so that the lookup goes on with the next policy rule',
    do: 'add the route to that table, or look which later policy rule decides',
  },
  ADVICE_VALUE: {
    text: 'a value of a rule that cannot be',
    why: 'iptables refuses such a value, so that no kernel has this rule: the text was typed, cut or changed',
    do: 'gather the dump again with `iptables-save`, or mend the value in the line that is shown',
  },
  ADVICE_OPTIONS: {
    text: 'options of a rule that do not go together',
    why: 'iptables refuses a rule without an option that its match or target needs, or with two that exclude each other',
    do: 'compare the line with iptables-extensions(8), or gather the dump again with `iptables-save`',
  },
  ADVICE_PACKET: {
    text: 'a packet that cannot be',
    why: 'a value is not what its field holds, or two do not fit together',
    do: 'mend the option, or the field of the batch line (natwalk trace --help)',
  },
  ADVICE_WAY_IN: {
    text: 'a packet that cannot come to this node',
    why: 'its interface or source is missing, or the node has no route that tells by which interface it comes in',
    do: 'give --in IFACE with an interface that the node has, or --local for a process of the node',
  },
  ADVICE_CHECK_PATH: {
    text: 'a check that failed: the rules on the way',
    why: 'the packet met a rule that it must not meet, or did not meet one that it must',
    do: 'the command below the failure walks the packet; `natwalk why` tells of one rule',
  },
  ADVICE_CHECK_NEVER: {
    text: 'a check that failed: what must never be',
    why: 'an outcome has all that the check forbids',
    do: 'the command below the failure walks the packet; mend the rule that decides, or the expectation',
  },
  ADVICE_CHECK_NOTHING: {
    text: 'a check that says nothing',
    why: 'what it forbids does not exist on the node, so that it would pass whatever happens',
    do: 'mend the name, or drop the check',
  },
  ADVICE_CHECK_RESTS: {
    text: 'a check that cannot be decided',
    why: 'an outcome rests on an assumption, or there are more outcomes than are walked',
    do: 'add the dump that is missing, or allow it in the check: assume: [CODE]',
  },
  ADVICE_CHECK_REPLY: {
    text: 'a check that failed: the answer',
    why: 'the packet is lost, or nothing answers such a packet, so that no answer can be walked',
    do: 'expect the verdict of the packet itself first',
  },
  ADVICE_CHECK_GOLDEN: {
    text: 'a check that failed: its golden file',
    why: 'there is no walk to compare with yet',
    do: 'run natwalk check with --update, read the file, and keep it with the spec',
  },
  ADVICE_CAPACITY: {
    text: 'a pod that stays Pending',
    why: 'the instance type has no more addresses for pods, or maxPods of the kubelet is lower',
    do: 'take a larger type, or prefix delegation (--prefix-delegation), or raise maxPods up to what is recommended',
  },
  ADVICE_PATH_NETWORK: {
    text: 'a way that ends: nobody has the address',
    why: 'the cluster file and the nodes show no interface, pod or segment behind it',
    do: 'add what is missing to the cluster file, or mend the route or pod address that leads there',
  },
  ADVICE_PATH_ENI: {
    text: 'a way that ends: the source/destination check of an ENI',
    why: "a VPC drops what leaves or reaches an ENI with an address that is not that ENI's own",
    do: 'look why the packet leaves by this interface (its policy rule and SNAT), or turn the check off for an instance that routes',
  },
  ADVICE_PATH_VPC: {
    text: 'a way that ends: the VPC',
    why: 'the route table of the subnet has no way there, or the address has no public one for the internet gateway',
    do: 'add the route, a NAT gateway, or a public address, in the VPC and in the cluster file',
  },
  ADVICE_PATH_BALANCER: {
    text: 'a way that ends: the load balancer',
    why: 'it does not listen on that port, or has no target that takes it',
    do: 'ask for a port that has a listener, or add targets',
  },
  ADVICE_PATH_TUNNEL: {
    text: 'a way that ends: the tunnel',
    why: 'the node does not know the far end of the overlay for this address, or the far node has no such tunnel',
    do: "compare `ip neigh` and `bridge fdb` of the device on both nodes: the CNI's agent programs them",
  },
  ADVICE_PATH_ROUND: {
    text: 'a way without end',
    why: 'two places send the packet to each other until its TTL runs out',
    do: 'look at the routes of the two places that the loop is between',
  },
  ADVICE_PATH_OWN: {
    text: 'a way that ends: the pod itself',
    why: 'its packet came back to it, as by a service whose endpoint it is, still with its own source, and Linux takes no such packet from outside',
    do: 'masquerade it on the node: kube-proxy does by KUBE-MARK-MASQ of the endpoint',
  },
  ADVICE_PATH_ANSWER: {
    text: 'an answer that does not come back as asked',
    why: "the answer's source is another than was asked, or nothing answers such a packet",
    do: 'look where the way back misses the translation of the way there: it must pass the node that translated',
  },
  ADVICE_DROP_RULE: {
    text: 'a drop by the rule set',
    why: "a rule with the verdict DROP matched, or no rule accepted and the chain's policy is DROP",
    do: 'the line "would pass" of the answer says what would let it pass; `natwalk why` tells why the rules before did not match',
  },
  ADVICE_DROP_RP_FILTER: {
    text: 'a drop by the reverse-path filter',
    why: 'with rp_filter 1 the kernel drops, in the route lookup, what came in by another interface than an answer would leave by; FORWARD and INPUT never see it',
    do: 'make the way back agree (policy rules count), or set rp_filter of the interface and of all to 0 or 2',
  },
  ADVICE_DROP_MARTIAN: {
    text: 'a drop for its addresses',
    why: 'loopback, multicast or other addresses that may not come from a wire, or a source that is not forwarded',
    do: 'look who sends such a packet; route_localnet and accept_local allow some of them',
  },
  ADVICE_DROP_FORWARD: {
    text: 'a packet that is not forwarded',
    why: 'the node does not forward (ip_forward), the frame was not for this node alone, or the TTL ran out',
    do: "set net.ipv4.ip_forward=1, send it to the node's own hardware address, or look for a routing loop",
  },
  ADVICE_DROP_LINK: {
    text: 'a packet that the output interface does not take',
    why: 'it is down, without carrier, its MTU is smaller than the packet, nobody answers for the nexthop, or it is the port of a bridge that the packet came in by',
    do: 'look at `ip link` and `ip neigh` of the interface',
  },
  ADVICE_DROP_ROUTING: {
    text: 'a drop by routing',
    why: 'a blackhole route or policy rule takes it, or the node has not joined the group',
    do: 'look at the route that the answer names; `ip maddr` shows groups',
  },
  ADVICE_DROP_NAT: {
    text: 'a drop by NAT',
    why: 'no port or address to translate to, an ICMP redirect about a translated connection, or a masqueraded connection that now leaves by another interface',
    do: 'look at `conntrack -L` for the connection in the way; `conntrack -D` ends it',
  },
  ADVICE_DROP_VERDICT: {
    text: 'a packet that a target ends without an answer of its own',
    why: 'SYNPROXY answers in place of the server, REJECT does not answer errors, resets and packets to all, and a circle of jumps has no end',
    do: 'nothing is lost by the first two; mend the circle of chains (`natwalk lint NODE`)',
  },
} as const satisfies Catalogue;
