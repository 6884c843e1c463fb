/** The name book of a node's snapshot: who has an address. */
import { type Address, formatAddress } from '../address/address.js';
import type { Diagnostics } from '../source/diagnostic.js';
import { nodesByAddress, podsByAddress } from './hosts.js';
import { type Cluster, mergeObjects } from './merge.js';
import {
  type Endpoint,
  type KubeObject,
  type Pod,
  type Service,
  type ServicePort,
  fullName,
} from './model.js';

/** What a service's address is to the outside. */
export type ServiceRole = 'service' | 'load balancer' | 'external address' | 'node port';

/** One name of an address. */
export type Name =
  | {
      readonly kind: ServiceRole;
      readonly service: Service;
      /** The service's port that the packet's port is; null without a port of the packet. */
      readonly port: ServicePort | null;
      /** The packet has a port, and the service has none of that number. */
      readonly noSuchPort: boolean;
    }
  | { readonly kind: 'pod'; readonly pod: Pod }
  /** With the pods that have the node's own network. */
  | { readonly kind: 'node'; readonly node: string; readonly pods: readonly Pod[] }
  /** The address is known as an endpoint of these, and of which pod it is no listing says. */
  | { readonly kind: 'endpoint'; readonly endpoints: readonly Endpoint[] };

/** What is asked about an address. */
export interface Question {
  readonly address: Address;
  /** Null for protocols without ports. */
  readonly port: number | null;
  /** IP protocol number. */
  readonly protocol: number;
  /** It is one of the addresses of the node whose snapshot this is. */
  readonly isOwn: boolean;
}

interface ServiceAddress {
  readonly role: ServiceRole;
  readonly service: Service;
}

/** Who has an address. One look at it tells everything: of a large cluster each look at another map is a wait for memory. */
interface Owners {
  services: readonly ServiceAddress[];
  node: string | null;
  pods: readonly Pod[];
  endpoints: readonly Endpoint[];
}

interface Index {
  readonly cluster: Cluster;
  readonly owners: ReadonlyMap<Address, Readonly<Owners>>;
  readonly nodePorts: ReadonlyMap<
    string,
    readonly { readonly service: Service; readonly port: ServicePort }[]
  >;
}

const NOBODY: Readonly<Owners> = { services: [], node: null, pods: [], endpoints: [] };

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

const nodePortKey = (protocol: number, port: number): string => `${String(protocol)} ${String(port)}`;

/** A pod that only an endpoint names. */
function impliedPod(endpoint: Endpoint): Pod | null {
  const { pod, address, node } = endpoint;
  return pod === null
    ? null
    : {
        kind: 'pod',
        ...pod,
        addresses: [address],
        node,
        hostNetwork: null,
        state: 'running',
        span: null,
      };
}

function indexOf(cluster: Cluster): Index {
  const pods = podsByAddress(cluster.pods);
  const endpoints = new Map<Address, Endpoint[]>();
  for (const endpoint of cluster.endpoints) {
    push(endpoints, endpoint.address, endpoint);
    const pod = impliedPod(endpoint);
    if (pod !== null && !pods.has(endpoint.address)) pods.set(endpoint.address, [pod]);
  }
  const services = new Map<Address, ServiceAddress[]>();
  const owners = new Map<Address, Owners>();
  const ownersOf = (address: Address): Owners => {
    let own = owners.get(address);
    if (own === undefined) owners.set(address, (own = { ...NOBODY }));
    return own;
  };
  const nodePorts = new Map<string, { service: Service; port: ServicePort }[]>();
  for (const service of cluster.services) {
    for (const address of service.clusterIps) push(services, address, { role: 'service', service });
    for (const address of service.balancerIps) push(services, address, { role: 'load balancer', service });
    for (const address of service.externalIps) push(services, address, { role: 'external address', service });
    for (const port of service.ports)
      if (port.nodePort !== null)
        push(nodePorts, nodePortKey(port.protocol, port.nodePort), { service, port });
  }
  for (const [address, list] of services) ownersOf(address).services = list;
  for (const [address, node] of nodesByAddress(cluster, pods)) ownersOf(address).node = node;
  for (const [address, list] of pods) ownersOf(address).pods = list;
  for (const [address, list] of endpoints) ownersOf(address).endpoints = list;
  return { cluster, owners, nodePorts };
}

/** Of several services at one address (a shared load balancer) those that have the port; else all of them. */
function serviceNames(list: readonly ServiceAddress[], { port, protocol }: Question): readonly Name[] {
  const names = list.map(({ role, service }): Name => {
    const own = service.ports.find((one) => one.port === port && one.protocol === protocol) ?? null;
    const noSuchPort = own === null && port !== null && service.ports.length > 0;
    return { kind: role, service, port: own, noSuchPort };
  });
  const fitting = names.filter((name) => 'port' in name && name.port !== null);
  return fitting.length > 0 ? fitting : names;
}

/** Those of the packet's port, when there are such. */
function endpointsAt(list: readonly Endpoint[], { port }: Question): readonly Endpoint[] {
  const fitting = list.filter((one) => one.port === port);
  return fitting.length > 0 ? fitting : list;
}

/** What kube-proxy's own rules say. */
export interface Implied {
  /** Of everything; takes a look at every rule. */
  all(): readonly KubeObject[];
  /** Of what a question is about; null where that takes a look at every rule as well. */
  about(question: Question): readonly KubeObject[] | null;
  /** Says which addresses will be asked about. */
  expect(addresses: readonly Address[]): void;
}

