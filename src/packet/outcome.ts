/** From a finished walk to the outcome that users see. */
import { type Address, formatAddress } from '../address/address.js';
import { protocolWord } from '../address/protocols.js';
import { type Tuple, UNKNOWN_INTERFACE } from '../iptables/view.js';
import { type Connection, zoneOf } from './connection.js';
import type { FinalState } from './hooks.js';
import { type Packet, hasPorts, isIcmp } from './packet.js';
import type { Egress, FinalPacket, Outcome, Tracking, TupleText, VerdictName } from './result.js';
import type { Walk } from './walk.js';

const TABLE_NAMES: ReadonlyMap<number, string> = new Map([
  [253, 'default'],
  [254, 'main'],
  [255, 'local'],
]);

const hex = (value: number): string => (value === 0 ? '0x0' : `0x${(value >>> 0).toString(16)}`);

/** Fields that are there or not, each before it is frozen into a result. */
type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** What a tuple and a header have in common: each address and port as a value, or as the range it is drawn from. */
interface Ends {
  readonly protocol: number;
  readonly source: Address;
  readonly sourceTo: Address;
  readonly destination: Address;
  readonly destinationTo: Address;
  readonly sourcePort: number;
  readonly sourcePortTo: number;
  readonly destinationPort: number;
  readonly destinationPortTo: number;
}

function writeAddresses(draft: Draft<TupleText>, of: Ends): void {
  if (of.source === of.sourceTo) draft.src = formatAddress(of.source);
  else draft.srcRange = [formatAddress(of.source), formatAddress(of.sourceTo)];
  if (of.destination === of.destinationTo) draft.dst = formatAddress(of.destination);
  else draft.dstRange = [formatAddress(of.destination), formatAddress(of.destinationTo)];
}

function writePorts(draft: Draft<TupleText>, of: Ends): void {
  if (!hasPorts(of.protocol)) return;
  if (of.sourcePort === of.sourcePortTo) draft.sport = of.sourcePort;
  else draft.sportRange = [of.sourcePort, of.sourcePortTo];
  if (of.destinationPort === of.destinationPortTo) draft.dport = of.destinationPort;
  else draft.dportRange = [of.destinationPort, of.destinationPortTo];
}

function writeIcmp(draft: Draft<TupleText>, type: number, code: number, low: number, high: number): void {
  draft.icmpType = type;
  draft.icmpCode = code;
  if (low === high) draft.icmpId = low;
  else draft.icmpIdRange = [low, high];
}

/** Is anything of the tuple or header a range, or not known? */
function isDrawn(of: Tuple | Packet): boolean {
  return (
    of.source !== of.sourceTo ||
    of.destination !== of.destinationTo ||
    of.sourcePort !== of.sourcePortTo ||
    of.destinationPort !== of.destinationPortTo
  );
}

/** The header of a packet as results print it. Nearly all have ports that are known; they are many in bulk. */
export function finalPacket(packet: Packet): FinalPacket {
  const { protocol, markUnknown } = packet;
  if (!hasPorts(protocol) || markUnknown !== 0 || isDrawn(packet)) return anyFinalPacket(packet);
  return {
    proto: protocolWord(protocol),
    src: formatAddress(packet.source),
    dst: formatAddress(packet.destination),
    sport: packet.sourcePort,
    dport: packet.destinationPort,
    mark: hex(packet.mark),
    ttl: packet.ttl,
    tos: packet.tos,
  };
}

function anyFinalPacket(packet: Packet): FinalPacket {
  const { icmpType, icmpCode, icmpId, icmpIdTo } = packet;
  const ends: Draft<TupleText> = { proto: protocolWord(packet.protocol) };
  writeAddresses(ends, packet);
  writePorts(ends, packet);
  if (isIcmp(packet.protocol, packet.family)) writeIcmp(ends, icmpType, icmpCode, icmpId, icmpIdTo);
  return { ...ends, ...markFields(packet), ttl: packet.ttl, tos: packet.tos };
}

/** A mark, and which of its bits are not known. */
function markFields(of: { readonly mark: number; readonly markUnknown: number }): {
  readonly mark: string;
  readonly markUnknown?: string;
} {
  return { mark: hex(of.mark), ...(of.markUnknown === 0 ? {} : { markUnknown: hex(of.markUnknown) }) };
}

