/** The emulated node of the labs beside the real tools on the same node: what they list, what they change, what they refuse. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_WORLD } from '../../src/labs/read-world.js';
import { Machine } from '../../src/labs/shell/machine.js';
import { Shell } from '../../src/labs/shell/shell.js';
import { loadFixture } from './adapter/fixture.js';
import type { Judge } from './adapter/judge.js';

function shellOf(folder: string): Shell {
  const files = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
  return new Shell({ world: NO_WORLD, machines: [new Machine('node', files)], seed: 1, language: 'en' });
}

/** Listings: typed at the start, and again behind every group of changes. */
const LISTINGS = [
  'ip rule',
  'ip rule list table 2',
  'ip rule show pref 1024',
  'ip -6 rule',
  'ip route',
  'ip route show table 2',
  'ip route show table local',
  'ip route show dev ens6 table all',
  'ip route list table main proto dhcp',
  'ip route show scope link',
  'ip route show 192.168.61.33',
  'ip route show root 192.168.32.0/19',
  'ip route show table 77',
  'ip r',
  'route -n',
  'ip route get 8.8.8.8',
  'ip route get 8.8.8.8 from 192.168.61.33 iif enia7cc107bbb9',
  'ip route get 8.8.8.8 from 192.168.61.33 iif enia7cc107bbb9 mark 0x80',
  'ip route get 192.168.45.10 from 192.168.61.33 iif enia7cc107bbb9',
  'ip route get 192.168.61.33 from 8.8.8.8 iif ens5',
  'ip route get 192.168.45.10',
  'ip route get 192.168.63.255',
  'ip route get 8.8.8.8 from 192.168.58.200',
  'ip route get 8.8.8.8 from 1.2.3.4',
  'ip route get 8.8.8.8 oif ens6',
  'ip route get 8.8.8.8 iif nosuch',
  'ip route get nonsense',
  'iptables -t nat -S',
  'iptables -t mangle -S',
  'iptables -S',
  'iptables -t raw -S',
  'iptables -t nat -S -v',
  'iptables -t nat -S AWS-SNAT-CHAIN-0',
  'iptables -t nat -S AWS-SNAT-CHAIN-0 2',
  'iptables -t nat -S POSTROUTING',
  'iptables -t nat -S NOSUCH',
  'iptables -t nat -L NOSUCH -n',
  'iptables -t nat -L -n -v',
  'iptables -t nat -nvL KUBE-POSTROUTING --line-numbers',
  'iptables -t nat -L AWS-SNAT-CHAIN-0 -n -v -x',
  'iptables -t nat -L AWS-SNAT-CHAIN-0 2 -n -v',
  'iptables -L -n',
  'iptables -L FORWARD -n --line-numbers',
  'iptables -t mangle -L -n -v',
  'iptables -t nosuch -S',
  'iptables -t nat -S | grep "A AWS-SNAT-CHAIN"',
  "iptables -t nat -S | grep -E 'KUBE-(SVC|SEP)-[A-Z0-9]{16}' | sort | uniq -c | head -5",
  'iptables -t nat -S | grep -n -A 1 -i aws | tail -n 6',
  'iptables -t nat -S | grep -v KUBE | wc -l',
  'ip rule | column -t',
  'iptables -t nat -C POSTROUTING -j KUBE-POSTROUTING',
  'sysctl net.ipv4.ip_forward net.ipv4.conf.ens5.rp_filter',
  'sysctl -n net.ipv4.conf.all.rp_filter',
  'sysctl net.ipv4.nosuch',
  'cat /proc/sys/net/ipv4/conf/ens6/rp_filter',
  'cat /proc/sys/net/ipv4/nosuch',
  'iptables -t nat -L KUBE-POSTROUTING -n --line',
  'iptables -t nat -L KUBE-POSTROUTING --num --verb --line-num',
  'iptables -L FORWARD -s 1.2.3.4 -n',
  'iptables -L FORWARD nonsense',
  'iptables -S FORWARD --jump ACCEPT',
  'iptables -t nat -L POSTROUTING --nosuch',
  "ip route | awk '{print $1, $3}' | sed -n '2,3p'",
  "ip rule | awk -F: '/lookup main/ {print $1}' | sort -n | head -2",
  "ip rule | cut -d : -f 1 | sed -n '/^5/p' | uniq -c",
  'echo -n default.pod-1 | sha1sum',
  'echo -n default/web | sha256sum | cut -c 1-16',
  "echo -ne 'a\\tb'; echo -E 'a\\tb'",
];

