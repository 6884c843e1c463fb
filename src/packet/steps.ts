/**
 * What a walk reports: a closed union of steps, ids and values, never prose. Views are renderers of these; they
 * import this file and nothing of the engine.
 */
import type { Address } from '../address/address.js';
import type { Reason } from '../iptables/extension.js';
import type { ConnectionState, Hook } from '../iptables/view.js';
import type { PolicyRuleTried } from '../routing/lookup.js';
import type { PolicyRule, Route } from '../routing/model.js';
import type { Params } from '../source/diagnostic.js';
import type { AnyRule } from './any-rule.js';
import type { ConntrackEntry } from './conntrack-entry.js';

/** A field that a step changed. Values are printable: addresses as text, marks as 0x…, a drawn port as `1024-65535`. */
export interface Change {
  readonly field: 'mark' | 'ctmark' | 'src' | 'dst' | 'ttl' | 'tos' | 'ct';
  readonly from: string;
  readonly to: string;
}

/** A rule that was tried and did not match (reported with --all-rules only). */
export interface Miss {
  readonly rule: AnyRule;
  readonly reason: Reason;
  /** Position of the failed match among the rule's matches, or of the statement that ended it; null when the header failed. */
  readonly match: number | null;
}

/** One thing that happens to a packet on its walk, in the order of the kernel; `kind` tells which. */
export type Step =
  /** The packet comes in by a device, or a local process sends it (device null). */
  | { readonly kind: 'enter'; readonly device: string | null }
  /** Conntrack looked the packet up, or could not: `off` when nothing in the namespace needs it. */
  | {
      readonly kind: 'conntrack';
      readonly hook: Hook;
      readonly state: ConnectionState | 'off';
      /** An entry was found or made. */
      readonly entry: 'new' | 'found' | 'none';
      readonly direction: 'ORIGINAL' | 'REPLY' | null;
      /** The entry, where it is one of the snapshot's conntrack dump. */
      readonly of?: ConntrackEntry;
      readonly changes: readonly Change[];
    }
  /** A base chain begins: that of an iptables table at a hook, or one of a native nftables table. */
  | {
      readonly kind: 'table';
      readonly hook: Hook;
      /** `nat`; `ip aws-cni` of nftables. */
      readonly table: string;
      /** The hook's name in iptables; any name in nftables. */
      readonly chain: string;
      readonly type: 'filter' | 'nat' | 'route';
      /** Of native chains alone. */
      readonly priority?: number;
      /** Whose table it is, where the kernel runs tables of both. */
      readonly backend?: 'legacy' | 'nft' | undefined;
    }
  /** The nat table is not consulted: the flow's mapping is already made, or there is no entry. */
  | {
      readonly kind: 'nat-skipped';
      readonly hook: Hook;
      readonly why: 'not-first-packet' | 'already-mapped' | 'no-conntrack';
    }
  /** A rule matched. `outcome` is what it led to. */
  | {
      readonly kind: 'rule';
      readonly hook: Hook;
      readonly rule: AnyRule;
      /** Rules in its chain. */
      readonly total: number;
      /** Jumps that are open above it. */
      readonly depth: number;
      readonly outcome:
        | 'continue'
        | 'accept'
        | 'drop'
        | 'return'
        | 'jump'
        | 'goto'
        | 'reject'
        | 'nat'
        | 'tproxy'
        /** A native rule whose statements changed something, and then ended it. */
        | 'break';
      /** Of native rules: the chain that a jump or goto, or an element of a verdict map, leads to. */
      readonly to?: string;
      readonly changes: readonly Change[];
      /** The answer was assumed or drawn. */
      readonly open: boolean;
      readonly missed: readonly Miss[];
      /** How many rules of the chain were tried without success since the last step of this chain. */
      readonly missedCount: number;
    }
  /** A rule that changes nothing may or may not have matched (LOG behind a limit). */
  | {
      readonly kind: 'maybe';
      readonly hook: Hook;
      readonly rule: AnyRule;
      readonly depth: number;
      readonly code: string;
      readonly params: Params;
    }
  /** A chain ended without a verdict: back to the caller, or (depth 0) on to the policy. */
  | {
      readonly kind: 'chain-end';
      readonly hook: Hook;
      readonly table: string;
      readonly backend?: 'legacy' | 'nft' | undefined;
      readonly chain: string;
      /** It is the chain that began at the hook. */
      readonly base: boolean;
      readonly total: number;
      readonly depth: number;
      /** Rules of it that matched during this visit. */
      readonly matched: number;
      readonly missed: readonly Miss[];
      readonly missedCount: number;
    }
  | {
      readonly kind: 'policy';
      readonly hook: Hook;
      readonly table: string;
      readonly backend?: 'legacy' | 'nft' | undefined;
      readonly chain: string;
      readonly policy: 'ACCEPT' | 'DROP';
      readonly total: number;
      readonly matched: number;
      readonly known: boolean;
    }
  /** The NAT core made or applied a translation. `by` is the rule that asked for it; null when conntrack remembers it. */
  | {
      readonly kind: 'nat';
      readonly hook: Hook;
      readonly manip: 'src' | 'dst';
      readonly why: 'rule' | 'null-binding' | 'entry' | 'reply';
      readonly by: AnyRule | null;
      readonly changes: readonly Change[];
    }
  /** A FIB lookup: which policy rules were tried, which one decided. */
  | {
      readonly kind: 'route';
      readonly purpose: 'input' | 'output' | 'reroute';
      readonly tried: readonly PolicyRuleTried[];
      readonly rule: PolicyRule | null;
      readonly route: Route | null;
      readonly table: number | null;
      readonly device: string | null;
      readonly via: Address | null;
      readonly result: 'forward' | 'local' | 'broadcast' | 'error';
      readonly errno: string | null;
      /** What the same lookup says with mark 0, when the mark made the difference. */
      readonly withoutMark: {
        readonly rule: PolicyRule | null;
        readonly device: string | null;
        readonly via: Address | null;
        readonly errno: string | null;
      } | null;
    }
  /** The kernel chose the source address of a local packet. */
  | {
      readonly kind: 'source';
      readonly address: Address;
      readonly why: 'given' | 'route-src' | 'device' | 'any-device' | 'local';
    }
  | {
      readonly kind: 'rp-filter';
      readonly device: string;
      /** 0 off, 1 strict, 2 loose; null when the snapshot does not show it. */
      readonly mode: 0 | 1 | 2 | null;
      readonly passed: boolean;
      /** Where the way back leads, when it was looked up. */
      readonly reverseDevice: string | null;
      readonly why:
        | 'off'
        | 'same-device'
        | 'loose'
        | 'other-device'
        | 'no-route'
        | 'own-address'
        | 'martian'
        | 'not-unicast';
    }
  | {
      readonly kind: 'forward';
      readonly allowed: boolean;
      readonly changes: readonly Change[];
      readonly why: 'on' | 'off' | 'assumed' | 'ttl' | 'bridged';
    }
  /** The packet came back in through lo. */
  | { readonly kind: 'loopback' }
  | { readonly kind: 'deliver'; readonly device: string }
  | { readonly kind: 'send'; readonly device: string; readonly via: Address | null }
  | { readonly kind: 'drop'; readonly reason: string; readonly rule: AnyRule | null }
  | { readonly kind: 'reject'; readonly with: string; readonly rule: AnyRule }
  | { readonly kind: 'unroutable'; readonly errno: string };

/**
 * The device of a route that was found and refused to the source of the packet. In IPv4 that is one of 127/8, which leaves
 * only with route_localnet (net/ipv4/route.c __mkroute_output). Null of every other lookup.
 */
export function refusedDevice({
  result,
  errno,
  route,
}: Extract<Step, { readonly kind: 'route' }>): string | null {
  return result === 'error' && errno === null && route?.type === 'unicast'
    ? (route.nexthops[0]?.device ?? null)
    : null;
}
