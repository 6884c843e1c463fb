/** The NAT core: choosing a mapping for a connection and applying it (net/netfilter/nf_nat_core.c). */
import type { Family } from '../address/address.js';
import { inRange } from '../address/prefix.js';
import type { NatRange, PortRange } from '../iptables/verdict.js';
import type { Hook, Tuple } from '../iptables/view.js';
import type { ConnectionTable } from './connection-table.js';
import { type Connection, isExact } from './connection.js';
import { pickAddress, searchRange } from './nat-range.js';
import { PROTOCOL, type Packet, hasPorts, isIcmp, setDestination, setSource } from './packet.js';
import { type MutableTuple, copyTuple, invertTuple, sameTuple } from './tuple.js';

/** Which side of a tuple is mapped. */
export type Manip = 'src' | 'dst';

/** HOOK2MANIP: PREROUTING and OUTPUT map destinations, POSTROUTING and INPUT sources. */
export function manipOf(hook: Hook): Manip {
  return hook === 'PREROUTING' || hook === 'OUTPUT' ? 'dst' : 'src';
}

/** Is that side of the mapping already made? */
export function isDone(connection: Connection, manip: Manip): boolean {
  return manip === 'src' ? connection.sourceDone : connection.destinationDone;
}

/** The port that a mapping of this side may change: the id of an ICMP query, whichever side it is. */
function keyOf(tuple: MutableTuple, manip: Manip, family: Family): number {
  return manip === 'src' || isIcmp(tuple.protocol, family) ? tuple.sourcePort : tuple.destinationPort;
}

function withPort(tuple: MutableTuple, manip: Manip, family: Family, from: number, to: number): MutableTuple {
  const mapped = copyTuple(tuple);
  if (manip === 'src' || isIcmp(tuple.protocol, family)) {
    mapped.sourcePort = from;
    mapped.sourcePortTo = to;
  } else {
    mapped.destinationPort = from;
    mapped.destinationPortTo = to;
  }
  return mapped;
}

const hasKey = (tuple: MutableTuple, family: Family): boolean =>
  hasPorts(tuple.protocol) || isIcmp(tuple.protocol, family);

/** nf_in_range: may the tuple's source stay as it is? */
function inNatRange(tuple: MutableTuple, range: NatRange, family: Family): boolean {
  if (
    range.addresses !== null &&
    (tuple.source !== tuple.sourceTo || !inRange(range.addresses, tuple.source))
  )
    return false;
  return range.ports === null || portsAllow(tuple, 'src', range, family);
}

function portsAllow(tuple: MutableTuple, manip: Manip, range: NatRange, family: Family): boolean {
  const key = keyOf(tuple, manip, family);
  return range.ports !== null && key >= range.ports.from && key <= range.ports.to;
}

/** What a mapping is chosen for. */
export interface MappingRequest {
  readonly connection: Connection;
  readonly manip: Manip;
  readonly range: NatRange;
  readonly table: ConnectionTable;
  readonly family: Family;
  /** Says which mapping is the latest, where entries of a dump map the source differently: its place among them. */
  readonly latestOf: (mappings: readonly Tuple[]) => number;
}

function isFree(tuple: MutableTuple, { connection, table, family }: MappingRequest): boolean {
  return !table.taken(invertTuple(tuple, family), connection);
}

function withAddress(tuple: MutableTuple, { manip, range, connection }: MappingRequest): MutableTuple {
  if (range.addresses === null) return tuple;
  const { from, to } = range.addresses;
  const { zone, zoneOpen } = connection;
  // Which address of several it is hangs on the zone, unless the mapping is persistent.
  const isOpen = from !== to && zoneOpen && !range.persistent;
  const address =
    from === to || isOpen
      ? from
      : pickAddress(range.addresses, range.persistent, tuple.source, tuple.destination, zone, manip);
  const last = isOpen ? to : address;
  const mapped = copyTuple(tuple);
  if (manip === 'src') {
    mapped.source = address;
    mapped.sourceTo = last;
  } else {
    mapped.destination = address;
    mapped.destinationTo = last;
  }
  return mapped;
}

/** How many ports one search looks at before it starts again somewhere else (NF_NAT_MAX_ATTEMPTS). */
const ATTEMPTS = 128;

