/** `natwalk path` on the command line: ways across nodes, and cluster files that are wrong. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { natwalk } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'natwalk-path-'));
const EKS = join(import.meta.dirname, '../../examples/eks-node');

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Nodes as texts, and a cluster file around them. */
function put(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const VPC = `vpc:
  cidrs: [192.168.0.0/16]
  subnets: [{ cidr: 192.168.32.0/19, default: internet-gateway }]
`;
const eks = (more: string): string => put('eks.yaml', `nodes: { a: ${EKS} }\n${VPC}${more}`);

interface PathText {
  readonly outcomes: readonly {
    readonly verdict: string;
    readonly probability: number | null;
    readonly reason: { readonly code: string } | null;
    readonly hops: readonly {
      readonly place: { readonly kind: string; readonly name: string };
      readonly direction: string;
      readonly layer: number;
      readonly action: string;
      readonly reason: { readonly code: string } | null;
      readonly after: { readonly src?: string; readonly dst?: string };
    }[];
  }[];
}

async function walk(cluster: string, ...words: string[]): Promise<PathText> {
  const { out, err, status } = await natwalk(['path', cluster, ...words, '--json']);
  expect(err).toBe('');
  expect(status).toBe(0);
  return JSON.parse(out) as PathText;
}

const kindsOf = ({ outcomes: [first] }: PathText): string[] =>
  (first?.hops ?? []).map(({ place, direction }) => `${direction === 'back' ? '<' : '>'}${place.kind}`);

describe('natwalk path in a VPC', () => {
  it("takes a pod's echo request to the internet and its answer back", async () => {
    const path = await walk(
      eks('  public: { 192.168.45.10: 203.0.113.77 }\n'),
      ...['--from', '192.168.61.33', '--to', '8.8.8.8', '--proto', 'icmp'],
    );
    expect(path.outcomes).toMatchObject([{ verdict: 'delivered', probability: 1 }]);
    expect(kindsOf(path)).toEqual([
      ...['>node', '>router', '>internet-gateway', '>outside', '<internet-gateway', '<node', '<pod'],
    ]);
    expect(path.outcomes[0]?.hops[2]?.after.src).toBe('203.0.113.77');
  });

  it('lets the internet gateway drop a source without public address', async () => {
    const path = await walk(eks(''), '--from', '192.168.61.33', '--to', '8.8.8.8:443');
    expect(path.outcomes).toMatchObject([{ verdict: 'dropped' }]);
    expect(path.outcomes[0]?.hops.at(-1)).toMatchObject({
      place: { kind: 'internet-gateway' },
      reason: { code: 'PATH_NO_PUBLIC' },
    });
  });

  it.each(['10.100.5.99', '172.31.0.9', '100.64.1.1'])(
    'finds no way through the internet to the private address %s',
    async (to) => {
      const path = await walk(
        eks('  public: { 192.168.45.10: 203.0.113.77 }\n'),
        ...['--from', '192.168.61.33', '--to', to, '--proto', 'icmp'],
      );
      expect(path.outcomes).toMatchObject([{ verdict: 'dropped' }]);
      expect(path.outcomes[0]?.hops.at(-1)).toMatchObject({
        place: { kind: 'outside' },
        reason: { code: 'PATH_PRIVATE_DESTINATION' },
      });
    },
  );

  it('lets the source check drop what leaves the second interface with the address of the first', async () => {
    const path = await walk(eks(''), '--from', '192.168.61.33', '--to', '10.100.5.22:443');
    expect(path.outcomes[0]?.hops.at(-1)).toMatchObject({ reason: { code: 'PATH_SOURCE_CHECK' } });
  });

  const balanced = (more: string): string =>
    eks(`balancers:
  web: { addresses: [192.168.40.200], public: [203.0.113.80], names: [web.example.com], port: 80, ${more} }
`);

  it('goes by the load balancer to each target, and back to the client', async () => {
    const path = await walk(
      balanced('targets: ["a:30080", "a:30081"]'),
      ...['--from', 'outside', '--to', 'web.example.com'],
    );
    expect(path.outcomes).toMatchObject([
      { verdict: 'delivered', probability: 0.5 },
      { verdict: 'delivered', probability: 0.5 },
    ]);
    expect(path.outcomes[1]?.hops.map(({ after }) => after.src)).toContain('198.51.100.7');
    expect(path.outcomes[1]?.hops.at(-1)?.after).toMatchObject({ src: '203.0.113.80', dst: '198.51.100.7' });
  });

  it('replaces the client in IP mode', async () => {
    const path = await walk(
      balanced('mode: ip, targets: ["192.168.33.90:8080"]'),
      ...['--from', 'outside', '--to', 'nlb:web'],
    );
    expect(path.outcomes).toMatchObject([{ verdict: 'delivered' }]);
    expect(path.outcomes[0]?.hops[1]?.after).toMatchObject({ src: '192.168.40.200', dst: '192.168.33.90' });
  });
});

/** A node of flannel: pods of 10.244.N.0/24 behind cni0, the other node's behind flannel.1. */
function flannel(own: number, far: number, tunnel: string): string {
  const [a, b] = [String(own), String(far)];
  return `# Generated by iptables-save v1.8.9 on Sat Nov 21 08:00:00 2026
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -s 10.244.0.0/16 ! -d 10.244.0.0/16 -j MASQUERADE
COMMIT
# Completed on Sat Nov 21 08:00:00 2026
$ ip rule
0:\tfrom all lookup local
32766:\tfrom all lookup main
32767:\tfrom all lookup default
$ ip route show table all
10.244.${a}.0/24 dev cni0 proto kernel scope link src 10.244.${a}.1
10.244.${b}.0/24 via ${tunnel === 'tunl0' ? `10.0.0.${b}` : `10.244.${b}.0`} dev ${tunnel} onlink
10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.${a}
local 10.0.0.${a} dev eth0 table local proto kernel scope host src 10.0.0.${a}
local 10.244.${a}.0 dev ${tunnel} table local proto kernel scope host src 10.244.${a}.0
local 10.244.${a}.1 dev cni0 table local proto kernel scope host src 10.244.${a}.1
local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1
$ ip addr
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    inet 127.0.0.1/8 scope host lo
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    inet 10.0.0.${a}/24 brd 10.0.0.255 scope global eth0
3: cni0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UP group default qlen 1000
    inet 10.244.${a}.1/24 brd 10.244.${a}.255 scope global cni0
4: ${tunnel}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UNKNOWN group default
    link/ether 5e:12:00:00:00:0${a} brd ff:ff:ff:ff:ff:ff
    inet 10.244.${a}.0/32 scope global ${tunnel}
$ ip neigh
10.244.${b}.0 dev ${tunnel} lladdr 5e:12:00:00:00:0${b} PERMANENT
$ bridge fdb show dev ${tunnel}
5e:12:00:00:00:0${b} dst 10.0.0.${b} self permanent
$ sysctl -a
net.ipv4.ip_forward = 1
net.ipv4.conf.all.rp_filter = 0
`;
}

function overlay(tunnel: string, change: (text: string) => string = (text) => text): string {
  put(`${tunnel}-1.txt`, change(flannel(1, 2, tunnel)));
  put(`${tunnel}-2.txt`, flannel(2, 1, tunnel));
  return put(
    `${tunnel}.yaml`,
    `nodes: { n1: ${tunnel}-1.txt, n2: ${tunnel}-2.txt }
pods:
  a: { node: n1, address: 10.244.1.5 }
  b: { node: n2, address: 10.244.2.6 }
segments: { lan: { cidr: 10.0.0.0/24 } }
`,
  );
}

describe('natwalk path through a tunnel', () => {
  it.each([
    ['flannel.1', 'vxlan'],
    ['tunl0', 'ipip'],
  ])('by %s walks the outer packet in its turn, there and back', async (tunnel) => {
    const path = await walk(overlay(tunnel), '--from', 'pod:a', '--to', 'pod:b:80');
    const [outcome] = path.outcomes;
    expect(outcome?.verdict).toBe('delivered');
    const there = (outcome?.hops ?? []).filter(({ direction }) => direction === 'forward');
    expect(there.map(({ place, action, layer }) => `${place.name} ${action} ${String(layer)}`)).toEqual([
      ...['n1 forwarded 0', 'n1 encapsulated 0', 'n1 sent 1', 'n2 delivered 1'],
      ...['n2 decapsulated 0', 'n2 forwarded 0', 'b received 0'],
    ]);
    expect(there[2]?.after).toMatchObject({ src: '10.0.0.1', dst: '10.0.0.2' });
  });

  it('stops where the FDB does not know the far end', async () => {
    const cluster = overlay('flannel.1', (text) => text.replace(/^5e.* dst .*$/m, ''));
    const path = await walk(cluster, '--from', 'pod:a', '--to', 'pod:b:80');
    expect(path.outcomes).toMatchObject([{ verdict: 'dropped', reason: { code: 'PATH_NO_FDB' } }]);
  });

  it('knows the far end from an FDB that was asked of the device alone, which names no device', async () => {
    const cluster = overlay('flannel.1', (text) => text.replace('fdb show dev flannel.1', 'fdb show'));
    const path = await walk(cluster, '--from', 'pod:a', '--to', 'pod:b:80');
    expect(path.outcomes).toMatchObject([{ verdict: 'delivered' }]);
  });
});

/** Nodes that are not there, so many. */
const many = (count: number): string =>
  `nodes:\n${Array.from({ length: count }, (_, at) => `  n${String(at)}: x`).join('\n')}\n`;

describe('a cluster file', () => {
  it.each([
    [200_000, 'CLUSTER_LARGE', '1:1'],
    [1001, 'CLUSTER_MANY', '1002:3'],
  ])('of %i nodes is refused before one of them is looked for', async (count, code, place) => {
    const { status, err } = await natwalk([
      'path',
      put('many.yaml', many(count)),
      '--from',
      'pod:a',
      '--to',
      'pod:b',
    ]);
    expect(status).toBe(2);
    expect(err).toContain(`error ${code}`);
    expect(err).toContain(`many.yaml:${place}`);
    expect(err).not.toMatch(/CLUSTER_NODE_PATH|READ_/);
  });

  it.each([
    ['nodes: [a]', 'CHECK_NOT_MAP', '1:8'],
    ['', 'CLUSTER_MISSING', '1:1'],
    ['nodes: { a: /no/such }', 'CLUSTER_NODE_PATH', '1:13'],
    [`nodes: { a: ${EKS} }\nvpcs: {}`, 'CHECK_UNKNOWN_KEY', '2:1'],
    [`nodes: { a: ${EKS} }\npods: { p: { node: b, address: 1.2.3.4 } }`, 'CLUSTER_NO_NODE', '2:20'],
    [`nodes: { a: ${EKS} }\npods: { p: { node: a, address: 1.2.3.400 } }`, 'CLUSTER_ADDRESS', '2:32'],
    [`nodes: { a: ${EKS} }\nvpc: { cidrs: [10.0.0.0/99] }`, 'CLUSTER_PREFIX', '2:16'],
    [
      `nodes: { a: ${EKS} }\nbalancers: { w: { addresses: [10.0.0.9], port: 80, targets: ["b:1"] } }`,
      ...['CLUSTER_TARGET', '2:62'],
    ],
    [`nodes: { a: ${EKS} }\n__proto__: {}`, 'CHECK_UNKNOWN_KEY', '2:1'],
    ['nodes: { "\\e[31m": "\\e[31m/none" }', 'CLUSTER_NODE_PATH', '1:20'],
  ])('%j is refused with its place', async (text, code, place) => {
    const cluster = put('faulty.yaml', text);
    const { status, err, out } = await natwalk(['path', cluster, '--from', 'node:a', '--to', '8.8.8.8']);
    expect(status).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(code);
    expect(err).toContain(`faulty.yaml:${place}`);
    expect(err).not.toContain('\u001b');
  });

  it.each([
    [['--from', 'pod:nobody', '--to', '8.8.8.8'], 'PATH_UNKNOWN_END'],
    [['--from', 'node:a', '--to', 'nlb:none'], 'PATH_UNKNOWN_END'],
    [['--to', '8.8.8.8'], 'PATH_NO_SOURCE'],
    [['--from', 'node:a'], 'USAGE_MISSING'],
    [['--from', 'node:a', '--to', '8.8.8.8', '-o', 'xml'], 'USAGE_CHOICE'],
  ])('with %j says what is wrong', async (words, code) => {
    const { status, err } = await natwalk(['path', eks(''), ...words]);
    expect(status).toBe(2);
    expect(err).toContain(code);
  });

  it('is drawn as a flowchart without syntax of its names', async () => {
    const { out } = await natwalk([
      'path',
      eks(''),
      '--from',
      '192.168.61.33',
      '--to',
      '8.8.8.8',
      '-o',
      'mermaid',
    ]);
    expect(out).toMatch(/^flowchart TD\n/);
    expect(out).toContain('class o0h2 bad');
  });
});

describe('the count of hops', () => {
  it.each([
    ['en', '(1 hop there, 0 back)'],
    ['ko', '(가는 길 1홉, 되돌아가는 길 0홉)'],
  ])('is of one where there is one, in %s', async (lang, count) => {
    const cluster = join(import.meta.dirname, '../../labs/nodes/calico-pair/cluster.yaml');
    const { out } = await natwalk([
      ...['path', cluster, '--from', 'pod:pod-1', '--to', '10.48.0.140:80', '--lang', lang],
    ]);
    expect(out).toContain(count);
  });
});
