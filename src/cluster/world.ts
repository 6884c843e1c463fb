/** A cluster with its nodes read: which interface is on which network, and who has which address. */
import { type Address, bitsOf, familyOf, formatAddress, parseAddress } from '../address/address.js';
import { type Prefix, contains } from '../address/prefix.js';
import type { Node } from '../packet/node.js';
import { type Link, TABLE_ID } from '../routing/model.js';
import type { ClusterSpec, NodeSpec, Segment, Subnet } from './spec.js';

/** An interface of a node. */
export interface Port {
  readonly node: string;
  readonly device: string;
}

/** What network an interface is on. */
export type Membership =
  { readonly kind: 'vpc'; readonly subnet: Subnet } | { readonly kind: 'segment'; readonly segment: Segment };

const keyOf = ({ node, device }: Port): string => `${node} ${device}`;

/** The links of both families: what a snapshot shows of one it shows of the other, addresses apart. */
function linksOf(node: Node): readonly { readonly link: Link; readonly addresses: readonly Address[] }[] {
  const names = new Map<string, { link: Link; addresses: Address[] }>();
  for (const family of [4, 6] as const)
    for (const [name, link] of node.networks[family].links) {
      const known = names.get(name) ?? { link, addresses: [] };
      for (const { address } of link.addresses)
        if (!known.addresses.includes(address)) known.addresses.push(address);
      names.set(name, known);
    }
  return [...names.values()];
}

/** The device of a table's default route. */
function defaultDevice(node: Node, table: number): string | null {
  const routes = node.networks[4].tables.get(table) ?? [];
  const route = routes.find(({ destination, type }) => destination.length === 0 && type === 'unicast');
  return route?.nexthops[0]?.device ?? null;
}

/** The interface that EC2 gave a pod's address to: that of the table which the pod's own policy rule names. */
function eniOfPod(node: Node, address: Address): string | null {
  const own = node.networks[4].rules.find(
    ({ from, to, action }) =>
      from !== null && to === null && action.kind === 'lookup' && isHost(from) && from.address === address,
  );
  const table = own?.action.kind === 'lookup' ? own.action.table : TABLE_ID.main;
  return defaultDevice(node, table);
}

const isHost = (prefix: Prefix): boolean => prefix.length === bitsOf(familyOf(prefix.address));

export class World {
  readonly spec: ClusterSpec;
  readonly nodes: ReadonlyMap<string, Node>;
  readonly #members = new Map<string, Membership>();
  readonly #addresses = new Map<Address, Port>();
  readonly #blocks: { readonly prefix: Prefix; readonly port: Port }[] = [];
  readonly #first = new Map<string, { readonly address: Address; readonly port: Port }>();

  constructor(spec: ClusterSpec, nodes: ReadonlyMap<string, Node>) {
    this.spec = spec;
    this.nodes = nodes;
    for (const one of spec.nodes) {
      const node = nodes.get(one.name);
      if (node !== undefined) this.#attach(one, node);
    }
  }

  #attach(spec: NodeSpec, node: Node): void {
    for (const { link, addresses } of linksOf(node)) {
      const port = { node: spec.name, device: link.name };
      for (const address of addresses) {
        const member = this.#networkOf(address);
        if (member === null || link.name === 'lo') continue;
        if (!this.#members.has(keyOf(port))) this.#members.set(keyOf(port), member);
        if (!this.#addresses.has(address)) this.#addresses.set(address, port);
        if (!this.#first.has(spec.name)) this.#first.set(spec.name, { address, port });
      }
    }
    for (const { device, addresses } of spec.enis)
      for (const prefix of addresses) this.#blocks.push({ prefix, port: { node: spec.name, device } });
    this.#attachPods(spec.name, node);
  }

  /** Host routes to addresses of the VPC are pods, whose addresses belong to interfaces of the node. */
  #attachPods(name: string, node: Node): void {
    const { vpc } = this.spec;
    if (vpc === null) return;
    for (const { destination, nexthops, type } of node.networks[4].tables.get(TABLE_ID.main) ?? []) {
      const device = nexthops[0]?.device ?? null;
      if (type !== 'unicast' || !isHost(destination) || device === null || nexthops[0]?.via !== null)
        continue;
      if (this.member({ node: name, device }) !== null || this.#addresses.has(destination.address)) continue;
      if (!vpc.prefixes.some((prefix) => contains(prefix, destination.address))) continue;
      const eni = eniOfPod(node, destination.address);
      if (eni !== null) this.#addresses.set(destination.address, { node: name, device: eni });
    }
  }

  #networkOf(address: Address): Membership | null {
    const subnet = this.spec.vpc?.subnets.find(({ prefix }) => contains(prefix, address));
    if (subnet !== undefined) return { kind: 'vpc', subnet };
    const segment = this.spec.segments.find(({ prefix }) => contains(prefix, address));
    return segment === undefined ? null : { kind: 'segment', segment };
  }

  /** The network that an interface is on; null for one that leads to the node's own pods. */
  member(port: Port): Membership | null {
    return this.#members.get(keyOf(port)) ?? null;
  }

  /** The interface that has an address, or to which EC2 assigned it. */
  ownerOf(text: string): Port | null {
    const address = parseAddress(text);
    if (address === null) return null;
    const block = this.#blocks.find(({ prefix }) => contains(prefix, address));
    return block?.port ?? this.#addresses.get(address) ?? null;
  }

  /** The interface on a segment that answers for an address there. */
  neighbour(segment: Segment, text: string): Port | null {
    const address = parseAddress(text);
    if (address === null) return null;
    const owner = this.#addresses.get(address) ?? null;
    const member = owner === null ? null : this.member(owner);
    if (member?.kind === 'segment' && member.segment === segment) return owner;
    const name = segment.answers.get(address);
    if (name === undefined) return null;
    for (const key of this.#members.keys()) {
      const [node = '', device = ''] = key.split(' ');
      const one = this.member({ node, device });
      if (node === name && one?.kind === 'segment' && one.segment === segment) return { node, device };
    }
    return null;
  }

  /** The first address of a node on the network, which load balancers know it by. */
  addressOfNode(name: string): { readonly address: string; readonly port: Port } | null {
    const found = this.#first.get(name);
    return found === undefined ? null : { address: formatAddress(found.address), port: found.port };
  }

  /** Is the address on the VPC's own network? */
  inVpc(text: string): boolean {
    const address = parseAddress(text);
    return address !== null && this.spec.vpc?.prefixes.some((prefix) => contains(prefix, address)) === true;
  }

  nodeSpec(name: string): NodeSpec | undefined {
    return this.spec.nodes.find((one) => one.name === name);
  }

  /** The pod of the file that has an address. */
  podAt(text: string): { readonly name: string; readonly node: string } | null {
    const address = parseAddress(text);
    return this.spec.pods.find((one) => one.address === address) ?? null;
  }
}
