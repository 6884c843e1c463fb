/** What it costs to take a session up again, and that a node that was read in parts is the node that its listings show. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NO_WORLD } from '../../src/labs/read-world.js';
import { Machine } from '../../src/labs/shell/machine.js';
import { Shell } from '../../src/labs/shell/shell.js';
import { filesOf } from '../../src/labs/shell/state.js';
import { loadNode } from '../../src/snapshot/load-any.js';
import { printListings } from '../../src/snapshot/print.js';
import type { SnapshotFile } from '../../src/snapshot/places.js';

const filesIn = (folder: string): readonly SnapshotFile[] =>
  readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

/** A node whose reader is counted: how often it read, and how much. */
function counted(folder: string): { machine: Machine; shell: Shell; loads: number[] } {
  const loads: number[] = [];
  const machine = new Machine('node', filesIn(folder), (name, files) => {
    loads.push(files.reduce((sum, { text }) => sum + text.length, 0));
    return loadNode(name, files);
  });
  return {
    machine,
    loads,
    shell: new Shell({ world: NO_WORLD, machines: [machine], seed: 1, language: 'en' }),
  };
}

const LINES = (at: number): readonly string[] => [
  `iptables -t nat -A POSTROUTING -d 10.1.${String(at)}.0/24 -j RETURN`,
  `ip rule add from 10.1.${String(at)}.3 lookup main`,
  `ip route add blackhole 10.9.${String(at)}.0/24`,
  `sysctl -w net.ipv4.ip_forward=${String(at % 2)}`,
  'ping -c 2 8.8.8.8',
  'curl -s http://1.1.1.1',
  `iptables -t nat -A NOSUCH -d 10.1.${String(at)}.0/24 -j RETURN`,
  'iptables -t nat -D POSTROUTING -d 10.1.7.0/24 -j RETURN',
  'conntrack -D -s 192.0.2.1',
  'iptables -t filter -A FORWARD -j MASQUERADE',
];

describe('a journal of 500 lines', () => {
  it.each(['labs/nodes/eks-worker-1', 'labs/nodes/calico-plain-1'])('reads %s as a whole twice', (folder) => {
    const { shell, machine, loads } = counted(folder);
    for (let at = 0; at < 50; at += 1) for (const line of LINES(at)) shell.type(line);
    expect(machine.node.connections).toHaveLength(machine.connections.length);
    const whole = Math.max(...loads) / 2;
    // As it was dumped, and as the session has it; a rule that is refused is read with all others.
    expect(loads.filter((length) => length > whole)).toHaveLength(2);
    // What is read beside that are the lines that came.
    const beside = loads.filter((length) => length <= whole).reduce((sum, length) => sum + length, 0);
    expect(beside).toBeLessThan(50 * 1000);
  });

  it('reads nothing for a node that only others ask about', () => {
    const { shell, loads } = counted('labs/nodes/eks-worker-1');
    shell.type('hostname');
    expect(loads).toHaveLength(1);
  });
});

/** Changes of everything that commands change, some of them refused, some of them undone. */
const CHANGES = [
  ...['ping -c 1 8.8.8.8', 'iptables -t nat -N LAB', 'iptables -t nat -A LAB -d 10.0.0.0/8 -j RETURN'],
  ...[
    'iptables -t nat -A LAB -j MASQUERADE',
    'iptables -t nat -A PREROUTING -j LAB',
    'iptables -t nat -A POSTROUTING -j LAB',
  ],
  ...['iptables -t nat -I POSTROUTING 1 -p tcp --dport 80 -j LAB', 'iptables -t nat -E LAB LAB2'],
  ...['iptables -P FORWARD DROP', 'iptables -t nat -F LAB2', 'iptables -t nat -D POSTROUTING 1'],
  ...['iptables -t raw -A PREROUTING -p udp -j NOTRACK', 'iptables -t raw -A PREROUTING -p udp -j ACCEPT'],
  ...['iptables -A FORWARD -m set --match-set nosuch src -j DROP', 'iptables -A FORWARD -j NFLOG'],
  ...[
    'ip rule add fwmark 0x100 lookup 77 pref 50',
    'ip rule add to 203.0.113.0/24 prohibit',
    'ip rule del pref 50',
  ],
  ...['ip -6 rule add from fd00::/8 lookup main', 'ip route add 10.2.0.0/16 dev DEV table 77'],
  ...['ip route add 10.3.0.0/16 dev DEV', 'ip route replace 10.3.0.0/16 dev DEV metric 5'],
  ...['ip route add local 10.4.0.0/16 dev DEV', 'ip route del 10.3.0.0/16', 'ip route flush table 77'],
  ...['ip route add throw 10.5.0.0/16 table main', 'ip -6 route add fd00:1::/64 dev DEV'],
  ...[
    'sysctl -w net.ipv4.conf.all.rp_filter=2',
    'sysctl -w net.ipv4.conf.all.forwarding=0',
    'sysctl -w net.ipv4.ip_forward=1',
  ],
  ...['ipset create s hash:net', 'ipset add s 10.0.0.0/8', 'ipset add s nonsense', 'ipset destroy s'],
  ...[
    'curl -s http://8.8.8.8',
    'conntrack -D -p icmp',
    'ping -c 1 192.168.45.11',
    'iptables -t nat -F',
    'iptables -t nat -X',
  ],
];

describe.each([
  ['labs/nodes/eks-worker-1', 'ens5'],
  ['labs/nodes/calico-plain-1', 'eth0'],
  ['labs/nodes/empty', 'eth0'],
])('%s after each change', (folder, device) => {
  it('is what its listings show', () => {
    const { shell, machine } = counted(folder);
    for (const change of CHANGES) {
      const line = change.replace('DEV', device);
      shell.type(line);
      const whole = loadNode('node', filesOf(machine.state, machine.connections));
      const now = { ...machine.node, connections: whole.connections };
      expect([line, ...printListings(now)]).toEqual([line, ...printListings(whole)]);
      for (const family of [4, 6] as const) {
        expect(now.ruleSets[family].unknown).toEqual(whole.ruleSets[family].unknown);
        expect(now.nativeTables[family].map(({ name }) => name)).toEqual(
          whole.nativeTables[family].map(({ name }) => name),
        );
        expect(now.networks[family].known).toEqual(whole.networks[family].known);
        expect([...now.networks[family].tables.keys()]).toEqual([...whole.networks[family].tables.keys()]);
        for (const [name, value] of whole.sysctls) expect(now.networks[family].sysctl(name)).toBe(value);
      }
      expect(machine.node.connections).toHaveLength(machine.connections.length);
    }
  });
});
