/** `natwalk path` beyond the nodes: gateways, source checks, LANs, Docker's bridge, both families. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { natwalk } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'natwalk-network-'));
const LABS = join(import.meta.dirname, '../../labs/nodes');

afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Hop {
  readonly place: { readonly kind: string; readonly name: string };
  readonly direction: string;
  readonly action: string;
  readonly reason: { readonly code: string } | null;
  readonly after: { readonly src?: string; readonly dst?: string; readonly dport?: number };
}

interface Way {
  readonly verdict: string;
  readonly hops: readonly Hop[];
}

async function ways(text: string, from: string, to: string, ...more: string[]): Promise<readonly Way[]> {
  const cluster = join(folder, 'cluster.yaml');
  writeFileSync(cluster, text);
  const { out, err } = await natwalk(['path', cluster, '--from', from, '--to', to, ...more, '--json']);
  expect(err).toBe('');
  return (JSON.parse(out) as { outcomes: readonly Way[] }).outcomes;
}

/** The only way. */
async function way(text: string, from: string, to: string, ...more: string[]): Promise<Way> {
  const [only, ...others] = await ways(text, from, to, ...more);
  expect(others).toEqual([]);
  if (only === undefined) throw new Error('no way');
  return only;
}

/** `KIND SRC > DST` behind each place, `<` on the way back. */
const told = ({ hops }: Way): string[] =>
  hops.map(({ place, direction, after }) => {
    const arrow = direction === 'back' ? '< ' : '';
    return `${arrow}${place.kind} ${after.src ?? ''} > ${after.dst ?? ''}`;
  });

const last = ({ verdict, hops }: Way): object => ({
  ...{ verdict, place: hops.at(-1)?.place.kind, code: hops.at(-1)?.reason?.code },
});

/** The VPC of the first worker, with another default route. */
function vpc(more: string, node = `a: ${LABS}/eks-external-snat`): string {
  return `nodes: { ${node} }
pods: { pod-3: { node: a, address: 192.168.61.33 } }
vpc:
  cidrs: [192.168.0.0/16]
${more}`;
}

const PRIVATE = `  subnets: [{ cidr: 192.168.32.0/19, default: nat-gateway }]
  nat-gateway: { address: 192.168.0.44, public: 203.0.113.44 }
`;

describe('a NAT gateway', () => {
  it('gives its own address to a pod that the node leaves as it is, and takes the answer back', async () => {
    const found = await way(vpc(PRIVATE), 'pod:pod-3', '8.8.8.8', '--proto', 'icmp');
    expect(found.verdict).toBe('delivered');
    expect(told(found)).toEqual([
      'node 192.168.61.33 > 8.8.8.8',
      'router 192.168.61.33 > 8.8.8.8',
      'nat-gateway 203.0.113.44 > 8.8.8.8',
      'outside 203.0.113.44 > 8.8.8.8',
      '< nat-gateway 8.8.8.8 > 192.168.61.33',
      '< node 8.8.8.8 > 192.168.61.33',
      '< pod 8.8.8.8 > 192.168.61.33',
    ]);
  });

  it('lets nobody in who was not asked', async () => {
    const found = await way(vpc(PRIVATE), 'outside', '203.0.113.44:80');
    expect(last(found)).toEqual({ verdict: 'dropped', place: 'outside', code: 'PATH_NO_SUCH' });
  });

  it('is missed where a subnet leads to it', async () => {
    const cluster = join(folder, 'missing.yaml');
    const text = vpc('  subnets: [{ cidr: 192.168.32.0/19, default: nat-gateway }]\n');
    writeFileSync(cluster, text);
    const { err, status } = await natwalk(['path', cluster, '--from', 'pod:pod-3', '--to', '8.8.8.8']);
    expect(status).toBe(2);
    expect(err).toContain('CLUSTER_NO_NAT');
  });

  it('is not there for a subnet without a default route', async () => {
    const found = await way(vpc('  subnets: [{ cidr: 192.168.32.0/19 }]\n'), 'pod:pod-3', '8.8.8.8:443');
    expect(last(found)).toEqual({ verdict: 'dropped', place: 'vpc', code: 'PATH_NO_VPC_ROUTE' });
  });
});

