/**
 * A large node as its dumps: kube-proxy in iptables mode and the AWS VPC CNI, with so many service ports. The same options
 * make the same text, with the chain names that kube-proxy would give.
 */
import { type Cluster, type ClusterOptions, clusterOf } from './node/cluster.js';
import { addressesOf, routesOf, rulesOf, settingsOf } from './node/network.js';
import { printTables, tablesOf } from './node/tables.js';
import type { SnapshotFile } from '../src/snapshot/load.js';

export interface LargeNodeOptions extends ClusterOptions {
  /**
   * kube-proxy's largeClusterMode: above 1,000 endpoints it writes no comments into the chains of services, endpoints and
   * node ports. False keeps them whatever the size: more text to read, and what older releases write.
   */
  readonly largeClusterMode?: boolean;
}

export interface LargeNode {
  readonly cluster: Cluster;
  readonly files: readonly SnapshotFile[];
}

const MANY_ENDPOINTS = 1_000;

/** `iptables-save` of the cluster's node. */
export function saveOf(cluster: Cluster, largeClusterMode = false): string {
  const endpoints = cluster.services.reduce((sum, service) => sum + service.endpoints.length, 0);
  return printTables(tablesOf(cluster, largeClusterMode && endpoints > MANY_ENDPOINTS));
}

/** Makes the dumps. */
export function largeNode(options: LargeNodeOptions): LargeNode {
  const cluster = clusterOf(options);
  return {
    cluster,
    files: [
      { name: 'iptables-save.txt', text: saveOf(cluster, options.largeClusterMode) },
      { name: 'ip-rule.txt', text: rulesOf(cluster) },
      { name: 'ip-route.txt', text: routesOf(cluster) },
      { name: 'ip-addr.txt', text: addressesOf(cluster) },
      { name: 'sysctl.txt', text: settingsOf(cluster) },
    ],
  };
}
