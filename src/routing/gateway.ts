/** Which neighbour a next hop's packets are handed to. net/ipv4/fib_semantics.c fib_check_nh_v4_gw, route.c rt_set_nexthop. */
import { type Address, anyAddress, formatAddress } from '../address/address.js';
import { contains } from '../address/prefix.js';
import { decide } from '../chooser/enumerate.js';
import { type Chooser, type Ternary, unsure } from '../chooser/question.js';
import { searchTable } from './fib.js';
import { type Network, type Nexthop, type Route, SCOPE, TABLE_ID } from './model.js';
import { perKey } from './remember.js';

/**
 * The gateway, or null when the destination itself is asked for. An IPv4 gateway that is the node's own address on the
 * next hop's device got host scope when its route was added, and is passed over; not when the route's own table,
 * unless main, led to it over the link (that table is asked first), nor with `onlink`. IPv6 refuses such gateways.
 */
export function gatewayOf(
  network: Network,
  route: Route,
  nexthop: Nexthop,
  chooser: Chooser,
): Address | null {
  const { via, onlink, device } = nexthop;
  if (typeof via !== 'number' || onlink || device === null || via === 0) return via;
  const own = OWN_ON(network, nexthop);
  if (own === false || leadsTo(network, route, via, device)) return via;
  return decide(chooser, own) ? null : via;
}

const OWN_ON = perKey(
  (network, { via, device }: Nexthop): Ternary =>
    via !== null && device !== null && isOwnOn(network, via, device),
);

/** Does the route's own table, unless main, lead to the address over the link? */
function leadsTo(network: Network, route: Route, address: Address, device: string): boolean {
  if (route.table === TABLE_ID.main) return false;
  let nearest: Route | null = null;
  for (const other of network.tables.get(route.table) ?? []) {
    const reaches = other.scope >= SCOPE.link && contains(other.destination, address);
    if (!reaches || !other.nexthops.some((hop) => hop.device === device)) continue;
    if ((other.destination.length ?? 0) > (nearest?.destination.length ?? -1)) nearest = other;
  }
  return nearest?.type === 'unicast';
}

/** Came the local route with an address, which had to be there before a route by its device could use it? */
function isOfAddress({ span, words }: Route): boolean {
  return span === null || words[words.indexOf('proto') + 1] === 'kernel';
}

/**
 * Had table local the address on the device when the route was added? A local route that somebody added may have come
 * later, and no listing tells.
 */
function isOwnOn(network: Network, address: Address, device: string): Ternary {
  const flow = {
    destination: address,
    source: anyAddress(4),
    inInterface: 'lo',
    outInterface: device,
    mark: 0,
    markUnknown: 0,
    tos: 0,
    protocol: 0,
    sourcePort: 0,
    destinationPort: 0,
    uid: 0,
  };
  const found = searchTable(network, TABLE_ID.local, flow, { ignoreLinkState: true });
  if (found?.kind !== 'route' || found.route.type !== 'local') return false;
  if (isOfAddress(found.route)) return true;
  const gateway = formatAddress(address);
  return unsure(`${gateway} was local on ${device}`, 'UNK_GATEWAY_OWN', { gateway, device });
}
