/** Addresses and devices of a node, from which packets are made. */
import {
  type Address,
  type Family,
  addToAddress,
  bitsOf,
  formatAddress,
  parseAddress,
} from '../address/address.js';
import { type Prefix, contains } from '../address/prefix.js';
import { isLinkLocal, isLoopback } from '../routing/address-kind.js';
import { isOwnAddress } from '../routing/address-type.js';
import type { Network, Route } from '../routing/model.js';

/** Hosts of the internet: networks for documentation first, so that nobody is named (RFC 5737, RFC 3849). */
const OUTSIDE: Readonly<Record<Family, readonly string[]>> = {
  4: ['203.0.113.9', '198.51.100.7', '8.8.8.8'],
  6: ['2001:db8:ffff::9', '2001:4860:4860::8888'],
};

/** Hosts of a network that are tried, counted from its first address. */
const OFFSETS: readonly number[] = [9, 10, 1, 2, 77, 3];

export interface OwnAddress {
  readonly address: Address;
  readonly length: number;
  readonly device: string;
}

export class Ground {
  readonly network: Network;
  readonly own: readonly OwnAddress[];
  /** Devices that are not loopback, those with an address or a route first. */
  readonly devices: readonly string[];
  readonly outside: readonly Address[];
  readonly #routes = new Map<string, Route[]>();

  constructor(network: Network) {
    this.network = network;
    this.own = ownAddresses(network);
    this.outside = OUTSIDE[network.family].flatMap((text) => parseAddress(text) ?? []);
    const named = new Set(this.own.map(({ device }) => device));
    for (const routes of network.tables.values())
      for (const route of routes)
        for (const { device } of route.nexthops) {
          if (device === null || device === 'lo' || route.type !== 'unicast') continue;
          named.add(device);
          const list = this.#routes.get(device);
          if (list === undefined) this.#routes.set(device, [route]);
          else if (list.length < 8) list.push(route);
        }
    for (const { name, flags } of network.links.values()) if (!flags.includes('LOOPBACK')) named.add(name);
    this.devices = [...named];
  }

  isOwn(address: Address): boolean {
    return isOwnAddress(this.network, address) === true;
  }

  /** Hosts that are reached by the device. */
  beyond(device: string): readonly Address[] {
    const found: Address[] = [];
    // A host or a network tells more than a default route.
    const routes = (this.#routes.get(device) ?? []).toSorted(
      (a, b) => (b.destination.length ?? 0) - (a.destination.length ?? 0),
    );
    for (const { destination } of routes)
      found.push(...(destination.length === 0 ? this.outside : this.hostsOf(destination).slice(0, 2)));
    return found;
  }

  /** A few addresses of a network that are not the node's own; the one of a host as it is. */
  hostsOf(prefix: Prefix): readonly Address[] {
    const { address, length, mask } = prefix;
    if (length === bitsOf(this.network.family)) return [address];
    if (length === 0) return this.outside;
    const hosts = OFFSETS.map((offset) => addToAddress(address, offset)).filter(
      (host) => contains({ address, length, mask }, host) && !this.isOwn(host),
    );
    return hosts.length > 0 ? hosts : [address];
  }
}

function ownAddresses({ links }: Network): readonly OwnAddress[] {
  return [...links.values()].flatMap(({ name, flags, addresses }) =>
    flags.includes('LOOPBACK')
      ? []
      : addresses.flatMap(({ address, length }) =>
          isLinkLocal(address) || isLoopback(address) ? [] : [{ address, length, device: name }],
        ),
  );
}

export const textOf = (address: Address): string => formatAddress(address);
