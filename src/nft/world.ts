/** What nft's expressions may ask the node beyond what iptables' matches ask, and what its statements may do beyond. */
import type { Address } from '../address/address.js';
import type { Choice } from '../chooser/question.js';
import type { Unsure } from '../chooser/question.js';
import type { Effects } from '../iptables/verdict.js';
import type { AddressType, PacketView, World } from '../iptables/view.js';
import type { NftMemory } from './memory.js';
import type { NftFamily, NftTable, Statement } from './model.js';

/** What `fib` looks up (net/ipv4/netfilter/nft_fib_ipv4.c nft_fib4_eval, net/ipv6/netfilter/nft_fib_ipv6.c nft_fib6_eval). */
export interface FibQuery {
  readonly destination: Address;
  readonly source: Address;
  /** 0 without the word `mark`. */
  readonly mark: number;
  readonly markUnknown: number;
  readonly tos: number;
  /** flowi_iif: `lo`, or the output device of a forwarded packet's way back. */
  readonly from: string;
  /** `iif` or `oif`: the device that the route must use; null for any. */
  readonly device: string | null;
  /** The way back to the packet's source is asked for. */
  readonly reverse: boolean;
  /** The device at which the packet is now: its input device, or where there is none its output device. */
  readonly arrived: string;
}

/** The device that the lookup gives; for a query with a device, that one or none. */
export type FibAnswer =
  | { readonly kind: 'device'; readonly name: string }
  | { readonly kind: 'none' }
  /** The question is whether the device of the query is used, or whether there is a route at all. */
  | { readonly kind: 'open'; readonly question: Unsure };

/** What nft's expressions may ask the node. A method that is not there: the answer is not known. */
export interface NftWorld {
  readonly memory: NftMemory;
  fib?(query: FibQuery): FibAnswer;
  /** The type of route by which an IPv6 address is reached; null when a table is not shown. */
  fibType6?(query: FibQuery): AddressType | null;
  /** ARPHRD_… number of a device; null when not known. */
  interfaceType?(device: string): number | null;
  /** rtnl_link_ops kind (`veth`); null when not known, '' for a device without. */
  interfaceKind?(device: string): string | null;
  /** Next hop of the packet's route; null when not known. */
  nexthop?(): Address | null;
}

/** What statements may do to a packet. */
export interface NftEffects extends Effects {
  /** `tcp dport set`: another port in the header; the connection is not told of it. */
  setPort?(side: 'source' | 'destination', from: number, to: number): void;
}

/** What an expression is evaluated for. */
export interface NftContext {
  readonly packet: PacketView;
  readonly world: World;
  readonly node: NftWorld;
  readonly family: NftFamily;
  readonly table: NftTable;
  /** Identity of the rule ("ip t c 3"): keys the state that is the rule's own. */
  readonly ruleKey: string;
  /** All of the rule. */
  readonly statements: readonly Statement[];
  /** Answers where a question has more than two answers. */
  choose(key: string, choices: readonly Choice[]): number;
}
