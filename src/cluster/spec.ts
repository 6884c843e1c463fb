/** A cluster file, read: nodes, pods, and the network between the nodes. */
import type { Address } from '../address/address.js';
import type { Prefix } from '../address/prefix.js';
import type { Span } from '../source/source.js';

/** A network interface of a VPC, and the addresses that EC2 assigned to it besides those that the node shows. */
export interface EniSpec {
  readonly device: string;
  readonly addresses: readonly Prefix[];
}

export interface NodeSpec {
  readonly name: string;
  /** The snapshot as written, relative to the cluster file. */
  readonly path: string;
  readonly span: Span;
  readonly enis: readonly EniSpec[];
  /** EC2 drops what an interface sends or gets that is not its own, unless this is off. */
  readonly sourceCheck: boolean;
}

export interface PodSpec {
  readonly name: string;
  readonly node: string;
  readonly address: Address;
}

/** Where packets to addresses outside the VPC go. */
export type DefaultRoute = 'internet-gateway' | 'nat-gateway' | 'none';

export interface Subnet {
  readonly prefix: Prefix;
  /** The first address of the subnet, unless the file says otherwise. */
  readonly router: Address;
  readonly gateway: DefaultRoute;
}

export interface Vpc {
  readonly prefixes: readonly Prefix[];
  readonly subnets: readonly Subnet[];
  /** The internet gateway's translations, 1:1: private address to public. */
  readonly publicOf: ReadonlyMap<Address, Address>;
  readonly natGateway: { readonly address: Address; readonly publicAddress: Address } | null;
}

/** Nodes that reach each other without a router. */
export interface Segment {
  readonly name: string;
  readonly prefix: Prefix;
  /** A router that is no node of the file; what is not for the segment goes outside through it. */
  readonly gateway: Address | null;
  /** The router translates sources to this address. */
  readonly nat: Address | null;
  /** Addresses that a node answers for without having them (MetalLB): address to node. */
  readonly answers: ReadonlyMap<Address, string>;
}

/** `port` on the address of `node` (instance mode), or of a pod's address (IP mode). */
export interface Target {
  readonly node: string | null;
  readonly address: Address | null;
  readonly port: number;
}

export interface Balancer {
  readonly name: string;
  readonly addresses: readonly Address[];
  readonly publicAddresses: readonly Address[];
  readonly dnsNames: readonly string[];
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly mode: 'instance' | 'ip';
  readonly targets: readonly Target[];
  /** Targets see the client's address; otherwise the balancer's own. */
  readonly keepsClient: boolean;
  /** The client's address is in the payload, which changes nothing of the headers. */
  readonly proxyProtocol: boolean;
}

export interface ClusterSpec {
  readonly path: string;
  readonly nodes: readonly NodeSpec[];
  readonly pods: readonly PodSpec[];
  readonly vpc: Vpc | null;
  readonly segments: readonly Segment[];
  readonly balancers: readonly Balancer[];
  /** A host of the internet. */
  readonly outside: Address;
}
