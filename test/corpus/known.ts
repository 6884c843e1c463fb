/** What is known of what really happened on the nodes of a corpus: checked when the folder is there. */
import type { PacketInput } from '../../src/packet/result.js';

export interface Known {
  /** How the folder's name begins. */
  readonly folder: string;
  /** The bundle's node; left out: the folder's files together. */
  readonly node?: string;
  readonly title: string;
  readonly packet: PacketInput;
  /** Holds for every outcome that lets the packet out. */
  readonly expected: {
    readonly src?: string;
    readonly out?: string;
    readonly snat?: null;
    /** Priority of the policy rule that the first lookup of the walk ends at. */
    readonly rule?: number;
    /** A chain that the walk does not enter. */
    readonly avoids?: string;
  };
}

const POD = { in: 'eni31b43252b24', src: '192.168.4.248' } as const;

export const known: readonly Known[] = [
  {
    folder: 'a-05',
    node: 'node1',
    title: 'a pod of the primary interface goes to the internet as the node',
    packet: { ...POD, proto: 'icmp', icmpId: 2, dst: '142.251.154.119' },
    expected: { src: '192.168.4.12', out: 'ens5' },
  },
  {
    folder: 'a-05',
    node: 'node1',
    title: 'pod to a pod of another node stays as it is',
    packet: { ...POD, proto: 'icmp', icmpId: 3, dst: '192.168.2.151' },
    expected: { src: '192.168.4.248', out: 'ens5', snat: null },
  },
  {
    folder: 'a-05',
    node: 'node1',
    title: 'a pod of another node reaches a pod of this one as it is',
    packet: { in: 'ens5', proto: 'icmp', src: '192.168.2.151', icmpId: 3, dst: '192.168.4.248' },
    expected: { src: '192.168.2.151', out: 'eni31b43252b24', snat: null },
  },
  {
    folder: 'a-05',
    node: 'node1',
    title: 'a process goes to the internet as the node',
    packet: { in: null, proto: 'icmp', src: '192.168.4.12', dst: '142.251.157.119' },
    expected: { src: '192.168.4.12', out: 'ens5' },
  },
  {
    folder: 'a-12',
    title: 'pod traffic that enters by another device than eni+ is not marked',
    packet: { in: 'antrea-gw0', proto: 'tcp', src: '192.168.61.33', dst: '203.0.113.9', dport: 443 },
    expected: { avoids: 'AWS-CONNMARK-CHAIN-0' },
  },
  {
    folder: 'b-37',
    title: 'a pod keeps its address towards the rest of its network',
    packet: { in: 'cbr0', proto: 'tcp', src: '10.244.1.5', dst: '10.0.5.9', dport: 80 },
    expected: { snat: null },
  },
  {
    folder: 'c-54',
    title: 'what carries no mark goes to the tunnel',
    packet: { in: 'docker0', proto: 'tcp', src: '172.17.0.2', dst: '203.0.113.9', dport: 443 },
    expected: { rule: 28958 },
  },
];