function tupleText(tuple: Tuple, packet: Packet): TupleText {
  if (!hasPorts(tuple.protocol) || isDrawn(tuple)) return anyTupleText(tuple, packet);
  return {
    proto: protocolWord(tuple.protocol),
    src: formatAddress(tuple.source),
    dst: formatAddress(tuple.destination),
    sport: tuple.sourcePort,
    dport: tuple.destinationPort,
  };
}

function anyTupleText(tuple: Tuple, packet: Packet): TupleText {
  const { destinationPort: type, sourcePort: low, sourcePortTo: high } = tuple;
  const ends: Draft<TupleText> = { proto: protocolWord(tuple.protocol) };
  writeAddresses(ends, tuple);
  writePorts(ends, tuple);
  if (isIcmp(tuple.protocol, packet.family)) writeIcmp(ends, type >> 8, type & 255, low, high);
  return ends;
}

function statusOf(connection: Connection): readonly string[] {
  const bits: string[] = [];
  if (connection.expected) bits.push('EXPECTED');
  if (connection.seenReply) bits.push('SEEN_REPLY');
  if (connection.assured) bits.push('ASSURED');
  if (connection.confirmed) bits.push('CONFIRMED');
  if (connection.sourceNat) bits.push('SRC_NAT');
  if (connection.destinationNat) bits.push('DST_NAT');
  if (connection.dying) bits.push('DYING');
  return bits;
}

function egressOf(walk: Walk): Egress | null {
  const { routed } = walk;
  if (routed === null) return null;
  const { action } = routed.rule ?? { action: null };
  const named = action?.kind === 'lookup' && action.table === routed.table ? action.name : null;
  return {
    iface: routed.device === UNKNOWN_INTERFACE ? null : routed.device,
    via: routed.via === null ? null : formatAddress(routed.via),
    table: routed.table === null ? '' : (TABLE_NAMES.get(routed.table) ?? named ?? String(routed.table)),
    policyRule: routed.rule?.priority ?? null,
    route: routed.route?.text ?? null,
  };
}

/** The verdict's name: what leaves is `sent` when a local process made it, `forwarded` otherwise. */
export function verdictOf(walk: Walk, end: FinalState): VerdictName {
  return end === 'sent' && walk.start.device !== null ? 'forwarded' : end;
}

function conntrackOf(connection: Connection, packet: Packet): Outcome['conntrack'] {
  const original = tupleText(connection.original, packet);
  const reply = tupleText(connection.reply, packet);
  const status = statusOf(connection);
  return connection.markUnknown === 0
    ? { original, reply, mark: hex(connection.mark), status }
    : { original, reply, ...markFields(connection), status };
}

function trackingOf(connection: Connection): Tracking {
  const { tcp, helper } = connection;
  return { state: tcp?.state ?? null, zone: connection.zone === 0 ? null : zoneOf(connection), helper };
}

function finalOf({ packet, inner }: Walk): FinalPacket {
  const final = finalPacket(packet);
  return inner === null ? final : { ...final, inner: finalPacket(inner) };
}

/** The outcome of a finished walk, all but its probability. */
export function outcomeOf(walk: Walk, end: FinalState): Outcome {
  const entry = walk.connection?.entry ?? null;
  const plain = plainOutcome(walk, end);
  const outcome = walk.passings.length === 0 ? plain : { ...plain, passings: walk.passings };
  if (entry === null) return outcome;
  const { path, pathMaybe, steps, ...rest } = outcome;
  return { ...rest, entry, path, pathMaybe, steps };
}

function plainOutcome(walk: Walk, end: FinalState): Outcome {
  const { ending, connection } = walk;
  return {
    probability: 1,
    assumptions: walk.assumptions,
    verdict: verdictOf(walk, end),
    final: finalOf(walk),
    egress: end === 'sent' ? egressOf(walk) : null,
    snat: walk.snat,
    dnat: walk.dnat,
    reject:
      ending.reject === undefined ? null : { with: ending.reject.with, to: formatAddress(ending.reject.to) },
    unroutable: ending.unroutable ?? null,
    drop: ending.drop ?? null,
    conntrack: connection === null ? null : conntrackOf(connection, walk.packet),
    ...(connection === null ? {} : { tracking: trackingOf(connection) }),
    path: walk.path,
    pathMaybe: walk.pathMaybe,
    steps: walk.steps,
  };
}
