/** What a FIB lookup is asked, and what it answers. */
import type { Address } from '../address/address.js';
import type { Nexthop, PolicyRule, Route } from './model.js';

/** struct flowi4 / flowi6: the fields of a packet that routing looks at. */
export interface Flow {
  readonly destination: Address;
  /** The all-zero address when a socket has not chosen one yet. */
  readonly source: Address;
  /** Input device; 'lo' for what this node sends. */
  readonly inInterface: string;
  /** Device a socket is bound to, or null; never the result of routing. */
  readonly outInterface: string | null;
  readonly mark: number;
  /** Bits of the mark that are not known. */
  readonly markUnknown: number;
  readonly tos: number;
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Socket owner; 0 for forwarded packets; null when a local packet was given without one. */
  readonly uid: number | null;
}

/** Why a policy rule was passed over, or that it matched. `code` is a message id (PR_…). */
export interface PolicyRuleTried {
  readonly rule: PolicyRule;
  readonly matched: boolean;
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
}

export type Lookup =
  | {
      readonly kind: 'route';
      readonly rule: PolicyRule;
      readonly route: Route;
      readonly nexthop: Nexthop;
      readonly tried: readonly PolicyRuleTried[];
    }
  /** A rule or a route refuses (blackhole EINVAL, unreachable, prohibit EACCES), or nothing matched (ENETUNREACH). */
  | {
      readonly kind: 'error';
      readonly errno: 'ENETUNREACH' | 'EHOSTUNREACH' | 'EACCES' | 'EINVAL';
      readonly rule: PolicyRule | null;
      readonly route: Route | null;
      readonly tried: readonly PolicyRuleTried[];
    }
  /** The walk assumed that a table which the snapshot does not show has a route; where it leads is not known. */
  | { readonly kind: 'unseen'; readonly rule: PolicyRule; readonly table: number; readonly tried: readonly PolicyRuleTried[] };
