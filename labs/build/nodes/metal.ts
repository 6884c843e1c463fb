/** Machines of the LAN 192.168.96.0/20: nodes of clusters without a cloud, a Docker host, small routers. */
import { kubeProxy } from '../../../scripts/capture/kube-proxy.mjs';
import type { HostNode, LabNode, Pod, Rules, Service } from '../describe.js';
import { macOf } from '../names.js';
import { calico, calicoLast, calicoSets } from '../rules/calico.js';
import { type Published, docker } from '../rules/docker.js';
import { flannel } from '../rules/flannel.js';
import { EVERY_HOOK, FIRST_MATCH, PORT_FORWARD } from '../rules/gateway.js';
import { istio } from '../rules/istio.js';

const ROUTER = '192.168.96.1';
const lan = (device: string, address: string): HostNode['links'][number] => ({
  ...{ device, address, length: 20, mac: macOf(`lan ${address}`) },
});

const API: Service = {
  name: 'default/kubernetes',
  portName: 'https',
  clusterIp: '10.32.0.1',
  port: 443,
  endpoints: ['192.168.96.46:6443', '192.168.96.47:6443', '192.168.96.48:6443'],
};

const FLANNEL = '10.244.0.0/16';

interface Two {
  readonly hostname: string;
  readonly address: string;
  readonly pods: readonly Pod[];
}

const pod = (name: string, address: string): Pod => ({ name, address });

const FLANNEL_1: Two = {
  hostname: 'worker-1',
  address: '192.168.96.49',
  pods: [pod('pod-1', '10.244.1.5'), pod('web-1', '10.244.1.7')],
};
const FLANNEL_2: Two = {
  hostname: 'worker-2',
  address: '192.168.96.50',
  pods: [pod('pod-2', '10.244.2.6'), pod('web-2', '10.244.2.9')],
};

const WEB: Service = {
  name: 'default/web',
  clusterIp: '10.32.10.20',
  port: 80,
  endpoints: ['10.244.1.7:8080', '10.244.2.9:8080'],
  nodePort: 30080,
};

/** The third number of a node's pods: 1 on worker-1. */
const numberOf = ({ pods }: Two): string => pods[0]?.address.split('.')[2] ?? '';

function proxy(services: readonly Service[], { pods }: Two, clusterCidr: string): Rules {
  const isLocal = (address: string): boolean => pods.some((one) => one.address === address);
  return kubeProxy(services, { clusterCidr, isLocal });
}

function flannelNode(own: Two, about: string, services: readonly Service[]): HostNode {
  const n = numberOf(own);
  return {
    ...{ kind: 'host', hostname: own.hostname, about, services, gateway: ROUTER, forwards: true },
    links: [lan('eth0', own.address)],
    bridge: {
      ...{ device: 'cni0', mac: macOf(`cni0 ${n}`), address: `10.244.${n}.1`, length: 24 },
      ...{ mtu: 1450, ports: own.pods },
    },
    rules: [proxy(services, own, FLANNEL), flannel(FLANNEL, `10.244.${n}.0/24`)],
  };
}

const vtep = (n: string): string => macOf(`flannel.1 ${n}`);

function overVxlan(own: Two, far: Two): HostNode {
  const [a, b] = [numberOf(own), numberOf(far)];
  return {
    ...flannelNode(own, 'flannel over VXLAN', [API, WEB]),
    tunnel: { kind: 'vxlan', device: 'flannel.1', mac: vtep(a), address: `10.244.${a}.0`, mtu: 1450 },
    routes: [`10.244.${b}.0/24 via 10.244.${b}.0 dev flannel.1 onlink`],
    neighbours: [
      `10.244.${b}.0 dev flannel.1 lladdr ${vtep(b)} nud permanent`,
      `${far.address} dev eth0 lladdr ${macOf(`lan ${far.address}`)} nud stale`,
    ],
    forwarding: [`append ${vtep(b)} dev flannel.1 dst ${far.address} self permanent`],
  };
}

const VIP: Service = {
  ...WEB,
  name: 'default/web-lb',
  clusterIp: '10.32.10.21',
  nodePort: 31384,
  loadBalancerIp: '192.168.96.240',
};
const VIP_LOCAL: Service = {
  ...{ name: 'default/web-local', clusterIp: '10.32.10.22', port: 80, nodePort: 31159 },
  ...{ loadBalancerIp: '192.168.96.241', externalTrafficPolicy: 'Local', healthPort: 30754 },
  endpoints: ['10.244.2.9:8080'],
};

function withMetalLb(own: Two, far: Two): HostNode {
  const b = numberOf(far);
  return {
    ...flannelNode(own, 'flannel host-gw, MetalLB in L2 mode', [API, WEB, VIP, VIP_LOCAL]),
    routes: [`10.244.${b}.0/24 via ${far.address} dev eth0`],
    neighbours: [`${far.address} dev eth0 lladdr ${macOf(`lan ${far.address}`)} nud stale`],
  };
}

