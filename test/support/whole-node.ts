/** A transcript that shows a small router whole, and what its walks come to: the tests of reading change one listing. */
import type { Node } from '../../src/packet/node.js';
import { trace } from '../../src/packet/trace.js';
import { loadNode } from '../../src/snapshot/load.js';

/** The lists that `ip rule` prints where nobody changed anything, and where somebody keeps out 10.0.0.0/24. */
export const RULES =
  '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n';
export const BLACKHOLE: string = RULES.replace('\n', '\n100:\tfrom 10.0.0.0/24 blackhole\n');

/** Saves whose FORWARD chain lets packets through, and drops them. */
export const ACCEPTS = '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n';
export const DROPS: string = ACCEPTS.replace('FORWARD ACCEPT', 'FORWARD DROP');

/** The listings by their commands. */
export const LISTINGS: ReadonlyMap<string, string> = new Map([
  [
    'ip route show table all',
    'default via 10.1.0.254 dev e1\n10.0.0.0/24 dev e0 proto kernel scope link src 10.0.0.1\n10.1.0.0/24 dev e1 proto kernel scope link src 10.1.0.1\nlocal 10.0.0.1 dev e0 table local proto kernel scope host src 10.0.0.1\nlocal 10.1.0.1 dev e1 table local proto kernel scope host src 10.1.0.1\n',
  ],
  [
    'ip addr',
    '2: e0: <BROADCAST,UP,LOWER_UP> mtu 1500 state UP\n    inet 10.0.0.1/24 scope global e0\n3: e1: <BROADCAST,UP,LOWER_UP> mtu 1500 state UP\n    inet 10.1.0.1/24 scope global e1\n',
  ],
  [
    'sysctl -a',
    'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.e0.rp_filter = 0\nnet.ipv4.conf.e1.rp_filter = 0\n',
  ],
  ['nft list ruleset', ''],
  ['conntrack -L', 'conntrack v1.4.7 (conntrack-tools): 0 flow entries have been shown.\n'],
  ['iptables-save', ACCEPTS],
  ['ip rule', RULES],
]);

/** The listings below a prompt; `without` leaves out those of some commands. */
export function transcript(prompt = 'root@n1:~# ', without: readonly string[] = []): string {
  return [...LISTINGS]
    .filter(([command]) => !without.includes(command))
    .map(([command, text]) => `${prompt}${command}\n${text}`)
    .join('');
}

export function loadText(text: string): Node {
  return loadNode('n1', [{ name: 'n1.txt', text }]);
}

/** What becomes of a packet from e0 to elsewhere: each outcome's verdict, and the codes of what it rests on. */
export function answers(node: Node, src = '10.0.0.7'): readonly string[] {
  const packet = { in: 'e0', proto: 'udp', src, dst: '192.0.2.9', dport: 53 };
  return trace(node, packet).outcomes.map(({ verdict, assumptions }) =>
    [verdict, ...new Set(assumptions.map(({ code }) => code))].join(' '),
  );
}
