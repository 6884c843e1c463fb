/** The way across nodes that `natwalk path` tells is the way that packets take through real namespaces. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { natwalk } from '../support/cli.js';
import { whyNoKernel } from './available.js';

const folder = mkdtempSync(join(tmpdir(), 'natwalk-path-kernel-'));
const id = String(process.pid);
const NAMES = ['p1', 'n1', 'r', 'n2', 'p2', 'out'] as const;
const ns = (name: string): string => `nwp${id}${name}`;
const run = (name: string, script: string): string =>
  execFileSync('ip', ['netns', 'exec', ns(name), 'sh', '-ec', script], { encoding: 'utf8' });

/** A cable between two namespaces. */
function cable(a: string, da: string, ia: string, b: string, db: string, ib: string): void {
  run(
    a,
    `ip link add ${da} type veth peer name ${db} netns ${ns(b)}; ip addr add ${ia} dev ${da}; ip link set ${da} up`,
  );
  run(b, `ip addr add ${ib} dev ${db}; ip link set ${db} up`);
}

const DUMP = `iptables-save; echo '$ ip rule'; ip rule; echo '$ ip route show table all'; ip route show table all;
echo '$ ip addr'; ip addr; echo '$ sysctl -a'; sysctl -a 2>/dev/null | grep -E 'ipv4.ip_forward |conf.*(rp_filter|forwarding) '`;
const ROUTER = 'sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0; ';

describe.skipIf(whyNoKernel() !== null)('natwalk path beside the kernel', { timeout: 60_000 }, () => {
  const cluster = join(folder, 'cluster.yaml');

  beforeAll(() => {
    for (const name of NAMES) execFileSync('ip', ['netns', 'add', ns(name)]);
    for (const name of NAMES) run(name, 'ip link set lo up');
    cable('n1', 'v1', '10.1.0.1/24', 'p1', 'eth0', '10.1.0.5/24');
    cable('n2', 'v2', '10.2.0.1/24', 'p2', 'eth0', '10.2.0.6/24');
    cable('n1', 'eth0', '172.20.1.10/24', 'r', 'r1', '172.20.1.1/24');
    cable('n2', 'eth0', '172.20.2.10/24', 'r', 'r2', '172.20.2.1/24');
    cable('r', 'r3', '172.20.3.1/24', 'out', 'eth0', '172.20.3.9/24');
    run('p1', 'ip route add default via 10.1.0.1');
    run('p2', 'ip route add default via 10.2.0.1');
    run('out', 'ip route add default via 172.20.3.1');
    run('r', `${ROUTER} ip route add 10.1.0.0/24 via 172.20.1.10; ip route add 10.2.0.0/24 via 172.20.2.10`);
    run(
      'n1',
      `${ROUTER} ip route add default via 172.20.1.1; iptables -t nat -A PREROUTING -d 10.96.0.10 -p icmp -j DNAT --to-destination 10.2.0.6; iptables -t nat -A POSTROUTING -s 10.1.0.0/24 -d 172.20.3.0/24 -j SNAT --to-source 172.20.1.10`,
    );
    run('n2', `${ROUTER} ip route add default via 172.20.2.1`);
    for (const node of ['n1', 'r', 'n2']) writeFileSync(join(folder, `${node}.txt`), run(node, DUMP));
    writeFileSync(
      cluster,
      `nodes: { n1: n1.txt, r: r.txt, n2: n2.txt }
pods:
  p1: { node: n1, address: 10.1.0.5 }
  p2: { node: n2, address: 10.2.0.6 }
  out: { node: r, address: 172.20.3.9 }
segments: { one: { cidr: 172.20.1.0/24 }, two: { cidr: 172.20.2.0/24 } }
`,
    );
  });

  afterAll(() => {
    for (const name of NAMES) execFileSync('ip', ['netns', 'del', ns(name)]);
    rmSync(folder, { recursive: true });
  });

  /** `NODE DEVICE SRC > DST` of each packet that leaves a node, as tcpdump sees it. */
  async function seen(to: string): Promise<readonly string[]> {
    const nodes = ['n1', 'r', 'n2'];
    const watching = nodes.map((node) => {
      const file = join(folder, `seen-${node}`);
      const child = spawn('sh', [
        '-c',
        `exec ip netns exec ${ns(node)} tcpdump -l -nn -Q out -i any icmp > ${file} 2>/dev/null`,
      ]);
      return { node, file, child };
    });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    run('p1', `busybox ping -c 1 -W 2 ${to} > /dev/null`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    for (const { child } of watching) child.kill();
    return watching.flatMap(({ node, file }) =>
      [...readFileSync(file, 'utf8').matchAll(/^\S+ (\S+)\s+Out IP (\S+) > ([^:]+):/gm)].map(
        ([, device = '', src = '', dst = '']) => `${node} ${device} ${src} > ${dst}`,
      ),
    );
  }

  it.each([
    ['a pod of another node', '10.2.0.6'],
    ['a service whose pod is on another node', '10.96.0.10'],
    ['the outside by SNAT', '172.20.3.9'],
  ])('goes to %s as it does', async (_, to) => {
    const { out } = await natwalk([
      'path',
      cluster,
      '--from',
      'pod:p1',
      '--to',
      to,
      '--proto',
      'icmp',
      '--json',
    ]);
    const { outcomes } = JSON.parse(out) as {
      outcomes: {
        verdict: string;
        hops: { place: { kind: string; name: string }; out: string; after: { src: string; dst: string } }[];
      }[];
    };
    const [outcome] = outcomes;
    expect(outcome?.verdict).toBe('delivered');
    const told = (outcome?.hops ?? [])
      .filter(({ place }) => place.kind === 'node')
      .map((hop) => `${hop.place.name} ${hop.out} ${hop.after.src} > ${hop.after.dst}`);
    expect((await seen(to)).toSorted()).toEqual(told.toSorted());
  });
});
