/** Workers of EKS and kOps: the pair, what settings and versions make of the first one, and faulty ones. */
import type { AwsNode, Eni, LabNode, Pod, PodNode, Service, Settings } from '../describe.js';
import { eniDevice, macOf } from '../names.js';
import { MANGLE_ACCEPT } from '../rules/calico.js';
import {
  ENS5,
  ENS6,
  HOST_PODS,
  POD_1,
  POD_3,
  SERVICES,
  STANDARD,
  WEB_B,
  WORKER_1,
  WORKER_2,
} from './eks-facts.js';

function having(about: string, settings: Partial<Settings>, more: Partial<AwsNode> = {}): AwsNode {
  return { ...WORKER_1, about, settings: { ...STANDARD, ...settings }, ...more };
}

const faulty = (about: string, after: readonly string[]): AwsNode => ({ ...WORKER_1, about, after });

/** @param peer number of the pod's device on its node */
function inside(pod: Pod, peer: number): PodNode {
  return {
    kind: 'pod',
    hostname: pod.name,
    about: `The network of ${pod.name} as its processes see it`,
    services: [],
    address: pod.address,
    length: 32,
    gateway: '169.254.1.1',
    mtu: 9001,
    index: 3,
    peer,
    mac: macOf(`eth0 of ${pod.name}`),
    gatewayMac: macOf(eniDevice(pod)),
  };
}

/** Pods of a deployment, in the order in which they were given addresses. */
function pods(addresses: readonly string[], prefix: string): readonly Pod[] {
  return addresses.map((address, at) => ({ name: `${prefix}-${String(at + 1).padStart(2, '0')}`, address }));
}

const THIRTEEN = pods(
  [
    ...['192.168.40.11', '192.168.36.80', '192.168.50.7', '192.168.34.19', '192.168.47.142'],
    ...['192.168.61.33', '192.168.33.90', '192.168.55.8', '192.168.42.201', '192.168.37.66'],
    ...['192.168.52.173', '192.168.60.4', '192.168.39.25'],
  ],
  'nginx',
);

const TWELVE = THIRTEEN.slice(0, 12);
const LAST = '192.168.39.25';

const ENS7: Eni = {
  ...{ device: 'ens7', mac: '02:9d:41:aa:10:07', address: '192.168.44.77', length: 19 },
  ...{ gateway: '192.168.32.1', pods: TWELVE.slice(10) },
};

/** Two /28 of the first interface hold all of them. */
const FROM_PREFIXES = pods(
  [
    ...Array.from({ length: 16 }, (_, at) => `192.168.41.${String(64 + at)}`),
    ...Array.from({ length: 4 }, (_, at) => `192.168.52.${String(16 + at)}`),
  ],
  'nginx',
);

const CUSTOM: readonly [Eni, ...Eni[]] = [
  { ...ENS5, pods: [] },
  {
    ...{
      device: 'ens6',
      mac: '02:9d:41:aa:10:06',
      address: '100.64.10.5',
      length: 19,
      gateway: '100.64.0.1',
    },
    pods: [
      { name: 'pod-1', address: '100.64.14.22' },
      { name: 'pod-3', address: '100.64.27.101' },
    ],
  },
];

/** As it was when kube-proxy still wrote with iptables-legacy: the pod has gone since, and no other came. */
const OF_OLD: readonly Service[] = [
  {
    name: 'default/empty',
    clusterIp: '10.100.5.25',
    port: 80,
    endpoints: ['192.168.43.17:8080'],
    nodePort: 30085,
  },
];

const KOPS_SETTINGS: Settings = { ...STANDARD, version: [1, 11, 4], vpcCidrs: ['172.30.0.0/16'] };

const KOPS_SERVICES: readonly Service[] = [
  {
    ...{ name: 'default/kubernetes', portName: 'https', clusterIp: '100.64.0.1', port: 443 },
    endpoints: ['172.30.37.165:443'],
  },
  {
    ...{ name: 'default/svc-nlb', clusterIp: '100.69.170.2', port: 80, nodePort: 32500 },
    endpoints: ['172.30.62.233:8080', '172.30.90.14:8080'],
  },
];

function kops(about: string, hostname: string, enis: readonly [Eni, ...Eni[]]): AwsNode {
  return {
    ...{ kind: 'aws', about, hostname, enis, instance: 't3.medium', services: KOPS_SERVICES },
    ...{ hostPods: HOST_PODS, settings: KOPS_SETTINGS, backend: 'legacy', kubeProxy: 'iptables' },
    ...{ serviceCidr: '100.64.0.0/13', dns: '172.30.0.2' },
  };
}

const KOPS_1 = kops('kOps worker in zone a under VPC CNI 1.11: the ladder of chains', 'i-0c5a9d2b7e11f3a46', [
  {
    ...{
      device: 'ens5',
      mac: '02:5e:aa:30:46:72',
      address: '172.30.46.72',
      length: 19,
      gateway: '172.30.32.1',
    },
    pods: [
      { name: 'netshoot-pod-1', address: '172.30.62.233' },
      { name: 'netshoot-pod-3', address: '172.30.37.39' },
    ],
  },
  {
    ...{
      device: 'ens6',
      mac: '02:5e:aa:30:52:18',
      address: '172.30.52.18',
      length: 19,
      gateway: '172.30.32.1',
    },
    pods: [{ name: 'netshoot-pod-5', address: '172.30.41.118' }],
  },
]);

