/**
 * IPv6 extension headers. A packet is described by one protocol: it has the headers of a plain packet of that protocol,
 * and no extension header before it. Described by the number of an extension header, it begins with that one; what
 * follows is not known.
 */
import type { PacketView } from '../view.js';

/** Next-header numbers (include/net/ipv6.h). */
export const HEADER = {
  hop: 0,
  routing: 43,
  fragment: 44,
  esp: 50,
  authentication: 51,
  none: 59,
  destination: 60,
  mobility: 135,
} as const;

const FOLLOWED: ReadonlySet<number> = new Set([
  HEADER.hop,
  HEADER.routing,
  HEADER.fragment,
  HEADER.authentication,
  HEADER.destination,
]);

/** Does something that is not described follow the packet's header? */
export function isFollowed(protocol: number): boolean {
  return FOLLOWED.has(protocol);
}

/** Does the packet have the extension header (net/ipv6/exthdrs_core.c ipv6_find_hdr)? Null: that is not known. */
export function hasHeader({ protocol }: PacketView, header: number): boolean | null {
  if (protocol === header) return true;
  return isFollowed(protocol) ? null : false;
}
