/** The script of `natwalk collect`, run by the shells that nodes have, and read back. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { collectScript } from '../../src/cli/collect-script.js';
import type { Node } from '../../src/packet/node.js';
import { trace } from '../../src/packet/trace.js';
import { loadNode } from '../../src/snapshot/load.js';

const MAKE = `set -e
mount -t tmpfs tmpfs /run/netns
ip link set lo up
ip link add eth0 type veth peer name peer0
ip addr add 10.0.0.1/24 dev eth0; ip addr add fd00::1/64 dev eth0 nodad
ip link set eth0 up; ip link set peer0 up
ip route add default via 10.0.0.254
ip route add 10.9.0.0/16 via 10.0.0.9 table 7
ip rule add fwmark 0x7/0x7 lookup 7 pref 100
ip addrlabel add prefix fd00::/64 dev eth0 label 42
sysctl -q -w net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0
iptables-legacy -A FORWARD -d 192.0.2.0/24 -j DROP
iptables-nft -t mangle -A OUTPUT -p udp --dport 53 -j MARK --set-xmark 0x7/0x7
nft add table ip own
nft add chain ip own post '{ type nat hook postrouting priority srcnat; policy accept; }'
nft add rule ip own post oifname eth0 udp dport 5353 snat to 10.0.0.77
ipset create hosts hash:ip; ipset add hosts 10.0.0.9
ip netns add inner; ip -n inner link set lo up; ip -n inner addr add 10.7.0.1/32 dev lo
rules() { iptables-nft-save; iptables-legacy-save; nft list ruleset; ip rule; ip route show table all; ipset save; }
`;

/** Runs the script in a namespace of its own; what it printed, and whether the rules were the same afterwards. */
function collect(
  shell: string,
  namespaces: boolean,
  then = '',
): { readonly text: string; readonly untouched: boolean } {
  const script = collectScript({ namespaces, conntrack: true });
  const { stdout, stderr, status } = spawnSync(
    'unshare',
    [
      '--net',
      '--mount',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      'bash',
      '-c',
      `${MAKE}${then}before=$(rules 2>&1 | grep -v '^#'); printf '%s' "$1" | ${shell}
       [ "$before" = "$(rules 2>&1 | grep -v '^#')" ] || echo changed >&2`,
      'bash',
      script,
    ],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (status !== 0) throw new Error(stderr);
  return { text: stdout, untouched: !stderr.includes('changed') };
}

const load = (text: string): Node => loadNode('node', [{ name: 'node.txt', text }]);

describe.each(['dash', 'busybox sh'])('by %s', (shell) => {
  const { text, untouched } = collect(shell, false);
  const node = load(text);

  it('leaves the node as it was', () => {
    expect(untouched).toBe(true);
  });

  it('gathers all that a walk needs: nothing is assumed', () => {
    expect(node.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const dns = { in: null, proto: 'udp', src: '10.0.0.1', dst: '10.9.3.4', dport: 53 } as const;
    const [marked] = trace(node, dns).outcomes;
    expect(marked).toMatchObject({ assumptions: [], egress: { iface: 'eth0', via: '10.0.0.9', table: '7' } });
    const [mapped] = trace(node, { ...dns, dport: 5353 }).outcomes;
    expect(mapped).toMatchObject({ assumptions: [], final: { src: '10.0.0.77' } });
    const [dropped] = trace(node, { ...dns, in: 'eth0', src: '10.0.0.8', dst: '192.0.2.9' }).outcomes;
    expect(dropped).toMatchObject({ assumptions: [], verdict: 'dropped', drop: { backend: 'legacy' } });
  });

  it('gathers IPv6 too', () => {
    const [outcome] = trace(node, {
      in: null,
      proto: 'udp',
      src: 'fd00::1',
      dst: 'fd00::9',
      dport: 53,
    }).outcomes;
    expect(outcome).toMatchObject({ assumptions: [], verdict: 'sent', egress: { iface: 'eth0' } });
    expect(node.networks[6].labels).toContainEqual(expect.objectContaining({ device: 'eth0', label: 42 }));
  });

  it('leaves keys and secrets out', () => {
    expect(text).not.toMatch(/_key|secret/i);
    expect(text).toContain('net.ipv4.ip_forward = 1');
  });
});

it('both shells run the same commands', () => {
  const [one, two] = ['dash', 'busybox sh'].map((shell) => collect(shell, false).text.match(/^root@.*$/gm));
  expect(one).toEqual(two);
  expect(one?.length).toBeGreaterThan(12);
});

it('gathers namespaces without a name when asked to, each once', () => {
  const start =
    'unshare -n sh -c "ip link add own0 type veth peer name own1; sleep 60 & exec sleep 60" & sleep 1;';
  const { text } = collect('dash', true, start);
  expect(text).toMatch(/^root@\S+:\/# nsenter -t \d+ -n ip -d addr$/m);
  expect(text.match(/^\d+: own0@own1: /gm)).toHaveLength(1);
  expect(load(text).networks[4].links.has('own0')).toBe(false);
});

it('gathers settings without sysctl', () => {
  const { text } = collect(
    'dash',
    false,
    'mount --bind /etc/passwd "$(readlink -f "$(command -v sysctl)")";',
  );
  expect(text).not.toContain('# sysctl -a');
  expect(text).not.toMatch(/_key|secret/i);
  expect(load(text).sysctls.get('net.ipv4.ip_forward')).toBe('1');
});

it('gathers named namespaces when asked to', () => {
  const { text } = collect('dash', true);
  expect(text).toMatch(/^root@\S+:\/# ip netns exec inner ip route show table all$/m);
  expect(text).toContain('local 10.7.0.1 dev lo table local');
  expect(load(text).networks[4].links.has('eth0')).toBe(true);
});
