/** Names on the command line: kubectl's listings beside the dumps of the example node. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { natwalk } from '../support/cli.js';

const scratch = mkdtempSync(join(tmpdir(), 'natwalk-names-'));
const example = join(import.meta.dirname, '../../examples/eks-node');

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

/** The example node with a text of kubectl's beside its dumps. */
function nodeWith(name: string, text: string): string {
  const folder = join(scratch, name);
  cpSync(example, folder, { recursive: true });
  writeFileSync(join(folder, 'cluster.txt'), text);
  return folder;
}

const HOST = 'ip-192-168-45-10.ec2.internal';
const TABLES = `$ kubectl get pod,svc,node -A -o wide
NAMESPACE   NAME                  READY   STATUS    RESTARTS   AGE   IP              NODE                            NOMINATED NODE   READINESS GATES
default     pod/web-7d9f-x2v4q    1/1     Running   0          12d   192.168.61.33   ${HOST}   <none>           <none>
default     pod/api-5c8b-k7m2p    1/1     Running   0          12d   192.168.40.11   ${HOST}   <none>           <none>
default     pod/slow-1            0/1     Pending   0          12d   <none>          <none>                          <none>           <none>
default     pod/far-1             1/1     Running   0          12d   192.168.9.40    ip-192-168-9-9                  <none>           <none>

NAMESPACE   NAME              TYPE        CLUSTER-IP    EXTERNAL-IP   PORT(S)        AGE   SELECTOR
default     service/web       NodePort    10.100.5.20   <none>        80:30080/TCP   12d   app=web
default     service/head      ClusterIP   None          <none>        80/TCP         12d   app=web
default     service/ext       ExternalName   <none>     db.example.com   <none>   12d   <none>

NAME                                 STATUS   ROLES    AGE   VERSION   INTERNAL-IP     EXTERNAL-IP
node/${HOST}   Ready    <none>   12d   v1.29.3   192.168.45.10   <none>
`;
const YAML = `apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Pod
  metadata: {name: web-7d9f-x2v4q, namespace: default}
  spec: {nodeName: ${HOST}}
  status: {phase: Running, podIP: 192.168.61.33}
- apiVersion: v1
  kind: Service
  metadata: {name: web, namespace: default}
  spec:
    clusterIP: 10.100.5.20
    ports: [{name: http, port: 80, nodePort: 30080}]
`;

const tables = nodeWith('tables', TABLES);
const yaml = nodeWith('yaml', YAML);

/** The command loads its parts when it needs them; that time is no test's. */
beforeAll(async () => {
  await natwalk(['trace', yaml, '--to', 'svc:web', '-o', 'minimal']);
}, 60_000);

describe('names in answers', () => {
  it('stand under the answer in text, wide and summary', async () => {
    const argv = ['trace', yaml, '--from', '192.168.61.33', '--to', '10.100.5.20:80'];
    for (const format of ['text', 'wide', 'summary']) {
      const { out } = await natwalk([...argv, '-o', format]);
      expect(out).toMatch(/^ {2}192\.168\.61\.33 +pod default\/web-7d9f-x2v4q on node\n? +ip-192-168-45-10/m);
      expect(out).toMatch(/^ {2}10\.100\.5\.20:80 +service default\/web, port http$/m);
    }
  });

  it('are an object in JSON, and nowhere in minimal and trace', async () => {
    const argv = ['trace', yaml, '--from', '192.168.61.33', '--to', '10.100.5.20:80'];
    const { out } = await natwalk([...argv, '--json']);
    expect(JSON.parse(out)).toMatchObject({
      names: { '192.168.61.33': 'pod default/web-7d9f-x2v4q', '10.100.5.20:80': 'service default/web' },
    });
    for (const format of ['minimal', 'trace'])
      expect((await natwalk([...argv, '-o', format])).out).not.toContain('web-7d9f');
  });

  it('reads as before', async () => {
    const { out } = await natwalk([
      'trace',
      tables,
      '--from',
      'pod:api',
      '--to',
      `node:${HOST}:30080`,
      '-o',
      'summary',
    ]);
    await expect(out).toMatchFileSnapshot('golden/names.summary.golden');
  });

  it('do not act on the terminal', async () => {
    const name = 'web\u202e\u200bx';
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' },
      status: { podIP: '192.168.61.33' },
    };
    const bad = nodeWith('bad', JSON.stringify({ ...pod, spec: { nodeName: 'a\u0085b' } }));
    const { out } = await natwalk(['trace', bad, '--from', '192.168.61.33', '--to', '203.0.113.9:443']);
    expect(out).not.toMatch(/[\u0085\u202e\u200b]/);
  });
});

