/** What the nodes without a cloud among the labs do with packets: data for natwalk and for the kernel. */
import type { PacketInput } from '../../src/packet/result.js';
import { type Expected, type WalkCase, type WalkStep, tcp, udp } from '../walks/case.js';

const step = (packet: PacketInput, expected: Expected, ...or: readonly Expected[]): WalkStep => ({
  ...{ packet, expected, or },
});
const walk = (node: string, id: string, title: string, ...steps: readonly WalkStep[]): WalkCase => ({
  ...{ id, title, fixtures: [`labs/nodes/${node}`], steps },
});

/** Out by a device, to the neighbour `via`, or to the destination itself. */
const by = (out: string, via: string | null, more: Partial<Expected> = {}): Expected => ({
  ...{ verdict: 'forwarded', out, via },
  ...more,
});

const LAN = '192.168.96.1';
const CLIENT = '198.51.100.7';
const HOST = '192.168.96.49';

const flannel: readonly WalkCase[] = [
  walk(
    'flannel-1',
    'other node',
    'pod to a pod of another node goes into the tunnel',
    step(
      tcp('cni0', '10.244.1.5:40001', '10.244.2.6:80'),
      by('flannel.1', '10.244.2.0', { src: '10.244.1.5:40001', snat: null }),
    ),
  ),
  walk(
    'flannel-1',
    'outer',
    'what the tunnel sends is a packet of the node',
    step(
      { ...udp(null, `${HOST}:40000`, '192.168.96.50:8472'), in: null },
      { verdict: 'sent', out: 'eth0', via: null, snat: null },
    ),
  ),
  walk(
    'flannel-2',
    'outer',
    'what the tunnel gets is for the node',
    step(udp('eth0', `${HOST}:40000`, '192.168.96.50:8472'), { verdict: 'delivered' }),
  ),
  walk(
    'flannel-1',
    'internet',
    'pod to the internet',
    step(
      tcp('cni0', '10.244.1.5:40002', '203.0.113.9:443'),
      by('eth0', LAN, { src: `${HOST}:*`, snat: 'FLANNEL-POSTRTG:5' }),
    ),
  ),
  walk(
    'flannel-1',
    'node port',
    'client to a NodePort, to each of two pods',
    step(
      tcp('eth0', `${CLIENT}:40003`, `${HOST}:30080`),
      by('cni0', null, { src: '10.244.1.1:*', dst: '10.244.1.7:8080' }),
      by('flannel.1', '10.244.2.0', { src: '10.244.1.0:*', dst: '10.244.2.9:8080' }),
    ),
  ),
];

const metallb: readonly WalkCase[] = [
  walk(
    'metallb-1',
    'address',
    'client to the address of a load balancer, to each of two pods',
    step(
      tcp('eth0', `${CLIENT}:40004`, '192.168.96.240:80'),
      by('cni0', null, { src: '10.244.1.1:*', dst: '10.244.1.7:8080' }),
      by('eth0', '192.168.96.50', { src: `${HOST}:*`, dst: '10.244.2.9:8080' }),
    ),
  ),
  walk(
    'metallb-2',
    'local',
    'policy Local keeps the client',
    step(
      tcp('eth0', `${CLIENT}:40005`, '192.168.96.241:80'),
      by('cni0', null, { src: `${CLIENT}:40005`, dst: '10.244.2.9:8080' }),
    ),
    step(
      tcp('cni0', '10.244.2.9:8080', `${CLIENT}:40005`, 'SYN,ACK'),
      by('eth0', LAN, { src: '192.168.96.241:80' }),
    ),
  ),
  walk(
    'metallb-1',
    'no local pod',
    'policy Local on a node without a pod',
    step(tcp('eth0', `${CLIENT}:40006`, '192.168.96.241:80'), { verdict: 'dropped' }),
  ),
  walk(
    'metallb-1',
    'no rule',
    'a port of the address that is no port of the service goes out again',
    step(
      tcp('eth0', '192.168.96.200:40007', '192.168.96.240:8443'),
      by('eth0', null, { dst: '192.168.96.240:8443' }),
    ),
  ),
  walk(
    'metallb-1',
    'other port',
    'the NodePort of the service',
    step(
      tcp('eth0', `${CLIENT}:40008`, `${HOST}:31384`),
      by('cni0', null, { src: '10.244.1.1:*', dst: '10.244.1.7:8080' }),
      by('eth0', '192.168.96.50', { src: `${HOST}:*`, dst: '10.244.2.9:8080' }),
    ),
  ),
];

