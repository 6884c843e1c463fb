/** Ways across the clusters of the labs, in namespaces that are joined as the cluster files say. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { natwalk } from '../support/cli.js';
import { scratchFolder } from './adapter/scratch.js';
import { LiveCluster } from './cluster/live.js';
import type { Member, Topology } from './cluster/topology.js';

const root = join(import.meta.dirname, '../..');

interface Way {
  readonly title: string;
  /** A pod, `node:NAME`, or `outside`. */
  readonly from: string;
  readonly to: string;
  /** Left out: echo. */
  readonly port?: number;
}

interface Case {
  readonly cluster: string;
  readonly topology: Topology;
  readonly ways: readonly Way[];
}

const members = (list: Readonly<Record<string, readonly [string, string]>>): readonly Member[] =>
  Object.entries(list).map(([name, [node, address]]) => ({ name, node, address }));

const CASES: readonly Case[] = [
  {
    cluster: 'eks-pair',
    topology: {
      nodes: ['eks-worker-1', 'eks-worker-2'],
      pods: members({
        'pod-1': ['eks-worker-1', '192.168.40.11'],
        'pod-3': ['eks-worker-1', '192.168.61.33'],
        'web-a': ['eks-worker-1', '192.168.50.7'],
        'web-b': ['eks-worker-1', '192.168.33.90'],
        'pod-2': ['eks-worker-2', '192.168.70.8'],
        'web-c': ['eks-worker-2', '192.168.73.44'],
      }),
      publicOf: { '192.168.45.10': '203.0.113.10', '192.168.77.20': '203.0.113.20' },
      balancers: [
        { shown: '203.0.113.80', own: null, target: '192.168.77.20:30080' },
        { shown: '203.0.113.81', own: null, target: '192.168.45.10:30081' },
        { shown: '203.0.113.82', own: '192.168.40.202', target: '192.168.33.90:8080' },
      ],
    },
    ways: [
      { title: 'pod of ens5 to a pod of another node', from: 'pod-1', to: '192.168.70.8' },
      { title: 'pod of ens6 to a pod of another node', from: 'pod-3', to: '192.168.70.8' },
      { title: 'pods of one node and two interfaces', from: 'pod-1', to: '192.168.61.33' },
      { title: 'pod to a pod of ens6 of another node', from: 'pod-1', to: '192.168.73.44' },
      { title: 'pod of ens6 to the internet', from: 'pod-3', to: '8.8.8.8' },
      { title: 'pod of ens5 to the internet', from: 'pod-1', to: '8.8.8.8' },
      { title: 'pod to a service', from: 'pod-3', to: '10.100.5.20', port: 80 },
      { title: 'a host of the internet to a NodePort', from: 'outside', to: '203.0.113.20', port: 30080 },
      {
        title: 'a host of the internet to a NodePort of policy Local',
        from: 'outside',
        to: '203.0.113.10',
        port: 30081,
      },
      { title: 'pod to its own service', from: 'pod-3', to: '10.100.5.24', port: 80 },
      { title: 'pod of another node to a pod of ens6', from: 'pod-2', to: '192.168.61.33' },
      { title: 'a process of a node to a pod of another node', from: 'node:worker-1', to: '192.168.70.8' },
      { title: 'a client to a load balancer of nodes', from: 'outside', to: '203.0.113.80', port: 80 },
      { title: 'the same with policy Local', from: 'outside', to: '203.0.113.81', port: 80 },
      { title: 'a client to a load balancer of pods', from: 'outside', to: '203.0.113.82', port: 80 },
    ],
  },
  {
    cluster: 'flannel-pair',
    topology: {
      nodes: ['flannel-1', 'flannel-2'],
      pods: members({ 'pod-1': ['flannel-1', '10.244.1.5'], 'pod-2': ['flannel-2', '10.244.2.6'] }),
      publicOf: {},
    },
    ways: [
      { title: 'pod to a pod of another node through VXLAN', from: 'pod-1', to: '10.244.2.6' },
      { title: 'the same by TCP', from: 'pod-1', to: '10.244.2.6', port: 80 },
    ],
  },
  {
    cluster: 'metallb-pair',
    topology: {
      nodes: ['metallb-1', 'metallb-2'],
      pods: members({ 'web-1': ['metallb-1', '10.244.1.7'], 'web-2': ['metallb-2', '10.244.2.9'] }),
      publicOf: {},
    },
    ways: [
      {
        title: 'a client to the address of a load balancer',
        from: 'outside',
        to: '192.168.96.240',
        port: 80,
      },
      { title: 'the same with policy Local', from: 'outside', to: '192.168.96.241', port: 80 },
      { title: 'pod to a pod of another node by routes alone', from: 'web-1', to: '10.244.2.9' },
    ],
  },
  {
    cluster: 'calico-plain-pair',
    topology: {
      nodes: ['calico-plain-1', 'calico-plain-2'],
      pods: members({
        'pod-1': ['calico-plain-1', '10.48.0.130'],
        'pod-2': ['calico-plain-2', '10.48.1.70'],
      }),
      publicOf: {},
    },
    ways: [{ title: 'pod to a pod of another node by routes alone', from: 'pod-1', to: '10.48.1.70' }],
  },
  {
    cluster: 'kops-pair',
    topology: {
      nodes: ['kops-worker-1', 'kops-worker-2'],
      pods: members({
        'netshoot-pod-1': ['kops-worker-1', '172.30.62.233'],
        'netshoot-pod-5': ['kops-worker-1', '172.30.41.118'],
        'netshoot-pod-4': ['kops-worker-2', '172.30.90.14'],
      }),
      publicOf: { '172.30.46.72': '203.0.113.46', '172.30.89.212': '203.0.113.89' },
    },
    ways: [
      { title: 'pod of ens6 to a pod of another node', from: 'netshoot-pod-5', to: '172.30.90.14' },
      { title: 'pod of ens6 to the internet', from: 'netshoot-pod-5', to: '8.8.8.8' },
    ],
  },
];

