/** What a walk ends in: the JSON of the contract, as types. */
import type { Params } from '../source/diagnostic.js';
import type { Setting } from '../routing/decisive-setting.js';
import type { Span } from '../source/source.js';
import type { AnyRule } from './any-rule.js';
import type { ConntrackEntry } from './conntrack-entry.js';
import type { Passing } from './passing.js';
import type { SettledBy } from './settlement.js';
import type { Step } from './steps.js';
import type { Zone } from './connection.js';

/**
 * What becomes of a packet: `sent` by a process of the node, `delivered` to one; `unroutable` where no
 * route takes it.
 */
export type VerdictName = 'forwarded' | 'sent' | 'delivered' | 'dropped' | 'rejected' | 'unroutable';

/** A packet as a user gives it (a batch line, the command's options); everything but protocol and dst may be left out. */
export interface PacketInput {
  readonly id?: string;
  /** A device, null for a local process; left out: inferred from the source. */
  readonly in?: string | null;
  /** Protocol name or number. */
  readonly proto: string | number;
  readonly src?: string;
  readonly sport?: number;
  readonly dst: string;
  readonly dport?: number;
  readonly icmpType?: number;
  readonly icmpCode?: number;
  readonly icmpId?: number;
  readonly tcpFlags?: readonly string[];
  readonly mark?: number | string;
  readonly ttl?: number;
  readonly tos?: number | string;
  readonly length?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Device that the sending socket is bound to. */
  readonly oif?: string;
  /**
   * The sending UDP socket is connected: connect() routes a second time with the source that it chose, sendto() does
   * not. Left out, it is an open question where that matters. TCP, SCTP and DCCP always connect.
   */
  readonly connected?: boolean;
  readonly ct?: 'new' | 'established' | 'related' | 'untracked' | 'invalid';
  readonly flow?: string;
  readonly step?: number;
  /** The packet that an ICMP error is about, as its sender saw it. */
  readonly inner?: PacketInput;
}

/** The packet as walked: the input with everything filled in. */
export interface CompletedPacket {
  readonly in: string | null;
  /** How `in` was found when the input left it out. */
  readonly inferred: 'given' | 'own-address' | 'route' | 'no-source';
  readonly proto: string;
  readonly src: string;
  readonly dst: string;
  readonly sport?: number;
  readonly dport?: number;
  readonly icmpType?: number;
  readonly icmpCode?: number;
  readonly icmpId?: number;
  readonly tcpFlags?: readonly string[];
  readonly mark: string;
  readonly ttl: number;
  readonly tos: number;
  readonly length?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly oif?: string;
  readonly connected?: boolean;
  readonly ct?: string;
}

/** Lowest and highest of what the kernel draws from, both included. */
export type NumberRange = readonly [number, number];
/** First and last address of what the kernel draws from, both included. */
export type AddressTextRange = readonly [string, string];

/** The header at the end; what the kernel draws at random is a range instead of a value. */
export interface FinalPacket {
  readonly proto: string;
  readonly src?: string;
  readonly srcRange?: AddressTextRange;
  readonly dst?: string;
  readonly dstRange?: AddressTextRange;
  readonly sport?: number;
  readonly sportRange?: NumberRange;
  readonly dport?: number;
  readonly dportRange?: NumberRange;
  readonly icmpType?: number;
  readonly icmpCode?: number;
  readonly icmpId?: number;
  readonly icmpIdRange?: NumberRange;
  readonly mark: string;
  /** Bits of the mark that are not known, and 0 in it; left out: none. */
  readonly markUnknown?: string;
  readonly ttl: number;
  readonly tos: number;
  /** The packet that an ICMP error quotes, as its receiver sees it. */
  readonly inner?: FinalPacket;
}

/**
 * The way out: device, gateway (`via`, null on the link itself), table, the priority of the policy rule,
 * and the route as `ip` prints it.
 */
export interface Egress {
  readonly iface: string | null;
  readonly via: string | null;
  readonly table: string;
  readonly policyRule: number | null;
  readonly route: string | null;
}

