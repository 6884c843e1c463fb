/** What a routing table covers. */
import { compareAddresses } from '../address/address.js';
import type { Prefix } from '../address/prefix.js';
import { tableShown } from '../routing/fib.js';
import type { Network, Route } from '../routing/model.js';
import { within } from './implies.js';

/** Is the route used whatever the packet's TOS and the links' state? */
function isFirm({ type, tos, nexthops }: Route): boolean {
  if (type === 'throw' || tos !== 0) return false;
  return nexthops.length === 0 || nexthops.some(({ dead, linkdown }) => !dead && !linkdown);
}

/** Do the routes of a table take every packet? By a default route, or by one for each half of the addresses. */
export function tableHasDefault(network: Network, table: number): boolean {
  if (!tableShown(network, table)) return false;
  const routes = (network.tables.get(table) ?? []).filter(isFirm);
  if (routes.some(({ destination }) => destination.length === 0)) return true;
  const [first, second] = routes
    .filter(({ destination }) => destination.length === 1)
    .map(({ destination }) => destination.address);
  return first !== undefined && second !== undefined && compareAddresses(first, second) !== 0;
}

/** Is there a route in the table for every address of the network? A throw route counts: somebody has thought of it. */
export function tableCovers(network: Network, table: number, wanted: Prefix | null): boolean {
  const routes = network.tables.get(table) ?? [];
  if (routes.some(({ destination }) => destination.length === 0) || tableHasDefault(network, table))
    return true;
  return wanted !== null && routes.some(({ destination }) => within(wanted, destination));
}
