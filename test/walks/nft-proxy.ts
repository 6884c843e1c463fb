/** kube-proxy in nftables mode: its native table beside the CNI's rules, those of iptables (1.18) or native ones (1.23). */
import {
  CLIENT,
  ELSEWHERE,
  type Expected,
  GATEWAY,
  INTERNET,
  NODE,
  POD,
  SECOND,
  type WalkCase,
  flow,
  one,
  tcp,
  udp,
} from './case.js';

const { A, B, C, D } = POD;
/** The CNI marks in iptables' nat table, at the priority of kube-proxy's own. */
const TIED = ['kube-proxy-nft'];
/** The CNI marks behind kube-proxy. */
const BEHIND = ['kube-proxy-nft-v1.23'];
const BOTH = [...TIED, ...BEHIND];
const EXTERNAL = '203.0.113.50:443';
const BALANCER = '203.0.113.80:443';

const toPod = (pod: { readonly device: string }, src: string, dst: string): Expected => ({
  ...{ verdict: 'forwarded', out: pod.device, via: null, src, dst, rule: 512 },
});
const by = (out: string, src: string, dst: string, rule: number): Expected => ({
  ...{ verdict: 'forwarded', out, via: GATEWAY, src, dst, rule },
});
const sent = (out: string, dst: string): Expected => ({ verdict: 'sent', out, src: `${NODE}:*`, dst });
/** By the chain that native rules masquerade in. */
const masqueraded = (pod: { readonly device: string }, dst: string): Expected => ({
  ...toPod(pod, `${NODE}:*`, dst),
  snat: 'masquerading:3',
});
const REJECTED: Expected = { verdict: 'rejected' };
const DROPPED: Expected = { verdict: 'dropped', drop: 'rule' };

/** A service by its cluster address. What is sent to an endpoint of this node goes by rule 512 whatever the mark. */
const clusterIp: readonly WalkCase[] = [
  flow('ClusterIP', 'pod to an endpoint on this node and back', BOTH, [
    {
      packet: tcp(A.device, `${A.ip}:40101`, '10.100.5.20:80'),
      expected: toPod(C, `${A.ip}:40101`, `${C.ip}:8080`),
    },
    {
      packet: tcp(C.device, `${C.ip}:8080`, `${A.ip}:40101`, 'SYN,ACK'),
      expected: toPod(A, '10.100.5.20:80', `${A.ip}:40101`),
    },
  ]),
  // Asked first, the CNI takes the service's address for one of the internet, and what it marks leaves by ens5.
  one(
    'ClusterIP in VPC',
    'ens6 pod to an endpoint on another node',
    TIED,
    tcp(C.device, `${C.ip}:40102`, '10.100.5.23:80'),
    by('ens6', `${C.ip}:40102`, `${ELSEWHERE}:8080`, 1536),
    by('ens5', `${C.ip}:40102`, `${ELSEWHERE}:8080`, 1024),
  ),
  one(
    'ClusterIP in VPC',
    'ens6 pod to an endpoint on another node',
    BEHIND,
    tcp(C.device, `${C.ip}:40102`, '10.100.5.23:80'),
    by('ens6', `${C.ip}:40102`, `${ELSEWHERE}:8080`, 1536),
  ),
  one(
    'ClusterIP outside',
    'ens6 pod to an endpoint outside',
    TIED,
    tcp(C.device, `${C.ip}:40103`, '10.100.5.22:443'),
    by('ens6', `${NODE}:*`, EXTERNAL, 1536),
    by('ens5', `${NODE}:*`, EXTERNAL, 1024),
  ),
  one(
    'ClusterIP outside',
    'ens6 pod to an endpoint outside',
    BEHIND,
    tcp(C.device, `${C.ip}:40103`, '10.100.5.22:443'),
    by('ens6', `${NODE}:*`, EXTERNAL, 1536),
  ),
  one(
    'ClusterIP, Local',
    'pod to an endpoint elsewhere',
    BOTH,
    tcp(B.device, `${B.ip}:40104`, '10.100.5.26:80'),
    {
      ...{ verdict: 'forwarded', out: 'ens5', via: GATEWAY, src: `${B.ip}:40104`, dst: `${ELSEWHERE}:8080` },
    },
  ),
  one(
    'affinity',
    'a client without one yet',
    BOTH,
    tcp(A.device, `${A.ip}:40105`, '10.100.5.28:80'),
    toPod(B, `${A.ip}:40105`, `${B.ip}:8080`),
  ),
  one(
    'random endpoint',
    'pod to the cluster DNS',
    BOTH,
    udp(A.device, `${A.ip}:40106`, '10.100.0.10:53'),
    { verdict: 'forwarded', out: B.device, src: `${A.ip}:40106`, dst: `${B.ip}:53` },
    { verdict: 'forwarded', out: 'ens5', src: `${A.ip}:40106`, dst: `${ELSEWHERE}:53` },
  ),
  flow('hairpin', 'pod to the service that it is itself the endpoint of', BOTH, [
    {
      packet: tcp(C.device, `${C.ip}:40107`, '10.100.5.20:80'),
      expected: masqueraded(C, `${C.ip}:8080`),
    },
    {
      packet: tcp(C.device, `${C.ip}:8080`, `${NODE}:50000`, 'SYN,ACK'),
      expected: toPod(C, '10.100.5.20:80', `${C.ip}:40107`),
    },
  ]),
  one('ClusterIP by a process', 'endpoint on this node', BOTH, tcp(null, '', '10.100.5.20:80'), {
    ...sent(C.device, `${C.ip}:8080`),
  }),
];

