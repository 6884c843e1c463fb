/** What a fact is: a small node, packets in order, and what becomes of each. natwalk and the kernel both run it. */
import type { Family } from '../../src/address/address.js';
import type { NumberRange, PacketInput, VerdictName } from '../../src/packet/result.js';
import type { Backend } from '../kernel/soak/profile.js';
import type { FactNode } from './node.js';

/** What becomes of a packet. What is left out is not looked at here; the kernel's suite compares the rest as well. */
export interface Expected {
  readonly verdict: VerdictName;
  /** Device that it leaves by. */
  readonly out?: string;
  /** Gateway; null when the destination itself is the neighbour. */
  readonly via?: string | null;
  readonly src?: string;
  readonly dst?: string;
  readonly sport?: number;
  readonly dport?: number;
  /** From where the kernel draws the source port, or ICMP's id. */
  readonly drawn?: NumberRange;
  readonly icmpId?: number;
  readonly ttl?: number;
  readonly tos?: number;
  /** The packet's mark behind the last chain. */
  readonly mark?: number;
  /** The mark of the conntrack entry. */
  readonly ctmark?: number;
  /** Answer to who sent it: `tcp-reset`, or an ICMP error as `--reject-with` names it, or `icmp 11/0` … */
  readonly answer?: string;
  /** What the sending socket is told; what natwalk calls the error of a packet that has no way. */
  readonly errno?: string;
  /** natwalk's reason for a drop. */
  readonly drop?: string;
}

export interface FactStep {
  readonly packet: PacketInput;
  /** Several: chance, or what the dumps do not hold, decides which of them. */
  readonly expect: Expected | readonly Expected[];
  /** Message ids of what natwalk's answer rests on. */
  readonly because: readonly string[];
}

export interface Fact {
  /** The fact in plain words. */
  readonly name: string;
  readonly node: FactNode;
  readonly steps: readonly FactStep[];
  readonly family: Family;
  readonly backends: readonly Backend[];
}

export interface Section {
  readonly title: string;
  readonly facts: readonly Fact[];
}

export type Given = readonly [packet: PacketInput, expect: FactStep['expect'], because?: readonly string[]];

function build(
  family: Family,
  backends: readonly Backend[],
  name: string,
  node: FactNode,
  given: readonly Given[],
): Fact {
  const steps = given.map(([packet, expect, because = []], at) => ({
    packet: given.length > 1 ? { ...packet, flow: name, step: at + 1 } : packet,
    expect,
    because,
  }));
  // What is not about rules need not be asked of both.
  const asked = node.save === undefined ? backends.slice(0, 1) : backends;
  return { name, node, steps, family, backends: asked };
}

/** A fact about IPv4, the same with both backends. */
export function fact(name: string, node: FactNode, ...steps: readonly Given[]): Fact {
  return build(4, ['legacy', 'nft'], name, node, steps);
}

/** A fact about IPv6, the same with both backends. */
export function fact6(name: string, node: FactNode, ...steps: readonly Given[]): Fact {
  return build(6, ['legacy', 'nft'], name, node, steps);
}

/** A fact about IPv4 and one backend. */
export function factOf(backend: Backend, name: string, node: FactNode, ...steps: readonly Given[]): Fact {
  return build(4, [backend], name, node, steps);
}

export const SERVER = '203.0.113.9';
export const POD = '10.1.0.7';
export const OUTSIDE = '198.51.100.7';

/** From behind eth1 to the internet. */
export function fromLan(more: Partial<PacketInput> = {}): PacketInput {
  return { in: 'eth1', proto: 'tcp', src: POD, sport: 40000, dst: SERVER, dport: 443, ...more };
}

/** From the internet to the node. */
export function fromWan(more: Partial<PacketInput> = {}): PacketInput {
  return { in: 'eth0', proto: 'tcp', src: OUTSIDE, sport: 50000, dst: '10.0.0.1', dport: 22, ...more };
}

/** From a process of the node, without a source unless given. */
export function fromNode(more: Partial<PacketInput> = {}): PacketInput {
  return { in: null, proto: 'udp', sport: 40000, dst: SERVER, dport: 53, ...more };
}

export const forwarded = (out: string, more: Partial<Expected> = {}): Expected => ({
  verdict: 'forwarded',
  out,
  ...more,
});
export const sent = (out: string, more: Partial<Expected> = {}): Expected => ({
  verdict: 'sent',
  out,
  ...more,
});
export const delivered = (more: Partial<Expected> = {}): Expected => ({ verdict: 'delivered', ...more });
/** Dropped, for natwalk's reason. */
export const dropped = (drop: string, more: Partial<Expected> = {}): Expected => ({
  verdict: 'dropped',
  drop,
  ...more,
});
/** Rejected by a rule. */
export const rejected = (answer: string): Expected => ({ verdict: 'rejected', answer });
/** No way: what a local process is told, and what the sender of a forwarded packet. */
export const nowhere = (errno: string, answer?: string): Expected => ({
  verdict: 'unroutable',
  errno,
  ...(answer === undefined ? {} : { answer }),
});