const PUBLIC = `  subnets: [{ cidr: 192.168.32.0/19, default: internet-gateway }]
  public: { 192.168.45.10: 203.0.113.10 }
`;

describe('the source check of an interface', () => {
  const broken = (more: string): string => vpc(PUBLIC, `a: { snapshot: ${LABS}/eks-no-policy-rule${more} }`);

  it('drops the address of ens5 that leaves by ens6', async () => {
    const found = await way(broken(''), 'pod:pod-3', '8.8.8.8:443');
    expect(last(found)).toEqual({ verdict: 'dropped', place: 'vpc', code: 'PATH_SOURCE_CHECK' });
  });

  it('lets it pass where it is off', async () => {
    const found = await way(broken(', source-check: false'), 'pod:pod-3', '8.8.8.8:443');
    expect(found.verdict).toBe('delivered');
  });

  it('knows addresses of a prefix as those of their interface', async () => {
    const text = vpc(PUBLIC, `a: { snapshot: ${LABS}/eks-prefixes, enis: { ens5: [192.168.41.64/28] } }`);
    const inside = await way(text, '192.168.41.70', '8.8.8.8', '--proto', 'icmp');
    expect(inside.verdict).toBe('delivered');
    const unowned = await way(text, 'node:a', '192.168.41.79:80');
    expect(unowned.hops[0]?.place.kind).toBe('node');
  });

  it('drops what comes to an interface by name of another', async () => {
    // The second node routes by the first one's own address, as if that were a router.
    const text = `nodes: { a: ${LABS}/eks-worker-1, b: b.txt }
vpc:
  cidrs: [192.168.0.0/16]
  subnets: [{ cidr: 192.168.32.0/19 }]
`;
    writeFileSync(join(folder, 'b.txt'), host('192.168.34.5/19', '', 'default via 192.168.45.10 dev eth0\n'));
    const found = await way(text, 'node:b', '192.168.200.9:80');
    expect(last(found)).toEqual({ verdict: 'dropped', place: 'vpc', code: 'PATH_DESTINATION_CHECK' });
  });
});

/** A machine with one interface, as a transcript; nothing filters. */
function host(address: string, more = '', routes = ''): string {
  const six = address.includes(':');
  const [own = ''] = address.split('/');
  const family = six ? 'inet6' : 'inet';
  const words = six ? 'proto kernel metric 256 pref medium' : `proto kernel scope link src ${own}`;
  return `# Generated by iptables-save v1.8.9 on Sat Nov 21 08:00:00 2026
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
# Completed on Sat Nov 21 08:00:00 2026
${more}$ ip rule
0:\tfrom all lookup local
32766:\tfrom all lookup main
32767:\tfrom all lookup default
$ ip -6 rule
0:\tfrom all lookup local
32766:\tfrom all lookup main
$ ip route show table all
${routes}${prefixOf(address)} dev eth0 ${words}
local ${own} dev eth0 table local proto kernel ${six ? 'metric 0 pref medium' : `scope host src ${own}`}
$ ip addr
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    inet 127.0.0.1/8 scope host lo
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    ${family} ${address} scope global
$ sysctl -a
net.ipv4.ip_forward = 1
net.ipv6.conf.all.forwarding = 1
net.ipv4.conf.all.rp_filter = 0
`;
}

