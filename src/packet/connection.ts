/** Conntrack entries and the table that holds them (net/netfilter/nf_conntrack_core.c). */
import type { Family } from '../address/address.js';
import type { ConnectionState, ConnectionView, PacketView, Tuple } from '../iptables/view.js';
import { PROTOCOL, TCP, isIcmp } from './packet.js';
import type { TcpTracking } from './tcp-tracking.js';
import { type MutableTuple, fits, invertTuple, opensIcmp, sameTuple } from './tuple.js';

/** Which way a packet of a connection goes. */
export type Direction = 'ORIGINAL' | 'REPLY';

/** A conntrack zone as the CT target sets it (struct nf_conntrack_zone). */
export interface Zone {
  readonly id: number;
  /** Null: both directions. */
  readonly direction: Direction | null;
}

/** The zone of packets that no CT rule touched. */
export const NO_ZONE: Zone = { id: 0, direction: null };

/** nf_ct_zone_id: the zone that counts for one direction. */
function zoneId(zone: Zone, direction: Direction): number {
  return zone.direction === null || zone.direction === direction ? zone.id : 0;
}

function zoneOf(connection: Connection): Zone {
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
    helper,
    labels: new Map(),
    anyLabels: false,
    masqueradeDevice: null,
    dying: false,
    tcp: null,
  };
}

/** The entry as matches see it from one direction. */
export function viewOf(connection: Connection, direction: Direction): ConnectionView {
  return { ...connection, direction };
}

/** A packet's place in the table. */
export interface Found {
  readonly connection: Connection;
  readonly direction: Direction;
}

function isExact(tuple: Tuple): boolean {
  return (
    tuple.source === tuple.sourceTo &&
    tuple.destination === tuple.destinationTo &&
    tuple.sourcePort === tuple.sourcePortTo &&
    tuple.destinationPort === tuple.destinationPortTo
  );
}

function sameZone(a: Connection, b: Connection, direction: Direction): boolean {
  return zoneId(zoneOf(a), direction) === zoneId(zoneOf(b), direction);
}

/** The entries of one namespace, as far as a flow of packets made them. */
export class ConnectionTable {
  readonly #entries: Connection[];

  constructor(entries: readonly Connection[] = []) {
    this.#entries = [...entries];
  }

  /** An independent copy: replays of a walk must not see each other's entries. */
  clone(): ConnectionTable {
    return new ConnectionTable(
      this.#entries.map((entry) => ({
        ...entry,
        original: { ...entry.original },
        reply: { ...entry.reply },
        labels: new Map(entry.labels),
      })),
    );
  }

  add(connection: Connection): void {
    this.#entries.push(connection);
  }

  remove(connection: Connection): void {
    connection.dying = true;
    const at = this.#entries.indexOf(connection);
    if (at >= 0) this.#entries.splice(at, 1);
  }

  /** Finds the entry of an exact tuple in either direction; a tuple that a drawn one allows counts, and settles nothing yet. */
  find(tuple: Tuple, zone: Zone): Found | null {
    const ids = [zoneId(zone, 'ORIGINAL'), zoneId(zone, 'REPLY')];
    // The answer's tuple is entered last and found first: from an address and port to themselves, all is an answer.
    // With a zone for one direction alone the zone of the original direction is searched first, and only that is there.
    const order = ids[0] === ids[1] ? (['REPLY', 'ORIGINAL'] as const) : (['ORIGINAL', 'REPLY'] as const);
    for (const connection of this.#entries)
      for (const direction of order) {
        const own = direction === 'ORIGINAL' ? connection.original : connection.reply;
        if (zoneId(zoneOf(connection), direction) === zoneId(zone, direction) && fits(tuple, own))
          return { connection, direction };
      }
    return null;
  }

  /**
   * nf_conntrack_tuple_taken: does another entry answer to this tuple? Of a drawn port nobody can say so: the kernel
   * has drawn one that does not clash.
   */
  taken(tuple: Tuple, except: Connection): boolean {
    if (!isExact(tuple)) return false;
    const zone = zoneOf(except);
    // Tuples are hashed with the zone of their direction, and this one is looked for with the zone of answers.
    const mixed = zoneId(zone, 'ORIGINAL') === zoneId(zone, 'REPLY');
    return this.#entries.some(
      (entry) =>
        entry !== except &&
        ((mixed && sameZone(entry, except, 'ORIGINAL') && sameTuple(entry.original, tuple)) ||
          (sameZone(entry, except, 'REPLY') && sameTuple(entry.reply, tuple))),
    );
  }

  /** Is the other side of this very exchange there, untranslated, as an entry of its own (nf_nat_used_tuple_new)? */
  mirrors(connection: Connection): boolean {
    return this.#entries.some(
      (entry) => !entry.sourceNat && !entry.destinationNat && sameTuple(entry.original, connection.reply),
    );
  }

  /**
   * find_appropriate_src: the mapped sources of the other connections of the same zone, protocol, source address and
   * port, the latest first.
   */
  sourceMappings(tuple: Tuple, of: Connection, family: Family): readonly Tuple[] {
    return this.#entries
      .filter(
        (entry) =>
          entry.sourceDone &&
          sameZone(entry, of, 'ORIGINAL') &&
          entry.original.protocol === tuple.protocol &&
          entry.original.source === tuple.source &&
          entry.original.sourcePort === tuple.sourcePort,
      )
      .map((entry): Tuple => invertTuple(entry.reply, family))
      .reverse();
  }
}

/** An answer that fits a drawn mapping settles it: from now on the range is what the answer shows. */
export function settle(found: Found, tuple: Tuple): void {
  if (found.direction === 'REPLY') found.connection.reply = { ...tuple };
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

/** Is the packet malformed for its protocol's tracker, whatever entries there are? */
export function isMalformed(packet: PacketView): boolean {
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
