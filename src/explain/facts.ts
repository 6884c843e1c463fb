/** What answers need to know about a node: which device has which address. */
import { type Address, familyOf, parseAddress } from '../address/address.js';
import type { Node } from '../packet/node.js';
import type { Facts } from './view.js';

/** Looks into the links of a node. */
export function factsOf(node: Node): Facts {
  const owners = new Map<Address, string>();
  const families = new Map<string, Set<4 | 6>>();
  for (const family of [4, 6] as const) {
    for (const link of node.networks[family].links.values()) {
      for (const { address } of link.addresses) {
        if (familyOf(address) !== family) continue;
        if (!owners.has(address)) owners.set(address, link.name);
        const seen = families.get(link.name) ?? new Set();
        families.set(link.name, seen.add(family));
      }
    }
  }
  return {
    deviceOfAddress(text) {
      const address = parseAddress(text);
      return address === null ? null : (owners.get(address) ?? null);
    },
    hasAddressLike: (device, text) => families.get(device)?.has(text.includes(':') ? 6 : 4) ?? false,
  };
}
