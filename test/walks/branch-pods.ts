/** Pods with security groups of their own: a branch interface (VLAN of the trunk) and table 101. */
import {
  ELSEWHERE,
  type Expected,
  GATEWAY,
  INTERNET,
  NODE,
  POD,
  type WalkCase,
  flow,
  one,
  tcp,
} from './case.js';

const { A, C } = POD;
const P = '192.168.100.5';
const ROUTER = '192.168.96.1';
const STRICT = 'vlan9f3c1d2ab77';
const STANDARD = 'eni9f3c1d2ab77';

const branch = (port: number, dst: string, rule = 10): Expected => ({
  ...{
    verdict: 'forwarded',
    out: 'vlan.eth.1',
    via: ROUTER,
    src: `${P}:${String(port)}`,
    dst,
    rule,
    table: '101',
  },
  snat: null,
});
const byEns5 = (src: string): Expected => ({
  verdict: 'forwarded',
  out: 'ens5',
  via: GATEWAY,
  src,
  rule: 32766,
});

const strict: readonly WalkCase[] = [
  ...(
    [
      ['to a pod of the same node', `${A.ip}:80`, `${A.ip}:80`],
      ["to the node's own address", `${NODE}:10250`, `${NODE}:10250`],
      ['to the internet', `${INTERNET}:443`, `${INTERNET}:443`],
      ['to a service elsewhere', '10.100.5.23:80', `${ELSEWHERE}:8080`],
      ['to a service on this node', '10.100.5.20:80', `${C.ip}:8080`],
    ] as const
  ).map(([title, target, leaving], at) =>
    one(
      `P ${title}`,
      'strict',
      ['sgp-strict'],
      tcp(STRICT, `${P}:${String(40101 + at)}`, target),
      branch(40101 + at, leaving),
    ),
  ),
  flow(
    'VPC to P and back',
    'strict',
    ['sgp-strict'],
    [
      {
        packet: tcp('vlan.eth.1', `${ELSEWHERE}:50006`, `${P}:80`),
        expected: {
          verdict: 'forwarded',
          out: STRICT,
          via: null,
          src: `${ELSEWHERE}:50006`,
          rule: 10,
          table: '101',
        },
      },
      {
        packet: tcp(STRICT, `${P}:80`, `${ELSEWHERE}:50006`, 'SYN,ACK'),
        expected: branch(80, `${ELSEWHERE}:50006`),
      },
    ],
  ),
  one(
    'podA to P',
    'strict',
    ['sgp-strict'],
    tcp(A.device, `${A.ip}:40107`, `${P}:80`),
    byEns5(`${A.ip}:40107`),
  ),
  one('node port to P', 'strict', ['sgp-strict'], tcp('ens5', '198.51.100.7:50009', `${NODE}:30084`), {
    ...byEns5(`${NODE}:*`),
    dst: `${P}:80`,
  }),
  one('process to P', 'strict', ['sgp-strict'], tcp(null, '', `${P}:80`), {
    ...byEns5(`${NODE}:*`),
    verdict: 'sent',
  }),
];

const standard: readonly WalkCase[] = [
  one(
    'P to a pod of the same node',
    'standard',
    ['sgp-standard'],
    tcp(STANDARD, `${P}:40121`, `${A.ip}:80`),
    {
      ...{ verdict: 'forwarded', out: A.device, via: null, src: `${P}:40121`, rule: 512 },
    },
  ),
  one('P to the internet', 'standard', ['sgp-standard'], tcp(STANDARD, `${P}:40123`, `${INTERNET}:443`), {
    ...{ verdict: 'forwarded', out: 'ens5', via: GATEWAY, src: `${NODE}:*`, rule: 1024 },
    withoutMark: { rule: 1536, device: 'vlan.eth.1' },
  }),
  one('P to the VPC', 'standard', ['sgp-standard'], tcp(STANDARD, `${P}:40124`, `${ELSEWHERE}:80`), {
    ...branch(40124, `${ELSEWHERE}:80`, 1536),
  }),
  one('podA to P', 'standard', ['sgp-standard'], tcp(A.device, `${A.ip}:40127`, `${P}:80`), {
    ...{ verdict: 'forwarded', out: STANDARD, via: null, src: `${A.ip}:40127`, rule: 512 },
  }),
  one('process to P', 'standard', ['sgp-standard'], tcp(null, '', `${P}:80`), {
    ...{ verdict: 'sent', out: STANDARD, via: null, src: `${NODE}:*`, rule: 512 },
  }),
];

export const branchPods: readonly WalkCase[] = [...strict, ...standard];
