/** What a new packet costs the kernel of this machine, with the same rules, routes and policy rules (helper/stack.c). */
import { spawnSync } from 'node:child_process';
import { helper } from './helper.js';
import { setupOf } from './node/network.js';
import type { BenchPacket } from './node/packets.js';
import { type Subject, scratchFile } from './subject.js';

/** The header's own sum, RFC 1071. */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (const [at, byte] of bytes.entries()) sum += at % 2 === 0 ? byte << 8 : byte;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

const octets = (address: string): readonly number[] => address.split('.').map(Number);
const pair = (number: number): readonly number[] => [(number >> 8) & 255, number & 255];

/** Header of TCP (a SYN) or UDP. */
function segment({ proto, src, sport, dst, dport }: BenchPacket): readonly number[] {
  const ports = [...pair(sport), ...pair(dport)];
  // UDP may go without a checksum.
  if (proto === 'udp') return [...ports, ...pair(8), 0, 0];
  const header = [...ports, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x02, 0xfa, 0xf0];
  const pseudo = [...octets(src), ...octets(dst), 0, 6, 0, 20];
  return [...header, ...pair(checksum(Uint8Array.from([...pseudo, ...header, 0, 0, 0, 0]))), 0, 0];
}

/** An IPv4 packet as it arrives. */
export function packetBytes(packet: BenchPacket): Uint8Array {
  const rest = segment(packet);
  const before = [0x45, 0, ...pair(20 + rest.length), 0, 1, 0x40, 0, 64, packet.proto === 'udp' ? 17 : 6];
  const ends = [...octets(packet.src), ...octets(packet.dst)];
  const sum = checksum(Uint8Array.from([...before, 0, 0, ...ends]));
  return Uint8Array.from([...before, ...pair(sum), ...ends, ...rest]);
}

export interface StackCost {
  /** Microseconds of cpu for a packet. */
  readonly perPacket: number;
  readonly packets: number;
  /** Connections that are tracked afterwards. */
  readonly entries: number;
}

/** Sends that many packets of the node's batch through the kernel. The first ones warm the caches and do not count. */
export function stackCost(subject: Subject, count: number, warmUp: number): StackCost {
  const { cluster, save } = subject;
  const devices = [...cluster.enis, ...cluster.pods].map(({ device }) => device);
  const places = new Map(devices.map((device, at) => [device, at]));
  const lines = subject.list(count + warmUp).flatMap((packet) => {
    const place = packet.in === null ? undefined : places.get(packet.in);
    return place === undefined
      ? []
      : [`${String(place)} ${Buffer.from(packetBytes(packet)).toString('hex')}`];
  });
  const words = [
    scratchFile('devices', `${devices.join('\n')}\n`),
    scratchFile('setup', `${setupOf(cluster)}iptables-legacy-restore ${save}\n`),
    scratchFile('packets', `${lines.join('\n')}\n`),
    String(warmUp),
  ];
  const { stdout, stderr, status } = spawnSync(helper('stack'), words, { encoding: 'utf8' });
  const [packets = 0, nanoseconds = 0, entries = 0] = stdout.trim().split(' ').map(Number);
  if (status !== 0 || packets === 0)
    throw new Error(`the kernel was not measured\n${stderr.slice(0, 2_000)}`);
  // Nearly every packet is a connection of its own; if they are not tracked, they did not get through.
  if (entries < lines.length / 2)
    throw new Error(`${String(entries)} of ${String(lines.length)} were tracked`);
  return { perPacket: nanoseconds / packets / 1_000, packets, entries };
}