const POD = 'cali83dbd022cd5';

const calico: readonly WalkCase[] = [
  walk(
    'calico-1',
    'other node',
    'pod to a pod of another node goes into the tunnel',
    step(
      tcp(POD, '10.48.0.130:40009', '10.48.1.70:80'),
      by('tunl0', '192.168.96.50', { src: '10.48.0.130:40009', snat: null }),
    ),
  ),
  walk(
    'calico-1',
    'no pod',
    'an address of the own block that no pod has',
    step(tcp('tunl0', '10.48.1.70:40010', '10.48.0.140:80'), { verdict: 'dropped' }),
  ),
  walk(
    'calico-1',
    'internet',
    'pod to the internet',
    step(
      tcp(POD, '10.48.0.130:40011', '203.0.113.9:443'),
      by('eth0', LAN, { src: `${HOST}:*`, snat: 'cali-nat-outgoing:1' }),
    ),
  ),
  walk(
    'calico-plain-1',
    'other node',
    'pod to a pod of another node by routes alone',
    step(
      tcp(POD, '10.48.0.130:40012', '10.48.1.70:80'),
      by('eth0', '192.168.96.50', { src: '10.48.0.130:40012', snat: null }),
    ),
  ),
  walk(
    'calico-plain-2',
    'from another node',
    'pod of another node to a pod',
    step(tcp('eth0', '10.48.0.130:40012', '10.48.1.70:80'), by('califbd243bfedd', null)),
  ),
];

const docker: readonly WalkCase[] = [
  walk(
    'docker-host',
    'published',
    'client to a published port, and the answer',
    step(
      tcp('eth0', `${CLIENT}:40013`, '192.168.96.20:8080'),
      by('docker0', null, { src: `${CLIENT}:40013`, dst: '172.17.0.2:80' }),
    ),
    step(
      tcp('docker0', '172.17.0.2:80', `${CLIENT}:40013`, 'SYN,ACK'),
      by('eth0', LAN, { src: '192.168.96.20:8080' }),
    ),
  ),
  walk(
    'docker-host',
    'internet',
    'container to the internet',
    step(
      tcp('docker0', '172.17.0.3:40014', '203.0.113.9:443'),
      by('eth0', LAN, { src: '192.168.96.20:*', snat: 'POSTROUTING:1' }),
    ),
  ),
  walk(
    'docker-host',
    'container',
    'a neighbour to a container that is not published',
    step(tcp('eth0', '192.168.96.7:40015', '172.17.0.3:80'), { verdict: 'dropped' }),
  ),
  walk(
    'docker-host',
    'routed',
    'a neighbour through the host: the policy that Docker set',
    step(tcp('eth0', '192.168.96.7:40016', '203.0.113.9:80'), { verdict: 'dropped' }),
  ),
  walk(
    'docker-host',
    'from inside',
    'container to the published port of its own host',
    step(tcp('docker0', '172.17.0.3:40017', '192.168.96.20:8080'), { verdict: 'delivered' }),
  ),
];

const istio: readonly WalkCase[] = [
  walk(
    'istio-pod',
    'inbound',
    'a client of the service comes to the proxy',
    step(tcp('eth0', '10.244.2.9:40018', '10.244.1.7:9080'), {
      verdict: 'delivered',
      dst: '10.244.1.7:15006',
    }),
  ),
  walk(
    'istio-pod',
    'probe',
    "the proxy's own port",
    step(tcp('eth0', '10.244.1.1:40019', '10.244.1.7:15021'), {
      verdict: 'delivered',
      dst: '10.244.1.7:15021',
    }),
  ),
  walk(
    'istio-pod',
    'outbound',
    'the application to another service comes to the proxy',
    step(
      { ...tcp(null, '10.244.1.7:40020', '10.32.10.20:80'), uid: 1000, gid: 1000 },
      { verdict: 'delivered', dst: '127.0.0.1:15001' },
    ),
  ),
  walk(
    'istio-pod',
    'proxy',
    'the proxy itself leaves',
    step(
      { ...tcp(null, '10.244.1.7:40021', '10.32.10.20:80'), uid: 1337, gid: 1337 },
      { verdict: 'sent', out: 'eth0', via: '10.244.1.1', dst: '10.32.10.20:80' },
    ),
  ),
];