describe('names in place of addresses', () => {
  it.each([
    [['--from', 'pod:web', '--to', 'svc:web'], 'dst 192.168.61.33:8080'],
    [
      ['--from', 'pod:default/api-5c8b-k7m2p', '--to', 'svc:default/web:80'],
      'src 192.168.40.11:40000 dst 192.168.61.33:8080',
    ],
    [['--from', 'pod:api:4000', '--to', 'pod:web:9000'], 'src 192.168.40.11:4000 dst 192.168.61.33:9000'],
    [['--from', '198.51.100.7', '--in', 'ens5', '--to', `node:${HOST}:30080`], 'dst 192.168.61.33:8080'],
    [['--from', 'pod:api', '--to', '203.0.113.9:443'], 'dst 203.0.113.9:443'],
  ])('%j', async (argv, says) => {
    const { status, out, err } = await natwalk(['trace', tables, ...argv, '-o', 'minimal']);
    expect([status, err]).toEqual([0, '']);
    expect(out).toContain(says);
  });

  it('takes a port by its name where the listing has names', async () => {
    const { out } = await natwalk([
      'trace',
      yaml,
      '--from',
      'pod:web',
      '--to',
      'svc:web:http',
      '-o',
      'minimal',
    ]);
    expect(out).toContain('dst 192.168.61.33:8080');
  });

  it('takes a service that only the rules of kube-proxy name', async () => {
    const { out } = await natwalk([
      'trace',
      example,
      '--from',
      '192.168.40.11',
      '--to',
      'svc:web',
      '-o',
      'minimal',
    ]);
    expect(out).toContain('dst 192.168.61.33:8080');
  });

  it.each([
    ['pod:wbe', 'NAME_UNKNOWN', 'default/web-7d9f-x2v4q', 'wbe'],
    ['svc:head', 'NAME_HEADLESS', 'default/head is headless', 'head'],
    ['svc:web:https', 'NAME_PORT', '80/tcp', 'https'],
    ['svc:web:8443', 'NAME_PORT', 'its ports are: 80/tcp', '8443'],
    ['svc:web:30080', 'NAME_PORT_NODE', '--to node:NAME:30080', '30080'],
    ['svc:web:8080', 'NAME_PORT_TARGET', '--to pod:NAME:8080', '8080'],
    ['svc:ext', 'NAME_EXTERNAL_NAME', 'look db.example.com up', 'ext'],
    ['pod:slow', 'NAME_NO_ADDRESS', 'default/slow-1', 'slow'],
    ['node:ip-192-168-9-9', 'NAME_NODE_OF_PODS', 'kubectl get node -o wide', 'ip-192-168-9-9'],
    ['svc:default/', 'NAME_FORM', 'KIND:NAME', 'svc:default/'],
    ['node:x', 'NAME_UNKNOWN', HOST, 'x'],
  ])('--to %s is a mistake that is pointed at', async (to, code, says, marked) => {
    const { status, out, err } = await natwalk(['trace', tables, '--from', '192.168.61.33', '--to', to]);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain(code);
    expect(err.replace(/\s+/g, ' ')).toContain(says);
    const lines = err.split('\n');
    const at = lines.findIndex((one) => one.includes('^'));
    const [line = '', carets = ''] = lines.slice(at - 1, at + 1);
    expect(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe(marked);
  });

  it('works in the lines of a batch, and a name that leads nowhere fails its line alone', async () => {
    const lines = [
      '{"id":"a","proto":"tcp","src":"pod:api","dst":"svc:web"}',
      '{"id":"b","proto":"tcp","src":"pod:api","dst":"svc:web","dport":80}',
      '{"id":"c","proto":"tcp","src":"pod:nobody","dst":"svc:web"}',
      '{"id":"d","proto":"udp","src":"pod:api","sport":5353,"dst":"192.168.61.33","dport":53}',
    ];
    const { status, out } = await natwalk(['trace', tables, '--batch', '-', '--json'], {
      stdin: lines.join('\n'),
    });
    const results = out
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(status).toBe(1);
    expect(results).toMatchObject([
      { id: 'a', packet: { src: '192.168.40.11', dst: '10.100.5.20', dport: 80, in: 'eni1f4c3ab7e90' } },
      { id: 'b', packet: { dport: 80 } },
      { id: 'c', error: { code: 'NAME_UNKNOWN' } },
      { id: 'd', packet: { src: '192.168.40.11', sport: 5353 } },
    ]);
  });
});
