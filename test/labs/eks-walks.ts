/** What the nodes of EKS and kOps among the labs do with packets: data for natwalk and for the kernel. */
import type { PacketInput } from '../../src/packet/result.js';
import { type Expected, type WalkCase, type WalkStep, tcp, udp } from '../walks/case.js';

/** A pod's address and the node's device of it. */
const POD = {
  one: { ip: '192.168.40.11', device: 'eni83dbd022cd5' },
  webA: { ip: '192.168.50.7', device: 'enib933dc707d6' },
  three: { ip: '192.168.61.33', device: 'eni87081bf6f89' },
  webB: { ip: '192.168.33.90', device: 'eni94b961dc966' },
} as const;
const TWO = '192.168.70.8';
const WEB_C = '192.168.73.44';
const NODE = '192.168.45.10';
const ROUTER = '192.168.32.1';
const CLIENT = '198.51.100.7';
const INTERNET = '203.0.113.9';

function walk(node: string, id: string, title: string, ...steps: readonly WalkStep[]): WalkCase {
  return { id, title, fixtures: [`labs/nodes/${node}`], steps };
}

const step = (packet: PacketInput, expected: Expected, ...or: readonly Expected[]): WalkStep => ({
  ...{ packet, expected, or },
});

const to = (device: string, more: Partial<Expected> = {}): Expected => ({
  ...{ verdict: 'forwarded', out: device, via: null },
  ...more,
});
const router = (device: string, more: Partial<Expected> = {}, via: string = ROUTER): Expected => ({
  ...{ verdict: 'forwarded', out: device, via },
  ...more,
});

/** A pod's connection to the internet: its first packet, the answer, and what follows. */
function outbound(
  node: string,
  pod: { readonly ip: string; readonly device: string },
  first: Expected,
  answer: Expected,
  next: Expected,
  title: string,
): WalkCase {
  return walk(
    node,
    `${node} out`,
    title,
    step(tcp(pod.device, `${pod.ip}:40008`, `${INTERNET}:443`), first),
    step(tcp(first.out ?? '', `${INTERNET}:443`, `${NODE}:50000`, 'SYN,ACK'), answer),
    step(tcp(pod.device, `${pod.ip}:40008`, `${INTERNET}:443`, 'ACK'), next),
  );
}

/** A client's connection to a NodePort with externalTrafficPolicy Local, and the answer. */
const nodePort = (node: string, answer: Expected, title: string): WalkCase =>
  walk(
    node,
    `${node} node port`,
    title,
    step(
      tcp('ens5', `${CLIENT}:50002`, `${NODE}:30081`),
      to(POD.webB.device, { src: `${CLIENT}:50002`, dst: `${POD.webB.ip}:8080`, snat: null }),
    ),
    step(tcp(POD.webB.device, `${POD.webB.ip}:8080`, `${CLIENT}:50002`, 'SYN,ACK'), answer),
  );

const { one, webA, three, webB } = POD;
const MASQUERADED = { src: `${NODE}:*`, snat: 'KUBE-POSTROUTING:3' };
const SNATTED = { src: `${NODE}:*`, snat: 'AWS-SNAT-CHAIN-0:2' };
const PING: PacketInput = { in: one.device, proto: 'icmp', src: one.ip, dst: '10.100.5.20', icmpId: 7 };