/** The first free port from `start` on, round the range; the last one tried when there is none. */
function firstFree(
  tuple: MutableTuple,
  request: MappingRequest,
  search: PortRange,
  start: number,
): MutableTuple {
  const { manip, family } = request;
  const size = search.to - search.from + 1;
  let tried = tuple;
  for (let step = 0; step < Math.min(size, ATTEMPTS); step++) {
    const port = search.from + ((start + step) % size);
    tried = withPort(tuple, manip, family, port, port);
    if (isFree(tried, request)) return tried;
  }
  return tried;
}

/** A port that is drawn is the range of those that are free, as far as a small range shows which they are. */
function drawnPort(tuple: MutableTuple, request: MappingRequest, search: PortRange): MutableTuple {
  const { manip, family } = request;
  const { from, to } = search;
  if (to - from >= ATTEMPTS) return withPort(tuple, manip, family, from, to);
  const free: number[] = [];
  for (let port = from; port <= to; port++)
    if (isFree(withPort(tuple, manip, family, port, port), request)) free.push(port);
  return withPort(tuple, manip, family, free[0] ?? from, free.at(-1) ?? from);
}

/** nf_nat_l4proto_unique_tuple: a shifted port is computed, a drawn one becomes the range it is drawn from. */
function withSearchedPort(tuple: MutableTuple, request: MappingRequest): MutableTuple {
  const { manip, range, family } = request;
  const key = keyOf(tuple, manip, family);
  const search = searchRange(key, tuple.protocol, manip, range);
  if (search === null) return tuple;
  if (range.basePort !== null) return firstFree(tuple, request, search, (key - range.basePort) & 0xffff);
  const drawn = range.random || range.randomFully || manip === 'src';
  return drawn ? drawnPort(tuple, request, search) : firstFree(tuple, request, search, 0);
}

/** Datagrams that crossed on their way made two entries of one exchange: that clash is left to the confirmation. */
function mayCross({ connection, table }: MappingRequest): boolean {
  const { protocol } = connection.original;
  if (protocol !== PROTOCOL.udp && protocol !== PROTOCOL.udplite) return false;
  return !connection.sourceNat && !connection.destinationNat && table.mirrors(connection);
}

/** find_appropriate_src: the source that another connection of the same source was given, if it is in the range. */
function reusedSource(current: MutableTuple, request: MappingRequest): MutableTuple | undefined {
  const { table, connection, family, range } = request;
  const { made, dumped } = table.sourceMappings(current, connection, family);
  const inRangeOf = (mappings: readonly Tuple[]): MutableTuple[] =>
    mappings
      .map(({ source, sourceTo, sourcePort, sourcePortTo }) => ({
        ...current,
        ...{ source, sourceTo, sourcePort, sourcePortTo },
      }))
      .filter((tuple) => inNatRange(tuple, range, family));
  const [latest] = inRangeOf(made);
  if (latest !== undefined) return latest;
  const different: MutableTuple[] = [];
  for (const one of inRangeOf(dumped))
    if (!different.some((other) => sameTuple(other, one))) different.push(one);
  return different[different.length > 1 ? request.latestOf(different) : 0];
}

/** get_unique_tuple: the mapped original tuple. */
function uniqueTuple(current: MutableTuple, request: MappingRequest): MutableTuple {
  const { manip, range, family } = request;
  const random = range.random || range.randomFully;
  if (manip === 'src' && !random) {
    if (inNatRange(current, range, family)) {
      if (isFree(current, request) || mayCross(request)) return current;
    } else {
      const reused = reusedSource(current, request);
      if (reused !== undefined && isFree(reused, request)) return reused;
    }
  }
  const tuple = withAddress(current, request);
  if (!hasKey(tuple, family)) return tuple;
  if (!random) {
    if (range.ports === null) {
      if (isFree(tuple, request)) return tuple;
    } else if (range.basePort === null && portsAllow(tuple, manip, range, family)) {
      if (range.ports.from === range.ports.to || isFree(tuple, request)) return tuple;
    }
  }
  return withSearchedPort(tuple, request);
}

