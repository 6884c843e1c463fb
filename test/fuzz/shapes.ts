/** Real texts bent out of shape, and texts that are all of one piece. */
import { readFileSync, readdirSync } from 'node:fs';
import { largeNode } from '../../bench/kube-proxy.js';
import type { Random } from '../../bench/node/random.js';
import { filesOf } from '../../bench/services.js';
import { wordOf } from './words.js';

const EXAMPLE = 'examples/eks-node';

const SHORT = [
  'create hosts hash:ip family inet hashsize 1024 maxelem 65536\nadd hosts 10.0.0.1 comment "a b"\n',
  'Name: hosts\nType: hash:ip\nRevision: 5\nHeader: family inet hashsize 1024 maxelem 65536\nSize in memory: 200\nReferences: 0\nNumber of entries: 1\nMembers:\n10.0.0.1\n',
  'tcp      6 431999 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1 [ASSURED] mark=0 use=1\n',
  'Chain INPUT (policy ACCEPT 0 packets, 0 bytes)\n pkts bytes target     prot opt in     out     source               destination\n    0     0 ACCEPT     tcp  --  eth0   *       0.0.0.0/0            10.0.0.1             tcp dpt:80\n',
  'NAME   READY   STATUS    RESTARTS   AGE   IP         NODE   NOMINATED NODE   READINESS GATES\nweb-1  1/1     Running   0          1d    10.0.0.9   n1     <none>           <none>\n',
  'apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: default}\nstatus: {podIP: 10.0.0.9}\n',
  '1:\tlo\n\tinet  224.0.0.1\n2:\teth0\n\tlink  33:33:00:00:00:01\n\tinet6 ff02::1\n',
  'eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500\n        inet 10.0.0.1  netmask 255.255.255.0  broadcast 10.0.0.255\n',
  'Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n0.0.0.0         10.0.0.254      0.0.0.0         UG    0      0        0 eth0\n',
  '[{"ifindex":1,"ifname":"lo","flags":["LOOPBACK","UP"],"mtu":65536,"addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8}]}]\n',
  'root@node:~# ip rule\n0:\tfrom all lookup local\nroot@node:~# ip route\ndefault via 10.0.0.1 dev eth0\n',
];

/** Texts to begin with. */
export function seeds(): readonly string[] {
  return [
    ...readdirSync(EXAMPLE).map((name) => readFileSync(`${EXAMPLE}/${name}`, 'utf8')),
    ...largeNode({ services: 6, pods: 4, enis: 2 }).files.map(({ text }) => text),
    ...filesOf(3).map(({ text }) => text),
    ...SHORT,
  ].filter((text) => text !== '');
}

const linesOf = (text: string): readonly string[] => text.split(/(?<=\n)/);

function bendLine(line: string, random: Random): string {
  const words = line.split(/(?<=[ \t])/);
  const at = random.between(0, words.length - 1);
  switch (random.between(0, 4)) {
    case 0:
      return words.toSpliced(at, 1).join('');
    case 1:
      return words.toSpliced(at, 0, words[at] ?? '').join('');
    case 2:
      return words.toSpliced(at, 1, `${wordOf(random)} `).join('');
    case 3:
      return line.slice(0, random.between(0, line.length));
    default:
      return line.slice(0, at) + wordOf(random) + line.slice(at);
  }
}

/** A text with some lines changed, moved, doubled or gone. */
export function bent(text: string, random: Random): string {
  const all = linesOf(text);
  const from = random.between(0, all.length - 1);
  const lines = all.slice(from, from + random.between(1, 40));
  for (let times = random.between(1, 6); times > 0 && lines.length > 0; times -= 1) {
    const at = random.between(0, lines.length - 1);
    const line = lines[at] ?? '';
    if (random.chance(0.2)) lines.splice(at, 1);
    else if (random.chance(0.2)) lines.splice(random.between(0, lines.length), 0, line);
    else lines[at] = bendLine(line, random);
  }
  // Most listings are known by how they begin.
  return (random.chance(0.5) ? all.slice(0, 3).join('') : '') + lines.join('');
}

/** A text that can be had in any length: what came of it is repeated, whole or in part, between a beginning and an end. */
export interface Growing {
  readonly head: string;
  readonly unit: string;
  readonly tail: string;
}

/** The text, at least so long. */
export function grown({ head, unit, tail }: Growing, length: number): string {
  return head + unit.repeat(Math.max(1, Math.ceil(length / unit.length))) + tail;
}

/** A way to let a text grow: by whole lines, by some of its words in one line, or by a few characters. */
export function growing(text: string, random: Random): Growing {
  const lines = linesOf(text);
  const from = random.between(0, lines.length - 1);
  const to = random.chance(0.5) ? from + 1 : random.between(from, lines.length) + 1;
  const part = lines.slice(from, to).join('');
  const around = { head: lines.slice(0, from).join(''), tail: lines.slice(to).join('') };
  if (part === '' || random.chance(0.4)) return { ...around, unit: part === '' ? wordOf(random) : part };
  const start = random.between(0, part.length - 1);
  const end = Math.min(part.length, start + random.between(1, random.chance(0.5) ? 4 : 30));
  const head = around.head + part.slice(0, start);
  return { head, unit: part.slice(start, end), tail: part.slice(end) + around.tail };
}
