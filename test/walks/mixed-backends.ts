/**
 * Rules of an older kube-proxy in iptables-legacy beside those that are kept now: the kernel goes by both, and where both
 * know a service, by the one that it asks first.
 */
import {
  CLIENT,
  ELSEWHERE,
  type Expected,
  GATEWAY,
  INTERNET,
  NODE,
  POD,
  type WalkCase,
  one,
  tcp,
} from './case.js';

const { A, B, C, D } = POD;
const NODES = ['mixed-backends'];

const toPod = (pod: { readonly device: string }, src: string, dst: string): Expected => ({
  ...{ verdict: 'forwarded', out: pod.device, via: null, src, dst, rule: 512 },
});
const sent = (pod: { readonly device: string }, dst: string): Expected => ({
  ...{ verdict: 'sent', out: pod.device, src: `${NODE}:*`, dst },
});
const by = (out: string, src: string, dst: string, rule: number): Expected => ({
  ...{ verdict: 'forwarded', out, via: GATEWAY, src, dst, rule },
});

/** Services that both know: web had another endpoint then. */
const known: readonly WalkCase[] = [
  one(
    'ClusterIP',
    'to the endpoint of now or of then',
    NODES,
    tcp(A.device, `${A.ip}:40101`, '10.100.5.20:80'),
    toPod(C, `${A.ip}:40101`, `${C.ip}:8080`),
    toPod(B, `${A.ip}:40101`, `${B.ip}:8080`),
  ),
  one(
    'hairpin',
    'to itself, or to the endpoint of then',
    NODES,
    tcp(C.device, `${C.ip}:40102`, '10.100.5.20:80'),
    toPod(C, `${NODE}:*`, `${C.ip}:8080`),
    toPod(B, `${C.ip}:40102`, `${B.ip}:8080`),
  ),
  one(
    'node port',
    'to the endpoint of now or of then',
    NODES,
    tcp('ens5', `${CLIENT}:50101`, `${NODE}:30080`),
    toPod(C, `${NODE}:*`, `${C.ip}:8080`),
    toPod(B, `${NODE}:*`, `${B.ip}:8080`),
  ),
  one(
    'ClusterIP by a process',
    'to the endpoint of now or of then',
    NODES,
    tcp(null, '', '10.100.5.20:80'),
    sent(C, `${C.ip}:8080`),
    sent(B, `${B.ip}:8080`),
  ),
];

/** Services that only one of them knows: it does not matter which is asked first. */
const alone: readonly WalkCase[] = [
  one(
    'retired',
    'service that is no more, still translated',
    NODES,
    tcp(A.device, `${A.ip}:40201`, '10.100.5.99:80'),
    toPod(B, `${A.ip}:40201`, `${B.ip}:8080`),
  ),
  one(
    'retired, node port',
    'of a service that is no more',
    NODES,
    tcp('ens5', `${CLIENT}:50201`, `${NODE}:30099`),
    toPod(B, `${NODE}:*`, `${B.ip}:8080`),
  ),
  one(
    'ClusterIP of now',
    'ens6 pod to an endpoint on another node',
    NODES,
    tcp(C.device, `${C.ip}:40202`, '10.100.5.23:80'),
    by('ens6', `${C.ip}:40202`, `${ELSEWHERE}:8080`, 1536),
  ),
  one(
    'node port, Local',
    'of now alone',
    NODES,
    tcp('ens5', `${CLIENT}:50202`, `${NODE}:30081`),
    toPod(D, `${CLIENT}:50202`, `${D.ip}:8080`),
  ),
  one(
    'internet',
    'ens6 pod',
    NODES,
    tcp(C.device, `${C.ip}:40203`, `${INTERNET}:443`),
    by('ens5', `${NODE}:*`, `${INTERNET}:443`, 1024),
  ),
  one(
    'pod',
    'to its neighbour',
    NODES,
    tcp(A.device, `${A.ip}:40204`, `${B.ip}:80`),
    toPod(B, `${A.ip}:40204`, `${B.ip}:80`),
  ),
];

export const mixedBackends: readonly WalkCase[] = [...known, ...alone];