/** Node ports: on the primary address alone. */
const nodePorts: readonly WalkCase[] = [
  flow('node port, Cluster', 'to an ens6 pod and back', BOTH, [
    {
      packet: tcp('ens5', `${CLIENT}:50101`, `${NODE}:30080`),
      expected: masqueraded(C, `${C.ip}:8080`),
    },
    {
      packet: tcp(C.device, `${C.ip}:8080`, `${NODE}:50000`, 'SYN,ACK'),
      expected: by('ens5', `${NODE}:30080`, `${CLIENT}:50101`, 1024),
    },
  ]),
  flow('node port, Local', 'to an ens6 pod and back', BOTH, [
    {
      packet: tcp('ens5', `${CLIENT}:50102`, `${NODE}:30081`),
      expected: toPod(D, `${CLIENT}:50102`, `${D.ip}:8080`),
    },
    {
      packet: tcp(D.device, `${D.ip}:8080`, `${CLIENT}:50102`, 'SYN,ACK'),
      expected: by('ens5', `${NODE}:30081`, `${CLIENT}:50102`, 1024),
    },
  ]),
  one(
    'node port, elsewhere',
    'Cluster: to another node',
    BOTH,
    tcp('ens5', `${CLIENT}:50103`, `${NODE}:30083`),
    {
      ...{ verdict: 'forwarded', out: 'ens5', via: GATEWAY, src: `${NODE}:*`, dst: `${ELSEWHERE}:8080` },
    },
  ),
  one(
    'node port of ens6',
    "ens6's own address has none",
    BOTH,
    tcp('ens6', `${CLIENT}:50104`, `${SECOND}:30081`),
    {
      verdict: 'delivered',
    },
  ),
  one(
    'node port, nowhere',
    'Local: no endpoint here',
    BOTH,
    tcp('ens5', `${CLIENT}:50105`, `${NODE}:30086`),
    DROPPED,
  ),
  one(
    'node port by a process',
    'Local: no endpoint here, yet one elsewhere',
    BOTH,
    tcp(null, '', `${NODE}:30086`),
    {
      ...sent('ens5', `${ELSEWHERE}:8080`),
    },
  ),
  one(
    'node port, none',
    'service without endpoints',
    BOTH,
    tcp('ens5', `${CLIENT}:50106`, `${NODE}:30085`),
    REJECTED,
  ),
  one(
    'node port, ranges',
    'source ranges do not matter',
    BOTH,
    tcp('ens5', `${INTERNET}:50107`, `${NODE}:30087`),
    masqueraded(A, `${A.ip}:8443`),
  ),
];

