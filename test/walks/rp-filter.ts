/** Reverse-path filtering on this node: the reason why the CNI sets its primary interface to loose. */
import { CLIENT, GATEWAY, INTERNET, NODE, POD, SECOND, type WalkCase, flow, one, tcp } from './case.js';

const { C, D } = POD;
const STRICT = ['rp-ens5-strict', 'rp-ens5-strict-src-valid-mark'];
const PASSING = ['rp-ens6-strict', 'rp-all-strict'];
const DROPPED = { verdict: 'dropped', drop: 'rp_filter' } as const;

export const rpFilter: readonly WalkCase[] = [
  flow('answer to an ens6 pod', 'ens5 strict: the answer of podC to the internet', STRICT, [
    {
      packet: tcp(C.device, `${C.ip}:41001`, `${INTERNET}:443`),
      expected: { verdict: 'forwarded', out: 'ens5', via: GATEWAY, src: `${NODE}:*`, rule: 1024 },
    },
    { packet: tcp('ens5', `${INTERNET}:443`, `${NODE}:50000`, 'SYN,ACK'), expected: DROPPED },
  ]),
  one('node port, Local', 'ens5 strict', STRICT, tcp('ens5', `${CLIENT}:51001`, `${NODE}:30081`), DROPPED),
  one('node port, Cluster', 'ens5 strict', STRICT, tcp('ens5', `${CLIENT}:51101`, `${NODE}:30080`), DROPPED),
  one(
    'straight to podC',
    'by ens6',
    [...STRICT, ...PASSING],
    tcp('ens6', `${CLIENT}:51201`, `${C.ip}:8080`),
    {
      ...{ verdict: 'forwarded', out: C.device, src: `${CLIENT}:51201` },
    },
  ),
  one(
    'node port of ens6',
    'by ens6',
    [...STRICT, ...PASSING],
    tcp('ens6', `${CLIENT}:51301`, `${SECOND}:30081`),
    {
      ...{ verdict: 'forwarded', out: D.device, src: `${CLIENT}:51301`, dst: `${D.ip}:8080` },
    },
  ),
  one(
    'neighbour to podC',
    'by ens6',
    [...STRICT, ...PASSING],
    tcp('ens6', '192.168.34.77:51401', `${C.ip}:8080`),
    {
      ...{ verdict: 'forwarded', out: C.device, src: '192.168.34.77:51401' },
    },
  ),
];
