/** Findings about a network that hold for every packet: a network never changes, so they are made once. */
import type { Network } from './model.js';

/** Anything but undefined. */
type Found = object | string | number | boolean;

/** Remembers what `find` says of each network. */
export function perNetwork<T extends Found>(find: (network: Network) => T): (network: Network) => T {
  const known = new WeakMap<Network, T>();
  return (network) => {
    const found = known.get(network);
    if (found !== undefined) return found;
    const made = find(network);
    known.set(network, made);
    return made;
  };
}

/** Remembers what `find` says of each key within a network: a device's name, a next hop. */
export function perKey<K, T extends Found | null>(
  find: (network: Network, key: K) => T,
): (network: Network, key: K) => T {
  const ofNetwork = perNetwork(() => new Map<K, T>());
  return (network, key) => {
    const known = ofNetwork(network);
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = find(network, key);
    known.set(key, made);
    return made;
  };
}
