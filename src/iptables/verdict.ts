/** What a target does with a packet. Plain continuation and table verdicts are strings; the rest carries its values. */
import type { Address } from '../address/address.js';
import type { AddressRange, Prefix } from '../address/prefix.js';

/** `min..max` of ports or ICMP ids, inclusive. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** struct nf_nat_range2: where SNAT, DNAT, MASQUERADE and REDIRECT may map to. */
export interface NatRange {
  /** NF_NAT_RANGE_MAP_IPS; null keeps the address (or, for MASQUERADE and REDIRECT, lets the kernel choose it). */
  readonly addresses: AddressRange | null;
  /** NF_NAT_RANGE_PROTO_SPECIFIED. */
  readonly ports: PortRange | null;
  /** `--to-destination IP:LOW-HIGH/BASE`: shift by the distance from BASE (NF_NAT_RANGE_PROTO_OFFSET). */
  readonly basePort: number | null;
  readonly random: boolean;
  readonly randomFully: boolean;
  readonly persistent: boolean;
}

/** ICMP error or reset that REJECT sends, by the name that `--reject-with` prints. */
export interface Reject {
  readonly kind: 'reject';
  readonly with: string;
}

/** A NAT target: the NAT core decides what becomes of the range. */
export interface Nat {
  readonly kind: 'nat';
  readonly target: 'SNAT' | 'DNAT' | 'MASQUERADE' | 'REDIRECT' | 'NETMAP';
  readonly range: NatRange;
  /** NETMAP's network; null for the others. */
  readonly network: Prefix | null;
}

/** TPROXY: handed to a local socket without rewriting the packet. */
export interface TransparentProxy {
  readonly kind: 'tproxy';
  /** 'any' address means the primary address of the input device. */
  readonly address: AddressRange['from'];
  /** 0 keeps the packet's own destination port. */
  readonly port: number;
  readonly mark: number;
  readonly mask: number;
}

/** The node keeps the packet, and answers it itself or not. */
export interface Taken {
  readonly kind: 'taken';
  readonly reason: 'synproxy';
}

/** A target that the reader does not know: it may do anything. */
export interface OpaqueTarget {
  readonly kind: 'opaque';
  readonly name: string;
}

/** XT_CONTINUE, the two table verdicts, XT_RETURN, and the targets that need more than a word. */
export type Verdict =
  'continue' | 'accept' | 'drop' | 'return' | Reject | Nat | TransparentProxy | Taken | OpaqueTarget;

/** What a CT rule asks of the entry to be made. */
export interface Tracking {
  readonly notrack: boolean;
  /** Null: zone 0. `mark`: the low half of the mark that the packet has when conntrack sees it. */
  readonly zone: number | 'mark' | null;
  readonly helper: string | null;
  /** The zone holds for one direction's tuple alone (`--zone-orig`, `--zone-reply`); left out: for both. */
  readonly direction?: 'original' | 'reply';
  /** A packet that was told not to be tracked is tracked after all (nft_ct_set_zone_eval asks for an entry only). */
  readonly retracks?: true;
}

/** An element that a SET rule adds or deletes: the packet's, by the rule's `src,dst` list. */
export interface SetChange {
  readonly set: string;
  readonly directions: readonly ('src' | 'dst')[];
  readonly action: 'add' | 'delete';
}

/** What a target may change on the packet and its connection; the packet layer implements it. */
export interface Effects {
  /** MARK: mark = (mark & ~mask) ^ value. */
  setMark(value: number, mask: number): void;
  /** CONNMARK --set-xmark: ctmark = (ctmark & ~mask) ^ value. Nothing happens without a connection. */
  setConnectionMark(value: number, mask: number): void;
  /** CONNMARK --save-mark: ctmark = (ctmark & ~ctmask) ^ (mark & nfmask). */
  saveMark(nfmask: number, ctmask: number): void;
  /** CONNMARK --restore-mark: mark = (mark & ~nfmask) ^ (ctmark & ctmask). */
  restoreMark(nfmask: number, ctmask: number): void;
  /** TOS and DSCP: tos = (tos & ~mask) ^ value, over the whole byte. */
  setTos(value: number, mask: number): void;
  /** ECN: TCP flags = (flags & ~mask) | value, over byte 13 of the header. */
  setTcpFlags(value: number, mask: number): void;
  /** TTL and HL, 0 to 255. */
  setTtl(ttl: number): void;
  /** SNPT and DNPT: another address, or one somewhere in `address..to`; the connection is not told of it. */
  setAddress(side: 'source' | 'destination', address: Address, to: Address): void;
  /** SNPT and DNPT: another address in the packet that an ICMP error quotes, where `map` has one. */
  mapQuoted(side: 'source' | 'destination', map: (address: Address) => Address | null): void;
  /**
   * CT: no tracking, or a zone and a helper for the entry to be made. Only the first CT rule that a packet meets counts
   * (xt_ct_target returns at once when the packet has an entry, a template or is untracked), `-j CT` without options
   * included, and the round through lo keeps what was set on the way out.
   */
  setTracking(tracking: Tracking): void;
  /** Bits of the mark get values that the snapshot does not tell (SET --map-mark): they become unknown. */
  forgetMark(bits: number, of: 'packet' | 'connection'): void;
  /** SET: an element goes into the set or out of it, so that a later question about this set may have another answer. */
  changeSet(change: SetChange): void;
}
