import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress } from '../address/address.js';
import { SourceText } from '../source/source.js';
import { type KubeObject, fullName } from './model.js';
import { isTableHead, readTables } from './text.js';

/** What a listing holds, a word for each thing that natwalk keeps. */
function told(one: KubeObject): string {
  const ips = (list: readonly (number | bigint)[]): string => list.map(formatAddress).join(',') || '-';
  switch (one.kind) {
    case 'pod':
      return `pod ${fullName(one)} ${ips(one.addresses)} ${one.node ?? '-'} ${one.state}`;
    case 'node':
      return `node ${one.name} ${ips(one.addresses)}`;
    case 'service': {
      const ports = one.ports.map(
        ({ port, protocol, nodePort }) => `${String(port)}/${String(protocol)}/${String(nodePort)}`,
      );
      const { clusterIps, externalIps, balancerIps, headless } = one;
      const all = [clusterIps, externalIps, balancerIps].map(ips).join(' ');
      return `service ${fullName(one)} ${all}${headless ? ' headless' : ''} ${ports.join(' ')}`;
    }
    case 'endpoint':
      return `endpoint ${one.namespace ?? '-'}/${one.service} ${formatAddress(one.address)} ${String(one.port)}`;
  }
}

function read(text: string, namespace: string | null = null): readonly string[] {
  const source = new SourceText('k', text);
  const { objects, findings } = readTables(source, namespace);
  const codes = findings.map(({ code, start }) => `${code}@${String(source.position(start).line)}`);
  return [...objects.map(told), ...codes];
}

