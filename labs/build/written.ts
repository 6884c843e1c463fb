/** What no tool of this machine can print, and is written in its place: kubectl's tables, and cluster files. */
import { relative } from 'node:path';
import type { LabNode, Pod, Service } from './describe.js';
import type { Cluster } from './nodes/clusters.js';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, at) => Math.max(...all.map((row) => (row[at] ?? '').length)));
  return all
    .map((row) =>
      row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd((widths[at] ?? 0) + 3))).join(''),
    )
    .map((line) => `${line}\n`)
    .join('');
}

function podsOf(node: LabNode): readonly Pod[] {
  if (node.kind === 'aws') return node.enis.flatMap(({ pods }) => pods);
  if (node.kind === 'host' && !node.hostname.startsWith('docker'))
    return [...(node.bridge?.ports ?? []), ...(node.routed ?? [])];
  return [];
}

/** The node's own address. */
function addressOf(node: LabNode): string {
  if (node.kind === 'aws') return node.enis[0].address;
  return node.kind === 'host' ? (node.links[0]?.address ?? '') : node.address;
}

const SUFFIXES = ['4kq7z', 'n2v8d', 'x6wpl'];

/** `kubectl get pod -A -o wide`, of the pods that are on the node. */
export function podTable(node: LabNode): string {
  const row = (namespace: string, name: string, address: string): readonly string[] => [
    ...[namespace, name, '1/1', 'Running', '0', '26h', address, node.hostname, '<none>', '<none>'],
  ];
  const rows = [
    ...podsOf(node).map(({ namespace = 'default', name, address }) => row(namespace, name, address)),
    ...(node.hostPods ?? []).map(({ namespace, name }, at) =>
      row(namespace, `${name}-${SUFFIXES[at % SUFFIXES.length] ?? ''}`, addressOf(node)),
    ),
  ].sort((a, b) => `${a[0] ?? ''}/${a[1] ?? ''}`.localeCompare(`${b[0] ?? ''}/${b[1] ?? ''}`, 'en'));
  if (rows.length === 0) return '';
  return table(
    [
      'NAMESPACE',
      'NAME',
      'READY',
      'STATUS',
      'RESTARTS',
      'AGE',
      'IP',
      'NODE',
      'NOMINATED NODE',
      'READINESS GATES',
    ],
    rows,
  );
}

/** `kubectl get svc -A`: one line for each service, with all its ports. */
export function serviceTable(services: readonly Service[]): string {
  const names = [...new Set(services.map(({ name }) => name))];
  const rows = names.map((full) => {
    const [namespace = '', name = ''] = full.split('/');
    const own = services.filter((one) => one.name === full);
    const [first] = own;
    const external = first?.loadBalancerIp;
    const ports = own.map(({ port, nodePort, protocol = 'tcp' }) => {
      const node = nodePort === undefined ? '' : `:${String(nodePort)}`;
      return `${String(port)}${node}/${protocol.toUpperCase()}`;
    });
    const type =
      external !== undefined ? 'LoadBalancer' : first?.nodePort === undefined ? 'ClusterIP' : 'NodePort';
    return [namespace, name, type, first?.clusterIp ?? '', external ?? '<none>', ports.join(','), '26h'];
  });
  if (rows.length === 0) return '';
  return table(['NAMESPACE', 'NAME', 'TYPE', 'CLUSTER-IP', 'EXTERNAL-IP', 'PORT(S)', 'AGE'], rows);
}

/** The files of a node that are written. */
export function writtenFiles(node: LabNode): Readonly<Record<string, string>> {
  const tables = {
    'kubectl-get-pod.txt': podTable(node),
    'kubectl-get-svc.txt': serviceTable(node.services),
  };
  return Object.fromEntries(Object.entries(tables).filter(([, text]) => text !== ''));
}

/**
 * @param from folder of the file
 * @param to folder of a node's dumps
 */
export function clusterFile(cluster: Cluster, from: string, to: (node: string) => string): string {
  const lines = Object.entries(cluster.nodes).map(
    ([name, node]) => `  ${name}: ${relative(from, to(node))}\n`,
  );
  return cluster.text(`nodes:\n${lines.join('')}`);
}
