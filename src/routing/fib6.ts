/** The routes to one IPv6 prefix: net/ipv6/route.c fib6_table_lookup, find_rr_leaf, rt6_score_route. */
import { type Prefix, contains, parsePrefix } from '../address/prefix.js';
import { needsScope } from './address-kind.js';
import { type SearchOptions, type TableResult, refusal, usableNexthops } from './fib.js';
import type { Flow } from './lookup.js';
import type { Network, Nexthop, Route } from './model.js';

const PREFERENCE: ReadonlyMap<string, number> = new Map([
  ['low', -1],
  ['medium', 0],
  ['high', 1],
]);

/** The longer source prefix of a source-specific route, then the lower metric. */
export function order6(a: Route, b: Route): number {
  return sourceLength(b) - sourceLength(a) || a.metric - b.metric;
}

/** `from PREFIX` of a source-specific route. */
function sourcePrefix(route: Route): Prefix | null {
  const at = route.words.indexOf('from');
  return at < 0 ? null : parsePrefix(route.words[at + 1] ?? '');
}

/**
 * Are the routes to the prefix that name no source out of reach? They are once others to it do and no such source is the
 * flow's: fib6_node_lookup_1 goes on at a shorter prefix, unless that is the default route. fib6_backtrack, which goes on
 * from routes that do not fit, finds them.
 */
export function hidesPlain(routes: readonly Route[], { source }: Flow): boolean {
  const sources = routes.flatMap((route) => sourcePrefix(route) ?? []);
  const whole = routes[0]?.destination.length === 0;
  return !whole && sources.length > 0 && sources.every((from) => !contains(from, source));
}

function sourceLength(route: Route): number {
  return sourcePrefix(route)?.length ?? 0;
}

/** The device that a nexthop must use: the socket's, or the one that scopes a link-local or multicast destination. */
function wantedDevice(flow: Flow): string | null {
  if (flow.outInterface !== null) return flow.outInterface;
  return flow.inInterface !== 'lo' && needsScope(flow.destination) ? flow.inInterface : null;
}

interface Candidate {
  readonly route: Route;
  readonly usable: readonly Nexthop[];
  readonly score: number;
}

/**
 * The first route that takes the flow. Of those of one metric, the device of the flow and then the router preference
 * (RFC 4191) decide; which of several equal gateways, the neighbour table, and they come back as rivals.
 * @param hidden routes that name no source are out of reach
 */
export function tryRoutes6(
  network: Network,
  routes: readonly Route[],
  flow: Flow,
  options: SearchOptions,
  hidden: boolean,
): TableResult | null {
  const candidates: Candidate[] = [];
  for (const route of routes) {
    if (hidden && sourceLength(route) === 0) break;
    const first = candidates[0]?.route;
    if (first !== undefined && order6(first, route) !== 0) break;
    const from = sourcePrefix(route);
    if (from !== null && !contains(from, flow.source)) continue;
    const usable = usable6(network, route, flow, options);
    if (usable !== null) candidates.push({ route, usable, score: scoreOf(route, flow) });
  }
  let best = candidates[0];
  for (const candidate of candidates)
    if (best !== undefined && candidate.score > best.score) best = candidate;
  if (best === undefined) return null;
  const { route, usable, score } = best;
  const rivals = candidates.filter((one) => one !== best && one.score === score && hasGateway(one.route));
  return (
    refusal(route) ?? {
      kind: 'route',
      route,
      usable,
      rivals: hasGateway(route) ? rivals.map((one) => one.route) : [],
    }
  );
}

/** Null when the route is passed over. One that refuses is of device lo, which a flow bound elsewhere does not see. */
function usable6(
  network: Network,
  route: Route,
  flow: Flow,
  options: SearchOptions,
): readonly Nexthop[] | null {
  const device = wantedDevice(flow);
  if (refusal(route) !== null) return device === null || device === 'lo' ? [] : null;
  const usable = usableNexthops(network, route, device, options);
  return usable.length === 0 ? null : usable;
}

function hasGateway(route: Route): boolean {
  return refusal(route) === null && route.nexthops.some(({ via }) => via !== null);
}

function scoreOf(route: Route, flow: Flow): number {
  const hint = flow.outInterface ?? (flow.inInterface === 'lo' ? null : flow.inInterface);
  const onDevice =
    hint === null || (refusal(route) === null && route.nexthops.some(({ device }) => device === hint));
  const preference = PREFERENCE.get(route.words[route.words.indexOf('pref') + 1] ?? '') ?? 0;
  return preference * 4 + (onDevice ? 2 : 0);
}