/** One translation, from and to as `ADDRESS:PORT` (a drawn port as `ADDRESS:LOW-HIGH`). */
export interface Translation {
  readonly from: string;
  readonly to: string;
  /** Null when conntrack's entry, not a rule of this walk, asked for it. */
  readonly rule: AnyRule | null;
}

/**
 * What an outcome rests on without the snapshot showing it: an ASM_ code, for which `natwalk explain` has
 * words.
 */
export interface Assumption {
  readonly code: string;
  readonly params: Params;
  readonly rule: AnyRule | null;
  /** The option by which the user has said so; left out where nobody has. */
  readonly by?: SettledBy;
}

/** One direction of the conntrack entry; what the kernel draws is a range, as in FinalPacket. */
export interface TupleText {
  readonly proto: string;
  readonly src?: string;
  readonly srcRange?: AddressTextRange;
  readonly dst?: string;
  readonly dstRange?: AddressTextRange;
  readonly sport?: number;
  readonly sportRange?: NumberRange;
  readonly dport?: number;
  readonly dportRange?: NumberRange;
  readonly icmpType?: number;
  readonly icmpCode?: number;
  readonly icmpId?: number;
  readonly icmpIdRange?: NumberRange;
}

/** What conntrack's listing shows of an entry beside its tuples, mark and status. */
export interface Tracking {
  /** State of a TCP connection; null for all other protocols. */
  readonly state: string | null;
  /** Null for the zone of packets that no rule put into another. */
  readonly zone: Zone | null;
  readonly helper: string | null;
}

/** That no route takes the packet, or that the kernel refuses it the route. */
export interface Unroutable {
  readonly errno: string;
  /** There is no way for what OUTPUT made of the packet; the first lookup had found one. */
  readonly hook?: 'OUTPUT';
  /** The sysctl that forbids the way. */
  readonly setting?: Setting;
}

/** One way that a packet may go, from the first hook to its end. */
export interface Outcome {
  /** 1 when nothing is open; null when it rests on an assumption. */
  readonly probability: number | null;
  readonly assumptions: readonly Assumption[];
  readonly verdict: VerdictName;
  readonly final: FinalPacket;
  readonly egress: Egress | null;
  readonly snat: Translation | null;
  readonly dnat: Translation | null;
  readonly reject: { readonly with: string; readonly to: string } | null;
  readonly unroutable: Unroutable | null;
  readonly drop: {
    readonly rule: AnyRule | null;
    readonly reason: string;
    readonly table?: string;
    readonly chain?: string;
    /** Where the chain whose policy drops is declared, where a dump shows that. */
    readonly declared?: Span;
    /** The sysctl that forbids it. */
    readonly setting?: Setting;
    /** Whose table, where the kernel runs tables of both. */
    readonly backend?: 'legacy' | 'nft' | undefined;
  } | null;
  readonly conntrack: {
    readonly original: TupleText;
    readonly reply: TupleText;
    readonly mark: string;
    /** As in FinalPacket. */
    readonly markUnknown?: string;
    readonly status: readonly string[];
  } | null;
  /** More of that entry; not part of the JSON. */
  readonly tracking?: Tracking;
  /** The entry of the snapshot's conntrack dump that the packet belongs to, or that it is about. */
  readonly entry?: ConntrackEntry;
  /** The matched rules, policies and chain ends, as the kernel's TRACE log spells them. */
  readonly path: readonly string[];
  /** Path entries of rules that change nothing and may or may not be on it. */
  readonly pathMaybe: readonly string[];
  readonly steps: readonly Step[];
  /** The tests of the rules that were asked about, in their order. */
  readonly passings?: readonly Passing[];
  /** The walk of the answer, when it was asked for. */
  readonly reply?: Outcome;
}

/**
 * The packet as it was walked, and every way that it may go; the probabilities of outcomes without
 * assumptions add up to 1.
 */
export interface TraceResult {
  readonly id: string | null;
  readonly packet: CompletedPacket;
  readonly outcomes: readonly Outcome[];
  /** There were more ways to go than the bound; those beyond it are missing. */
  readonly truncated: boolean;
}
