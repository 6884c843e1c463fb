/** IPv4 by IPv6 sockets: what they send to ::ffff:a.b.c.d leaves as IPv4 (udpv6_sendmsg, tcp_v6_connect). */
import { type Address, anyAddress } from '../address/address.js';
import { isMapped } from '../routing/address-kind.js';
import { PROTOCOL, type Packet, TCP } from './packet.js';

/** Does a socket of such a protocol send it? Raw sockets send IPv6 to any address. */
export function isOfMappingSocket({ protocol, tcpFlags }: Packet): boolean {
  return (
    protocol === PROTOCOL.udp ||
    protocol === PROTOCOL.udplite ||
    (protocol === PROTOCOL.tcp && tcpFlags === TCP.SYN)
  );
}

/** The IPv4 address that a mapped one is. */
export function lastBits(address: Address): Address {
  return typeof address === 'bigint' ? Number(address & 0xffffffffn) | 0 : address;
}

/**
 * The IPv4 packet that an IPv6 socket makes of this one, its source being open or an IPv4 address.
 * @returns null when no IPv4 is sent: it is for an IPv6 host, the socket has an IPv6 address, or is of another protocol
 */
export function mappedPacket(packet: Packet): Packet | null {
  const { source, destination } = packet;
  if (!isMapped(destination) || !isOfMappingSocket(packet)) return null;
  if (!isMapped(source) && source !== 0n) return null;
  const from = isMapped(source) ? lastBits(source) : anyAddress(4);
  const to = lastBits(destination);
  return { ...packet, family: 4, source: from, sourceTo: from, destination: to, destinationTo: to };
}
