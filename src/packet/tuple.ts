/** Conntrack tuples (include/net/netfilter/nf_conntrack_tuple.h). */
import type { Family } from '../address/address.js';
import { addressWithin, numberWithin } from '../iptables/decide.js';
import type { PacketView, Tuple } from '../iptables/view.js';
import { hasPorts, isIcmp } from './packet.js';

/** A tuple that the NAT core may rewrite. For ICMP, the source port is the id and the destination port `type << 8 | code`. */
export type MutableTuple = { -readonly [K in keyof Tuple]: Tuple[K] };

/** Requests and answers that belong together (net/netfilter/nf_conntrack_proto_icmp.c and …_icmpv6.c). */
const ICMP_PAIRS: Readonly<Record<Family, ReadonlyMap<number, number>>> = {
  4: new Map([
    [8, 0],
    [0, 8],
    [13, 14],
    [14, 13],
    [15, 16],
    [16, 15],
    [17, 18],
    [18, 17],
  ]),
  6: new Map([
    [128, 129],
    [129, 128],
    [139, 140],
    [140, 139],
  ]),
};

/** ICMP types that may open a connection. */
const ICMP_REQUESTS: Readonly<Record<Family, ReadonlySet<number>>> = {
  4: new Set([8, 13, 15, 17]),
  6: new Set([128, 139]),
};

/** The ICMP type of the answer, or null when the type has no counterpart. */
export function icmpCounterpart(type: number, family: Family): number | null {
  return ICMP_PAIRS[family].get(type) ?? null;
}

/** May this ICMP type be the first of a connection? */
export function opensIcmp(type: number, family: Family): boolean {
  return ICMP_REQUESTS[family].has(type);
}

/** The tuple of a packet as it is now. */
export function tupleOf(packet: PacketView): MutableTuple {
  const icmp = isIcmp(packet.protocol, packet.family);
  const ports = hasPorts(packet.protocol);
  const code = (packet.icmpType << 8) | packet.icmpCode;
  return {
    protocol: packet.protocol,
    source: packet.source,
    sourceTo: packet.sourceTo,
    destination: packet.destination,
    destinationTo: packet.destinationTo,
    sourcePort: icmp ? packet.icmpId : ports ? packet.sourcePort : 0,
    sourcePortTo: icmp ? packet.icmpIdTo : ports ? packet.sourcePortTo : 0,
    destinationPort: icmp ? code : ports ? packet.destinationPort : 0,
    destinationPortTo: icmp ? code : ports ? packet.destinationPortTo : 0,
  };
}

/** The tuple of a template, which is for no packet in particular. */
export function zeroTuple(family: Family): MutableTuple {
  const none = family === 4 ? 0 : 0n;
  const ports = { sourcePort: 0, sourcePortTo: 0, destinationPort: 0, destinationPortTo: 0 };
  return { protocol: 0, source: none, sourceTo: none, destination: none, destinationTo: none, ...ports };
}

/** The tuple of the opposite direction (nf_ct_invert_tuple). */
export function invertTuple(tuple: Tuple, family: Family): MutableTuple {
  const { protocol, source, sourceTo, destination, destinationTo } = tuple;
  let { sourcePort, sourcePortTo, destinationPort, destinationPortTo } = tuple;
  if (isIcmp(protocol, family)) {
    // The id stays where it is; the type becomes that of the answer.
    const type = icmpCounterpart(destinationPort >> 8, family) ?? destinationPort >> 8;
    destinationPort = (type << 8) | (destinationPort & 255);
    destinationPortTo = destinationPort;
  } else {
    [sourcePort, destinationPort] = [destinationPort, sourcePort];
    [sourcePortTo, destinationPortTo] = [destinationPortTo, sourcePortTo];
  }
  return {
    protocol,
    source: destination,
    sourceTo: destinationTo,
    destination: source,
    destinationTo: sourceTo,
    sourcePort,
    sourcePortTo,
    destinationPort,
    destinationPortTo,
  };
}

/** A tuple of its own with the same values. */
export function copyTuple(tuple: Tuple): MutableTuple {
  return {
    protocol: tuple.protocol,
    source: tuple.source,
    sourceTo: tuple.sourceTo,
    destination: tuple.destination,
    destinationTo: tuple.destinationTo,
    sourcePort: tuple.sourcePort,
    sourcePortTo: tuple.sourcePortTo,
    destinationPort: tuple.destinationPort,
    destinationPortTo: tuple.destinationPortTo,
  };
}

/** Are two tuples the same, ranges included? */
export function sameTuple(a: Tuple, b: Tuple): boolean {
  return (
    a.protocol === b.protocol &&
    a.source === b.source &&
    a.sourceTo === b.sourceTo &&
    a.destination === b.destination &&
    a.destinationTo === b.destinationTo &&
    a.sourcePort === b.sourcePort &&
    a.sourcePortTo === b.sourcePortTo &&
    a.destinationPort === b.destinationPort &&
    a.destinationPortTo === b.destinationPortTo
  );
}

/** Could `exact`, a tuple without ranges, be the one that `drawn` stands for? */
export function fits(exact: Tuple, drawn: Tuple): boolean {
  return (
    exact.protocol === drawn.protocol &&
    addressWithin(exact.source, exact.source, { from: drawn.source, to: drawn.sourceTo }) === true &&
    addressWithin(exact.destination, exact.destination, {
      from: drawn.destination,
      to: drawn.destinationTo,
    }) === true &&
    numberWithin(exact.sourcePort, exact.sourcePort, drawn.sourcePort, drawn.sourcePortTo) === true &&
    numberWithin(
      exact.destinationPort,
      exact.destinationPort,
      drawn.destinationPort,
      drawn.destinationPortTo,
    ) === true
  );
}
