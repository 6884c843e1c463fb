/** Which neighbour a next hop's packets are handed to. net/ipv4/fib_semantics.c fib_check_nh_v4_gw, route.c rt_set_nexthop. */
import type { Address } from '../address/address.js';
import { isOwnAddress } from './address-type.js';
import type { Network, Nexthop } from './model.js';

/**
 * The gateway, or null when the destination itself is asked for. An IPv4 gateway that is the node's own address was
 * given host scope when its route was added, and is passed over; one of an `onlink` route or of IPv6 cannot be.
 */
export function gatewayOf(network: Network, { via, onlink }: Nexthop): Address | null {
  if (typeof via !== 'number' || onlink) return via;
  return isOwnAddress(network, via) === true ? null : via;
}
