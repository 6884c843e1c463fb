/** Which packet takes which way on an EKS node with the CNI's defaults. */
import {
  CLIENT,
  ELSEWHERE,
  GATEWAY,
  INTERNET,
  NODE,
  POD,
  SECOND,
  type WalkCase,
  flow,
  one,
  tcp,
} from './case.js';

const { A, B, C, D } = POD;
const NFT = 'v1.23-nft-connmark';
const NODES = ['default', 'v1.20', NFT, 'rp-ens6-strict', 'rp-all-strict'];
/** Versions that have a policy rule for what ens6's own address sends. */
const OWN_RULE = ['v1.20', NFT];
const SNAT = 'AWS-SNAT-CHAIN-0:2';

/** Between pods and within the VPC. */
const inside: readonly WalkCase[] = [
  one('1', 'pod to a pod of the same interface', NODES, tcp(A.device, `${A.ip}:40001`, `${B.ip}:80`), {
    ...{
      verdict: 'forwarded',
      out: B.device,
      via: null,
      src: `${A.ip}:40001`,
      rule: 512,
      table: 'main',
      snat: null,
    },
  }),
  one('1b', 'pod to a pod of the other interface', NODES, tcp(A.device, `${A.ip}:40002`, `${C.ip}:80`), {
    ...{
      verdict: 'forwarded',
      out: C.device,
      via: null,
      src: `${A.ip}:40002`,
      rule: 512,
      table: 'main',
      snat: null,
    },
  }),
  one('2', 'ens5 pod to its own subnet', NODES, tcp(A.device, `${A.ip}:40003`, '192.168.34.77:80'), {
    ...{ verdict: 'forwarded', out: 'ens5', via: null, src: `${A.ip}:40003`, rule: 32766, snat: null },
  }),
  one('3', 'ens5 pod to another subnet', NODES, tcp(A.device, `${A.ip}:40004`, `${ELSEWHERE}:80`), {
    ...{ verdict: 'forwarded', out: 'ens5', via: GATEWAY, src: `${A.ip}:40004`, rule: 32766, snat: null },
  }),
  one('4', 'ens6 pod to its own subnet', NODES, tcp(C.device, `${C.ip}:40005`, '192.168.34.77:80'), {
    ...{
      verdict: 'forwarded',
      out: 'ens6',
      via: GATEWAY,
      src: `${C.ip}:40005`,
      rule: 1536,
      table: '2',
      snat: null,
    },
  }),
  one('4b', 'ens6 pod to another subnet', NODES, tcp(C.device, `${C.ip}:40006`, `${ELSEWHERE}:80`), {
    ...{
      verdict: 'forwarded',
      out: 'ens6',
      via: GATEWAY,
      src: `${C.ip}:40006`,
      rule: 1536,
      table: '2',
      snat: null,
    },
  }),
];

/** To the internet and back. */
const outside: readonly WalkCase[] = [
  flow(
    '5',
    'ens5 pod to the internet and back',
    [...NODES, 'rp-ens5-strict'],
    [
      {
        packet: tcp(A.device, `${A.ip}:40007`, `${INTERNET}:443`),
        expected: {
          verdict: 'forwarded',
          out: 'ens5',
          via: GATEWAY,
          src: `${NODE}:*`,
          rule: 1024,
          snat: SNAT,
        },
      },
      {
        packet: tcp('ens5', `${INTERNET}:443`, `${NODE}:50000`, 'SYN,ACK'),
        expected: { verdict: 'forwarded', out: A.device, via: null, dst: `${A.ip}:40007`, rule: 512 },
      },
    ],
  ),
  flow('6', 'ens6 pod to the internet (6), the answer (6c) and what follows (6b)', NODES, [
    {
      packet: tcp(C.device, `${C.ip}:40008`, `${INTERNET}:443`),
      expected: {
        ...{
          verdict: 'forwarded',
          out: 'ens5',
          via: GATEWAY,
          src: `${NODE}:*`,
          rule: 1024,
          table: 'main',
          snat: SNAT,
        },
        withoutMark: { rule: 1536, device: 'ens6' },
      },
    },
    {
      packet: tcp('ens5', `${INTERNET}:443`, `${NODE}:50000`, 'SYN,ACK'),
      expected: { verdict: 'forwarded', out: C.device, via: null, dst: `${C.ip}:40008`, rule: 512 },
    },
    {
      packet: tcp(C.device, `${C.ip}:40008`, `${INTERNET}:443`, 'ACK'),
      expected: {
        ...{ verdict: 'forwarded', out: 'ens5', via: GATEWAY, src: `${NODE}:*`, rule: 1024 },
        withoutMark: { rule: 1536, device: 'ens6' },
      },
    },
  ]),
];

