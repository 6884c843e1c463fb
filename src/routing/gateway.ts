/** Which neighbour a next hop's packets are handed to. net/ipv4/fib_semantics.c fib_check_nh_v4_gw, route.c rt_set_nexthop. */
import { type Address, anyAddress } from '../address/address.js';
import { contains } from '../address/prefix.js';
import { searchTable } from './fib.js';
import { type Network, type Nexthop, type Route, SCOPE, TABLE_ID } from './model.js';

/**
 * The gateway, or null when the destination itself is asked for. An IPv4 gateway that is the node's own address on the
 * next hop's device got host scope when its route was added, and is passed over; not when the route's own table,
 * unless main, led to it over the link (that table is asked first), nor with `onlink`. IPv6 refuses such gateways.
 */
export function gatewayOf(network: Network, route: Route, nexthop: Nexthop): Address | null {
  const { via, onlink, device } = nexthop;
  if (typeof via !== 'number' || onlink || device === null || !isOwnOn(network, via, device)) return via;
  if (route.table === TABLE_ID.main) return null;
  let nearest: Route | null = null;
  for (const other of network.tables.get(route.table) ?? []) {
    const reaches = other.scope >= SCOPE.link && contains(other.destination, via);
    if (!reaches || !other.nexthops.some((hop) => hop.device === device)) continue;
    if ((other.destination.length ?? 0) > (nearest?.destination.length ?? -1)) nearest = other;
  }
  return nearest?.type === 'unicast' ? via : null;
}

const HOST_LENGTH = 32;

/**
 * Does table local have the address itself on the device? Of a prefix that is local as a whole nobody knows whether it
 * came before the route.
 */
function isOwnOn(network: Network, address: Address, device: string): boolean {
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
  return (
    found?.kind === 'route' && found.route.type === 'local' && found.route.destination.length === HOST_LENGTH
  );
}
