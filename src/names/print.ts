/** The names that were read, printed back as `kubectl get -o json` prints objects: as much of them as natwalk keeps. */
import { type Address, familyOf, formatAddress } from '../address/address.js';
import { protocolName } from '../address/protocols.js';
import type { Cluster } from './merge.js';
import type { ClusterNode, Endpoint, Pod, Service, ServicePort } from './model.js';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };
type Members = Readonly<Record<string, Json | undefined>>;

const optional = (value: string | null): string | undefined => value ?? undefined;
const texts = (addresses: readonly Address[]): readonly string[] => addresses.map(formatAddress);

function metadata(name: string, namespace: string | null, labels?: Members): Members {
  return { name, namespace: optional(namespace), labels };
}

const PHASES = { running: 'Running', ended: 'Succeeded', unsure: 'Unknown' } as const;

function podJson({ namespace, name, addresses, node, hostNetwork, state }: Pod): Members {
  const [first] = texts(addresses);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata(name, namespace),
    spec: { nodeName: optional(node), hostNetwork },
    status: { phase: PHASES[state], podIP: first, podIPs: texts(addresses).map((ip) => ({ ip })) },
  };
}

function portJson({ name, protocol, port, nodePort }: ServicePort): Members {
  return {
    name: optional(name),
    protocol: protocolName(protocol).toUpperCase(),
    port,
    nodePort: nodePort ?? undefined,
  };
}

function serviceJson(service: Service): Members {
  const { namespace, name, clusterIps, headless, externalName, externalIps, balancerIps, ports } = service;
  const [first] = texts(clusterIps);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(name, namespace),
    spec: {
      type: externalName === null ? undefined : 'ExternalName',
      externalName: optional(externalName),
      clusterIP: headless ? 'None' : first,
      clusterIPs: texts(clusterIps),
      externalIPs: texts(externalIps),
      ports: ports.map(portJson),
    },
    status: { loadBalancer: { ingress: texts(balancerIps).map((ip) => ({ ip })) } },
  };
}

function nodeJson({ name, addresses }: ClusterNode): Members {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: metadata(name, null),
    status: { addresses: texts(addresses).map((address) => ({ type: 'InternalIP', address })) },
  };
}

/** A slice for each endpoint: its name says nothing, its label which service it is of. */
function endpointJson(endpoint: Endpoint, place: number): Members {
  const { namespace, service, address, port, protocol, portName, pod, node } = endpoint;
  const labels = { 'kubernetes.io/service-name': service };
  const target =
    pod === null ? undefined : { kind: 'Pod', name: pod.name, namespace: optional(pod.namespace) };
  const own = {
    name: optional(portName),
    port: port ?? undefined,
    protocol: protocol === null ? null : protocolName(protocol).toUpperCase(),
  };
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: metadata(`${service.slice(0, 200)}-${String(place + 1)}`, namespace, labels),
    addressType: familyOf(address) === 6 ? 'IPv6' : 'IPv4',
    endpoints: [{ addresses: [formatAddress(address)], nodeName: optional(node), targetRef: target }],
    ports: port === null && portName === null ? [] : [own],
  };
}

/** A list with an object a line; '' when nothing was listed. */
export function printCluster({ pods, services, nodes, endpoints }: Cluster): string {
  const items = [
    ...pods.map(podJson),
    ...services.map(serviceJson),
    ...nodes.map(nodeJson),
    ...endpoints.map(endpointJson),
  ];
  if (items.length === 0) return '';
  const lines = items.map((item) => `  ${JSON.stringify(item)}`).join(',\n');
  return `{"apiVersion": "v1", "kind": "List", "items": [\n${lines}\n]}\n`;
}
