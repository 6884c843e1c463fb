/** EKS nodes: the VPC CNI of every era and its options, kube-proxy of several versions, and the traffic of a cluster. */
import * as fc from 'fast-check';
import { drawn } from '../draw.js';
import { type Script, scriptsOf } from '../flows/script.js';
import type { Profile, Setting, SoakCase } from '../profile.js';
import { connmark, primaryMarks, snat } from './aws.js';
import { type Cluster, cluster } from './cluster.js';
import { egressBlock, egressSnat, hostPorts, nodeLocalDns } from './extras.js';
import { kubeProxy } from './kube.js';
import { networkFiles } from './network.js';
import { Rules } from './rule-set.js';
import { opening } from './traffic.js';

function rulesOf(node: Cluster, setting: Setting): string {
  const rules = new Rules();
  primaryMarks(rules, node);
  egressBlock(rules, node);
  nodeLocalDns(rules, node);
  kubeProxy(rules, node);
  hostPorts(rules, node);
  connmark(rules, node);
  snat(rules, node);
  egressSnat(rules, node);
  return rules.text(setting);
}

const ERRORS = {
  4: [
    [3, 1],
    [3, 4],
    [11, 0],
  ],
  6: [
    [1, 0],
    [2, 0],
    [3, 0],
  ],
} as const;

function talks(node: Cluster): fc.Arbitrary<Script> {
  const { family, interfaces } = node;
  const words = { errors: ERRORS[family], routers: interfaces.map(({ gateway }) => gateway) };
  return scriptsOf(
    drawn((draw) => opening(draw, node)),
    words,
  );
}

export const eks: Profile = {
  name: 'eks',
  families: [4, 6],
  case: (setting) =>
    drawn((draw) => cluster(draw, setting.family)).chain((node) =>
      fc.array(talks(node), { minLength: 10, maxLength: 15 }).map((scripts): SoakCase => ({
        files: {
          ...networkFiles(node),
          [setting.family === 4 ? 'iptables-save.txt' : 'ip6tables-save.txt']: rulesOf(node, setting),
        },
        packets: [],
        scripts,
      })),
    ),
};
