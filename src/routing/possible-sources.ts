/** From which addresses a node may send where the snapshot does not show what decides between them. */
import { type Address, compareAddresses } from '../address/address.js';
import { isLinkLocal, isLoopback } from './address-kind.js';
import type { Network } from './model.js';

/**
 * The node's addresses that a packet to another host can be given, the lowest first: whichever route it takes, its `src` is one
 * of the node's (net/ipv4/fib_semantics.c fib_valid_prefsrc). Empty where the snapshot does not show addresses.
 */
export function possibleSources(network: Network, destination: Address): readonly Address[] {
  if (!network.known.links) return [];
  const isNear = isLinkLocal(destination);
  const all = [...network.links.values()]
    .flatMap(({ addresses }) => addresses.map(({ address }) => address))
    .filter((address) => typeof address === typeof destination && !isLoopback(address))
    .filter((address) => typeof address === 'number' || isNear || !isLinkLocal(address));
  return [...new Set(all)].sort(compareAddresses);
}
