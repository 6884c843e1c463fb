/** What settings and versions of the CNI change. */
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
  type WalkStep,
  flow,
  one,
  tcp,
} from './case.js';

const { C, D } = POD;
const PEERED = '10.1.2.3';
const SECOND_CIDR = '100.64.9.9';

const leaves = (out: string, src: string, rule: number): Expected => ({
  verdict: 'forwarded',
  out,
  via: GATEWAY,
  src,
  rule,
});
const BY_ENS5 = leaves('ens5', `${NODE}:*`, 1024);

/** Pod to an address and port 443; `source` as it leaves. */
function podTo(name: string, pod: keyof typeof POD, target: string, expected: Expected): WalkCase {
  const from = `${POD[pod].ip}:40020`;
  return one(`pod${pod} to ${target}`, name, [name], tcp(POD[pod].device, from, `${target}:443`), expected);
}

/** Node port on ens5 and its answer, for both traffic policies. */
function nodePorts(name: string, answer: string): readonly WalkCase[] {
  const rule = answer === 'ens5' ? 1024 : 1536;
  const cluster: readonly WalkStep[] = [
    {
      packet: tcp('ens5', `${CLIENT}:50001`, `${NODE}:30080`),
      expected: { verdict: 'forwarded', out: C.device, src: `${NODE}:*`, dst: `${C.ip}:8080` },
    },
    {
      packet: tcp(C.device, `${C.ip}:8080`, `${NODE}:50000`, 'SYN,ACK'),
      expected: { ...leaves(answer, `${NODE}:30080`, rule), dst: `${CLIENT}:50001` },
    },
  ];
  const local: readonly WalkStep[] = [
    {
      packet: tcp('ens5', `${CLIENT}:50002`, `${NODE}:30081`),
      expected: { verdict: 'forwarded', out: D.device, src: `${CLIENT}:50002`, dst: `${D.ip}:8080` },
    },
    {
      packet: tcp(D.device, `${D.ip}:8080`, `${CLIENT}:50002`, 'SYN,ACK'),
      expected: leaves(answer, `${NODE}:30081`, rule),
    },
  ];
  return [flow('node port, Cluster', name, [name], cluster), flow('node port, Local', name, [name], local)];
}

/** Pod to the internet, the answer, and the packet after it, which another policy rule may decide. */
function there(name: string, out: string, source: string, rule: number, later: number = rule): WalkCase {
  const way = leaves(out, source, rule);
  const back = source.startsWith(NODE) ? `${NODE}:50000` : `${C.ip}:40008`;
  return flow(
    'podC to the internet and back',
    name,
    [name],
    [
      { packet: tcp(C.device, `${C.ip}:40008`, `${INTERNET}:443`), expected: way },
      {
        packet: tcp(out, `${INTERNET}:443`, back, 'SYN,ACK'),
        expected: { verdict: 'forwarded', out: C.device, dst: `${C.ip}:40008`, rule: 512 },
      },
      { packet: tcp(C.device, `${C.ip}:40008`, `${INTERNET}:443`, 'ACK'), expected: { ...way, rule: later } },
    ],
  );
}

const vpc = (name: string): WalkCase =>
  podTo(name, 'C', ELSEWHERE, { ...leaves('ens6', `${C.ip}:40020`, 1536), snat: null });
const outsideService = (name: string, expected: Expected): WalkCase =>
  one('podC to a service outside', name, [name], tcp(C.device, `${C.ip}:40010`, '10.100.5.22:443'), expected);
const keeps = (pod: 'A' | 'C', rule: number): Expected => ({
  ...leaves(pod === 'A' ? 'ens5' : 'ens6', `${POD[pod].ip}:40020`, rule),
  snat: null,
});

const settings: readonly WalkCase[] = [
  ...[
    ...nodePorts('extsnat', 'ens5'),
    ...nodePorts('extsnat-nonodeport', 'ens6'),
    ...nodePorts('nonodeport', 'ens6'),
  ],
  ...nodePorts('nonodeport-1.12.0', 'ens6'),
  ...['extsnat', 'extsnat-nonodeport'].flatMap((name) => [
    there(name, 'ens6', `${C.ip}:40008`, 1536),
    podTo(name, 'A', INTERNET, keeps('A', 32766)),
    vpc(name),
    outsideService(name, { ...leaves('ens6', `${C.ip}:40010`, 1536), dst: '203.0.113.50:443', snat: null }),
    one('19', name, [name], tcp(null, `${SECOND}:40019`, `${INTERNET}:443`), {
      ...{ verdict: 'sent', out: 'ens5', src: `${SECOND}:40019`, rule: 32766, snat: null },
    }),
  ]),
  there('nonodeport', 'ens5', `${NODE}:*`, 1024),
  vpc('nonodeport'),
  there('nonodeport-1.12.0', 'ens6', `${NODE}:*`, 1536),
  vpc('nonodeport-1.12.0'),
];

const cidrs: readonly WalkCase[] = [
  ...['excluded-cidr', 'ladder'].flatMap((name) => [
    podTo(name, 'C', PEERED, keeps('C', 1536)),
    podTo(name, 'A', PEERED, keeps('A', 32766)),
  ]),
  ...['second-vpc-cidr', 'ladder'].map((name) => podTo(name, 'C', SECOND_CIDR, keeps('C', 1536))),
  podTo('excluded-cidr', 'C', SECOND_CIDR, BY_ENS5),
  podTo('second-vpc-cidr', 'C', PEERED, BY_ENS5),
  ...['excluded-cidr', 'second-vpc-cidr', 'ladder'].flatMap((name) => [
    there(name, 'ens5', `${NODE}:*`, 1024),
    vpc(name),
    ...nodePorts(name, 'ens5'),
  ]),
];

const versions: readonly WalkCase[] = [
  ...['v1.7', 'v1.7-excluded-cidr'].flatMap((name) => [
    // The answer comes in by ens5 to the node's own address and so marks the connection.
    there(name, 'ens5', `${NODE}:*`, 32766, 1024),
    vpc(name),
    outsideService(name, { ...leaves('ens5', `${NODE}:*`, 32766), dst: '203.0.113.50:443' }),
    ...nodePorts(name, 'ens5'),
  ]),
  podTo('v1.7', 'C', PEERED, leaves('ens5', `${NODE}:*`, 32766)),
  podTo('v1.7-excluded-cidr', 'C', PEERED, keeps('C', 1536)),
  podTo('v1.7-excluded-cidr', 'A', PEERED, keeps('A', 32766)),
  there('extsvc', 'ens5', `${NODE}:*`, 1024),
  outsideService('extsvc', { ...leaves('ens5', `${NODE}:*`, 1535), dst: '203.0.113.50:443' }),
  vpc('extsvc'),
];

/** Everything that is not the default. */
export const variants: readonly WalkCase[] = [...settings, ...cidrs, ...versions];
