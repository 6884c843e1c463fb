/** Nodes by what lists them: kubectl's nodes, and pods and endpoints that say which node they are on. */
import type { Address } from '../address/address.js';
import type { Cluster } from './merge.js';
import type { ClusterNode, Pod } from './model.js';

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Pods by address. Those that have ended have none; those that may have ended count where nobody else has the address. */
export function podsByAddress(pods: readonly Pod[]): Map<Address, Pod[]> {
  const found = new Map<Address, Pod[]>();
  for (const pod of pods)
    if (pod.state !== 'ended') for (const address of pod.addresses) push(found, address, pod);
  for (const [address, list] of found) {
    const running = list.filter(({ state }) => state === 'running');
    if (running.length > 0 && running.length < list.length) found.set(address, running);
  }
  return found;
}

/** Pods of one table that share an address and a node: they have the node's own network. */
function shareANode([first, ...others]: readonly Pod[]): boolean {
  if (first === undefined || first.node === null || others.length === 0) return false;
  return [first, ...others].every(
    ({ node, hostNetwork, span }) =>
      node === first.node && hostNetwork !== false && span?.source === first.span?.source,
  );
}

/** Addresses of nodes: as listed, and those of pods that have their node's network. */
export function nodesByAddress(
  { nodes }: Cluster,
  pods: ReadonlyMap<Address, readonly Pod[]>,
): Map<Address, string> {
  const found = new Map<Address, string>();
  for (const { name, addresses } of nodes)
    for (const address of addresses) if (!found.has(address)) found.set(address, name);
  for (const [address, list] of pods) {
    const host = list.find(({ hostNetwork, node }) => hostNetwork === true && node !== null);
    const name = host?.node ?? (shareANode(list) ? list[0]?.node : null) ?? null;
    if (name !== null && !found.has(address)) found.set(address, name);
  }
  return found;
}

/**
 * Every node that the listings name. One that only pods or endpoints name has the addresses of those pods that have its
 * network, and none where no such pod is listed.
 */
export function namedNodes(cluster: Cluster): readonly ClusterNode[] {
  const { nodes, pods, endpoints } = cluster;
  const addresses = new Map<string, Address[]>();
  for (const { node } of [...pods, ...endpoints])
    if (node !== null && !addresses.has(node)) addresses.set(node, []);
  for (const [address, name] of nodesByAddress(cluster, podsByAddress(pods))) push(addresses, name, address);
  const listed = new Map(nodes.map((node) => [node.name, node]));
  return [
    ...nodes.map((node) =>
      node.addresses.length > 0 ? node : { ...node, addresses: addresses.get(node.name) ?? [] },
    ),
    ...[...addresses]
      .filter(([name]) => !listed.has(name))
      .map(([name, own]): ClusterNode => ({ kind: 'node', name, addresses: own, span: null })),
  ];
}