/** An ICMP id that DNAT drew, and that is drawn again, is another one, though out of the same range. */
function drawnAgain({ protocol, sourcePort, sourcePortTo }: MutableTuple, request: MappingRequest): boolean {
  const { random, randomFully } = request.range;
  return (random || randomFully) && isIcmp(protocol, request.family) && sourcePort !== sourcePortTo;
}

/** nf_nat_setup_info: makes one side of the connection's mapping. */
export function setUpMapping(request: MappingRequest): void {
  const { connection, manip, family } = request;
  const current = invertTuple(connection.reply, family);
  const mapped = uniqueTuple(current, request);
  if (drawnAgain(current, request) || !sameTuple(mapped, current)) {
    connection.reply = invertTuple(mapped, family);
    if (manip === 'src') connection.sourceNat = true;
    else connection.destinationNat = true;
  }
  markDone(connection, manip);
}

/**
 * A null binding where no other connection is: whatever it asked for would be free, so that only the side is done. One of
 * a drawn tuple still chooses.
 */
export function bindsNothing({ reply }: Connection, table: ConnectionTable): boolean {
  return table.isEmpty && isExact(reply);
}

/** Notes that one side of the mapping is made. */
export function markDone(connection: Connection, manip: Manip): void {
  if (manip === 'src') connection.sourceDone = true;
  else connection.destinationDone = true;
}

/** The range of a null binding: the address as it is, any free port. */
export function nullBinding(connection: Connection, manip: Manip): NatRange {
  const address = manip === 'src' ? connection.reply.destination : connection.reply.source;
  return {
    addresses: { from: address, to: address },
    ports: null,
    basePort: null,
    random: false,
    randomFully: false,
    persistent: false,
  };
}

/**
 * nf_nat_packet: rewrites the packet by the connection's mapping where this hook is its place. In the reply direction
 * the places are swapped: a source mapping is undone where destinations are mapped, and the other way round.
 * @returns whether the entry translates at this hook
 */
export function translate(
  packet: Packet,
  connection: Connection,
  direction: 'ORIGINAL' | 'REPLY',
  hook: Hook,
): boolean {
  const manip = manipOf(hook);
  const mapped =
    (manip === 'src') === (direction === 'ORIGINAL') ? connection.sourceNat : connection.destinationNat;
  if (!mapped) return false;
  const target = invertTuple(
    direction === 'ORIGINAL' ? connection.reply : connection.original,
    packet.family,
  );
  if (manip === 'src') {
    packet.source = target.source;
    packet.sourceTo = target.sourceTo;
  } else {
    packet.destination = target.destination;
    packet.destinationTo = target.destinationTo;
  }
  if (isIcmp(packet.protocol, packet.family)) {
    packet.icmpId = target.sourcePort;
    packet.icmpIdTo = target.sourcePortTo;
  } else if (hasPorts(packet.protocol)) {
    if (manip === 'src') {
      packet.sourcePort = target.sourcePort;
      packet.sourcePortTo = target.sourcePortTo;
    } else {
      packet.destinationPort = target.destinationPort;
      packet.destinationPortTo = target.destinationPortTo;
    }
  }
  return true;
}

/**
 * The packet that an ICMP error quotes, on the error's way back: its addresses become what the receiver of the error
 * had sent, at the hooks where the error itself is translated, and on the opposite side.
 */
export function translateQuoted(
  inner: Packet,
  connection: Connection,
  direction: 'ORIGINAL' | 'REPLY',
  hook: Hook,
): void {
  const sent = direction === 'ORIGINAL' ? connection.reply : connection.original;
  const icmp = isIcmp(inner.protocol, inner.family);
  if (manipOf(hook) === 'src') {
    setDestination(inner, sent.destination, sent.destinationTo);
    if (hasPorts(inner.protocol)) {
      inner.destinationPort = sent.destinationPort;
      inner.destinationPortTo = sent.destinationPortTo;
    }
  } else {
    setSource(inner, sent.source, sent.sourceTo);
    if (hasPorts(inner.protocol)) {
      inner.sourcePort = sent.sourcePort;
      inner.sourcePortTo = sent.sourcePortTo;
    }
  }
  if (icmp) {
    inner.icmpId = sent.sourcePort;
    inner.icmpIdTo = sent.sourcePortTo;
  }
}