/** A load balancer's address, for which there are source ranges. */
const balancer: readonly WalkCase[] = [
  one(
    'balancer, in range',
    'from a source in range',
    BOTH,
    tcp('ens5', `${CLIENT}:50201`, BALANCER),
    masqueraded(A, `${A.ip}:8443`),
  ),
  one(
    'balancer, out of range',
    'from another source',
    BOTH,
    tcp('ens5', `${INTERNET}:50202`, BALANCER),
    DROPPED,
  ),
  one('balancer, other pod', 'pod out of range', BOTH, tcp(C.device, `${C.ip}:40201`, BALANCER), DROPPED),
  one(
    'balancer, hairpin',
    'pod in range, the endpoint itself',
    BOTH,
    tcp(A.device, `${A.ip}:40202`, BALANCER),
    masqueraded(A, `${A.ip}:8443`),
  ),
  one('balancer by a process', 'out of range', BOTH, tcp(null, '', BALANCER), DROPPED),
];

/** What leads to no service. */
const refused: readonly WalkCase[] = [
  one(
    'no endpoints',
    'pod to a service without',
    BOTH,
    tcp(A.device, `${A.ip}:40301`, '10.100.5.25:80'),
    REJECTED,
  ),
  one('no endpoints by a process', 'a service without', BOTH, tcp(null, '', '10.100.5.25:80'), REJECTED),
  one(
    'wrong port',
    'pod to another port of a service',
    BOTH,
    tcp(A.device, `${A.ip}:40302`, '10.100.5.20:81'),
    REJECTED,
  ),
  one(
    'wrong port by a process',
    'another port of a service',
    BOTH,
    tcp(null, '', '10.100.5.20:81'),
    REJECTED,
  ),
  one(
    'no service',
    'pod to an address that no service has',
    BOTH,
    tcp(C.device, `${C.ip}:40303`, '10.100.9.9:80'),
    DROPPED,
  ),
  one(
    'no service by a process',
    'an address that no service has',
    BOTH,
    tcp(null, '', '10.100.9.9:80'),
    DROPPED,
  ),
];

/** What is no service at all. */
const plain: readonly WalkCase[] = [
  flow('internet', 'ens6 pod and back', BOTH, [
    {
      packet: tcp(C.device, `${C.ip}:40401`, `${INTERNET}:443`),
      expected: { ...by('ens5', `${NODE}:*`, `${INTERNET}:443`, 1024), snat: 'AWS-SNAT-CHAIN-0:2' },
    },
    {
      packet: tcp('ens5', `${INTERNET}:443`, `${NODE}:50000`, 'SYN,ACK'),
      expected: toPod(C, `${INTERNET}:443`, `${C.ip}:40401`),
    },
  ]),
  one(
    'VPC',
    'ens6 pod',
    BOTH,
    tcp(C.device, `${C.ip}:40402`, `${ELSEWHERE}:80`),
    by('ens6', `${C.ip}:40402`, `${ELSEWHERE}:80`, 1536),
  ),
  one(
    'pod',
    'to its neighbour',
    BOTH,
    tcp(A.device, `${A.ip}:40403`, `${B.ip}:80`),
    toPod(B, `${A.ip}:40403`, `${B.ip}:80`),
  ),
  one('internet by a process', 'source port drawn', BOTH, tcp(null, '', `${INTERNET}:443`), {
    ...sent('ens5', `${INTERNET}:443`),
  }),
];

/** Every walk of a node whose kube-proxy writes native nftables rules. */
export const nftProxy: readonly WalkCase[] = [...clusterIp, ...nodePorts, ...balancer, ...refused, ...plain];
