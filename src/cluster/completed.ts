/** A packet that starts at no node, filled in as a node fills in what is left open. */
import type { PacketInput } from '../packet/result.js';
import type { Header } from './header.js';

const WITH_PORTS: ReadonlySet<string> = new Set(['tcp', 'udp', 'sctp', 'dccp', 'udplite']);

/** What a node would fill in of a packet that starts at none. */
export function completed(input: PacketInput): Header {
  const proto = String(input.proto);
  const ports = WITH_PORTS.has(proto)
    ? { sport: input.sport ?? 40000, dport: input.dport ?? (proto === 'udp' ? 53 : 80) }
    : {};
  const icmp = proto.startsWith('icmp')
    ? {
        icmpType: input.icmpType ?? (proto === 'icmp' ? 8 : 128),
        icmpCode: input.icmpCode ?? 0,
        icmpId: input.icmpId ?? 1,
      }
    : {};
  return {
    ...{ proto, src: input.src ?? '', dst: input.dst, ttl: input.ttl ?? 64 },
    ...ports,
    ...icmp,
    ...(proto === 'tcp' ? { tcpFlags: input.tcpFlags ?? ['SYN'] } : {}),
    ...(input.tos === undefined ? {} : { tos: Number(input.tos) }),
    ...(input.length === undefined ? {} : { length: input.length }),
  };
}