/** Answers of MetalLB's speaker, which no rule of the node makes. */
const SPEAKERS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'metallb-pair': [
    ['192.168.96.240', 'metallb-1'],
    ['192.168.96.241', 'metallb-2'],
  ],
};

interface PathJson {
  readonly outcomes: readonly {
    readonly verdict: string;
    readonly hops: readonly {
      readonly place: { readonly kind: string; readonly name: string };
      readonly action: string;
      readonly out: string | null;
      readonly after: { readonly src?: string; readonly dst?: string };
    }[];
  }[];
}

/** `NODE DEVICE SRC > DST` of each hop at which a node sends something, of each way that natwalk tells. */
async function told(
  { cluster, topology }: Case,
  { from, to, port }: Way,
): Promise<readonly (readonly string[])[]> {
  const file = join(root, 'labs/nodes', cluster, 'cluster.yaml');
  const words = [
    '--from',
    /^outside$|^node:/.test(from) ? from : `pod:${from}`,
    '--to',
    port === undefined ? to : `${to}:${String(port)}`,
  ];
  const { out, err } = await natwalk([
    'path',
    file,
    ...words,
    '--proto',
    port === undefined ? 'icmp' : 'tcp',
    '--json',
  ]);
  expect(err).toBe('');
  return (JSON.parse(out) as PathJson).outcomes.map(({ verdict, hops }) => {
    expect(verdict).toBe('delivered');
    return hops
      .filter(({ place, out: device }) => place.kind === 'node' && device !== null)
      .map(
        (hop) =>
          `${folderOf(hop.place.name, topology)} ${hop.out ?? ''} ${hop.after.src ?? ''} > ${hop.after.dst ?? ''}`,
      )
      .sort();
  });
}

/** The folder of a node by its name in the cluster file. */
const folderOf = (name: string, { nodes }: Topology): string => nodes[Number(name.slice(-1)) - 1] ?? '';

/** The namespace of who sends. */
const spaceOf = (from: string, topology: Topology): string =>
  from.startsWith('node:') ? `node-${folderOf(from, topology)}` : from;

describe.each(CASES)('$cluster', { timeout: 60_000 }, (one) => {
  let live: LiveCluster | null = null;

  beforeAll(async () => {
    live = await LiveCluster.start(one.topology);
    for (const [address, node] of SPEAKERS[one.cluster] ?? [])
      await live.run(
        `ip -n net neigh replace ${address} dev lan nud permanent lladdr $(ip -n node-${node} -br link show eth0 | awk '{ print $3 }')`,
      );
  });

  afterAll(async () => {
    await live?.stop();
  });

  it('is made without a complaint of the tools', () => {
    expect(live?.said).toBe('');
  });

  it.each(one.ways)('$title: $from to $to', async (way) => {
    const { from, to, port } = way;
    const command =
      port === undefined
        ? `busybox ping -c 1 -W 2 ${to}`
        : `busybox nc -w 1 ${to} ${String(port)} </dev/null`;
    const filter = port === undefined ? 'icmp or udp port 8472' : 'tcp or udp port 8472';
    const seen = (await live?.seen(spaceOf(from, one.topology), command, filter)) ?? [];
    const ways = await told(one, way);
    expect(ways).toContainEqual(seen.toSorted());
  });
});

describe('a pod that calls itself unmasked', { timeout: 60_000 }, () => {
  it('gets nothing, as the packet comes from its own address', async () => {
    const topology: Topology = {
      nodes: ['eks-no-hairpin'],
      pods: members({ 'pod-3': ['eks-no-hairpin', '192.168.61.33'] }),
      publicOf: {},
    };
    const live = await LiveCluster.start(topology);
    const folder = scratchFolder('hairpin');
    try {
      const command = 'busybox nc -w 1 10.100.5.24 80 </dev/null';
      const seen = await live.seen('pod-3', command, 'tcp');
      // The SYN, and SYNs again: no answer of the pod.
      expect(new Set(seen)).toEqual(new Set(['eks-no-hairpin eni87081bf6f89 192.168.61.33 > 192.168.61.33']));
      const file = join(folder, 'cluster.yaml');
      const nodes = `nodes: { n: ${join(root, 'labs/nodes/eks-no-hairpin')} }`;
      const pods = 'pods: { pod-3: { node: n, address: 192.168.61.33 } }';
      writeFileSync(file, `${nodes}\n${pods}\nvpc: { cidrs: [192.168.0.0/16] }\n`);
      const { out } = await natwalk([
        'path',
        file,
        '--from',
        'pod:pod-3',
        '--to',
        '10.100.5.24:80',
        '--json',
      ]);
      expect(JSON.parse(out)).toMatchObject({
        outcomes: [{ verdict: 'dropped', reason: { code: 'PATH_OWN_SOURCE' } }],
      });
    } finally {
      rmSync(folder, { recursive: true });
      await live.stop();
    }
  });
});