const POOL = '10.48.0.0/16';
const CALICO_1: Two = {
  hostname: 'worker-1',
  address: '192.168.96.49',
  pods: [pod('pod-1', '10.48.0.130'), pod('web-1', '10.48.0.131')],
};
const CALICO_2: Two = {
  hostname: 'worker-2',
  address: '192.168.96.50',
  pods: [pod('pod-2', '10.48.1.70'), pod('web-2', '10.48.1.71')],
};
const CALICO_WEB: Service = { ...WEB, endpoints: ['10.48.0.131:8080', '10.48.1.71:8080'] };

function overIpip(own: Two, far: Two, block: string, farBlock: string): HostNode {
  const services = [API, CALICO_WEB];
  return {
    ...{ kind: 'host', hostname: own.hostname, about: 'Calico, IPIP to other nodes', services },
    ...{ gateway: ROUTER, forwards: true, links: [lan('eth0', own.address)], routed: own.pods },
    tunnel: { kind: 'ipip', device: 'tunl0', address: block.split('/')[0] ?? '', mtu: 1480 },
    routes: [`blackhole ${block} proto bird`, `${farBlock} via ${far.address} dev tunl0 proto bird onlink`],
    neighbours: [`${far.address} dev eth0 lladdr ${macOf(`lan ${far.address}`)} nud stale`],
    sets: calicoSets(POOL),
    rules: [calico(own.pods, 'tunl0'), proxy(services, own, POOL), calicoLast()],
  };
}

/** The same without a tunnel: routes of BGP lead to the other node's own address. */
function withoutTunnel(own: Two, far: Two, block: string, farBlock: string): HostNode {
  const { tunnel: _, ...rest } = overIpip(own, far, block, farBlock);
  return {
    ...rest,
    about: 'Calico, routes alone',
    routes: [`blackhole ${block} proto bird`, `${farBlock} via ${far.address} dev eth0 proto bird`],
    rules: [calico(own.pods, 'eth0'), proxy(rest.services, own, POOL), calicoLast()],
  };
}

const BLOCK_1 = '10.48.0.128/26';
const BLOCK_2 = '10.48.1.64/26';

function dockerHost(about: string, ports: readonly Pod[], published: readonly Published[]): HostNode {
  return {
    ...{ kind: 'host', hostname: 'docker-host', about, services: [], gateway: ROUTER, forwards: true },
    links: [lan('eth0', '192.168.96.20')],
    bridge: {
      ...{ device: 'docker0', mac: '02:42:5f:1c:9e:07', address: '172.17.0.1', length: 16, mtu: 1500 },
      ports,
    },
    forward: 'DROP',
    rules: [docker('docker0', '172.17.0.0/16', published)],
  };
}

function router(about: string, rules: Rules, more: Partial<HostNode> = {}): HostNode {
  return {
    ...{ kind: 'host', hostname: 'gateway', about, services: [], gateway: ROUTER, forwards: true },
    links: [
      lan('eth0', '192.168.96.30'),
      { device: 'eth1', mac: macOf('lan 10.50.0.1'), address: '10.50.0.1', length: 24 },
    ],
    rules: [rules],
    neighbours: ['10.50.0.5 dev eth1 lladdr 02:50:00:00:00:05 nud stale'],
    ...more,
  };
}

/** By folder name. */
export const METAL_NODES: Readonly<Record<string, LabNode>> = {
  'flannel-1': overVxlan(FLANNEL_1, FLANNEL_2),
  'flannel-2': overVxlan(FLANNEL_2, FLANNEL_1),
  'metallb-1': withMetalLb(FLANNEL_1, FLANNEL_2),
  'metallb-2': withMetalLb(FLANNEL_2, FLANNEL_1),
  'calico-1': overIpip(CALICO_1, CALICO_2, BLOCK_1, BLOCK_2),
  'calico-2': overIpip(CALICO_2, CALICO_1, BLOCK_2, BLOCK_1),
  'calico-plain-1': withoutTunnel(CALICO_1, CALICO_2, BLOCK_1, BLOCK_2),
  'calico-plain-2': withoutTunnel(CALICO_2, CALICO_1, BLOCK_2, BLOCK_1),
  'docker-idle': dockerHost('Docker before the first container runs', [], []),
  'docker-host': dockerHost(
    'Docker with two containers, one of them published on port 8080',
    [pod('web', '172.17.0.2'), pod('client', '172.17.0.3')],
    [{ port: 8080, address: '172.17.0.2', to: 80 }],
  ),
  'istio-pod': {
    ...{ kind: 'pod', hostname: 'reviews', about: "A pod with Istio's sidecar, from inside", services: [] },
    ...{ address: '10.244.1.7', length: 24, gateway: '10.244.1.1', mtu: 1450 },
    ...{ index: 2, peer: 6 },
    mac: macOf('eth0 of reviews'),
    rules: [istio()],
  },
  hooks: router('A router with a rule in every hook', EVERY_HOOK),
  'first-match': router('A router whose FORWARD drops what no rule accepts', FIRST_MATCH, {
    forward: 'DROP',
  }),
  'port-forward': router('A router with a forwarded port', PORT_FORWARD, { forward: 'DROP' }),
  empty: router(
    'A router that nobody has set up yet',
    { filter: { chains: [], rules: [] } },
    { forwards: false },
  ),
};