/** Changes, some of them refused: each group is typed on both sides, then the listings are compared. */
const CHANGES: readonly (readonly [string, readonly string[]])[] = [
  [
    'rules of iptables',
    [
      'iptables -t nat -I AWS-SNAT-CHAIN-0 1 -d 198.51.100.0/24 -m comment --comment "a network of ours" -j RETURN',
      'iptables -t nat -I AWS-SNAT-CHAIN-0 9 -j RETURN',
      'iptables -t nat -A AWS-SNAT-CHAIN-0 -s 10.0.0.0/8,172.16.0.0/12 -j RETURN',
      'iptables -t nat -R AWS-CONNMARK-CHAIN-0 1 -d 192.168.0.0/17 -j RETURN',
      'iptables -t nat -D KUBE-POSTROUTING 2',
      'iptables -t nat -D KUBE-POSTROUTING 9',
      'iptables -t nat -R KUBE-POSTROUTING 9 -j RETURN',
      'iptables -t nat -D POSTROUTING -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-0',
      'iptables -t nat -D POSTROUTING -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-0',
      'iptables -t nat -C AWS-SNAT-CHAIN-0 -d 198.51.100.0/24 -j ACCEPT',
      'iptables -P FORWARD DROP',
      'iptables -P KUBE-FORWARD DROP',
      'iptables -P FORWARD REJECT',
      'iptables -A FORWARD -p tcp --dport 80 -m conntrack --ctstate NEW -j REJECT --reject-with tcp-reset',
      'iptables -A FORWARD -p tcp -m multiport --dports 80,443 -i ens5 ! -o ens6 -j ACCEPT',
      'iptables -t raw -A PREROUTING -p udp --dport 53 -j CT --notrack',
      'iptables -t mangle -A PREROUTING -i eni+ -j MARK --set-xmark 0x80/0x80',
    ],
  ],
  [
    'chains of iptables',
    [
      'iptables -t nat -N LAB',
      'iptables -t nat -N LAB',
      'iptables -t nat -A LAB -j RETURN',
      'iptables -t nat -A POSTROUTING -j LAB',
      'iptables -t nat -X LAB',
      'iptables -t nat -F LAB',
      'iptables -t nat -D POSTROUTING -j LAB',
      'iptables -t nat -X LAB',
      'iptables -t nat -X LAB',
      'iptables -t nat -F NOSUCH',
      'iptables -t nat -N LAB2',
      'iptables -t nat -A LAB2 -j LAB2',
      'iptables -t nat -A POSTROUTING -j LAB2',
      'iptables -t nat -F LAB2',
      'iptables -t nat -N LAB3',
      'iptables -t nat -A LAB2 -d 10.1.0.0/16 -j LAB3',
      'iptables -t nat -E LAB3 A-NAME',
      'iptables -t nat -E LAB3 OTHER',
      'iptables -t nat -E A-NAME LAB2',
      'iptables -t nat -E A-NAME',
      'iptables -t nat -X A-NAME',
    ],
  ],
  [
    'what iptables refuses',
    [
      'iptables -t nat -A NOSUCH -j ACCEPT',
      'iptables -t nat -A POSTROUTING -j NOSUCH',
      'iptables -t nat -A POSTROUTING --nosuch x -j ACCEPT',
      'iptables -t nat -A POSTROUTING -s 1.2.3.444 -j ACCEPT',
      'iptables -t nat -A POSTROUTING -p nosuch -j ACCEPT',
      'iptables -t nat -A POSTROUTING --dport 80 -j ACCEPT',
      'iptables -t nat -A POSTROUTING -p tcp --dport 80999 -j ACCEPT',
      'iptables -t nat -A POSTROUTING -m nosuch -j ACCEPT',
      'iptables -t nat -A POSTROUTING -j DNAT --to-destination 1.2.3.4',
      'iptables -t filter -A FORWARD -j MASQUERADE',
      'iptables -t nat -A POSTROUTING -i eth0 -j ACCEPT',
      'iptables -t nat',
      'iptables -t nat -A',
      'iptables -t nat -A POSTROUTING 3 -j ACCEPT',
      'iptables -t nat -D POSTROUTING 1 2 3',
      'iptables -t nat -D POSTROUTING 1 -s 10.0.0.0/8',
      'iptables -t nat -F POSTROUTING -d 10.0.0.0/8',
      'iptables -t nat -P POSTROUTING ACCEPT -o ens5',
    ],
  ],
  [
    'policy rules',
    [
      'ip rule add from 192.168.40.11 lookup 2',
      'ip rule add from 192.168.40.11 lookup 2',
      'ip rule add pref 1024 fwmark 0x80/0x80 lookup main',
      'ip rule add fwmark 0x100 table 5 priority 900',
      'ip rule add not from 10.0.0.0/8 to 172.16.0.0/12 iif ens5 lookup 2 pref 3000',
      'ip rule add to 203.0.113.0/24 prohibit pref 3001',
      'ip rule add from 1.2.3.444',
      'ip rule add nonsense',
      'ip rule del pref 1536',
      'ip rule del from 192.168.33.90',
      'ip rule del from 192.168.33.90',
      'ip rule del pref 77',
      'ip rule del fwmark 0x100',
    ],
  ],
  [
    'routes',
    [
      'ip route add 10.2.0.0/16 via 192.168.32.1',
      'ip route add 10.2.0.0/16 via 192.168.32.1',
      'ip route replace 10.2.0.0/16 via 192.168.32.2 dev ens5',
      'ip route add 10.3.0.0/16 dev ens6 table 2 src 192.168.58.200',
      'ip route add 10.3.0.0/16 dev ens6 table 77',
      'ip route add 10.4.0.0/16 via 10.9.9.9',
      'ip route add 10.4.1.0/16 dev ens5',
      'ip route add 10.5.0.0/16 dev nosuch',
      'ip route add 10.6.0.0/16 dev ens5 src 9.9.9.9',
      'ip route add blackhole 10.66.0.0/16',
      'ip route add default via 192.168.32.1 dev ens6 metric 600',
      'ip route del 192.168.50.7',
      'ip route del 192.168.50.7',
      'ip route del default via 192.168.32.1 dev ens6 table 2',
      'ip route add nonsense',
    ],
  ],
  [
    'settings',
    [
      'sysctl -w net.ipv4.conf.ens5.rp_filter=1',
      'sysctl -w net.ipv4.nosuch=1',
      'sysctl -w net.ipv4.ip_forward=0',
      'sysctl net.ipv4.conf.ens6.forwarding',
      'sysctl -w net.ipv4.ip_forward=1',
      'sysctl -w net.ipv4.ip_forward=abc',
      'sysctl -w net.ipv4.conf.ens5.rp_filter=0x2',
      'sysctl net.ipv4.conf.ens5.rp_filter',
      'echo 1 > /proc/sys/net/ipv4/conf/ens5/rp_filter',
      'echo 99999999999 | tee /proc/sys/net/ipv4/conf/ens5/rp_filter',
      'echo 2 | tee /proc/sys/net/ipv4/conf/ens5/rp_filter',
      'cat /proc/sys/net/ipv4/conf/ens5/rp_filter',
    ],
  ],
];

