/** What `tcpdump -i any` sees of packets at a bridge and its ports: the lab's Docker host beside a real bridge with its rules. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLab } from '../../src/cli/lab-files.js';
import { newRun } from '../../src/labs/progress.js';
import { LabSession } from '../../src/labs/session.js';
import { plainSights } from './cluster/plain.js';

const root = join(import.meta.dirname, '../..');

/** A command in a namespace, and the same as a student types it. */
const TRAFFIC: readonly (readonly [where: string, real: string, typed: string])[] = [
  ['client', 'busybox ping -c 1 203.0.113.9', 'docker exec client ping -c 1 203.0.113.9'],
  ['client', 'busybox ping -c 1 172.17.0.2', 'docker exec client ping -c 1 172.17.0.2'],
  ['node', 'busybox ping -c 1 172.17.0.2', 'ping -c 1 172.17.0.2'],
  ['client', 'busybox ping -c 1 172.17.0.1', 'docker exec client ping -c 1 172.17.0.1'],
  [
    'node',
    'iptables-legacy -t nat -A PREROUTING -p icmp -d 203.0.113.8 -j DNAT --to-destination 172.17.0.2',
    '',
  ],
  ['client', 'busybox ping -c 1 203.0.113.8', 'docker exec client ping -c 1 203.0.113.8'],
  [
    'node',
    'iptables-legacy -t nat -A PREROUTING -p icmp -d 203.0.113.7 -j DNAT --to-destination 203.0.113.9',
    '',
  ],
  ['client', 'busybox ping -c 1 203.0.113.7', 'docker exec client ping -c 1 203.0.113.7'],
];

/** The bridge with its address and MAC as dumped, its ports by their names, and the host that the labs' addresses stand for. */
const SETUP = `set -e
mkdir -p /run/netns; mount -t tmpfs none /run/netns
for name in node web client lan; do ip netns add $name; ip -n $name link set lo up; done
ip -n node link add docker0 address 02:42:5f:1c:9e:07 type bridge
ip -n node addr add 172.17.0.1/16 dev docker0
ip -n node link set docker0 up
port() {
  ip -n node link add $1 type veth peer name eth0 netns $2
  ip -n node link set $1 master docker0 up; ip -n $2 link set eth0 up
  ip -n $2 addr add $3/16 dev eth0; ip -n $2 route add default via 172.17.0.1
}
port veth82b3ade web 172.17.0.2; port veth6844d09 client 172.17.0.3
ip -n node link add eth0 type veth peer name eth0 netns lan
ip -n node addr add 192.168.96.20/20 dev eth0; ip -n node link set eth0 up
ip -n lan addr add 192.168.96.1/20 dev eth0; ip -n lan addr add 203.0.113.9/32 dev lo; ip -n lan link set eth0 up
ip -n node route add default via 192.168.96.1
ip netns exec node sysctl -qw net.ipv4.ip_forward=1
ip netns exec node iptables-legacy-restore < labs/nodes/docker-host/iptables-save.txt
# Ports learn who is behind them, and neighbours each other.
ip netns exec web busybox ping -c 1 172.17.0.3 >/dev/null
ip netns exec client busybox ping -c 1 203.0.113.9 >/dev/null
ip netns exec web busybox ping -c 1 172.17.0.1 >/dev/null
SEEN=$(mktemp)
watch() {
  rm -f $SEEN.err
  ip netns exec node tcpdump -l --immediate-mode -i any -nn icmp > $SEEN 2>$SEEN.err & ID=$!
  until grep -qs listening $SEEN.err; do sleep 0.05; done
  "$@" >/dev/null 2>&1 || true
  sleep 0.3; kill $ID; wait $ID 2>/dev/null || true
  cat $SEEN; echo done
}
`;

it('are those of a real bridge', { timeout: 60_000 }, async () => {
  const script = TRAFFIC.map(([where, real]) => `watch ip netns exec ${where} ${real}\n`).join('');
  const clean = 'rm -f $SEEN $SEEN.err\n';
  const { stdout, stderr } = spawnSync(
    'unshare',
    ['--mount', '--propagation', 'private', 'bash', '-c', `${SETUP}${script}${clean}`],
    { cwd: root, encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  const seen = stdout.split('done\n').map((text) => plainSights(text.split('\n'), 0));
  const { lab, material } = await openLab(join(root, 'labs/13-docker/lab.yaml'));
  if (lab === null) throw new Error('lab 13 cannot be read');
  const session = new LabSession(lab, material, newRun(1), 'en');
  const told = TRAFFIC.map(([, real, typed]) => {
    session.type(typed === '' ? real : typed);
    return typed === '' ? [] : plainSights(session.type('tcpdump -i any -nn').out.split('\n'), 1);
  });
  expect(told).toEqual(seen.slice(0, -1));
});