describe('tables of kubectl', () => {
  it.each([
    [
      'pods, -A -o wide',
      `NAMESPACE     NAME      READY   STATUS      RESTARTS        AGE   IP            NODE     NOMINATED NODE   READINESS GATES
default       web-x2v   1/1     Running     3 (5h20m ago)   12d   10.244.1.5    node-a   <none>           <none>
kube-system   job-1     0/1     Completed   0               12d   10.244.1.6    node-a   <none>           <none>
kube-system   new       0/1     Pending     0               1s    <none>        <none>   <none>           <none>
kube-system   bad       0/1     Error       0               1s    10.244.1.7    node-b   <none>           <none>`,
      [
        'pod default/web-x2v 10.244.1.5 node-a running',
        'pod kube-system/job-1 10.244.1.6 node-a ended',
        'pod kube-system/new - - running',
        'pod kube-system/bad 10.244.1.7 node-b unsure',
      ],
    ],
    [
      'pods without -o wide',
      'NAME   READY   STATUS    RESTARTS   AGE\nweb    1/1     Running   0          3m',
      ['pod web - - running'],
    ],
    [
      'custom columns',
      'NAME   IP           NODE\nweb    10.244.1.5   node-a',
      ['pod web 10.244.1.5 node-a running'],
    ],
    [
      'services',
      `NAMESPACE   NAME      TYPE           CLUSTER-IP    EXTERNAL-IP                 PORT(S)                      AGE
default     web       NodePort       10.96.0.20    <none>                      80:30080/TCP,53:30053/UDP    1d
default     front     LoadBalancer   10.96.0.21    203.0.113.80,a.example.com  443:31443/TCP                1d
default     ext       ClusterIP      10.96.0.22    198.51.100.9                80/SCTP                      1d
default     head      ClusterIP      None          <none>                      80/TCP                       1d
default     alias     ExternalName   <none>        db.example.com              <none>                       1d`,
      [
        'service default/web 10.96.0.20 - - 80/6/30080 53/17/30053',
        'service default/front 10.96.0.21 - 203.0.113.80 443/6/31443',
        'service default/ext 10.96.0.22 198.51.100.9 - 80/132/null',
        'service default/head - - - headless 80/6/null',
        'service default/alias - - - ',
      ],
    ],
    [
      'nodes',
      `NAME     STATUS                     ROLES           AGE   VERSION   INTERNAL-IP   EXTERNAL-IP    OS-IMAGE             KERNEL-VERSION   CONTAINER-RUNTIME
node-a   Ready                      control-plane   6h    v1.30.1   10.0.0.10     203.0.113.10   Ubuntu 22.04.4 LTS   5.15.0-105       containerd://1.7.15
node-b   Ready,SchedulingDisabled   <none>          6h    v1.30.1   fd00::11      <none>         Ubuntu 22.04.4 LTS   5.15.0-105       containerd://1.7.15`,
      ['node node-a 10.0.0.10,203.0.113.10', 'node node-b fd00::11'],
    ],
    [
      'endpoints and slices, of both families',
      `NAME   ENDPOINTS                                      AGE
web    10.244.1.5:8080,[fd00::5]:8080 + 3 more...     1d
none   <none>                                         1d

NAMESPACE   NAME        ADDRESSTYPE   PORTS     ENDPOINTS                 AGE
default     web-8k2lm   IPv4          8080      10.244.1.5,10.244.1.6     1d
default     odd         IPv6          <unset>   fd00::5                   1d`,
      [
        'endpoint -/web 10.244.1.5 8080',
        'endpoint -/web fd00::5 8080',
        'endpoint default/web 10.244.1.5 null',
        'endpoint default/web 10.244.1.6 null',
        'endpoint default/odd fd00::5 null',
      ],
    ],
    [
      'several resources, with a prefix before the name',
      `NAME          READY   STATUS    RESTARTS   AGE   IP           NODE
pod/web-x2v   1/1     Running   0          1d    10.244.1.5   node-a

NAME                 TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE
service/kubernetes   ClusterIP   10.96.0.1    <none>        443/TCP   1d

NAME                  READY   UP-TO-DATE   AVAILABLE   AGE
deployment.apps/web   1/1     1            1           1d

NAME          STATUS   ROLES    AGE   VERSION   INTERNAL-IP   EXTERNAL-IP
node/node-a   Ready    <none>   1d    v1.30.1   10.0.0.10     <none>`,
      [
        'pod web-x2v 10.244.1.5 node-a running',
        'service kubernetes 10.96.0.1 - - 443/6/null',
        'node node-a 10.0.0.10',
      ],
    ],
    [
      'a head that the page broke',
      `NAME      READY   STATUS    RESTARTS   AGE   IP            NODE
    NOMINATED NODE   READINESS GATES
web-x2v   1/1     Running   0          14h   10.244.1.5    node-a   <none>           <none>`,
      ['pod web-x2v 10.244.1.5 node-a running'],
    ],
    [
      'rows without a head',
      `default       nginx     1/1     Running       0             7m   10.244.0.12   node-a   <none>   <none>
kube-system   coredns   1/1     Running       2 (3d ago)    7m   10.244.0.13   node-b   <none>   <none>
web   NodePort   10.96.0.20   <none>   80:30080/TCP   1d
node-a   Ready    agent   6h8m   v1.28.10   10.224.0.6    <none>`,
      [
        'pod default/nginx 10.244.0.12 node-a running',
        'pod kube-system/coredns 10.244.0.13 node-b running',
        'service web 10.96.0.20 - - 80/6/30080',
        'node node-a 10.224.0.6',
      ],
    ],
    [
      'blanks that a web page took away, and tabs',
      `NAME READY STATUS RESTARTS AGE IP NODE
web 1/1 Running 3 (5h ago) 12d 10.244.1.5 node-a

NAME\tTYPE\tCLUSTER-IP\tEXTERNAL-IP\tPORT(S)\tAGE
web\tClusterIP\t10.96.0.20\t<none>\t80/TCP\t1d`,
      ['pod web 10.244.1.5 node-a running', 'service web 10.96.0.20 - - 80/6/null'],
    ],
    [
      'a row that is no row',
      'NAME   READY   STATUS    RESTARTS   AGE\nweb    1/1     Running   0          3m\nNo resources of that kind\n',
      ['pod web - - running', 'NAMES_ROW@3'],
    ],
    ['other text', 'error: the server does not have a resource\n\nhello  world  1/1x', []],
  ])('%s', (_title, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it('takes the namespace of -n for rows that do not say theirs', () => {
    expect(read('NAME   READY   STATUS\nweb    1/1     Running', 'shop')).toEqual([
      'pod shop/web - - running',
    ]);
  });

  it.each([
    ['NAMESPACE   NAME   READY   STATUS', true],
    ['NAME   TYPE   CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE', true],
    ['NAME', false],
    ['Name:   web', false],
    ['NAMES ARE HARD   to find', false],
  ])('%s: a head %s', (line, is) => {
    expect(isTableHead(line)).toBe(is);
  });

  it('throws for no text', () => {
    const word = fc.constantFrom(
      'NAME',
      'READY',
      'IP',
      'NODE',
      'web',
      '1/1',
      '10.0.0.1',
      'ClusterIP',
      'Ready',
      '   ',
      ' ',
      '\t',
      '\n',
      '/',
      '<none>',
      '__proto__',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((words) => words.join('')),
        ),
        (text) => {
          const source = new SourceText('k', text);
          for (const { start, end } of readTables(source, null).findings) {
            expect(start).toBeLessThanOrEqual(end);
            expect(end).toBeLessThanOrEqual(text.length);
          }
        },
      ),
    );
  });
});
