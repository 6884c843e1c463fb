/** One table: longest prefix, then tos, then metric. net/ipv4/fib_trie.c fib_table_lookup, net/ipv6/route.c ip6_pol_route. */
import { type Address, maskAddress } from '../address/address.js';
import { maskOfLength } from '../address/prefix.js';
import { hidesPlain, order6, tryRoutes6 } from './fib6.js';
import type { Flow } from './lookup.js';
import { type Network, type Nexthop, type Route, TABLE_ID } from './model.js';
import { perNetwork } from './remember.js';
import { deviceSetting } from './sysctl.js';

/** The trie that tables local and main share until the first policy rule is added (fib_trie.c fib_trie_unmerge). */
export const MERGED = -1;

/** A route that takes the flow, before one of its nexthops is chosen. */
export interface FoundRoute {
  readonly kind: 'route';
  readonly route: Route;
  /** The nexthops that are not dead and go out by the wanted device; never empty. */
  readonly usable: readonly Nexthop[];
  /** Further routes that the kernel may take as well: it chooses by what its neighbour table says. */
  readonly rivals: readonly Route[];
}

/** The first route of a table that takes the flow. */
export type TableResult =
  | FoundRoute
  /** The route refuses; `throw` sends the flow to the next policy rule. */
  | { readonly kind: 'reject'; readonly route: Route; readonly errno: 'EINVAL' | 'EHOSTUNREACH' | 'EACCES' }
  | { readonly kind: 'throw'; readonly route: Route };

export interface SearchOptions {
  /** FIB_LOOKUP_IGNORE_LINKSTATE: a nexthop without carrier counts even where the device is told to ignore it. */
  readonly ignoreLinkState?: boolean;
}

/** Routes of one table by prefix length, then by masked address, in the order in which the kernel tries them. */
interface TableIndex {
  /** Longest first. */
  readonly lengths: readonly {
    readonly mask: Address;
    readonly byAddress: ReadonlyMap<Address, Leaf>;
  }[];
}

/** The routes to one prefix. */
interface Leaf {
  readonly routes: readonly Route[];
  /** The one route that takes every flow without a wanted device; null where it depends. */
  readonly plain: FoundRoute | null;
}

const INDEXES = perNetwork(() => new Map<number, TableIndex>());
const REJECT = { blackhole: 'EINVAL', unreachable: 'EHOSTUNREACH', prohibit: 'EACCES' } as const;
/** The DSCP bits that the legacy `tos` compares: IPTOS_TOS_MASK without the ECN bits. */
const LEGACY_TOS = 0x1c;

/** Did the snapshot show the whole table? A table that was shown and is not there is empty. */
export function tableShown(network: Network, table: number): boolean {
  const { tables, localDerived } = network.known;
  if (tables === 'all' || tables.has(table)) return true;
  return table === TABLE_ID.local && localDerived;
}

/**
 * The first route of the table that takes the flow, without choosing among the nexthops of a multipath route.
 * @param table a table id, or MERGED
 * @returns null when nothing matches: the flow goes on to the next policy rule
 */
export function searchTable(
  network: Network,
  table: number,
  flow: Flow,
  options: SearchOptions = {},
): TableResult | null {
  let left: Address | null = null;
  let descending = true;
  for (const { mask, byAddress } of indexOf(network, table).lengths) {
    const key = maskAddress(flow.destination, mask);
    const leaf = key === left ? undefined : byAddress.get(key);
    if (leaf === undefined) continue;
    if (leaf.plain !== null && flow.outInterface === null) return leaf.plain;
    const { routes } = leaf;
    const hidden: boolean = descending && network.family === 6 && hidesPlain(routes, flow);
    descending &&= hidden;
    const found =
      network.family === 6
        ? tryRoutes6(network, routes, flow, options, hidden)
        : tryRoutes(network, routes, flow, options);
    if (found === 'leave') left = key;
    else if (found !== null) return found;
  }
  return null;
}

/** All routes of a route's table to the same prefix. */
export function siblingsOf(network: Network, route: Route): readonly Route[] {
  for (const { mask, byAddress } of indexOf(network, route.table).lengths) {
    if (mask === route.destination.mask) return byAddress.get(route.destination.address)?.routes ?? [];
  }
  return [];
}

function indexOf(network: Network, table: number): TableIndex {
  const indexes = INDEXES(network);
  let index = indexes.get(table);
  if (index === undefined) {
    const parts = table === MERGED ? [TABLE_ID.local, TABLE_ID.main] : [table];
    index = buildIndex(
      network,
      parts.flatMap((id) => network.tables.get(id) ?? []),
    );
    indexes.set(table, index);
  }
  return index;
}

