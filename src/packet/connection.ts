/** Conntrack entries (net/netfilter/nf_conntrack_core.c). */
import type { Family } from '../address/address.js';
import type { ConntrackEntry } from './conntrack-entry.js';
import type { ConnectionState, ConnectionView, PacketView, Tuple } from '../iptables/view.js';
import { PROTOCOL, TCP, isIcmp } from './packet.js';
import { sameEntries, sameFields } from './same-fields.js';
import type { TcpTracking } from './tcp-tracking.js';
import { type MutableTuple, copyTuple, invertTuple, opensIcmp } from './tuple.js';

/** Which way a packet of a connection goes. */
export type Direction = 'ORIGINAL' | 'REPLY';

/** A conntrack zone as the CT target sets it (struct nf_conntrack_zone). */
export interface Zone {
  readonly id: number;
  /** Null: both directions. */
  readonly direction: Direction | null;
  /** It is that of mark bits which are not known. */
  readonly open?: boolean;
}

/** The zone of packets that no CT rule touched. */
export const NO_ZONE: Zone = { id: 0, direction: null };

/** nf_ct_zone_id: the zone that counts for one direction. */
export function zoneId(zone: Zone, direction: Direction): number {
  return zone.direction === null || zone.direction === direction ? zone.id : 0;
}

/** The zone of an entry. */
export function zoneOf(connection: Connection): Zone {
  return { id: connection.zone, direction: connection.zoneDirection };
}

/** A conntrack entry. */
export interface Connection {
  original: MutableTuple;
  reply: MutableTuple;
  mark: number;
  markUnknown: number;
  seenReply: boolean;
  assured: boolean;
  confirmed: boolean;
  /** IPS_SRC_NAT, IPS_DST_NAT: the translation changes something. */
  sourceNat: boolean;
  destinationNat: boolean;
  /** IPS_SRC_NAT_DONE, IPS_DST_NAT_DONE: that side of the mapping is made, and nat chains are not asked again. */
  sourceDone: boolean;
  destinationDone: boolean;
  expected: boolean;
  zone: number;
  /** The direction that the zone holds for (`--zone-orig`, `--zone-reply`); null: both. */
  zoneDirection: Direction | null;
  /** The zone hangs on mark bits that are not known. */
  readonly zoneOpen: boolean;
  helper: string | null;
  /** Labels (`-m connlabel`): true for one that it has, null for one that it may have; others it has not. */
  readonly labels: Map<string, true | null>;
  /** It was not made in this walk: nobody knows its labels. */
  anyLabels: boolean;
  /** Output device that MASQUERADE bound the mapping to, or null. */
  masqueradeDevice: string | null;
  /** IPS_DYING: taken out of the table while a packet of it is still under way. */
  dying: boolean;
  /** The state of a TCP connection; null for all other protocols. */
  tcp: TcpTracking | null;
  /** Of the dump; null for one that a packet made. */
  readonly entry: ConntrackEntry | null;
}

/** A new entry for a packet that opens a connection. */
export function openConnection(
  tuple: MutableTuple,
  family: Family,
  zone: Zone,
  helper: string | null,
): Connection {
  return {
    original: tuple,
    reply: invertTuple(tuple, family),
    mark: 0,
    markUnknown: 0,
    seenReply: false,
    assured: false,
    confirmed: false,
    sourceNat: false,
    destinationNat: false,
    sourceDone: false,
    destinationDone: false,
    expected: false,
    zone: zone.id,
    zoneDirection: zone.direction,
    zoneOpen: zone.open === true,
    helper,
    labels: new Map(),
    anyLabels: false,
    masqueradeDevice: null,
    dying: false,
    tcp: null,
    entry: null,
  };
}

/** The entry as matches see it from one direction, as it is whenever they look. */
export class ConnectionSight implements ConnectionView {
  readonly connection: Connection;
  readonly direction: Direction;

  constructor(connection: Connection, direction: Direction) {
    this.connection = connection;
    this.direction = direction;
  }

  get original(): Tuple {
    return this.connection.original;
  }

  get reply(): Tuple {
    return this.connection.reply;
  }

  get mark(): number {
    return this.connection.mark;
  }

  get markUnknown(): number {
    return this.connection.markUnknown;
  }

  get seenReply(): boolean {
    return this.connection.seenReply;
  }

  get assured(): boolean {
    return this.connection.assured;
  }