const worker: readonly WalkCase[] = [
  walk(
    'eks-worker-1',
    'same node',
    'pod to a pod of the other interface on one node',
    step(
      tcp(one.device, `${one.ip}:40001`, `${three.ip}:80`),
      to(three.device, { src: `${one.ip}:40001`, rule: 512, snat: null }),
    ),
  ),
  walk(
    'eks-worker-1',
    'other node',
    'pod of ens5 to a pod of another node',
    step(
      tcp(one.device, `${one.ip}:40002`, `${TWO}:80`),
      router('ens5', { src: `${one.ip}:40002`, rule: 32766, snat: null }),
    ),
  ),
  walk(
    'eks-worker-1',
    'other node by ens6',
    'pod of ens6 to a pod of another node',
    step(
      tcp(three.device, `${three.ip}:40003`, `${TWO}:80`),
      router('ens6', { src: `${three.ip}:40003`, rule: 1536, table: '2', snat: null }),
    ),
  ),
  outbound(
    'eks-worker-1',
    three,
    router('ens5', { ...SNATTED, rule: 1024, withoutMark: { rule: 1536, device: 'ens6' } }),
    to(three.device, { dst: `${three.ip}:40008`, rule: 512 }),
    router('ens5', { src: `${NODE}:*`, rule: 1024 }),
    'pod of ens6 to the internet, the answer, what follows',
  ),
  walk(
    'eks-worker-1',
    'internet',
    'pod of ens5 to the internet',
    step(tcp(one.device, `${one.ip}:40004`, `${INTERNET}:443`), router('ens5', { ...SNATTED, rule: 1024 })),
  ),
  walk(
    'eks-worker-1',
    'service',
    'pod to a service of three endpoints',
    step(
      tcp(one.device, `${one.ip}:40005`, '10.100.5.20:80'),
      to(webA.device, { src: `${one.ip}:40005`, dst: `${webA.ip}:8080`, snat: null }),
      to(webB.device, { src: `${one.ip}:40005`, dst: `${webB.ip}:8080`, snat: null }),
      router('ens5', { src: `${one.ip}:40005`, dst: `${WEB_C}:8080`, snat: null }),
    ),
  ),
  walk(
    'eks-worker-1',
    'dns',
    'pod to the DNS of the cluster',
    step(
      udp(one.device, `${one.ip}:40006`, '10.100.0.10:53'),
      to('enic9d48d6de04', { dst: '192.168.36.80:53', snat: null }),
      router('ens5', { dst: '192.168.85.31:53', snat: null }),
    ),
  ),
  walk(
    'eks-worker-1',
    'hairpin',
    'pod to a service that has no other endpoint',
    step(
      tcp(three.device, `${three.ip}:40007`, '10.100.5.24:80'),
      to(three.device, { ...MASQUERADED, dst: `${three.ip}:8080` }),
    ),
  ),
  walk('eks-worker-1', 'ping', 'echo request to the address of a service', step(PING, router('ens5'))),
  walk(
    'eks-worker-1',
    'cluster policy',
    'client to a NodePort',
    step(
      tcp('ens5', `${CLIENT}:50001`, `${NODE}:30080`),
      to(webA.device, { ...MASQUERADED, dst: `${webA.ip}:8080` }),
      to(webB.device, { ...MASQUERADED, dst: `${webB.ip}:8080` }),
      router('ens5', { ...MASQUERADED, dst: `${WEB_C}:8080` }),
    ),
  ),
  nodePort(
    'eks-worker-1',
    router('ens5', { src: `${NODE}:30081`, rule: 1024 }),
    'client to a NodePort of policy Local, and the answer',
  ),
  walk(
    'eks-worker-1',
    'no endpoints',
    'client to a NodePort without endpoints',
    step(tcp('ens5', `${CLIENT}:50003`, `${NODE}:30085`), { verdict: 'rejected' }),
  ),
  walk(
    'eks-worker-1',
    'partner',
    'pods to a service whose endpoint is outside the VPC',
    step(
      tcp(three.device, `${three.ip}:40009`, '10.100.5.22:443'),
      router('ens6', { ...SNATTED, dst: '203.0.113.50:443' }),
    ),
  ),
  walk(
    'eks-worker-1',
    'balancer by address',
    'load balancer to a pod of ens6, and the answer',
    step(tcp('ens6', `${CLIENT}:50004`, `${webB.ip}:8080`), to(webB.device, { src: `${CLIENT}:50004` })),
    step(
      tcp(webB.device, `${webB.ip}:8080`, `${CLIENT}:50004`, 'SYN,ACK'),
      router('ens6', { src: `${webB.ip}:8080`, rule: 1536 }),
    ),
  ),
  walk(
    'eks-worker-2',
    'no local endpoint',
    'client to a NodePort of policy Local whose pod is elsewhere',
    step(tcp('ens5', `${CLIENT}:50005`, '192.168.77.20:30081'), { verdict: 'dropped', drop: 'rule' }),
  ),
];

