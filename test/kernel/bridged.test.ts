/** Packets that NAT sends back into the bridge that they came in by: what arrives, with which TTL, beside the walk of the node's own dumps. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { trace } from '../../src/packet/trace.js';
import { loadNode } from '../../src/snapshot/load.js';

/** A bridge with two hosts; the service 10.96.0.1 and fd96::1 is one of them. */
const SETUP = `set -e
mkdir -p /run/netns; mount -t tmpfs none /run/netns
for name in node a b; do
  ip netns add $name; ip -n $name link set lo up
  # Neighbours are asked for by link-local addresses, which are else tried out for a second first.
  ip netns exec $name sysctl -qw net.ipv6.conf.default.accept_dad=0
done
ip -n node link add br0 type bridge mcast_snooping 0; ip -n node link set br0 up
ip -n node addr add 10.1.0.1/24 dev br0; ip -n node addr add fd01::1/64 dev br0 nodad
port() {
  ip -n node link add v$1 type veth peer name eth0 netns $1
  ip -n node link set v$1 master br0 up; ip -n $1 link set eth0 up
  ip -n $1 addr add 10.1.0.$2/24 dev eth0; ip -n $1 addr add fd01::$2/64 dev eth0 nodad
  ip -n $1 route add default via 10.1.0.1; ip -n $1 -6 route add default via fd01::1
}
port a 2; port b 3
node() { ip netns exec node "$@"; }
ip -n node link set br0 type bridge nf_call_iptables $OWN nf_call_ip6tables $OWN
node sysctl -qw net.ipv4.ip_forward=$FORWARDS net.ipv6.conf.all.forwarding=$FORWARDS \\
  net.bridge.bridge-nf-call-iptables=$CALLS net.bridge.bridge-nf-call-ip6tables=$CALLS
ip -n node link set va type bridge_slave hairpin $HAIRPIN
node iptables-legacy -t nat -A PREROUTING -d 10.96.0.1 -p udp --dport 80 -j DNAT --to-destination 10.1.0.$TO:8080
node ip6tables-legacy -t nat -A PREROUTING -d fd96::1 -p udp --dport 80 -j DNAT --to-destination [fd01::$TO]:8080
node iptables-legacy -t nat -A POSTROUTING -s 10.1.0.$TO -p udp -j MASQUERADE
node ip6tables-legacy -t nat -A POSTROUTING -s fd01::$TO -p udp -j MASQUERADE
[ "$TO" = 2 ] && host=a || host=b
# Neighbours learn each other, and ports who is behind them.
for address in 10.1.0.3 10.1.0.1 fd01::3 fd01::1; do
  ip netns exec a busybox ping -c 1 -W 2 $address >/dev/null 2>&1 || true
done
SEEN=$(mktemp)
send() {
  rm -f $SEEN.err
  ip netns exec $host tcpdump -l --immediate-mode -vnni eth0 udp dst port 8080 > $SEEN 2>$SEEN.err & ID=$!
  until grep -qs listening $SEEN.err; do sleep 0.05; done
  ip netns exec a bash -c "echo x > /dev/udp/$1/80" 2>/dev/null || true
  sleep 0.3; kill $ID; wait $ID 2>/dev/null || true
  sed -n 's/.*\\(ttl\\|hlim\\) \\([0-9]*\\).*/\\2/p' $SEEN | sort -u | tr '\\n' ' '
}
echo "seen $(send 10.96.0.1)"; echo "seen $(send fd96::1)"
rm -f $SEEN $SEEN.err
section() { echo "=== $1"; shift; "$@"; }
section iptables-save.txt node iptables-legacy-save
section ip6tables-save.txt node ip6tables-legacy-save
section ip-addr.txt node ip -d addr
section ip-rule.txt node ip rule
section ip6-rule.txt node ip -6 rule
section ip-route.txt node ip route show table all
section ip6-route.txt node ip -6 route show table all
section sysctl.txt node sysctl -a
`;

interface Case {
  /** net.bridge.bridge-nf-call-iptables and -ip6tables. */
  readonly calls: 0 | 1;
  /** The last part of the address that the service is: 2 is the sender itself. */
  readonly to: 2 | 3;
  readonly hairpin: 'on' | 'off';
  /** The bridge's own option to ask the rules. */
  readonly own?: 0 | 1;
  /** Whether the node forwards. */
  readonly forwards?: 0 | 1;
}

/** The TTLs of what arrives, one for each family, and the node's dumps. */
function real({ calls, to, hairpin, own = 0, forwards = 1 }: Case): {
  readonly seen: readonly string[];
  readonly text: string;
} {
  const { stdout, stderr } = spawnSync(
    'unshare',
    ['--mount', '--propagation', 'private', 'bash', '-c', SETUP],
    {
      encoding: 'utf8',
      maxBuffer: 64 << 20,
      env: {
        ...process.env,
        CALLS: String(calls),
        TO: String(to),
        HAIRPIN: hairpin,
        OWN: String(own),
        FORWARDS: String(forwards),
      },
    },
  );
  expect(stderr).toBe('');
  return { seen: [...stdout.matchAll(/^seen (.*?) *$/gm)].map(([, ttl = '']) => ttl), text: stdout };
}

/** What the walks say: the TTL with which a packet goes on, or why it does not. */
function walked(text: string, sender: string): readonly (readonly string[])[] {
  const files = text.split(/^=== /m).slice(1);
  const node = loadNode(
    'node',
    files.map((file) => {
      const end = file.indexOf('\n');
      return { name: file.slice(0, end), text: file.slice(end + 1) };
    }),
  );
  return [
    ['10.1.0.2', '10.96.0.1'],
    ['fd01::2', 'fd96::1'],
  ].map(([src = '', dst = '']) =>
    trace(node, { in: sender, proto: 'udp', src, sport: 40000, dst, dport: 80 }).outcomes.map(
      ({ verdict, final, drop }) => (verdict === 'forwarded' ? String(final.ttl) : (drop?.reason ?? verdict)),
    ),
  );
}

/** The same of IPv4 and of IPv6. */
const both = (arrives: string, ...walks: readonly string[]): readonly [string, readonly string[]][] => [
  [arrives, walks],
  [arrives, walks],
];

it.each<readonly [Case, readonly (readonly [string, readonly string[]])[]]>([
  [{ calls: 1, to: 3, hairpin: 'off' }, both('64', '64')],
  [{ calls: 0, to: 3, hairpin: 'off' }, both('63', '63')],
  [{ calls: 0, to: 3, hairpin: 'off', own: 1 }, both('64', '64')],
  // IPv6 asks whether the node forwards in ip6_forward alone.
  [
    { calls: 1, to: 3, hairpin: 'off', forwards: 0 },
    [
      ['', ['ip_forward']],
      ['64', ['64']],
    ],
  ],
  // Whether the port is in hairpin mode is open.
  [{ calls: 1, to: 2, hairpin: 'off' }, both('', '64', 'hairpin')],
  [{ calls: 1, to: 2, hairpin: 'on' }, both('64', '64', 'hairpin')],
  [{ calls: 0, to: 2, hairpin: 'off' }, both('63', '63')],
])('%j: what arrives, and what the walks say: %j', { timeout: 60_000 }, (setting, expected) => {
  const { seen, text } = real(setting);
  expect(seen).toEqual(expected.map(([arrives]) => arrives));
  for (const device of ['va', 'br0'])
    expect(walked(text, device)).toEqual(expected.map(([, walks]) => walks));
});