  get confirmed(): boolean {
    return this.connection.confirmed;
  }

  get sourceNat(): boolean {
    return this.connection.sourceNat;
  }

  get destinationNat(): boolean {
    return this.connection.destinationNat;
  }

  get expected(): boolean {
    return this.connection.expected;
  }

  get zone(): number {
    return this.connection.zone;
  }

  get helper(): string | null {
    return this.connection.helper;
  }
}

/** An independent copy. */
export function copyOf(connection: Connection): Connection {
  return {
    ...connection,
    original: copyTuple(connection.original),
    reply: copyTuple(connection.reply),
    labels: new Map(connection.labels),
  };
}

/** Are two states of one entry the same? */
export function sameConnection(one: Connection | null, two: Connection | null): boolean {
  if (one === null || two === null) return one === two;
  const { original, reply, labels, ...rest } = one;
  const { original: otherOriginal, reply: otherReply, labels: otherLabels, ...others } = two;
  return (
    sameFields(rest, others) &&
    sameFields(original, otherOriginal) &&
    sameFields(reply, otherReply) &&
    sameEntries(labels, otherLabels)
  );
}

/** A packet's place in the table. */
export interface Found {
  readonly connection: Connection;
  readonly direction: Direction;
}

/** Is nothing of the tuple a range? */
export function isExact(tuple: Tuple): boolean {
  return (
    tuple.source === tuple.sourceTo &&
    tuple.destination === tuple.destinationTo &&
    tuple.sourcePort === tuple.sourcePortTo &&
    tuple.destinationPort === tuple.destinationPortTo
  );
}

/** Are two entries in one zone, as far as one direction goes? */
export function sameZone(a: Connection, b: Connection, direction: Direction): boolean {
  return zoneId(zoneOf(a), direction) === zoneId(zoneOf(b), direction);
}

/** An answer that fits a drawn mapping settles it: from now on the range is what the answer shows. */
export function settle(found: Found, tuple: Tuple): void {
  if (found.direction === 'REPLY') found.connection.reply = copyTuple(tuple);
}

/** Flag combinations that a TCP header may have (tcp_valid_flags, without PSH, ECE and CWR). */
const VALID_TCP: ReadonlySet<number> = new Set([
  TCP.SYN,
  TCP.SYN | TCP.URG,
  TCP.SYN | TCP.ACK,
  TCP.RST,
  TCP.RST | TCP.ACK,
  TCP.FIN | TCP.ACK,
  TCP.FIN | TCP.ACK | TCP.URG,
  TCP.ACK,
  TCP.ACK | TCP.URG,
]);

const UNCHECKED_TCP = TCP.PSH | TCP.ECE | TCP.CWR;

/** IPv6: nothing follows (RFC 8200). */
const NO_NEXT_HEADER = 59;

/** Is the packet malformed for its protocol's tracker, or has no protocol, whatever entries there are? */
export function isMalformed(packet: PacketView): boolean {
  // nf_conntrack_in finds no protocol there (ipv6_skip_exthdr).
  if (packet.family === 6 && packet.protocol === NO_NEXT_HEADER) return true;
  return packet.protocol === PROTOCOL.tcp && !VALID_TCP.has(packet.tcpFlags & ~UNCHECKED_TCP);
}

/**
 * May this packet open a connection? TCP in the middle of a stream may, while nf_conntrack_tcp_loose is on (its
 * default); SYN/ACK, FIN and RST may not. ICMP only by a request.
 */
export function opens(packet: PacketView, tcpLoose: boolean): boolean {
  if (packet.protocol === PROTOCOL.tcp) {
    const { tcpFlags } = packet;
    if ((tcpFlags & TCP.RST) !== 0) return false;
    if ((tcpFlags & TCP.SYN) !== 0) return (tcpFlags & TCP.ACK) === 0;
    if ((tcpFlags & TCP.FIN) !== 0) return false;
    return (tcpFlags & TCP.ACK) !== 0 && tcpLoose;
  }
  if (isIcmp(packet.protocol, packet.family)) return opensIcmp(packet.icmpType, packet.family);
  return true;
}

/** The state that an entry gives to a packet of one direction (nf_conntrack_in, resolve_normal_ct). */
export function stateOf(connection: Connection, direction: Direction): ConnectionState {
  if (direction === 'REPLY' || connection.seenReply) return 'ESTABLISHED';
  return connection.expected ? 'RELATED' : 'NEW';
}
