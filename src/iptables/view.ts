/**
 * What a match may look at. The packet layer implements these; the extensions know nothing else, so that each can be
 * tested with a literal.
 */
import type { Address, Family } from '../address/address.js';
import type { Ternary } from '../chooser/question.js';

/** The five places where netfilter sees a packet (include/uapi/linux/netfilter.h). */
export type Hook = 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING';

/** The iptables tables, in the order of their priorities. */
export type TableName = 'raw' | 'mangle' | 'nat' | 'filter' | 'security';

/** Connection-tracking state of the packet (`--ctstate` without its SNAT and DNAT bits). */
export type ConnectionState = 'INVALID' | 'NEW' | 'ESTABLISHED' | 'RELATED' | 'UNTRACKED';

/** Route types that `-m addrtype` knows (net/netfilter/xt_addrtype.c). */
export type AddressType =
  | 'UNSPEC'
  | 'UNICAST'
  | 'LOCAL'
  | 'BROADCAST'
  | 'ANYCAST'
  | 'MULTICAST'
  | 'BLACKHOLE'
  | 'UNREACHABLE'
  | 'PROHIBIT'
  | 'THROW'
  | 'NAT'
  | 'XRESOLVE';

/** The name of an interface that the snapshot cannot name. No real interface has it: a slash is not allowed in one. */
export const UNKNOWN_INTERFACE = '?/';

/**
 * The packet as it is now. A field that NAT drew from a range holds the range's low end, and its `…To` twin the high
 * end; otherwise the two are equal.
 */
export interface PacketView {
  readonly family: Family;
  /** IP protocol number. */
  readonly protocol: number;
  readonly source: Address;
  readonly sourceTo: Address;
  readonly destination: Address;
  readonly destinationTo: Address;
  /** Ports of tcp, udp, udplite, sctp and dccp; 0 for protocols without ports. */
  readonly sourcePort: number;
  readonly sourcePortTo: number;
  readonly destinationPort: number;
  readonly destinationPortTo: number;
  /** ICMP or ICMPv6 type and code; 0 for other protocols. */
  readonly icmpType: number;
  readonly icmpCode: number;
  readonly icmpId: number;
  readonly icmpIdTo: number;
  /** TCP flags, byte 13 of the header: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128. */
  readonly tcpFlags: number;
  readonly ttl: number;
  /** The whole TOS or traffic-class byte. */
  readonly tos: number;
  /** IP total length in bytes, or null when the packet was given without one. */
  readonly length: number | null;
  /** skb->mark, unsigned 32 bits. Bits in `markUnknown` are not known and are 0 here. */
  readonly mark: number;
  readonly markUnknown: number;
  /** The input device's name; '' in hooks that have none. */
  readonly inInterface: string;
  /** The output device's name; '' in hooks that have none; UNKNOWN_INTERFACE when the snapshot cannot tell. */
  readonly outInterface: string;
  /** A local process sent it (it has a socket). */
  readonly isLocal: boolean;
  /** Owner of the sending socket, or null when not given. */
  readonly uid: number | null;
  readonly gid: number | null;
}

/** One direction of a conntrack entry (struct nf_conntrack_tuple). Ranges as in PacketView. */
export interface Tuple {
  readonly protocol: number;
  readonly source: Address;
  readonly sourceTo: Address;
  readonly destination: Address;
  readonly destinationTo: Address;
  /** Port, or ICMP id. */
  readonly sourcePort: number;
  readonly sourcePortTo: number;
  readonly destinationPort: number;
  readonly destinationPortTo: number;
}

/** The conntrack entry of the packet. */
export interface ConnectionView {
  readonly original: Tuple;
  readonly reply: Tuple;
  /** ct mark, unsigned 32 bits; bits in `markUnknown` are not known. */
  readonly mark: number;
  readonly markUnknown: number;
  readonly direction: 'ORIGINAL' | 'REPLY';
  /** Status bits (enum ip_conntrack_status). */
  readonly seenReply: boolean;
  readonly assured: boolean;
  readonly confirmed: boolean;
  /** IPS_SRC_NAT and IPS_DST_NAT: the translation changed something. */
  readonly sourceNat: boolean;
  readonly destinationNat: boolean;
  readonly expected: boolean;
  readonly zone: number;
  readonly helper: string | null;
}

/** How `-m rpfilter` asks (net/ipv4/netfilter/ipt_rpfilter.c). */
export interface ReversePathQuery {
  readonly loose: boolean;
  readonly validMark: boolean;
  readonly acceptLocal: boolean;
}

/** Everything else that a match may ask the node. */
export interface World {
  readonly hook: Hook;
  /** Identity of the rule under test ("nat:KUBE-SVC-X:2"): keys state that a rule has of its own. */
  readonly ruleKey: string;
  /** How many matches of the same kind stand before the one that asks in its rule; left out: none. Each has state of its own. */
  ordinal?: number;
  /** Which iptables put the rule into the kernel; left out, or null: not known. */
  readonly backend?: 'legacy' | 'nft' | null;
  /** The packet's entry, or null: conntrack off, untracked, invalid. */
  readonly connection: ConnectionView | null;
  readonly state: ConnectionState;
  /** Type of an address by the local table, as inet_dev_addr_type sees it; `device` limits it to routes on that device. */
  addressTypeIs(address: Address, types: ReadonlySet<AddressType>, device: string | null): Ternary;
  /** `-m set`: is the packet's tuple in the set? Directions are the rule's `src,dst` list. */
  inSet(
    set: string,
    directions: readonly ('src' | 'dst')[],
    packet: PacketView,
    /** `--return-nomatch`: yes for an element that carries `nomatch`, no for a plain one. */
    returnNomatch?: boolean,
  ): Ternary;
  /** `-m rpfilter`: would a packet back leave by the input device? */
  reversePath(query: ReversePathQuery, packet: PacketView): Ternary;
  /**
   * Has the packet's connection the label (`-m connlabel`)? With `set`, it has it from now on. False without a
   * connection; null, or no such method: not known.
   */
  connectionLabel?(label: string, set: boolean): boolean | null;
  /** The rule has an open condition: whether the kernel comes to those behind it is not known. */
  doubt?(): void;
  /** Interface group of a device (`-m devgroup`), or null when not known. */
  deviceGroup(device: string): number | null;
  /** The realm of the packet's route (`-m realm`); null, or no such method: not known. */
  realm?(): number | null;
  /**
   * May the packets of this device come through a bridge's ports (`-m physdev`)? It is a bridge, and br_netfilter shows
   * iptables its frames. Null, or no such method: not known.
   */
  isBridge?(device: string): boolean | null;
}
