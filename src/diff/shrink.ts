/** A packet that tells the same with as few fields out of the ordinary as possible. */
import type { PacketInput } from '../packet/result.js';

type Key = keyof PacketInput;

/** Fields that may be left out, those that say most first. */
const OPTIONAL: readonly Key[] = [
  'ct',
  'mark',
  'tos',
  'ttl',
  'length',
  'tcpFlags',
  'uid',
  'gid',
  'oif',
  'icmpCode',
  'icmpType',
  'sport',
  'dport',
  'in',
];

/** How much there is to say about a packet. */
export function sizeOf(packet: PacketInput): number {
  const count = OPTIONAL.filter((key) => packet[key] !== undefined).length;
  // A local process' source is chosen by the node; any other packet has one.
  const source = packet.in === null && packet.src !== undefined ? 1 : 0;
  return count * 2 + source + (packet.proto === 'tcp' ? 0 : 1);
}

function without(packet: PacketInput, key: Key): PacketInput {
  return Object.fromEntries(
    Object.entries(packet).filter(([name]) => name !== key),
  ) as unknown as PacketInput;
}

function* simpler(packet: PacketInput): Generator<PacketInput, void, undefined> {
  for (const key of OPTIONAL) if (packet[key] !== undefined) yield without(packet, key);
  if (packet.in === null && packet.src !== undefined) yield without(packet, 'src');
  if (packet.proto !== 'tcp')
    yield { ...without(without(without(packet, 'icmpType'), 'icmpCode'), 'icmpId'), proto: 'tcp' };
}

/**
 * Leaves out of a packet what it can do without.
 * @param same whether a packet tells the same as the given one
 */
export function shrink(packet: PacketInput, same: (packet: PacketInput) => boolean): PacketInput {
  let smallest = packet;
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (const candidate of simpler(smallest)) {
      if (!same(candidate)) continue;
      smallest = candidate;
      isSmaller = true;
      break;
    }
  }
  return smallest;
}
