/** A walk that is known: packets in order, and what becomes of each. Data for the goldens and for the kernel. */
import type { PacketInput, VerdictName } from '../../src/packet/result.js';

/** What becomes of one packet. Fields that are left out are not looked at. */
export interface Expected {
  readonly verdict: VerdictName;
  /** Device that it leaves by. */
  readonly out?: string;
  /** Gateway; null when the destination itself is the neighbour. */
  readonly via?: string | null;
  /** `ADDRESS:PORT` as it leaves; `*` for a port that the kernel draws. */
  readonly src?: string;
  readonly dst?: string;
  /** Priority of the policy rule that decides. */
  readonly rule?: number;
  readonly table?: string;
  /** `CHAIN:NUMBER` of the nat rule that changes the source; null for none. */
  readonly snat?: string | null;
  readonly drop?: string;
  /** Where the same lookup leads without the mark. */
  readonly withoutMark?: { readonly rule: number; readonly device: string };
}

export interface WalkStep {
  readonly packet: PacketInput;
  readonly expected: Expected;
  /** What else it may come to: where the kernel draws, or no dump says which table it asks first. */
  readonly or?: readonly Expected[];
}

export interface WalkCase {
  readonly id: string;
  readonly title: string;
  /** Folders, from the project's root. */
  readonly fixtures: readonly string[];
  readonly steps: readonly WalkStep[];
}

export const POD = {
  A: { ip: '192.168.40.11', device: 'eni1f4c3ab7e90' },
  B: { ip: '192.168.50.7', device: 'eni6b0d92ce431' },
  C: { ip: '192.168.61.33', device: 'enia7cc107bbb9' },
  D: { ip: '192.168.33.90', device: 'enid52e08f1c66' },
} as const;
export const NODE = '192.168.45.10';
export const SECOND = '192.168.58.200';
export const GATEWAY = '192.168.32.1';
export const INTERNET = '203.0.113.9';
export const CLIENT = '198.51.100.7';
export const ELSEWHERE = '192.168.70.8';

/** `ADDRESS:PORT` in two. */
function split(endpoint: string): { readonly ip: string; readonly port: number } {
  const [ip = '', port = ''] = endpoint.split(':');
  return { ip, port: Number(port) };
}

/** A datagram that comes in by `device`; `device` null is a local process, whose source may be ''. */
export function udp(device: string | null, src: string, dst: string): PacketInput {
  const from = split(src);
  const to = split(dst);
  return {
    in: device,
    proto: 'udp',
    ...(from.ip === '' ? {} : { src: from.ip }),
    ...(from.port === 0 ? {} : { sport: from.port }),
    dst: to.ip,
    dport: to.port,
  };
}

/** A TCP segment, as `udp` says. */
export function tcp(device: string | null, src: string, dst: string, flags = 'SYN'): PacketInput {
  return { ...udp(device, src, dst), proto: 'tcp', tcpFlags: flags.split(',') };
}

/** The fixtures by their folder's name; `default` is the embedded node, in both spellings of iptables. */
export function fixtures(...names: readonly string[]): string[] {
  return names.flatMap((name) =>
    name === 'default'
      ? ['examples/eks-node', 'test/walks/fixtures/default-legacy']
      : [`test/walks/fixtures/${name}`],
  );
}

/** Two nat tables that mark or translate have one priority there, and no dump says which of them the kernel asks first. */
export const UNORDERED: ReadonlySet<string> = new Set(fixtures('kube-proxy-nft', 'mixed-backends'));

/** A case of one packet. */
export function one(
  id: string,
  title: string,
  names: readonly string[],
  packet: PacketInput,
  expected: Expected,
  ...or: readonly Expected[]
): WalkCase {
  return { id, title, fixtures: fixtures(...names), steps: [{ packet, expected, or }] };
}

/** A case of several packets of one flow. */
export function flow(
  id: string,
  title: string,
  names: readonly string[],
  steps: readonly WalkStep[],
): WalkCase {
  return { id, title, fixtures: fixtures(...names), steps };
}

/** The case's packets with ids and, when there are several, as one flow. */
export function packetsOf(walk: WalkCase): PacketInput[] {
  return walk.steps.map(({ packet }, at) => ({
    ...packet,
    id: `${walk.id}/${String(at + 1)}`,
    ...(walk.steps.length > 1 ? { flow: walk.id, step: at + 1 } : {}),
  }));
}