const KOPS_2 = kops('kOps worker in zone c', 'i-07f31be6c8d2054a9', [
  {
    ...{
      device: 'ens5',
      mac: '0a:5e:aa:30:89:d4',
      address: '172.30.89.212',
      length: 19,
      gateway: '172.30.64.1',
    },
    pods: [
      { name: 'netshoot-pod-2', address: '172.30.71.30' },
      { name: 'netshoot-pod-4', address: '172.30.90.14' },
    ],
  },
]);

/** By folder name. */
export const AWS_NODES: Readonly<Record<string, LabNode>> = {
  'eks-worker-1': WORKER_1,
  'eks-worker-2': WORKER_2,
  'eks-pod-1': inside(POD_1, 3),
  'eks-external-snat': having('AWS_VPC_K8S_CNI_EXTERNALSNAT=true', { externalSnat: true }),
  'eks-snat-none': having('AWS_VPC_K8S_CNI_RANDOMIZESNAT=none', { randomize: 'none' }),
  'eks-excluded': having('AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS=10.1.0.0/16', {
    excludedCidrs: ['10.1.0.0/16'],
  }),
  'eks-two-cidrs': having('A VPC of two CIDRs', { vpcCidrs: ['192.168.0.0/16', '100.64.0.0/16'] }),
  'eks-custom-networking': having(
    'AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG=true: pods on the second interface alone, in a subnet of 100.64.0.0/16',
    { vpcCidrs: ['192.168.0.0/16', '100.64.0.0/16'] },
    { enis: CUSTOM },
  ),
  'eks-no-node-port': having('AWS_VPC_CNI_NODE_PORT_SUPPORT=false', { nodePort: false }),
  'eks-nft-connmark': having('VPC CNI 1.23: connmark in a native table of nftables', {
    version: [1, 23, 0],
    connmark: 'nft',
  }),
  'eks-ladder': having(
    'VPC CNI 1.15: a chain for each CIDR',
    { version: [1, 15, 1], vpcCidrs: ['192.168.0.0/16', '100.64.0.0/16'], excludedCidrs: ['10.1.0.0/16'] },
    { backend: 'legacy' },
  ),
  'eks-v1.7': having(
    'VPC CNI 1.7: no connmark, a policy rule for each CIDR',
    { version: [1, 7, 10] },
    { backend: 'legacy' },
  ),
  'eks-proxy-nft': having('kube-proxy in nftables mode', {}, { kubeProxy: 'nft' }),
  'eks-twelve-pods': having(
    'Twelve pods: two on the third interface',
    {},
    {
      enis: [{ ...ENS5, pods: TWELVE.slice(0, 5) }, { ...ENS6, pods: TWELVE.slice(5, 10) }, ENS7],
      services: SERVICES.slice(0, 1),
    },
  ),
  'eks-unwired-pod': having(
    'Thirteen pods: the last one has its device, and neither a route nor policy rules',
    {},
    {
      enis: [
        { ...ENS5, pods: THIRTEEN.slice(0, 5) },
        { ...ENS6, pods: THIRTEEN.slice(5, 10) },
        { ...ENS7, pods: THIRTEEN.slice(10) },
      ],
      services: SERVICES.slice(0, 1),
      after: [`ip rule del to ${LAST}`, `ip rule del from ${LAST}`, `ip route del ${LAST}`],
    },
  ),
  'eks-prefixes': having(
    'ENABLE_PREFIX_DELEGATION=true: twenty pods of two /28, all on the first interface',
    {},
    {
      enis: [{ ...ENS5, pods: FROM_PREFIXES }],
      services: SERVICES.slice(0, 1),
    },
  ),
  'eks-no-restore': faulty('A node whose mangle table lost the rule that restores the mark of pods', [
    'iptables-nft -t mangle -D PREROUTING -i eni+ -m comment --comment "AWS, primary ENI" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
  ]),
  'eks-no-policy-rule': faulty('A node that lost policy rule 1024', ['ip rule del pref 1024']),
  'eks-early-accept': faulty(
    "A node on which Calico's policy accepts in mangle before the VPC CNI restores marks",
    MANGLE_ACCEPT,
  ),
  'eks-strict': faulty('A node on which ens5 checks sources strictly', [
    'sysctl -q -w net.ipv4.conf.ens5.rp_filter=1',
  ]),
  'eks-incident': {
    ...faulty('A node after an upgrade: what the old kube-proxy wrote with iptables-legacy is still loaded', [
      'iptables-nft -t nat -I POSTROUTING -o ens5 -j MASQUERADE',
    ]),
    leftInLegacy: OF_OLD,
  },
  'eks-swapped-veths': faulty('A node on which the routes to two pods lead to the device of each other', [
    `ip route replace ${POD_3.address} dev ${eniDevice(WEB_B)} scope link`,
    `ip route replace ${WEB_B.address} dev ${eniDevice(POD_3)} scope link`,
  ]),
  'eks-no-hairpin': faulty('A node on which a service of one pod lost the rule for that pod itself', [
    `iptables-nft -t nat -D KUBE-SEP-3KUDZ7SFOPUSQ5CX -s ${POD_3.address} -m comment --comment default/solo -j KUBE-MARK-MASQ`,
  ]),
  'kops-worker-1': KOPS_1,
  'kops-worker-2': KOPS_2,
};