/** Lines without what ends them; the real tool is called by the name of the variant that the node was saved with. */
const plain = (text: string): readonly string[] => text.replace(/\n+$/, '').split('\n');

describe.each([
  ['examples/eks-node', 'nft'],
  ['test/walks/fixtures/default-legacy', 'legacy'],
])('%s', (folder, backend) => {
  const shell = shellOf(folder);
  let judge: Judge;

  const real = async (command: string): Promise<readonly string[]> => {
    const named = command.replace(/^iptables /, `iptables-${backend} `);
    return plain(await judge.shell(`{ ${named}; } 2>&1 || true`));
  };
  const emulated = (command: string): readonly string[] => {
    const { out, err } = shell.type(command);
    return plain(`${out}${err}`);
  };
  const compare = async (commands: readonly string[]): Promise<void> => {
    for (const command of commands)
      expect([command, ...emulated(command)]).toEqual([command, ...(await real(command))]);
  };

  beforeAll(async () => {
    judge = await loadFixture(folder);
    for (const table of ['raw', 'mangle', 'nat', 'filter'])
      await judge.shell(`iptables-${backend} -t ${table} -Z`);
  });
  afterAll(async () => {
    await judge.stop();
  });

  it.each(LISTINGS)('lists as the tool does: %s', async (command) => {
    await compare([command]);
  });

  describe.each(CHANGES)('%s', (_name, commands) => {
    it.each(commands)('%s', async (command) => {
      await compare([command]);
    });

    it('leave the node as they leave the real one', async () => {
      await compare([
        ...['ip rule', 'ip route', 'ip route show table 2', 'ip route show table 77', 'route -n'],
        ...['iptables -t nat -S', 'iptables -t mangle -S', 'iptables -t raw -S', 'iptables -S'],
        ...['iptables -t nat -L -n --line-numbers', 'iptables -L -n'],
      ]);
    });
  });
});
