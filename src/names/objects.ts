/** Kubernetes objects, from the JSON or YAML of kubectl or of an API server. */
import { type Address, parseAddress } from '../address/address.js';
import { protocolNumber } from '../address/protocols.js';
import type { Span } from '../source/source.js';
import {
  type ClusterNode,
  type Endpoint,
  type KubeObject,
  type Pod,
  type PodState,
  type Service,
  type ServicePort,
  isName,
} from './model.js';
import { asListed, at, list, port, text } from './value.js';

function addressesOf(values: readonly unknown[]): Address[] {
  const found = values.flatMap((value) => parseAddress(text(value) ?? '') ?? []);
  return [...new Set(found)];
}

function nameOf(value: unknown): string | null {
  const name = text(value);
  return name !== null && isName(name) ? name : null;
}

/** Ports are TCP unless they say another protocol. */
function protocolOf(value: unknown): number {
  return protocolNumber(text(value) ?? 'tcp') ?? 6;
}

/** `null` stands for what a table did not say, where natwalk itself prints the objects; what is left out has a default. */
function unlessNull<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value === null ? null : read(value);
}

const STATES: ReadonlyMap<string, PodState> = new Map([
  ['Succeeded', 'ended'],
  ['Failed', 'ended'],
  ['Unknown', 'unsure'],
]);

/** The pod, and its node by the address that the pod's status names. */
function podOf(object: unknown, name: string, namespace: string | null, span: Span | null): KubeObject[] {
  const status = at(object, 'status');
  const node = nameOf(at(object, 'spec', 'nodeName'));
  const ips = list(at(status, 'podIPs')).map((one) => at(one, 'ip'));
  const pod: Pod = {
    kind: 'pod',
    namespace,
    name,
    addresses: addressesOf([at(status, 'podIP'), ...ips]),
    node,
    hostNetwork: unlessNull(at(object, 'spec', 'hostNetwork'), (value) => value === true),
    state: STATES.get(text(at(status, 'phase')) ?? '') ?? 'running',
    span,
  };
  const hostIps = list(at(status, 'hostIPs')).map((one) => at(one, 'ip'));
  const addresses = addressesOf([at(status, 'hostIP'), ...hostIps]);
  return node === null || addresses.length === 0
    ? [pod]
    : [pod, { kind: 'node', name: node, addresses, span }];
}

function portsOf(value: unknown): ServicePort[] {
  return list(value).flatMap((one) => {
    const number = port(at(one, 'port'));
    return number === null
      ? []
      : [
          {
            name: nameOf(at(one, 'name')),
            protocol: protocolOf(at(one, 'protocol')),
            port: number,
            nodePort: port(at(one, 'nodePort')),
          },
        ];
  });
}

function serviceOf(object: unknown, name: string, namespace: string | null, span: Span | null): Service {
  const spec = at(object, 'spec');
  const ingress = list(at(object, 'status', 'loadBalancer', 'ingress'));
  return {
    kind: 'service',
    namespace,
    name,
    clusterIps: addressesOf([at(spec, 'clusterIP'), ...list(at(spec, 'clusterIPs'))]),
    headless: at(spec, 'clusterIP') === 'None',
    externalName: at(spec, 'type') === 'ExternalName' ? nameOf(at(spec, 'externalName')) : null,
    externalIps: addressesOf(list(at(spec, 'externalIPs'))),
    balancerIps: addressesOf(ingress.map((one) => at(one, 'ip'))),
    ports: portsOf(at(spec, 'ports')),
    span,
  };
}

function nodeOf(object: unknown, name: string, span: Span | null): ClusterNode {
  const addresses = list(at(object, 'status', 'addresses')).map((one) => at(one, 'address'));
  return { kind: 'node', name, addresses: addressesOf(addresses), span };
}

interface Backing {
  readonly namespace: string | null;
  readonly service: string;
  readonly span: Span | null;
}

/** Each address with each port; an address without ports once. */
function endpointsOf(
  values: readonly unknown[],
  about: unknown,
  ports: readonly unknown[],
  backing: Backing,
): Endpoint[] {
  const target = at(about, 'targetRef');
  const pod = at(target, 'kind') === 'Pod' ? nameOf(at(target, 'name')) : null;
  const namespace = nameOf(at(target, 'namespace')) ?? backing.namespace;
  const common = {
    ...backing,
    kind: 'endpoint' as const,
    pod: pod === null ? null : { namespace, name: pod },
    node: nameOf(at(about, 'nodeName')),
  };
  return addressesOf(values).flatMap((address) =>
    (ports.length === 0 ? [null] : ports).map((one) => ({
      ...common,
      address,
      port: port(at(one, 'port')),
      protocol: one === null ? null : unlessNull(at(one, 'protocol'), protocolOf),
      portName: nameOf(at(one, 'name')),
    })),
  );
}

/** Old Endpoints: addresses that are not ready are the pods' all the same. */
function oldEndpoints(object: unknown, backing: Backing): Endpoint[] {
  return list(at(object, 'subsets')).flatMap((subset) =>
    [...list(at(subset, 'addresses')), ...list(at(subset, 'notReadyAddresses'))].flatMap((one) =>
      endpointsOf([at(one, 'ip')], one, list(at(subset, 'ports')), backing),
    ),
  );
}

function sliceEndpoints(object: unknown, backing: Backing): Endpoint[] {
  return list(at(object, 'endpoints')).flatMap((one) =>
    endpointsOf(list(at(one, 'addresses')), one, list(at(object, 'ports')), backing),
  );
}

/** Lists within lists are nobody's, but text may say anything. */
const DEEPEST = 4;

/**
 * The objects that natwalk can use of a value: a Pod (with its node), Service, Node, Endpoints or EndpointSlice, and those
 * of a list. None of anything else; never throws.
 */
export function objectsOf(value: unknown, span: Span | null, depth = 0): readonly KubeObject[] {
  const kind = text(at(value, 'kind')) ?? '';
  if (kind.endsWith('List') && depth < DEEPEST)
    return list(at(value, 'items')).flatMap((item) => objectsOf(asListed(item, kind), span, depth + 1));
  const name = nameOf(at(value, 'metadata', 'name'));
  if (name === null) return [];
  const namespace = nameOf(at(value, 'metadata', 'namespace'));
  switch (kind) {
    case 'Pod':
      return podOf(value, name, namespace, span);
    case 'Service':
      return [serviceOf(value, name, namespace, span)];
    case 'Node':
      return [nodeOf(value, name, span)];
    case 'Endpoints':
      return oldEndpoints(value, { namespace, service: name, span });
    case 'EndpointSlice': {
      const service = nameOf(at(value, 'metadata', 'labels', 'kubernetes.io/service-name'));
      return sliceEndpoints(value, { namespace, service: service ?? serviceOfSlice(name), span });
    }
    default:
      return [];
  }
}

/** The controller names a slice after its service and five characters more. */
export function serviceOfSlice(name: string): string {
  return name.replace(/-[a-z0-9]{5}$/, '');
}
