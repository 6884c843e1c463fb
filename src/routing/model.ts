/** Links, addresses, policy rules and routes of one network namespace. */
import type { Address, Family } from '../address/address.js';
import type { Prefix } from '../address/prefix.js';
import type { Span } from '../source/source.js';
import type { LinkDetails } from './link-kind.js';

/** rtnetlink scopes (include/uapi/linux/rtnetlink.h): smaller is wider. */
export const SCOPE = { global: 0, site: 200, link: 253, host: 254, nowhere: 255 } as const;

/** Routing tables with a name of their own. */
export const TABLE_ID = { default: 253, main: 254, local: 255 } as const;

/** An address of a device, as `ip addr` shows it. */
export interface InterfaceAddress {
  readonly address: Address;
  readonly length: number;
  /** The other end of a point-to-point address (`peer`), or null. */
  readonly peer: Address | null;
  readonly broadcast: Address | null;
  readonly scope: number;
  readonly secondary: boolean;
  readonly metric: number | null;
  /** `ip addr`'s last word and flags, kept for printing: dynamic, noprefixroute, deprecated, tentative, label … */
  readonly words: readonly string[];
}

/** A network device, as far as the snapshot shows it. */
export interface Link {
  /** Interface index, or a negative number when the dump shows none (`ip -br`): the order is then the dump's. */
  readonly index: number;
  readonly name: string;
  /** What follows `@` in `ip addr` (`if3`, a parent), or null. */
  readonly peer: string | null;
  readonly flags: readonly string[];
  /** IFF_UP; the brief form shows the operational state instead, where DOWN may also mean "no carrier". */
  readonly up: boolean;
  readonly mtu: number | null;
  readonly master: string | null;
  readonly group: number | null;
  readonly mac: string | null;
  /** The word behind `link/`: ether, loopback, none …; left out where the dump does not show it. */
  readonly layer?: string;
  /** rtnl_link_ops kind (`veth`, `vxlan` …), '' for a device without one; left out where no listing shows it (`ip -d`). */
  readonly kind?: string;
  /** What the link is to its master: `bridge`, `bond`, `vrf` …; left out for none, and where no listing shows it. */
  readonly slave?: string;
  /** Settings of the kind: the far end of a tunnel, the identifier of a VLAN. */
  readonly details?: LinkDetails;
  readonly addresses: readonly InterfaceAddress[];
  readonly span: Span | null;
}

/** One line of `ip addrlabel`. */
export interface AddressLabel {
  /** Of IPv6. */
  readonly prefix: Prefix;
  /** It counts for addresses of this device alone; null for all. */
  readonly device: string | null;
  readonly label: number;
}

/** What a matching policy rule does (net/core/fib_rules.c). */
export type PolicyAction =
  | { readonly kind: 'lookup'; readonly table: number; readonly name: string }
  | { readonly kind: 'l3mdev' }
  | { readonly kind: 'goto'; readonly priority: number; readonly unresolved: boolean }
  | { readonly kind: 'nop' }
  | { readonly kind: 'blackhole' }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'prohibit' };

/** One line of `ip rule`. Selectors that are null match anything. */
export interface PolicyRule {
  readonly family: Family;
  readonly priority: number;
  readonly not: boolean;
  readonly from: Prefix | null;
  readonly to: Prefix | null;
  readonly tos: number | null;
  readonly fwmark: { readonly value: number; readonly mask: number } | null;
  readonly iif: string | null;
  readonly oif: string | null;
  readonly ipproto: number | null;
  readonly sport: { readonly from: number; readonly to: number } | null;
  readonly dport: { readonly from: number; readonly to: number } | null;
  readonly uidRange: { readonly from: number; readonly to: number } | null;
  /** Selectors that are read but not evaluated (tun_id …): the rule is then an open question. */
  readonly opaque: readonly string[];
  readonly action: PolicyAction;
  readonly suppressPrefixLength: number | null;
  readonly suppressGroup: number | null;
  /** `proto`, `realms` and other words that select nothing, kept for printing. */
  readonly words: readonly string[];
  /** Null for the rules that every namespace starts with, when the snapshot has no `ip rule`. */
  readonly span: Span | null;
}

/** What a route does with packets, by the words of ip-route(8). */
export type RouteType =
  | 'unicast'
  | 'local'
  | 'broadcast'
  | 'multicast'
  | 'anycast'
  | 'blackhole'
  | 'unreachable'
  | 'prohibit'
  | 'throw'
  | 'nat';

/** One way that a route leads. */
export interface Nexthop {
  readonly via: Address | null;
  /** Device name, or null when the line names none (blackhole …). */
  readonly device: string | null;
  /** Share of a multipath route; 1 when there is only one. */
  readonly weight: number;
  readonly onlink: boolean;
  readonly dead: boolean;
  readonly linkdown: boolean;
  /** What the next hop's own line says besides (`encap …`, offload), kept for printing; absent when nothing. */
  readonly words?: readonly string[];
}

/** A route of a table, as `ip route` shows it. */
export interface Route {
  readonly family: Family;
  readonly type: RouteType;
  readonly destination: Prefix;
  readonly tos: number;
  /** Metric (priority); IPv4 0 when not printed. */
  readonly metric: number;
  readonly table: number;
  readonly scope: number;
  /** Preferred source (`src`), or null. */
  readonly source: Address | null;
  readonly nexthops: readonly Nexthop[];
  /** `proto`, `mtu 1500`, `pref medium` … kept for printing, in the order of the line. */
  readonly words: readonly string[];
  /** The line as iproute2 prints it (one blank between words, without trailing blanks). */
  readonly text: string;
  /** Null when derived from an address because the snapshot does not show table local. */
  readonly span: Span | null;
}

/** What the snapshot shows of one family's routing. */
export interface Network {
  readonly family: Family;
  /** In the order of interface indexes. */
  readonly links: ReadonlyMap<string, Link>;
  /** In the order in which the kernel tries them. */
  readonly rules: readonly PolicyRule[];
  /** By table id, each in the order of the dump. */
  readonly tables: ReadonlyMap<number, readonly Route[]>;
  /** Which parts the snapshot showed; what it did not is assumed or open, never silently default. */
  readonly known: {
    readonly links: boolean;
    readonly rules: boolean;
    /** 'all' after `ip route show table all`; otherwise the ids that were shown. */
    readonly tables: 'all' | ReadonlySet<number>;
    /** Table local is derived from addresses. */
    readonly localDerived: boolean;
  };
  /** A sysctl by its dotted name with `/` for dots in device names undone ("net.ipv4.conf.ens5.rp_filter" uses '/': see sysctl.ts); null when not shown. */
  sysctl(name: string): string | null;
  /** Where a dump shows that a sysctl has this value; left out where nothing is known of dumps. */
  readonly settingAt?: (name: string, value: string) => Span | null;
  /** The multicast groups joined on each device that `ip maddr` shows; of any other device they are not known. */
  readonly groups: ReadonlyMap<string, ReadonlySet<Address>>;
  /** The labels of IPv6 addresses, in the order in which the kernel tries them; null when `ip addrlabel` is not shown. */
  readonly labels: readonly AddressLabel[] | null;
}
