/**
 * Realms: numbers that routes and policy rules give to what they route (`realm`, `realms`), for -m realm. IPv4 alone.
 * net/ipv4/route.c rt_set_nexthop, fib_frontend.c fib_combine_itag.
 */
import type { Lookup } from './lookup.js';
import { type Network, type Nexthop, type PolicyRule, type Route, TABLE_ID } from './model.js';
import { perNetwork } from './remember.js';

/** `realm TO` or `realms FROM/TO` as one number, FROM in the upper half; 0 without either, null for a name. */
function realmIn(words: readonly string[]): number | null {
  const at = words.findIndex((word) => word === 'realm' || word === 'realms');
  if (at < 0) return 0;
  const parts = (words[at + 1] ?? '')
    .split('/')
    .map((part) => (/^\d{1,5}$/.test(part) ? Number(part) : null));
  const [first = null, second] = parts;
  if (first === null || second === null) return null;
  return second === undefined ? first : ((first << 16) | second) >>> 0;
}

function realmOfHop({ words }: Route, hop: Nexthop): number | null {
  const own = realmIn(hop.words ?? []);
  return own === 0 ? realmIn(words) : own;
}

const givesRealms = ({ words, nexthops }: Route): boolean =>
  realmIn(words) !== 0 || nexthops.some((hop) => realmIn(hop.words ?? []) !== 0);

/** Does something that the snapshot shows have a realm? Every source is then checked in full (fib_num_tclassid_users). */
export const usesRealms: (network: Network) => boolean = perNetwork(
  ({ rules, tables }): boolean =>
    rules.some(({ words }) => realmIn(words) !== 0) ||
    [...tables.values()].some((routes) => routes.some(givesRealms)),
);

/**
 * Is it sure that nothing of the node has a realm, so that all that it routes is of realm 0? The tables local and
 * default are taken to have none when the snapshot does not show them.
 */
export const hasNoRealms: (network: Network) => boolean = perNetwork((network): boolean => {
  const { family, rules, known } = network;
  const shown = known.tables;
  if (family === 6) return true;
  if (!known.rules || usesRealms(network)) return false;
  return rules.every(
    ({ action }) =>
      action.kind !== 'lookup' ||
      shown === 'all' ||
      shown.has(action.table) ||
      action.table === TABLE_ID.local ||
      action.table === TABLE_ID.default,
  );
});

/** set_class_tag: each half that is still 0 is taken from the tag. */
function tagged(realm: number, tag: number): number {
  const low = (realm & 0xffff) === 0 ? tag & 0xffff : 0;
  const high = realm >>> 16 === 0 ? tag & 0xffff0000 : 0;
  return (realm | low | high) >>> 0;
}

/** The realms of a policy rule, for what the kernel keeps at no next hop. */
function tagOf(rule: PolicyRule | null): number | null {
  return rule === null ? 0 : realmIn(rule.words);
}

/**
 * The realms of the rules that lead to a route. What was made for one packet the next hop keeps for those that follow, by
 * whichever rule they come: null where the rules differ.
 */
function keptTag({ rules }: Network, { table }: Route): number | null {
  const leading = rules.filter(
    ({ action }) => action.kind === 'l3mdev' || (action.kind === 'lookup' && action.table === table),
  );
  const tags = new Set(leading.map(tagOf));
  const [only = null] = tags;
  return tags.size === 1 ? only : null;
}

/** What a route that was found gives to its packets. */
function realmByRoute(
  network: Network,
  { route, nexthop }: Lookup & { readonly kind: 'route' },
): number | null {
  const own = realmOfHop(route, nexthop);
  const tag = keptTag(network, route);
  return own === null || tag === null ? null : tagged(own, tag);
}

/**
 * The realm of what the node sends.
 *
 * @param found null when a device was taken without a route
 * @param type broadcasts, and groups by a route that is not of groups, leave without their route
 */
export function realmOfOutput(network: Network, found: Lookup | null, type: string | null): number | null {
  if (found === null) return 0;
  if (found.kind !== 'route') return found.kind === 'error' ? tagOf(found.rule) : null;
  const alone = type === 'broadcast' || (type === 'multicast' && (found.route.destination.length ?? 0) < 4);
  return alone ? tagOf(found.rule) : realmByRoute(network, found);
}

/** The realm that the way back to the sender gives: TO of its route is FROM here. */
export function realmOfWayBack(route: Route, hop: Nexthop, rule: PolicyRule): number | null {
  const own = realmOfHop(route, hop);
  const tag = tagOf(rule);
  if (own === null || tag === null) return null;
  const from = (own << 16) >>> 0;
  return ((from === 0 ? tag << 16 : from) | (tag >>> 16)) >>> 0;
}

/** The realm of what is forwarded: of its route, and beside that of the way back to its sender. */
export function realmOfForward(network: Network, found: Lookup | null, back: number | null): number | null {
  const own = found?.kind === 'route' ? realmByRoute(network, found) : null;
  return own === null || back === null ? null : tagged(own, back);
}
