/** The packet on its way: the header fields that a walk reads and rewrites. */
import type { Address, Family } from '../address/address.js';
import type { PacketView } from '../iptables/view.js';

/** Protocol numbers with a meaning of their own here. */
export const PROTOCOL = {
  icmp: 1,
  tcp: 6,
  udp: 17,
  dccp: 33,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  sctp: 132,
  udplite: 136,
} as const;

const WITH_PORTS: ReadonlySet<number> = new Set([
  PROTOCOL.tcp,
  PROTOCOL.udp,
  PROTOCOL.dccp,
  PROTOCOL.sctp,
  PROTOCOL.udplite,
]);

/** Does the protocol carry ports in the first four bytes? */
export function hasPorts(protocol: number): boolean {
  return WITH_PORTS.has(protocol);
}

/** Is it the ICMP of the family? */
export function isIcmp(protocol: number, family: Family): boolean {
  return protocol === (family === 4 ? PROTOCOL.icmp : PROTOCOL.icmpv6);
}

/** TCP flag bits, byte 13 of the header. */
export const TCP = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32, ECE: 64, CWR: 128 } as const;

/** A PacketView that can be written to. */
export type Packet = { -readonly [K in keyof PacketView]: PacketView[K] };

/** Sets an address that is exactly known. */
export function setSource(packet: Packet, address: Address, to: Address = address): void {
  packet.source = address;
  packet.sourceTo = to;
}

/** Sets a destination that is exactly known, or drawn from `address..to`. */
export function setDestination(packet: Packet, address: Address, to: Address = address): void {
  packet.destination = address;
  packet.destinationTo = to;
}

/** A packet of its own with the same fields. Every walk makes one: field by field is several times as fast as a spread. */
export function copyPacket(packet: Packet): Packet {
  return {
    family: packet.family,
    protocol: packet.protocol,
    source: packet.source,
    sourceTo: packet.sourceTo,
    destination: packet.destination,
    destinationTo: packet.destinationTo,
    sourcePort: packet.sourcePort,
    sourcePortTo: packet.sourcePortTo,
    destinationPort: packet.destinationPort,
    destinationPortTo: packet.destinationPortTo,
    icmpType: packet.icmpType,
    icmpCode: packet.icmpCode,
    icmpId: packet.icmpId,
    icmpIdTo: packet.icmpIdTo,
    tcpFlags: packet.tcpFlags,
    ttl: packet.ttl,
    tos: packet.tos,
    length: packet.length,
    mark: packet.mark,
    markUnknown: packet.markUnknown,
    inInterface: packet.inInterface,
    outInterface: packet.outInterface,
    isLocal: packet.isLocal,
    uid: packet.uid,
    gid: packet.gid,
  };
}