const out = (pod: { readonly ip: string; readonly device: string }, dst: string): PacketInput =>
  tcp(pod.device, `${pod.ip}:40010`, dst);

const options: readonly WalkCase[] = [
  walk(
    'eks-external-snat',
    'external',
    'pods to the internet keep their addresses and interfaces',
    step(out(three, `${INTERNET}:443`), router('ens6', { src: `${three.ip}:40010`, snat: null, rule: 1536 })),
  ),
  walk(
    'eks-external-snat',
    'external ens5',
    'pod of ens5 to the internet',
    step(out(one, `${INTERNET}:443`), router('ens5', { src: `${one.ip}:40010`, snat: null })),
  ),
  walk(
    'eks-snat-none',
    'none',
    'pod to the internet keeps its port',
    step(out(one, `${INTERNET}:443`), router('ens5', { src: `${NODE}:40010`, snat: 'AWS-SNAT-CHAIN-0:2' })),
  ),
  walk(
    'eks-excluded',
    'excluded',
    'pod to an excluded network',
    step(out(three, '10.1.2.3:443'), router('ens6', { src: `${three.ip}:40010`, snat: null, rule: 1536 })),
  ),
  walk(
    'eks-excluded',
    'internet',
    'pod to the internet',
    step(
      out(three, `${INTERNET}:443`),
      router('ens5', { src: `${NODE}:*`, snat: 'AWS-SNAT-CHAIN-0:3', rule: 1024 }),
    ),
  ),
  walk(
    'eks-two-cidrs',
    'second',
    'pod to the second network of the VPC',
    step(out(three, '100.64.9.9:443'), router('ens6', { src: `${three.ip}:40010`, snat: null, rule: 1536 })),
  ),
  walk(
    'eks-custom-networking',
    'internet',
    'pod of the second subnet to the internet',
    step(
      tcp('eni83dbd022cd5', '100.64.14.22:40011', `${INTERNET}:443`),
      router('ens5', { src: `${NODE}:*`, rule: 1024, snat: 'AWS-SNAT-CHAIN-0:3' }),
    ),
  ),
  walk(
    'eks-custom-networking',
    'vpc',
    'pod of the second subnet to another node',
    step(
      tcp('eni83dbd022cd5', '100.64.14.22:40012', `${TWO}:80`),
      router('ens6', { src: '100.64.14.22:40012', rule: 1536, snat: null }, '100.64.0.1'),
    ),
  ),
  nodePort(
    'eks-no-node-port',
    router('ens6', { src: `${NODE}:30081`, rule: 1536 }),
    'the answer of a NodePort leaves by ens6',
  ),
  outbound(
    'eks-nft-connmark',
    three,
    router('ens5', { src: `${NODE}:*`, rule: 1024 }),
    to(three.device, { dst: `${three.ip}:40008` }),
    router('ens5', { src: `${NODE}:*`, rule: 1024 }),
    'a mark that a native table sets',
  ),
  walk(
    'eks-ladder',
    'ladder',
    'pod to the internet, down the ladder',
    step(
      out(three, `${INTERNET}:443`),
      router('ens5', { src: `${NODE}:*`, snat: 'AWS-SNAT-CHAIN-3:1', rule: 1024 }),
    ),
  ),
  walk(
    'eks-v1.7',
    'old',
    'pod to the internet without a mark',
    step(
      out(three, `${INTERNET}:443`),
      router('ens5', { src: `${NODE}:*`, snat: 'AWS-SNAT-CHAIN-1:1', rule: 32766 }),
    ),
  ),
  walk(
    'eks-proxy-nft',
    'hairpin',
    "kube-proxy's nftables mode: pod to its own service",
    step(
      tcp(three.device, `${three.ip}:40013`, '10.100.5.24:80'),
      to(three.device, { src: `${NODE}:*`, dst: `${three.ip}:8080` }),
    ),
  ),
  walk(
    'eks-proxy-nft',
    'ping',
    "kube-proxy's nftables mode: echo request to the address of a service",
    step(PING, { verdict: 'rejected' }),
  ),
  walk(
    'eks-proxy-nft',
    'other port',
    "kube-proxy's nftables mode: a port that is none of the service's",
    step(tcp(one.device, `${one.ip}:40020`, '10.100.5.20:8080'), { verdict: 'rejected' }),
  ),
  walk(
    'eks-twelve-pods',
    'twelfth',
    'the twelfth pod to another node',
    step(
      tcp('eni275c8e72712', '192.168.60.4:40014', `${TWO}:80`),
      router('ens7', { rule: 1536, table: '3' }),
    ),
  ),
  walk(
    'eks-prefixes',
    'twentieth',
    'the twentieth pod to another node',
    step(
      tcp('eni40d32beaf5a', '192.168.52.19:40015', `${TWO}:80`),
      router('ens5', { rule: 32766, table: 'main' }),
    ),
  ),
];