/** Through services. */
const services: readonly WalkCase[] = [
  flow('7', 'ens6 pod to a service with an endpoint in the VPC', NODES, [
    {
      packet: tcp(C.device, `${C.ip}:40009`, '10.100.5.23:80'),
      expected: {
        ...{
          verdict: 'forwarded',
          out: 'ens6',
          via: GATEWAY,
          src: `${C.ip}:40009`,
          dst: `${ELSEWHERE}:8080`,
        },
        ...{ rule: 1536, snat: null },
      },
    },
    {
      packet: tcp('ens6', `${ELSEWHERE}:8080`, `${C.ip}:40009`, 'SYN,ACK'),
      expected: {
        verdict: 'forwarded',
        out: C.device,
        src: '10.100.5.23:80',
        dst: `${C.ip}:40009`,
        rule: 512,
      },
    },
  ]),
  one(
    '8',
    'ens6 pod to a service with an endpoint outside',
    NODES,
    tcp(C.device, `${C.ip}:40010`, '10.100.5.22:443'),
    {
      ...{ verdict: 'forwarded', out: 'ens6', via: GATEWAY, src: `${NODE}:*`, dst: '203.0.113.50:443' },
      ...{ rule: 1536, table: '2', snat: SNAT },
    },
  ),
  one('9', 'ens5 pod to the same service', NODES, tcp(A.device, `${A.ip}:40011`, '10.100.5.22:443'), {
    ...{
      verdict: 'forwarded',
      out: 'ens5',
      src: `${NODE}:*`,
      dst: '203.0.113.50:443',
      rule: 32766,
      snat: SNAT,
    },
  }),
  flow('10', 'pod to the service that it is itself the endpoint of', NODES, [
    {
      packet: tcp(C.device, `${C.ip}:40012`, '10.100.5.20:80'),
      expected: {
        ...{ verdict: 'forwarded', out: C.device, src: `${NODE}:*`, dst: `${C.ip}:8080`, rule: 512 },
        snat: 'KUBE-POSTROUTING:3',
      },
    },
    {
      packet: tcp(C.device, `${C.ip}:8080`, `${NODE}:50000`, 'SYN,ACK'),
      expected: {
        verdict: 'forwarded',
        out: C.device,
        src: '10.100.5.20:80',
        dst: `${C.ip}:40012`,
        rule: 512,
      },
    },
  ]),
  flow('11', 'node port of a Cluster service on ens5 to an ens6 pod (11), the answer (11r)', NODES, [
    {
      packet: tcp('ens5', `${CLIENT}:50001`, `${NODE}:30080`),
      expected: {
        ...{ verdict: 'forwarded', out: C.device, src: `${NODE}:*`, dst: `${C.ip}:8080`, rule: 512 },
        snat: 'KUBE-POSTROUTING:3',
      },
    },
    {
      packet: tcp(C.device, `${C.ip}:8080`, `${NODE}:50000`, 'SYN,ACK'),
      expected: {
        ...{
          verdict: 'forwarded',
          out: 'ens5',
          via: GATEWAY,
          src: `${NODE}:30080`,
          dst: `${CLIENT}:50001`,
          rule: 1024,
        },
        withoutMark: { rule: 1536, device: 'ens6' },
      },
    },
  ]),
  ...[CLIENT, ELSEWHERE].map((client, at) =>
    flow(`12${at === 0 ? '' : 'b'}`, `node port of a Local service from ${client}, the answer`, NODES, [
      {
        packet: tcp('ens5', `${client}:50002`, `${NODE}:30081`),
        expected: {
          verdict: 'forwarded',
          out: D.device,
          src: `${client}:50002`,
          dst: `${D.ip}:8080`,
          rule: 512,
          snat: null,
        },
      },
      {
        packet: tcp(D.device, `${D.ip}:8080`, `${client}:50002`, 'SYN,ACK'),
        expected: { verdict: 'forwarded', out: 'ens5', via: GATEWAY, src: `${NODE}:30081`, rule: 1024 },
      },
    ]),
  ),
  flow('13', 'node port to an endpoint on another node and back through this one', NODES, [
    {
      packet: tcp('ens5', `${CLIENT}:50003`, `${NODE}:30083`),
      expected: {
        verdict: 'forwarded',
        out: 'ens5',
        via: GATEWAY,
        src: `${NODE}:*`,
        dst: `${ELSEWHERE}:8080`,
        rule: 32766,
      },
    },
    {
      packet: tcp('ens5', `${ELSEWHERE}:8080`, `${NODE}:50000`, 'SYN,ACK'),
      expected: { verdict: 'forwarded', out: 'ens5', src: `${NODE}:30083`, dst: `${CLIENT}:50003` },
    },
  ]),
  flow('14', "node port on ens6's own address: the answer leaves by ens6", NODES, [
    {
      packet: tcp('ens6', `${CLIENT}:50004`, `${SECOND}:30081`),
      expected: { verdict: 'forwarded', out: D.device, src: `${CLIENT}:50004`, dst: `${D.ip}:8080` },
    },
    {
      packet: tcp(D.device, `${D.ip}:8080`, `${CLIENT}:50004`, 'SYN,ACK'),
      expected: {
        verdict: 'forwarded',
        out: 'ens6',
        via: GATEWAY,
        src: `${SECOND}:30081`,
        rule: 1536,
        table: '2',
      },
    },
  ]),
];

