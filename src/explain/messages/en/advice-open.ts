/** Cause and remedy of open questions and assumptions (UNK_…, ASM_…); src/explain/advice.ts says which is for which. */
import type { Catalogue } from '../catalogue.js';

export const adviceOpen = {
  ADVICE_PAYLOAD: {
    text: 'open: a part of the packet that its description does not say',
    why: 'a packet is described by addresses, ports, flags and marks; its options, further headers and payload are not known, so that both answers are walked',
    do: 'settle it with --assume RULE=yes or --assume RULE=no, or describe the packet more closely (natwalk trace --help)',
  },
  ADVICE_LENGTH: {
    text: 'open: the length of the packet',
    why: 'the rule asks for the length, and the packet was given without one',
    do: 'give --length BYTES (in a batch: "length")',
  },
  ADVICE_MATCH: {
    text: 'open: a match that natwalk does not model',
    why: 'nothing is guessed: the rule may match or not, and both ways are walked',
    do: 'read in iptables-extensions(8) or nft(8) what it asks for, then settle it with --assume RULE=yes or --assume RULE=no',
  },
  ADVICE_TARGET: {
    text: 'open: a target that natwalk does not model',
    why: 'it may let the packet go on, accept it or drop it',
    do: 'settle it with --assume RULE=continue, accept or drop, as its manual page says',
  },
  ADVICE_PINNED: {
    text: 'open: a program that is not in the dump',
    why: 'iptables-save shows where the program is pinned, not the program',
    do: 'look at it on the node with bpftool prog dump, then settle the rule with --assume RULE=yes or no',
  },
  ADVICE_FRAME: {
    text: 'open: the frame that carried the packet',
    why: "frames and bridge ports are not part of a packet's description",
    do: 'settle it with --assume RULE=yes or --assume RULE=no',
  },
  ADVICE_PROCESS: {
    text: 'open: the process that sends',
    why: "the rule asks for the sender's user, group, cgroup or socket, and the packet was given without",
    do: 'give --uid and --gid, or settle the rule with --assume RULE=yes or no',
  },
  ADVICE_CONNECTED: {
    text: 'open: whether the sending UDP socket is connected',
    why: 'when OUTPUT has changed the packet, the kernel routes it again, and what it asks for hangs on the socket',
    do: 'give --connected yes or --connected no',
  },
  ADVICE_SOCKETS: {
    text: 'open: which sockets of the node listen',
    why: 'no dump of a snapshot lists sockets',
    do: 'look at `ss -lntu` on the node; for groups add the output of `ip maddr`',
  },
  ADVICE_COUNTED: {
    text: 'open: what the kernel has counted so far',
    why: 'buckets, lists, quotas and turns change with every packet, and no dump shows where they stand',
    do: 'read both outcomes, or settle the rule with --assume RULE=yes or no',
  },
  ADVICE_CHANCE: {
    text: 'open: what chance decides',
    why: 'the kernel draws a number for each packet that comes to the rule; nat rules are asked once per connection',
    do: 'read each outcome with its probability; --seed N draws, --pick ENDPOINT and --assume RULE=yes settle it',
  },
  ADVICE_DRAWN: {
    text: 'open: a port or address that the kernel draws',
    why: 'NAT gave the packet a range to be drawn from, and a later rule asks for a part of it',
    do: 'settle that rule with --assume RULE=yes or no',
  },
  ADVICE_MARK: {
    text: 'open: bits of a mark',
    why: 'something before it sets the mark in a way that the snapshot does not show: a target that is not modelled, or the entry of a connection',
    do: 'look at the CHANGED column for who sets the mark; --mark gives it, `conntrack -L` shows that of a connection',
  },
  ADVICE_CONNECTION: {
    text: 'open: the connection that the packet belongs to',
    why: 'what conntrack knows of the connection decides, and the snapshot does not say it',
    do: 'add the output of `conntrack -L`, or say it with --ct new, established, related, untracked or invalid',
  },
  ADVICE_SETS: {
    text: 'open: what a set or map holds',
    why: 'a dump of it is missing, cut or could not be read in full',
    do: 'add the output of `ipset save`, and of `nft -a list ruleset` for sets of nftables',
  },
  ADVICE_SET_ASKS: {
    text: 'open: what a set asks of the packet',
    why: "the set is keyed by something that a packet's description does not have",
    do: 'settle the rule with --assume RULE=yes or no',
  },
  ADVICE_SET_CHANGED: {
    text: 'open: a set that this walk itself may change',
    why: 'a rule before this one adds elements, and whether it did hangs on what is open already',
    do: 'settle that earlier rule with --assume RULE=yes or no',
  },
  ADVICE_NFT_TEXT: {
    text: 'open: what the listing of nft does not say',
    why: '`nft list ruleset` leaves out parts of what iptables-nft wrote, and some expressions cannot be worked out offline',
    do: 'add the output of `iptables-save`, or settle the rule with --assume RULE=yes or no',
  },
  ADVICE_DEVICE: {
    text: 'open: something about an interface',
    why: 'the snapshot does not show the interface, its group, its VRF or its addresses',
    do: 'add the output of `ip -d addr`',
  },
  ADVICE_MACHINE: {
    text: 'open: state of the machine beside its rules',
    why: 'clocks, processors, IPsec, IPVS and the fingerprints of systems stand in no dump',
    do: 'read both outcomes, or settle the rule with --assume RULE=yes or no',
  },
  ADVICE_LISTED: {
    text: 'open: what a listing hides',
    why: '`iptables -L` shows no interfaces without -v, names in place of addresses without -n, and some matches not at all',
    do: 'gather `iptables-save` in its place',
  },
  ADVICE_POLICY_RULES: {
    text: 'open: policy rules',
    why: 'the list of `ip rule` is missing or not whole, and policy rules decide which table is looked up',
    do: 'add the output of `ip rule` (and `ip -6 rule`)',
  },
  ADVICE_ROUTES: {
    text: 'open: routes',
    why: 'a table that the lookup comes to is missing or not whole',
    do: 'add the output of `ip route show table all` (and of `ip -6 route show table all`)',
  },
  ADVICE_HISTORY: {
    text: 'open: in which order the node was set up',
    why: 'the kernel remembers the order of its commands, and no listing shows it',
    do: 'read both outcomes; on the node `ip route get` asks the kernel itself',
  },
  ADVICE_NEXTHOP: {
    text: 'open: which nexthop is taken',
    why: 'the kernel chooses by the state of its neighbours, and by its version',
    do: 'add the outputs of `ip neigh` and `sysctl -a` (kernel.osrelease)',
  },
  ADVICE_FRAGMENT: {
    text: 'open: whether the packet may be fragmented',
    why: 'it is longer than the MTU of its way; with DF it is dropped, and its sender is told',
    do: 'Linux sets DF for TCP: read that outcome for TCP; a smaller --length avoids the question',
  },
  ADVICE_BRIDGE_PORT: {
    text: 'open or assumed: a port of a bridge',
    why: 'a bridge sends a packet back out of the port that it came in by in hairpin mode alone; the dumps that are read do not show that',
    do: 'look for `hairpin on` in `bridge -d link`, and settle it with --assume',
  },
  ADVICE_SETTING: {
    text: 'open: a setting of the kernel',
    why: 'the snapshot does not have its value, or has two',
    do: 'add the output of `sysctl -a`, or try a value: --set sysctl.NAME=VALUE',
  },
  ADVICE_TABLES: {
    text: 'assumed: what rules the node has',
    why: "a table, a chain's policy or the rules of the other iptables are not in the snapshot; they are taken to change nothing",
    do: 'add the output of `iptables-save`; where both iptables are in use, of iptables-legacy-save and iptables-nft-save',
  },
  ADVICE_NFT_TABLES: {
    text: 'assumed: what tables nftables has',
    why: 'no listing of nftables, or not a whole one, is in the snapshot; what is not shown is taken not to exist',
    do: 'add the output of `nft -a list ruleset`',
  },
  ADVICE_NOT_MODELLED: {
    text: 'assumed: something that natwalk does not walk',
    why: 'bridges, ingress hooks, flowtables and extension headers are beyond what is walked; the packet is taken to pass them unchanged',
    do: 'look at that part by hand, on the node with `nft monitor trace`',
  },
  ADVICE_GATHERED: {
    text: 'assumed: that the dumps are of one moment and whole',
    why: 'a listing is empty, cut, contradicted by another one or older than a command that changes it',
    do: 'gather the dumps again, all at once: `natwalk collect` prints a script that does',
  },
  ADVICE_SETTLED: {
    text: 'settled by you',
    why: 'what was open is taken as you said: --seed draws what chance decides, --pick names the endpoint',
    do: 'leave the option out to see every outcome with its probability',
  },
  ADVICE_LACK: {
    text: 'what a snapshot lacks',
    why: 'without that dump some answers rest on an assumption',
    do: 'add the output of the command that `natwalk doctor` names; `natwalk collect` gathers all of them',
  },
  ADVICE_BUDGET: {
    text: 'assumed: the packet is dropped in a tangle of chains',
    why: 'the chains jump to one another so often that they are not walked to their end',
    do: 'look for chains that jump in a circle: `natwalk lint NODE`',
  },
  ADVICE_OWN_ADDRESS: {
    text: 'assumed: an address of the node',
    why: 'MASQUERADE, REDIRECT and local processes take an address of an interface, and the snapshot does not show it, or not the way out',
    do: 'add the output of `ip addr` and `ip route show table all`',
  },
} as const satisfies Catalogue;