/** The network of an address whose last parts are its host's. */
function prefixOf(address: string): string {
  if (address.includes(':')) return address.replace(/::\w+\//, '::/');
  return address.endsWith('/19') ? '192.168.32.0/19' : address.replace(/\.\d+\//, '.0/');
}

describe('a LAN', () => {
  const lan = (more: string): string =>
    `nodes: { m: ${LABS}/metallb-1, n: ${LABS}/metallb-2 }
pods: { web-2: { node: n, address: 10.244.2.9 } }
segments: { lan: { cidr: 192.168.96.0/20${more} } }
`;
  const GATEWAY = ', gateway: 192.168.96.1';

  it('hides everybody behind its router, and finds the way back', async () => {
    const found = await way(lan(`${GATEWAY}, nat: 203.0.113.96`), 'node:m', '8.8.8.8', '--proto', 'icmp');
    expect(told(found)).toEqual([
      'node 192.168.96.49 > 8.8.8.8',
      'segment 203.0.113.96 > 8.8.8.8',
      'outside 203.0.113.96 > 8.8.8.8',
      '< segment 8.8.8.8 > 192.168.96.49',
      '< node 8.8.8.8 > 192.168.96.49',
      '< node 8.8.8.8 > 192.168.96.49',
    ]);
    expect(found.verdict).toBe('delivered');
  });

  it('has no way out without a router', async () => {
    const found = await way(lan(''), 'node:m', '8.8.8.8:443');
    expect(last(found)).toEqual({ verdict: 'dropped', place: 'segment', code: 'PATH_NO_NEIGHBOUR' });
  });

  it('has nobody at an address that no node has or answers for', async () => {
    const found = await way(lan(GATEWAY), 'outside', '192.168.96.250:80');
    expect(last(found)).toEqual({ verdict: 'dropped', place: 'segment', code: 'PATH_NO_NEIGHBOUR' });
  });

  it('lets the node that answers for an address have its packets', async () => {
    const answers = `${GATEWAY}, answers: { 192.168.96.241: n }`;
    const found = await way(lan(answers), 'outside', '192.168.96.241:80');
    expect(told(found)).toEqual([
      'node 198.51.100.7 > 10.244.2.9',
      'pod 198.51.100.7 > 10.244.2.9',
      '< node 192.168.96.241 > 198.51.100.7',
      '< router 192.168.96.241 > 198.51.100.7',
      '< outside 192.168.96.241 > 198.51.100.7',
    ]);
    expect(found.verdict).toBe('delivered');
  });

  it('lets a node without a pod of its own drop them', async () => {
    const answers = `${GATEWAY}, answers: { 192.168.96.241: m }`;
    const found = await way(lan(answers), 'outside', '192.168.96.241:80');
    expect(last(found)).toMatchObject({ verdict: 'dropped', place: 'node' });
  });
});

describe("Docker's bridge", () => {
  const docker = `nodes: { d: ${LABS}/docker-host, m: ${LABS}/metallb-1 }
pods:
  web: { node: d, address: 172.17.0.2 }
  client: { node: d, address: 172.17.0.3 }
segments: { lan: { cidr: 192.168.96.0/20, gateway: 192.168.96.1 } }
`;

  it('leads a neighbour to a published port, and its answer back', async () => {
    const found = await way(docker, 'node:m', '192.168.96.20:8080');
    expect(found.verdict).toBe('delivered');
    expect(told(found)).toEqual([
      'node 192.168.96.49 > 192.168.96.20',
      'node 192.168.96.49 > 172.17.0.2',
      'pod 192.168.96.49 > 172.17.0.2',
      '< node 192.168.96.20 > 192.168.96.49',
      '< node 192.168.96.20 > 192.168.96.49',
      '< node 192.168.96.20 > 192.168.96.49',
    ]);
  });

  it('hides a container behind the host', async () => {
    const found = await way(docker, 'pod:client', '8.8.8.8:443');
    expect(found.verdict).toBe('delivered');
    expect(told(found)[0]).toBe('node 192.168.96.20 > 8.8.8.8');
  });

  it('shows the source that the node has chosen for its process', async () => {
    const cluster = join(folder, 'chosen.yaml');
    writeFileSync(cluster, docker);
    const { out } = await natwalk(['path', cluster, '--from', 'node:m', '--to', '192.168.96.20:8080']);
    expect(out).toContain('node m: tcp 192.168.96.49:40000 > 192.168.96.20:8080');
    expect(out).not.toContain('0.0.0.0');
  });

  it('leaves a port that is not published to the host itself', async () => {
    const found = await way(docker, 'node:m', '192.168.96.20:9090');
    expect(found.hops.map(({ action }) => action).slice(0, 2)).toEqual(['sent', 'delivered']);
  });
});

describe('IPv6', () => {
  const six = `nodes: { a: six-a.txt, b: six-b.txt }
segments: { lan: { cidr: 2001:db8:1::/64, gateway: 2001:db8:1::ff } }
outside: 2001:db8:9::9
`;
  writeFileSync(
    join(folder, 'six-a.txt'),
    host('2001:db8:1::a/64', '', 'default via 2001:db8:1::ff dev eth0 metric 1024 pref medium\n'),
  );
  writeFileSync(join(folder, 'six-b.txt'), host('2001:db8:1::b/64'));

  it('goes from node to node', async () => {
    const found = await way(six, 'node:a', '[2001:db8:1::b]:80');
    expect(found.verdict).toBe('delivered');
    expect(told(found)).toContain('< node 2001:db8:1::b > 2001:db8:1::a');
  });

  it('goes out by the router, without translation', async () => {
    const found = await way(six, 'node:a', '2001:db8:9::9', '--proto', 'icmpv6');
    expect(found.verdict).toBe('delivered');
    expect(told(found).slice(0, 3)).toEqual([
      'node 2001:db8:1::a > 2001:db8:9::9',
      'router 2001:db8:1::a > 2001:db8:9::9',
      'outside 2001:db8:1::a > 2001:db8:9::9',
    ]);
  });

  it('has no way where the node has no route', async () => {
    const found = await way(six, 'node:b', '2001:db8:9::9', '--proto', 'icmpv6');
    expect(found.verdict).toBe('unroutable');
  });
});

describe('a load balancer', () => {
  const balanced = (more: string): string =>
    vpc(
      `${PUBLIC}balancers:
  web: { addresses: [192.168.40.200], public: [203.0.113.80], port: 80${more} }
`,
      `a: ${LABS}/eks-worker-1`,
    );
  const TARGET = ', targets: ["a:30081"]';

  it('has a listener of one port and protocol', async () => {
    const found = await way(balanced(TARGET), 'outside', '203.0.113.80:443');
    expect(last(found)).toEqual({ verdict: 'dropped', place: 'balancer', code: 'PATH_NO_LISTENER' });
  });

  it('sends nothing to nobody', async () => {
    const found = await way(balanced(''), 'outside', '203.0.113.80:80');
    expect(last(found)).toEqual({ verdict: 'dropped', place: 'balancer', code: 'PATH_NO_TARGET' });
  });

  it('serves a pod of another node by its private address', async () => {
    const text = balanced(TARGET).replace('nodes: {', `nodes: { b: ${LABS}/eks-worker-2,`);
    const both = text.replace('pods: {', 'pods: { pod-2: { node: b, address: 192.168.70.8 },');
    const zones = both.replace('subnets: [', 'subnets: [{ cidr: 192.168.64.0/19 }, ');
    const found = await way(zones, 'pod:pod-2', '192.168.40.200:80');
    expect(found.verdict).toBe('delivered');
    expect(told(found)).toContain('balancer 192.168.70.8 > 192.168.45.10');
    expect(told(found).at(-1)).toBe('< pod 192.168.40.200 > 192.168.70.8');
  });

  it('fails a pod of its target node, whose answer does not come by it', async () => {
    const found = await way(balanced(TARGET), 'pod:pod-3', '192.168.40.200:80');
    expect(found.verdict).toBe('stranger');
    expect(told(found).at(-1)).toBe('< pod 192.168.45.10 > 192.168.61.33');
  });

  it('fails a client that is its own target, whose address it keeps', async () => {
    const text = balanced(', mode: ip, client-address: kept, targets: ["192.168.61.33:8080"]');
    const found = await way(text, 'pod:pod-3', '192.168.40.200:80');
    expect(found.verdict).toBe('dropped');
  });
});

describe('a pod', () => {
  it('takes nothing that comes from its own address', async () => {
    const text = `nodes: { a: ${LABS}/eks-no-hairpin }
pods: { pod-3: { node: a, address: 192.168.61.33 } }
`;
    const cluster = join(folder, 'own.yaml');
    writeFileSync(cluster, text);
    const { out } = await natwalk([
      'path',
      cluster,
      '--from',
      'pod:pod-3',
      '--to',
      '10.100.5.24:80',
      '--lang',
      'ko',
    ]);
    expect(out).toContain('파드는 자기 주소(192.168.61.33)에서 온 패킷을 버림');
  });
});