/** More addresses than this are worth an index. */
const FEW = 12;

/** Who has which address, from kubectl's listings and from what kube-proxy wrote into its rules. */
export class NameBook {
  /** What kubectl's listings hold, each object once. */
  readonly listed: Cluster;
  readonly #implied: Implied;
  #index: Index | null = null;
  /** What was found of the addresses that were looked up by themselves. */
  readonly #looks = new Map<string, Index>();
  readonly #ports = new Map<number | null, ReadonlySet<number>>();

  /**
   * @param implied what kube-proxy's rules say; asked for when a name is looked up
   */
  constructor(
    listed: Cluster,
    implied: Implied = { all: () => [], about: () => [], expect: () => undefined },
  ) {
    this.listed = listed;
    this.#implied = implied;
  }

  /** Everything, also what only kube-proxy's rules say. */
  get cluster(): Cluster {
    return this.#indexed().cluster;
  }

  /** Says which addresses will be asked for: rules are then looked through once for all of them. */
  expect(addresses: readonly Address[]): void {
    if (this.#index === null && addresses.length <= FEW) this.#implied.expect(addresses);
  }

  /** The names of an address, the most telling first: none, one, or several where listings contradict each other. */
  namesOf(question: Question): readonly Name[] {
    const { owners, nodePorts } = this.#indexFor(question);
    const { address, port, protocol, isOwn } = question;
    const { services, node, pods: here, endpoints } = owners.get(address) ?? NOBODY;
    if (services.length > 0) return serviceNames(services, question);
    const names: Name[] = [];
    // Pods of the host network share the node's address, and the node's name says more.
    if (node !== null) names.push({ kind: 'node', node, pods: here });
    if ((node !== null || isOwn) && port !== null)
      for (const one of nodePorts.get(nodePortKey(protocol, port)) ?? [])
        names.push({ kind: 'node port', ...one, noSuchPort: false });
    if (node !== null) return names;
    for (const pod of here) names.push({ kind: 'pod', pod });
    if (here.length === 0 && endpoints.length > 0)
      names.push({ kind: 'endpoint', endpoints: endpointsAt(endpoints, question) });
    return names;
  }

  /**
   * The ports that have a part in the names of an address; with all others the names are the same, and who names many
   * packets need not ask again. Null: every port may have a part.
   */
  portsOf(address: Address, isOwn: boolean): ReadonlySet<number> | null {
    const { owners, nodePorts } = this.#indexed();
    const { services, node, endpoints } = owners.get(address) ?? NOBODY;
    if (services.length > 0) return null;
    const hasNodePorts = isOwn || node !== null;
    if (!hasNodePorts && endpoints.length < 2) return this.#onePort(endpoints[0]?.port ?? null);
    const ports = new Set<number>();
    for (const { port } of endpoints) if (port !== null) ports.add(port);
    if (hasNodePorts)
      for (const list of nodePorts.values())
        for (const { port } of list) if (port.nodePort !== null) ports.add(port.nodePort);
    return ports;
  }

  /** Nearly every endpoint has one port, and many have the same one. */
  #onePort(port: number | null): ReadonlySet<number> {
    const known = this.#ports.get(port);
    if (known !== undefined) return known;
    const made = new Set(port === null ? [] : [port]);
    this.#ports.set(port, made);
    return made;
  }

  /** The first few addresses are looked up by themselves: that takes a moment each, and an index of all rules many. */
  #indexFor(question: Question): Index {
    if (this.#index !== null) return this.#index;
    const { address, port, isOwn } = question;
    // Only of the node's own addresses the port is looked up, too.
    const key = `${formatAddress(address)} ${isOwn ? String(port) : ''}`;
    const known = this.#looks.get(key);
    if (known !== undefined) return known;
    const about = this.#looks.size >= FEW ? null : this.#implied.about(question);
    if (about === null) return this.#indexed();
    const found = this.#with(about);
    this.#looks.set(key, found);
    return found;
  }

  #indexed(): Index {
    this.#index ??= this.#with(this.#implied.all());
    return this.#index;
  }

  #with(implied: readonly KubeObject[]): Index {
    const { pods, services, nodes, endpoints } = this.listed;
    // What kubectl says comes first, so that it wins.
    return indexOf(mergeObjects([...pods, ...services, ...nodes, ...endpoints, ...implied], null));
  }
}

/** Two running pods at one address that is no node's: one of the listings is old, or they are of different clusters. */
function warnContradictions(cluster: Cluster, diagnostics: Diagnostics): void {
  const pods = podsByAddress(cluster.pods);
  const nodes = nodesByAddress(cluster, pods);
  for (const [address, list] of pods) {
    if (list.length < 2 || nodes.has(address)) continue;
    const [first, second] = list;
    diagnostics.warn(
      'NAMES_CONTRADICT',
      second?.span ?? null,
      { address: formatAddress(address), names: list.slice(0, 4).map(fullName).join(', ') },
      first?.span ?? undefined,
    );
  }
}

/** Makes the book of what was read. */
export function nameBook(
  objects: readonly KubeObject[],
  implied: Implied,
  diagnostics: Diagnostics,
): NameBook {
  const listed = mergeObjects(objects, diagnostics);
  warnContradictions(listed, diagnostics);
  return new NameBook(listed, implied);
}
