/** The EKS cluster of the labs: two t3.medium workers in two zones, and what runs on them. */
import type { AwsNode, Eni, HostPod, Pod, Service, Settings } from '../describe.js';

export const STANDARD: Settings = {
  version: [1, 18, 0],
  externalSnat: false,
  nodePort: true,
  vpcCidrs: ['192.168.0.0/16'],
  excludedCidrs: [],
  serviceCidrs: [],
  connmark: 'iptables',
};

export const HOST_PODS: readonly HostPod[] = [
  { name: 'aws-node', namespace: 'kube-system' },
  { name: 'kube-proxy', namespace: 'kube-system' },
];

/** The second digits of hardware addresses tell the nodes apart. */
function eni(device: string, mac: string, address: string, gateway: string, pods: readonly Pod[]): Eni {
  return { device, mac, address, length: 19, gateway, pods };
}

const dns = (name: string, address: string): Pod => ({ name, namespace: 'kube-system', address });

export const POD_1: Pod = { name: 'pod-1', address: '192.168.40.11' };
export const POD_2: Pod = { name: 'pod-2', address: '192.168.70.8' };
export const POD_3: Pod = { name: 'pod-3', address: '192.168.61.33' };

const COREDNS = ['coredns-6b9575c64c-2xq8f', 'coredns-6b9575c64c-tm4wz'] as const;
const WEB = ['web-7c6d8f9b5d-4kzvn', 'web-7c6d8f9b5d-m8wqx', 'web-7c6d8f9b5d-tz5rj'] as const;

/** The web pod of the second interface. */
export const WEB_B: Pod = { name: WEB[1], address: '192.168.33.90' };

export const ENS5: Eni = eni('ens5', '02:9d:41:aa:10:05', '192.168.45.10', '192.168.32.1', [
  POD_1,
  dns(COREDNS[0], '192.168.36.80'),
  { name: WEB[0], address: '192.168.50.7' },
]);
export const ENS6: Eni = eni('ens6', '02:9d:41:aa:10:06', '192.168.58.200', '192.168.32.1', [POD_3, WEB_B]);

export const OTHER_ENS5: Eni = eni('ens5', '06:3b:7c:aa:20:05', '192.168.77.20', '192.168.64.1', [
  POD_2,
  dns(COREDNS[1], '192.168.85.31'),
]);
export const OTHER_ENS6: Eni = eni('ens6', '06:3b:7c:aa:20:06', '192.168.90.5', '192.168.64.1', [
  { name: WEB[2], address: '192.168.73.44' },
]);

const BOTH = ['192.168.36.80', '192.168.85.31'];

/** As the API server tells kube-proxy, on every node alike. */
export const SERVICES: readonly Service[] = [
  {
    name: 'default/kubernetes',
    portName: 'https',
    clusterIp: '10.100.0.1',
    port: 443,
    endpoints: ['192.168.39.220:443', '192.168.78.101:443'],
  },
  ...(['udp', 'tcp'] as const).map((protocol): Service => ({
    name: 'kube-system/kube-dns',
    portName: protocol === 'udp' ? 'dns' : 'dns-tcp',
    protocol,
    clusterIp: '10.100.0.10',
    port: 53,
    endpoints: BOTH.map((address) => `${address}:53`),
  })),
  {
    name: 'default/web',
    clusterIp: '10.100.5.20',
    port: 80,
    endpoints: ['192.168.33.90:8080', '192.168.50.7:8080', '192.168.73.44:8080'],
    nodePort: 30080,
  },
  {
    name: 'default/weblocal',
    clusterIp: '10.100.5.21',
    port: 80,
    endpoints: ['192.168.33.90:8080'],
    nodePort: 30081,
    externalTrafficPolicy: 'Local',
    healthPort: 31777,
  },
  { name: 'default/solo', clusterIp: '10.100.5.24', port: 80, endpoints: ['192.168.61.33:8080'] },
  { name: 'default/empty', clusterIp: '10.100.5.25', port: 80, endpoints: [], nodePort: 30085 },
  { name: 'default/partner', clusterIp: '10.100.5.22', port: 443, endpoints: ['203.0.113.50:443'] },
];

const COMMON = {
  kind: 'aws',
  instance: 't3.medium',
  services: SERVICES,
  hostPods: HOST_PODS,
  settings: STANDARD,
  backend: 'nft',
  kubeProxy: 'iptables',
  serviceCidr: '10.100.0.0/16',
  dns: '192.168.0.2',
} as const;

export const WORKER_1: AwsNode = {
  ...COMMON,
  hostname: 'ip-192-168-45-10.ap-northeast-2.compute.internal',
  about: 'EKS worker in zone a: three pods on ens5, two on ens6; VPC CNI 1.18 with its defaults',
  enis: [ENS5, ENS6],
};

export const WORKER_2: AwsNode = {
  ...COMMON,
  hostname: 'ip-192-168-77-20.ap-northeast-2.compute.internal',
  about: 'EKS worker in zone c: two pods on ens5, one on ens6',
  enis: [OTHER_ENS5, OTHER_ENS6],
};
