/** `world:` of a lab: pods, services, names, and the addresses that the internet sees. */
import { type Address, formatAddress } from '../address/address.js';
import type { Entry, Mapping, Tree } from '../check/tree.js';
import type { LabHost, LabPod, LabService, LabWorld } from './lab.js';
import type { Values } from './values.js';

export const WORLD_KEYS = ['hostname', 'pods', 'services', 'hosts', 'listens', 'public'] as const;
export const LAB_POD_KEYS = ['address', 'node', 'namespace', 'listens'] as const;
export const SERVICE_KEYS = ['type', 'address', 'external', 'ports', 'namespace'] as const;
export const HOST_KEYS = ['address', 'listens', 'says', 'private'] as const;

export const NO_WORLD: LabWorld = {
  ...{ hostname: null, pods: [], services: [], hosts: [], listens: [], public: null },
};

class WorldReader {
  readonly #values: Values;
  readonly #nodes: readonly string[];

  constructor(values: Values, nodes: readonly string[]) {
    this.#values = values;
    this.#nodes = nodes;
  }

  #map({ key, value, keySpan }: Entry, keys: readonly string[]): Mapping | null {
    const { faults } = this.#values;
    const map = faults.map(value, key);
    if (map === null || !this.#values.id(key, keySpan, 'world')) return null;
    faults.keys(map, keys);
    return map;
  }

  #word(map: Mapping, key: string, otherwise: string): string {
    const tree = this.#values.optional(map, key);
    return (tree === null ? null : this.#values.faults.text(tree, key)) ?? otherwise;
  }

  #address(map: Mapping, of: string): Address | null {
    const tree = this.#values.demanded(map, 'address', of);
    return tree === null ? null : this.#values.address(tree, 'address');
  }

  /** The node of a pod: the only one, or one of those that are named; a cluster file names them elsewhere. */
  #node(map: Mapping): string | null {
    const [first] = this.#nodes;
    const tree = this.#values.optional(map, 'node');
    if (first === undefined) return tree === null ? '' : this.#values.faults.text(tree, 'node');
    if (tree === null && this.#nodes.length === 1) return first;
    const named = tree ?? this.#values.demanded(map, 'node', 'pod');
    return named === null ? null : this.#values.faults.choice(named, 'node', this.#nodes);
  }

  pod(entry: Entry): LabPod | null {
    const map = this.#map(entry, LAB_POD_KEYS);
    if (map === null) return null;
    const address = this.#address(map, 'pod');
    const node = this.#node(map);
    if (address === null || node === null) return null;
    const namespace = this.#word(map, 'namespace', 'default');
    return { name: entry.key, namespace, address, node, listens: this.#values.listeners(map) };
  }

  service(entry: Entry): LabService | null {
    const map = this.#map(entry, SERVICE_KEYS);
    if (map === null) return null;
    const address = this.#address(map, 'service');
    const ports = this.#values.list(map, 'ports', 'service', 1);
    if (address === null) return null;
    const external = this.#values.optional(map, 'external');
    return {
      name: entry.key,
      namespace: this.#word(map, 'namespace', 'default'),
      type: this.#word(map, 'type', 'ClusterIP'),
      address: formatAddress(address),
      external: external === null ? null : this.#values.faults.text(external, 'external'),
      ports,
    };
  }

  host(entry: Entry): LabHost | null {
    const map = this.#map(entry, HOST_KEYS);
    const address = map === null ? null : this.#address(map, 'host');
    if (map === null || address === null) return null;
    const [says, reached] = [this.#values.optional(map, 'says'), this.#values.optional(map, 'private')];
    return {
      name: entry.key,
      address,
      listens: this.#values.listeners(map),
      says: says === null ? null : this.#values.words(says, 'says'),
      isPrivate:
        reached !== null && this.#values.faults.choice(reached, 'private', ['true', 'false']) === 'true',
    };
  }

  translations(map: Mapping): LabWorld['public'] {
    const tree = this.#values.optional(map, 'public');
    const pairs = tree === null ? null : this.#values.faults.map(tree, 'public');
    if (pairs === null) return null;
    const found = new Map<Address, Address>();
    for (const { key, keySpan, value } of pairs.entries) {
      const own = this.#values.address({ kind: 'scalar', value: key, text: key, span: keySpan }, 'public');
      const seen = this.#values.address(value, 'public');
      if (own !== null && seen !== null) found.set(own, seen);
    }
    return found;
  }
}

/** @param nodes names of the lab's nodes */
export function readWorld(tree: Tree | null, nodes: readonly string[], values: Values): LabWorld {
  const map = tree === null ? null : values.faults.map(tree, 'world');
  if (map === null) return NO_WORLD;
  values.faults.keys(map, WORLD_KEYS);
  const reader = new WorldReader(values, nodes);
  const hostname = values.optional(map, 'hostname');
  const name = hostname === null ? null : values.faults.text(hostname, 'hostname');
  return {
    hostname: name !== null && hostname !== null && values.id(name, hostname.span, 'hostname') ? name : null,
    pods: values.entries(map, 'pods').flatMap((entry) => reader.pod(entry) ?? []),
    services: values.entries(map, 'services').flatMap((entry) => reader.service(entry) ?? []),
    hosts: values.entries(map, 'hosts').flatMap((entry) => reader.host(entry) ?? []),
    listens: values.listeners(map),
    public: reader.translations(map),
  };
}