/** A load balancer that sends to pod addresses: conntrack alone, no nat rule. */
const direct: readonly WalkCase[] = (
  [
    ['15', C, 'ens6', CLIENT, 1536],
    ['15b', A, 'ens5', CLIENT, 32766],
    ['15c', C, 'ens6', ELSEWHERE, 1536],
  ] as const
).map(([id, pod, device, client, rule]) =>
  flow(id, `${client} straight to a pod of ${device} and back`, NODES, [
    {
      packet: tcp(device, `${client}:50005`, `${pod.ip}:8080`),
      expected: { verdict: 'forwarded', out: pod.device, src: `${client}:50005`, rule: 512, snat: null },
    },
    {
      packet: tcp(pod.device, `${pod.ip}:8080`, `${client}:50005`, 'SYN,ACK'),
      expected: { verdict: 'forwarded', out: device, via: GATEWAY, src: `${pod.ip}:8080`, rule, snat: null },
    },
  ]),
);

/** What the node's own processes send. */
const local: readonly WalkCase[] = [
  one('16', 'process to the internet', NODES, tcp(null, '', `${INTERNET}:443`), {
    ...{ verdict: 'sent', out: 'ens5', via: GATEWAY, src: `${NODE}:*`, rule: 32766, snat: SNAT },
  }),
  one('17', 'process to a pod', NODES, tcp(null, '', `${C.ip}:8080`), {
    ...{ verdict: 'sent', out: C.device, via: null, src: `${NODE}:*`, rule: 512, snat: null },
  }),
  one('17b', 'process to a pod of another node', NODES, tcp(null, '', `${ELSEWHERE}:8080`), {
    ...{ verdict: 'sent', out: 'ens5', via: GATEWAY, src: `${NODE}:*`, rule: 32766, snat: null },
  }),
  one('17c', 'process to a service', NODES, tcp(null, '', '10.100.5.20:80'), {
    ...{ verdict: 'sent', out: C.device, src: `${NODE}:*`, dst: `${C.ip}:8080`, rule: 512 },
  }),
  one('17d', 'process to its own node port', NODES, tcp(null, '', `${NODE}:30080`), {
    ...{
      verdict: 'sent',
      out: C.device,
      src: `${NODE}:*`,
      dst: `${C.ip}:8080`,
      rule: 512,
      snat: 'KUBE-POSTROUTING:3',
    },
  }),
  one(
    '18',
    'socket bound to ens6 to the internet',
    ['default'],
    tcp(null, `${SECOND}:40018`, `${INTERNET}:443`),
    {
      ...{ verdict: 'sent', out: 'ens5', src: `${NODE}:*`, rule: 32766, snat: SNAT },
    },
  ),
  one(
    '18',
    'socket bound to ens6 to the internet',
    OWN_RULE,
    tcp(null, `${SECOND}:40018`, `${INTERNET}:443`),
    {
      ...{ verdict: 'sent', out: 'ens6', src: `${NODE}:*`, rule: 32765, table: '2', snat: SNAT },
    },
  ),
  one(
    '19',
    'socket bound to ens6 to the VPC',
    ['default'],
    tcp(null, `${SECOND}:40019`, `${ELSEWHERE}:443`),
    {
      ...{ verdict: 'sent', out: 'ens5', src: `${SECOND}:40019`, rule: 32766, snat: null },
    },
  ),
  one('19', 'socket bound to ens6 to the VPC', OWN_RULE, tcp(null, `${SECOND}:40019`, `${ELSEWHERE}:443`), {
    ...{ verdict: 'sent', out: 'ens6', src: `${SECOND}:40019`, rule: 32765, table: '2', snat: null },
  }),
];

/** Every walk of the default node. */
export const defaultNode: readonly WalkCase[] = [...inside, ...outside, ...services, ...direct, ...local];
