/** From a finished walk to the outcome that users see. */
import { type Address, formatAddress } from '../address/address.js';
import { protocolWord } from '../address/protocols.js';
import { type Tuple, UNKNOWN_INTERFACE } from '../iptables/view.js';
import type { Connection } from './connection.js';
import type { FinalState } from './hooks.js';
import { type Packet, hasPorts, isIcmp } from './packet.js';
import type { Egress, FinalPacket, Outcome, TupleText, VerdictName } from './result.js';
import type { Walk } from './walk.js';

const TABLE_NAMES: ReadonlyMap<number, string> = new Map([
  [253, 'default'],
  [254, 'main'],
  [255, 'local'],
]);

const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

function addressFields<V extends string, R extends string>(
  value: V,
  range: R,
  low: Address,
  high: Address,
): Partial<Record<V, string> & Record<R, [string, string]>> {
  const fields: Partial<Record<string, string | [string, string]>> =
    low === high ? { [value]: formatAddress(low) } : { [range]: [formatAddress(low), formatAddress(high)] };
  return fields as Partial<Record<V, string> & Record<R, [string, string]>>;
}

function numberFields<V extends string, R extends string>(
  value: V,
  range: R,
  low: number,
  high: number,
): Partial<Record<V, number> & Record<R, [number, number]>> {
  const fields: Partial<Record<string, number | [number, number]>> =
    low === high ? { [value]: low } : { [range]: [low, high] };
  return fields as Partial<Record<V, number> & Record<R, [number, number]>>;
}

/** The header of a packet as results print it. */
export function finalPacket(packet: Packet): FinalPacket {
  return {
    proto: protocolWord(packet.protocol),
    ...addressFields('src', 'srcRange', packet.source, packet.sourceTo),
    ...addressFields('dst', 'dstRange', packet.destination, packet.destinationTo),
    ...(hasPorts(packet.protocol)
      ? {
          ...numberFields('sport', 'sportRange', packet.sourcePort, packet.sourcePortTo),
          ...numberFields('dport', 'dportRange', packet.destinationPort, packet.destinationPortTo),
        }
      : {}),
    ...(isIcmp(packet.protocol, packet.family)
      ? {
          icmpType: packet.icmpType,
          icmpCode: packet.icmpCode,
          ...numberFields('icmpId', 'icmpIdRange', packet.icmpId, packet.icmpIdTo),
        }
      : {}),
    ...markFields(packet),
    ttl: packet.ttl,
    tos: packet.tos,
  };
}

/** A mark, and which of its bits are not known. */
function markFields(of: { readonly mark: number; readonly markUnknown: number }): {
  readonly mark: string;
  readonly markUnknown?: string;
} {
  return { mark: hex(of.mark), ...(of.markUnknown === 0 ? {} : { markUnknown: hex(of.markUnknown) }) };
}

function tupleText(tuple: Tuple, packet: Packet): TupleText {
  return {
    proto: protocolWord(tuple.protocol),
    ...addressFields('src', 'srcRange', tuple.source, tuple.sourceTo),
    ...addressFields('dst', 'dstRange', tuple.destination, tuple.destinationTo),
    ...(hasPorts(tuple.protocol)
      ? {
          ...numberFields('sport', 'sportRange', tuple.sourcePort, tuple.sourcePortTo),
          ...numberFields('dport', 'dportRange', tuple.destinationPort, tuple.destinationPortTo),
        }
      : {}),
    ...(isIcmp(tuple.protocol, packet.family)
      ? {
          icmpType: tuple.destinationPort >> 8,
          icmpCode: tuple.destinationPort & 255,
          ...numberFields('icmpId', 'icmpIdRange', tuple.sourcePort, tuple.sourcePortTo),
        }
      : {}),
  };
}

function statusOf(connection: Connection): string[] {
  const bits: readonly (readonly [boolean, string])[] = [
    [connection.expected, 'EXPECTED'],
    [connection.seenReply, 'SEEN_REPLY'],
    [connection.assured, 'ASSURED'],
    [connection.confirmed, 'CONFIRMED'],
    [connection.sourceNat, 'SRC_NAT'],
    [connection.destinationNat, 'DST_NAT'],
    [connection.dying, 'DYING'],
  ];
  return bits.flatMap(([set, name]) => (set ? [name] : []));
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

/** The outcome of a finished walk, all but its probability. */
export function outcomeOf(walk: Walk, end: FinalState): Outcome {
  const { ending, connection } = walk;
  const entry = connection?.entry ?? null;
  return {
    probability: 1,
    assumptions: walk.assumptions,
    verdict: verdictOf(walk, end),
    final: {
      ...finalPacket(walk.packet),
      ...(walk.inner === null ? {} : { inner: finalPacket(walk.inner) }),
    },
    egress: end === 'sent' ? egressOf(walk) : null,
    snat: walk.snat,
    dnat: walk.dnat,
    reject:
      ending.reject === undefined ? null : { with: ending.reject.with, to: formatAddress(ending.reject.to) },
    unroutable: ending.unroutable ?? null,
    drop: ending.drop ?? (ending.reject === undefined ? null : null),
    conntrack:
      connection === null
        ? null
        : {
            original: tupleText(connection.original, walk.packet),
            reply: tupleText(connection.reply, walk.packet),
            ...markFields(connection),
            status: statusOf(connection),
          },
    ...(entry === null ? {} : { entry }),
    path: walk.path,
    pathMaybe: walk.pathMaybe,
    steps: walk.steps,
  };
}
