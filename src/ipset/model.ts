/** IP sets, as `ipset save` prints them. */
import type { Address, Family } from '../address/address.js';
import type { Span } from '../source/source.js';

/** One `add` line, its dimensions in the set type's order. */
export interface SetEntry {
  /** The element as printed: `10.0.0.1,tcp:80`. */
  readonly text: string;
  readonly nomatch: boolean;
  /** Words after the element (`timeout 30 comment "x"`), kept for printing. */
  readonly words: readonly string[];
  readonly span: Span;
}

export interface IpSet {
  readonly name: string;
  /** `hash:ip,port` and so on, as in `create`. */
  readonly type: string;
  readonly family: Family;
  /** Words after the type in `create`, kept for printing. */
  readonly words: readonly string[];
  readonly entries: readonly SetEntry[];
  readonly span: Span;
}

/** What `-m set` asks: one value per dimension, by the rule's directions, and the interface names for `net,iface`. */
export interface SetQuery {
  readonly family: Family;
  readonly source: Address;
  readonly destination: Address;
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly icmpType: number;
  readonly icmpCode: number;
  readonly inInterface: string;
  readonly outInterface: string;
  /** Lower-case `aa:bb:…`, or null when not known. */
  readonly sourceMac: string | null;
  readonly directions: readonly ('src' | 'dst')[];
}
