/** Several listings of one cluster as one: the same object of two listings is one object, and contradictions are named. */
import { type Address, familyOf, formatAddress } from '../address/address.js';
import type { Diagnostics } from '../source/diagnostic.js';
import {
  type ClusterNode,
  type Endpoint,
  type KubeObject,
  type Pod,
  type Service,
  type ServicePort,
  fullName,
} from './model.js';

/** Objects of a cluster, each once, in the order in which they were met. */
export interface Cluster {
  readonly pods: readonly Pod[];
  readonly services: readonly Service[];
  readonly nodes: readonly ClusterNode[];
  readonly endpoints: readonly Endpoint[];
}

/** More addresses or ports than any object has; text that repeats an object for ever must not take for ever. */
const MOST = 1000;

function union<T>(a: readonly T[], b: readonly T[]): readonly T[] {
  if (a.length === 0 || a.length > MOST) return a.length === 0 ? b : a;
  return b.every((one) => a.includes(one)) ? a : [...new Set([...a, ...b])];
}

function joinPods(a: Pod, b: Pod): Pod {
  return {
    ...a,
    namespace: a.namespace ?? b.namespace,
    addresses: union(a.addresses, b.addresses),
    node: a.node ?? b.node,
    hostNetwork: a.hostNetwork ?? b.hostNetwork,
    state:
      a.state === b.state ? a.state : a.state === 'running' || b.state === 'running' ? 'running' : 'ended',
  };
}

function joinPorts(a: readonly ServicePort[], b: readonly ServicePort[]): readonly ServicePort[] {
  if (a.length > MOST) return a;
  const key = ({ port, protocol }: ServicePort): number => protocol * 65536 + port;
  const ports = new Map(a.map((one) => [key(one), one]));
  for (const other of b) {
    const one = ports.get(key(other)) ?? other;
    ports.set(key(other), {
      ...one,
      name: one.name ?? other.name,
      nodePort: one.nodePort ?? other.nodePort,
    });
  }
  return [...ports.values()];
}

function joinServices(a: Service, b: Service): Service {
  const clusterIps = union(a.clusterIps, b.clusterIps);
  const balancerIps = union(a.balancerIps, b.balancerIps);
  // kube-proxy's nftables rules do not tell a load balancer's address from another external one.
  const externalIps = union(a.externalIps, b.externalIps).filter((one) => !balancerIps.includes(one));
  return {
    ...a,
    namespace: a.namespace ?? b.namespace,
    clusterIps,
    headless: a.headless && b.headless,
    externalName: a.externalName ?? b.externalName,
    externalIps,
    balancerIps,
    ports: joinPorts(a.ports, b.ports),
  };
}

/** Objects by their names; one whose namespace is not known is the one of that name, where there is just one. */
class Shelf<T extends { readonly namespace: string | null; readonly name: string }> {
  readonly #byName = new Map<string, T[]>();
  readonly #join: (a: T, b: T) => T;

  constructor(join: (a: T, b: T) => T) {
    this.#join = join;
  }

  /** @returns the object that was there already, as it was before */
  add(one: T): T | null {
    const same = this.#byName.get(one.name);
    if (same === undefined) {
      this.#byName.set(one.name, [one]);
      return null;
    }
    const exact = same.findIndex(({ namespace }) => namespace === one.namespace);
    const loose = same.length === 1 && (one.namespace === null || same[0]?.namespace === null) ? 0 : -1;
    const place = exact >= 0 ? exact : loose;
    const other = same[place];
    if (other === undefined) {
      same.push(one);
      return null;
    }
    same[place] = this.#join(other, one);
    return other;
  }

  all(): readonly T[] {
    return [...this.#byName.values()].flat();
  }
}

/** Two listings give an object addresses of one family, and none in common: they are of different times. */
function differ(a: readonly Address[], b: readonly Address[]): boolean {
  const common = b.some((one) => a.includes(one));
  return !common && a.some((one) => b.some((other) => familyOf(one) === familyOf(other)));
}

const endpointKey = (one: Endpoint): string =>
  `${one.namespace ?? ''}/${one.service} ${formatAddress(one.address)} ${String(one.port)}`;

/** Puts objects together. @param diagnostics null: contradictions are not looked for */
export function mergeObjects(objects: readonly KubeObject[], diagnostics: Diagnostics | null): Cluster {
  const pods = new Shelf<Pod>(joinPods);
  const services = new Shelf<Service>(joinServices);
  const nodes = new Map<string, ClusterNode>();
  const endpoints = new Map<string, Endpoint>();
  const disagree = (kind: string, a: Pod | Service, b: Pod | Service): void => {
    diagnostics?.warn('NAMES_DISAGREE', b.span, { kind, name: fullName(b) }, a.span ?? undefined);
  };
  for (const one of objects) {
    if (one.kind === 'pod') {
      const other = pods.add(one);
      if (other !== null && differ(other.addresses, one.addresses)) disagree('pod', other, one);
    } else if (one.kind === 'service') {
      const other = services.add(one);
      if (other !== null && differ(other.clusterIps, one.clusterIps)) disagree('service', other, one);
    } else if (one.kind === 'node') {
      const other = nodes.get(one.name);
      nodes.set(
        one.name,
        other === undefined ? one : { ...other, addresses: union(other.addresses, one.addresses) },
      );
    } else {
      const other = endpoints.get(endpointKey(one));
      endpoints.set(endpointKey(one), other === undefined ? one : joinEndpoints(other, one));
    }
  }
  return {
    pods: pods.all(),
    services: services.all(),
    nodes: [...nodes.values()],
    endpoints: [...endpoints.values()],
  };
}

function joinEndpoints(a: Endpoint, b: Endpoint): Endpoint {
  return {
    ...a,
    protocol: a.protocol ?? b.protocol,
    portName: a.portName ?? b.portName,
    pod: a.pod ?? b.pod,
    node: a.node ?? b.node,
  };
}
