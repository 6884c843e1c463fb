/** The lie of the land: devices, own addresses, and an address behind each device, as both nodes have them. */
import { type Address, type Family, addToAddress, parseAddress } from '../address/address.js';
import { contains } from '../address/prefix.js';
import type { Node } from '../packet/node.js';
import type { Network, Route } from '../routing/model.js';
import type { Ends } from './field.js';

/** Addresses far away, of the documentation's networks: the first that no route but a default names is used. */
const FAR: Readonly<Record<Family, readonly string[]>> = {
  4: ['203.0.113.77', '198.51.100.77', '192.0.2.77', '100.127.77.77', '11.77.77.77'],
  6: ['2001:db8:77::77', '2001:db8:ffff:7::77', '3fff:77::77', '2600:77::77', '2a00:77::77'],
};

const SPECIAL: Readonly<Record<Family, readonly string[]>> = {
  4: ['127.0.0.1', '255.255.255.255', '224.0.0.1', '0.0.0.0', '240.0.0.1', '169.254.169.254'],
  6: ['::1', 'ff02::1', 'ff05::2', 'fe80::77', '::'],
};

export interface Terrain extends Ends {
  /** Devices that both nodes have, those of the loopback last. */
  readonly devices: readonly string[];
  /** Addresses of either node, those of the loopback last. */
  readonly own: readonly Address[];
  readonly broadcasts: readonly Address[];
  /** Addresses with a meaning of their own. */
  readonly special: readonly Address[];
  /** Two addresses that no rule, route or set is likely to name. */
  readonly far: readonly Address[];
  /** One address behind each device, by the device. */
  readonly behind: ReadonlyMap<string, Address>;
}

const parsed = (texts: readonly string[]): Address[] => texts.flatMap((text) => parseAddress(text) ?? []);

const routesOf = (network: Network): readonly Route[] => [...network.tables.values()].flat();

/** A host in the route's network: not its first address, which is often the gateway's. */
function hostIn({ destination }: Route): Address {
  const { address, length } = destination;
  const bits = (typeof address === 'bigint' ? 128 : 32) - (length ?? 0);
  return bits === 0 ? address : addToAddress(address, bits > 5 ? 23 : bits > 1 ? 2 : 1);
}

function behindDevices(
  networks: readonly Network[],
  own: ReadonlySet<Address>,
  far: Address,
): Map<string, Address> {
  const behind = new Map<string, { readonly address: Address; readonly length: number }>();
  for (const route of networks.flatMap(routesOf)) {
    const length = route.destination.length ?? 0;
    if (route.type !== 'unicast') continue;
    for (const { device } of route.nexthops) {
      const known = device === null ? undefined : behind.get(device);
      if (device === null || (known !== undefined && known.length >= length)) continue;
      const address = length === 0 ? far : hostIn(route);
      if (!own.has(address)) behind.set(device, { address, length });
    }
  }
  return new Map([...behind].map(([device, { address }]) => [device, address]));
}

function farFrom(networks: readonly Network[], family: Family): readonly Address[] {
  const named = networks.flatMap(routesOf).filter(({ destination }) => (destination.length ?? 0) > 0);
  const all = parsed(FAR[family]);
  const free = all.filter((address) => !named.some(({ destination }) => contains(destination, address)));
  return [...free, ...all].slice(0, 2);
}

interface Owned {
  readonly own: readonly Address[];
  readonly broadcasts: readonly Address[];
}

function ownOf(networks: readonly Network[], family: Family): Owned {
  const links = networks.flatMap(({ links: all }) => [...all.values()]);
  const type = family === 6 ? 'bigint' : 'number';
  const addresses = links
    .toSorted((a, b) => Number(a.name === 'lo') - Number(b.name === 'lo'))
    .flatMap((link) => link.addresses)
    .filter(({ address }) => typeof address === type);
  const global = addresses.toSorted((a, b) => a.scope - b.scope);
  return {
    own: [...new Set(global.map(({ address }) => address))],
    broadcasts: [...new Set(addresses.flatMap(({ broadcast }) => broadcast ?? []))],
  };
}

/** Looks at the networks of a family of both nodes. */
export function terrainOf(a: Node, b: Node, family: Family): Terrain {
  const networks = [a.networks[family], b.networks[family]];
  const [first, second] = networks;
  const { own, broadcasts } = ownOf(networks, family);
  const far = farFrom(networks, family);
  const [away = 0, other = away] = far;
  const behind = behindDevices(networks, new Set(own), away);
  const shared = [...(first?.links.keys() ?? [])].filter(
    (name) => second?.known.links === false || second?.links.has(name),
  );
  const devices = shared.toSorted((x, y) => Number(x === 'lo') - Number(y === 'lo'));
  return {
    family,
    devices,
    own,
    broadcasts,
    special: parsed(SPECIAL[family]),
    far,
    behind,
    source: (device) => (device === null ? other : (behind.get(device) ?? other)),
    destination: away,
  };
}