function buildIndex(network: Network, routes: readonly Route[]): TableIndex {
  const byLength = new Map<number, Map<Address, Route[]>>();
  for (const route of routes) {
    const length = route.destination.length;
    if (length === null || route.family !== network.family) continue;
    let byAddress = byLength.get(length);
    if (byAddress === undefined) byLength.set(length, (byAddress = new Map<Address, Route[]>()));
    const same = byAddress.get(route.destination.address);
    if (same === undefined) byAddress.set(route.destination.address, [route]);
    else same.push(route);
  }
  const order = network.family === 4 ? order4 : order6;
  for (const byAddress of byLength.values()) for (const list of byAddress.values()) list.sort(order);
  const lengths = [...byLength].sort(([a], [b]) => b - a);
  return {
    lengths: lengths.map(([length, byAddress]) => ({
      mask: maskOfLength(length, network.family),
      byAddress: new Map([...byAddress].map(([address, list]) => [address, leafOf(list, network)])),
    })),
  };
}

/** IPv4 alone: of one route whose next hops are all in order, and which asks for no tos, nothing is left to find out. */
function leafOf(list: readonly Route[], { family }: Network): Leaf {
  const [route, ...others] = list;
  const isPlain =
    family === 4 &&
    route !== undefined &&
    others.length === 0 &&
    route.tos === 0 &&
    refusal(route) === null &&
    route.nexthops.length > 0 &&
    route.nexthops.every(({ dead, linkdown }) => !dead && !linkdown);
  return {
    routes: list,
    plain: isPlain ? { kind: 'route', route, usable: route.nexthops, rivals: [] } : null,
  };
}

/** fib_find_alias: in the merged trie local first; then the higher tos, the lower metric, the order of insertion. */
function order4(a: Route, b: Route): number {
  return b.table - a.table || b.tos - a.tos || a.metric - b.metric;
}

/**
 * `leave`: a route by a nexthop object that cannot be used ends the search in its leaf of the trie: no other route of that
 * first address is tried, of a shorter prefix neither (`goto miss` in fib_table_lookup).
 */
function tryRoutes(
  network: Network,
  routes: readonly Route[],
  flow: Flow,
  options: SearchOptions,
): TableResult | 'leave' | null {
  const tos = flow.tos & LEGACY_TOS;
  for (const [position, route] of routes.entries()) {
    if (route.tos !== 0 && route.tos !== tos) continue;
    const refused = refusal(route);
    if (refused !== null) return refused;
    const usable = usableNexthops(network, route, flow.outInterface, options);
    if (usable.length === 0) {
      if (byObject(route)) return 'leave';
      continue;
    }
    return { kind: 'route', route, usable, rivals: rivals(route, routes.slice(position + 1), flow) };
  }
  return null;
}

/** Does the route leave by a nexthop object (`ip nexthop`)? */
export function byObject({ words }: Route): boolean {
  return words.includes('nhid');
}

/** What a route that refuses says; null for one that leads somewhere. */
export function refusal(route: Route): TableResult | null {
  switch (route.type) {
    case 'throw':
      return { kind: 'throw', route };
    case 'blackhole':
    case 'unreachable':
    case 'prohibit':
      return { kind: 'reject', route, errno: REJECT[route.type] };
    default:
      return null;
  }
}

/** fib_lookup_good_nhc: the nexthops that are not dead, and of the device when one is wanted. */
export function usableNexthops(
  network: Network,
  route: Route,
  device: string | null,
  options: SearchOptions,
): readonly Nexthop[] {
  return route.nexthops.filter((nexthop) => {
    if (nexthop.dead && !(options.ignoreLinkState === true && merelyLinkdown(network, nexthop))) return false;
    if (device !== null && nexthop.device !== device) return false;
    return !nexthop.linkdown || options.ignoreLinkState === true || !ignoresLinkdown(network, nexthop.device);
  });
}

/** `dead linkdown` of a device that is up: without carrier, on a device told to ignore such routes. */
function merelyLinkdown(network: Network, { linkdown, device }: Nexthop): boolean {
  return linkdown && device !== null && network.links.get(device)?.up === true;
}

function ignoresLinkdown(network: Network, device: string | null): boolean {
  return device !== null && deviceSetting(network, device, 'ignore_routes_with_linkdown') === 1;
}

/**
 * fib_select_default: several plain default routes of one tos and metric stand for each other when a gateway seems
 * dead. It looks only at what the node itself sends.
 */
function rivals(route: Route, later: readonly Route[], flow: Flow): readonly Route[] {
  const plain = (r: Route): boolean =>
    r.type === 'unicast' && r.nexthops.length === 1 && r.nexthops.every(({ via }) => via !== null);
  if (
    route.destination.length !== 0 ||
    flow.inInterface !== 'lo' ||
    flow.outInterface !== null ||
    !plain(route)
  )
    return [];
  return later.filter(
    (r) => plain(r) && r.tos === route.tos && r.metric === route.metric && r.nexthops[0]?.dead === false,
  );
}