const RIGHT = router('ens5', { ...SNATTED, rule: 1024 });
const BACK = to(three.device, { dst: `${three.ip}:40008` });
const WRONG = router('ens6', { src: `${NODE}:*`, rule: 1536 });

const faults: readonly WalkCase[] = [
  outbound('eks-no-restore', three, RIGHT, BACK, WRONG, 'what follows the first packet leaves by ens6'),
  outbound('eks-early-accept', three, RIGHT, BACK, WRONG, 'what follows the first packet leaves by ens6'),
  walk(
    'eks-no-policy-rule',
    'first',
    'the first packet leaves by ens6 with the address of ens5',
    step(out(three, `${INTERNET}:443`), router('ens6', { ...SNATTED, rule: 1536 })),
  ),
  walk(
    'eks-strict',
    'answer',
    'the answer is dropped',
    step(out(three, `${INTERNET}:443`), RIGHT),
    step(tcp('ens5', `${INTERNET}:443`, `${NODE}:50000`, 'SYN,ACK'), { verdict: 'dropped' }),
  ),
  walk(
    'eks-incident',
    'source',
    'pod to a pod of another node loses its address',
    step(tcp(one.device, `${one.ip}:40016`, `${TWO}:80`), router('ens5', { src: `${NODE}:*` })),
  ),
  walk(
    'eks-incident',
    'service',
    'pod to a service that has lost its pods goes where they were',
    step(
      tcp(one.device, `${one.ip}:40017`, '10.100.5.25:80'),
      to('ens5', { src: `${NODE}:*`, dst: '192.168.43.17:8080' }),
    ),
  ),
];

const kops: readonly WalkCase[] = [
  walk(
    'kops-worker-1',
    'internet',
    'pod of ens6 to the internet',
    step(
      tcp('eni9d4ca02d6df', '172.30.41.118:40018', '8.8.8.8:443'),
      router('ens5', { src: '172.30.46.72:*', snat: 'AWS-SNAT-CHAIN-1:1', rule: 1024 }, '172.30.32.1'),
    ),
  ),
  walk(
    'kops-worker-1',
    'other node',
    'pod to a pod of another node',
    step(
      tcp('eni400ef809ff7', '172.30.62.233:40019', '172.30.71.30:80'),
      router('ens5', { src: '172.30.62.233:40019', snat: null, rule: 32766 }, '172.30.32.1'),
    ),
  ),
];

export const EKS_WALKS: readonly WalkCase[] = [...worker, ...options, ...faults, ...kops];
