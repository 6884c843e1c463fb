/** Addresses that are certainly the node's own, even when neither table local nor the addresses are in the snapshot. */
import { type Address, formatAddress } from '../address/address.js';
import { prefixOf } from '../address/prefix.js';
import { isLoopback } from './address-kind.js';
import { type Network, type Route, SCOPE, TABLE_ID } from './model.js';

const EVIDENCE = new WeakMap<Network, ReadonlySet<Address>>();

/**
 * Is the address one of the node's own beyond doubt? The loopback ones are; so is one of an interface, and one that a
 * route names as its source (the kernel refuses any other there).
 */
export function isCertainlyOwn(network: Network, address: Address): boolean {
  if (isLoopback(address)) return true;
  let known = EVIDENCE.get(network);
  if (known === undefined) EVIDENCE.set(network, (known = evidenceOf(network)));
  return known.has(address);
}

function evidenceOf(network: Network): ReadonlySet<Address> {
  const known = new Set<Address>();
  for (const link of network.links.values()) for (const own of link.addresses) known.add(own.address);
  for (const routes of network.tables.values()) {
    for (const { source } of routes) if (source !== null) known.add(source);
  }
  return known;
}

/** The route that table local must have for an own address, when the table is not shown. */
export function assumedLocalRoute(network: Network, address: Address): Route {
  const { family } = network;
  const device = [...network.links.values()].find((link) =>
    link.addresses.some((own) => own.address === address),
  );
  return {
    family,
    type: 'local',
    destination: prefixOf(address, family === 4 ? 32 : 128),
    tos: 0,
    metric: 0,
    table: TABLE_ID.local,
    scope: SCOPE.host,
    source: null,
    nexthops: [
      { via: null, device: device?.name ?? 'lo', weight: 1, onlink: false, dead: false, linkdown: false },
    ],
    words: [],
    text: `local ${formatAddress(address)}`,
    span: null,
  };
}
