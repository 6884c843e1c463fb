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
  /**
   * The dump leaves out elements: all of them (`ipset list -t`), or those that a filter or the end of a text took. False
   * where it counts them and shows as many; left out where nothing tells.
   */
  readonly partial?: boolean;
  readonly span: Span;
}

/**
 * What `-m set` asks: the packet's header by the names that a packet view has, and the rule's directions. The `…To` twin
 * of a value that NAT drew from a range is the range's high end; left out, it equals the low end.
 */
export interface SetQuery {
  readonly family: Family;
  readonly source: Address;
  readonly sourceTo?: Address;
  readonly destination: Address;
  readonly destinationTo?: Address;
  readonly protocol: number;
  readonly sourcePort: number;
  readonly sourcePortTo?: number;
  readonly destinationPort: number;
  readonly destinationPortTo?: number;
  readonly icmpType: number;
  readonly icmpCode: number;
  readonly inInterface: string;
  readonly outInterface: string;
  /** skb->mark, for `hash:ip,mark`; bits in `markUnknown` are not known. Left out: none of it is known. */
  readonly mark?: number;
  readonly markUnknown?: number;
  /** Lower-case `aa:bb:…`, or null when not known. */
  readonly sourceMac: string | null;
  /** One per dimension of the set, in the rule's order. */
  readonly directions: readonly ('src' | 'dst')[];
  /** `--return-nomatch`: yes for an element that carries `nomatch`, no for a plain one. */
  readonly returnNomatch?: boolean;
}