const SERVER = '10.50.0.5';

const routers: readonly WalkCase[] = [
  walk(
    'hooks',
    'through',
    'through the router',
    step(tcp('eth1', `${SERVER}:40022`, '203.0.113.9:80'), by('eth0', LAN)),
  ),
  walk(
    'hooks',
    'to it',
    'to the router, redirected',
    step(tcp('eth0', `${CLIENT}:40023`, '192.168.96.30:8080'), {
      verdict: 'delivered',
      dst: '192.168.96.30:80',
    }),
  ),
  walk(
    'hooks',
    'from it',
    'a process of the router is redirected by no rule of PREROUTING',
    step(tcp(null, '192.168.96.30:40024', '203.0.113.9:8080'), {
      verdict: 'sent',
      out: 'eth0',
      dst: '203.0.113.9:8080',
    }),
  ),
  walk(
    'first-match',
    'accepted',
    'a chain accepts',
    step(tcp('eth1', '10.50.0.7:40025', '198.51.100.9:443'), by('eth0', LAN)),
  ),
  walk(
    'first-match',
    'before the drop',
    'accepted before a rule that would drop',
    step(tcp('eth1', '10.50.0.66:40026', '198.51.100.9:443'), by('eth0', LAN)),
  ),
  walk(
    'first-match',
    'returned',
    'a chain returns, and the policy drops',
    step(tcp('eth1', '10.50.0.7:40027', '198.51.100.9:25'), { verdict: 'dropped' }),
  ),
  walk(
    'first-match',
    'echo',
    'RETURN of a built-in chain is its policy',
    step(
      { in: 'eth1', proto: 'icmp', src: '10.50.0.7', dst: '198.51.100.9', icmpId: 5 },
      { verdict: 'dropped' },
    ),
  ),
  walk(
    'first-match',
    'dns',
    'DNS goes on',
    step(udp('eth1', '10.50.0.7:40028', '198.51.100.9:53'), by('eth0', LAN)),
  ),
  walk(
    'port-forward',
    'in',
    'client to the forwarded port, the answer, what follows',
    step(
      tcp('eth0', `${CLIENT}:40029`, '192.168.96.30:8080'),
      by('eth1', null, { src: `${CLIENT}:40029`, dst: `${SERVER}:80` }),
    ),
    step(
      tcp('eth1', `${SERVER}:80`, `${CLIENT}:40029`, 'SYN,ACK'),
      by('eth0', LAN, { src: '192.168.96.30:8080' }),
    ),
    step(
      tcp('eth0', `${CLIENT}:40029`, '192.168.96.30:8080', 'ACK'),
      by('eth1', null, { dst: `${SERVER}:80` }),
    ),
  ),
  walk(
    'port-forward',
    'out',
    'the server to the internet',
    step(
      tcp('eth1', `${SERVER}:40030`, '203.0.113.9:443'),
      by('eth0', LAN, { src: '192.168.96.30:*', snat: 'POSTROUTING:1' }),
    ),
  ),
  walk(
    'port-forward',
    'inside',
    'a neighbour of the server by the router: the answer goes past it',
    step(
      tcp('eth1', '10.50.0.9:40031', '192.168.96.30:8080'),
      by('eth1', null, { src: '10.50.0.9:40031', dst: `${SERVER}:80` }),
    ),
  ),
  walk(
    'empty',
    'through',
    'a router that does not forward',
    step(tcp('eth1', `${SERVER}:40032`, '203.0.113.9:80'), { verdict: 'dropped' }),
  ),
];

export const METAL_WALKS: readonly WalkCase[] = [
  ...[...flannel, ...metallb, ...calico, ...docker, ...istio, ...routers],
];
