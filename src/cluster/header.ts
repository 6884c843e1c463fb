/** The header of a packet between nodes: concrete values, the lowest of those that a kernel draws. */
import { isIcmp } from '../packet/packet.js';
import { formatAddress } from '../address/address.js';
import { protocolNumber } from '../address/protocols.js';
import { icmpCounterpart } from '../packet/tuple.js';
import type { FinalPacket, Outcome, PacketInput } from '../packet/result.js';

export interface Header {
  readonly proto: string;
  readonly src: string;
  readonly dst: string;
  readonly sport?: number;
  readonly dport?: number;
  readonly icmpType?: number;
  readonly icmpCode?: number;
  readonly icmpId?: number;
  readonly tcpFlags?: readonly string[];
  readonly ttl?: number;
  readonly tos?: number;
  readonly length?: number;
}

/** A pair of ends, as a translation has one before it and one behind it. */
export type Ends = Pick<Header, 'src' | 'sport' | 'dst' | 'dport'>;

/** A value, or the lowest of its range, under its name; nothing where there is none. */
function lowest<K extends string, T>(
  key: K,
  value: T | undefined,
  range: readonly [T, T] | undefined,
): Partial<Record<K, T>> {
  const found = range === undefined ? value : range[0];
  // A computed key widens to string; the record has this one alone.
  return found === undefined ? {} : (Object.fromEntries([[key, found]]) as Partial<Record<K, T>>);
}

/** The header as a packet goes on. @param before the same packet, for what a final header does not tell */
export function headerOf(final: FinalPacket, before: Pick<Header, 'tcpFlags' | 'length'>): Header {
  return {
    proto: final.proto,
    src: final.src ?? final.srcRange?.[0] ?? '',
    dst: final.dst ?? final.dstRange?.[0] ?? '',
    ...lowest('sport', final.sport, final.sportRange),
    ...lowest('dport', final.dport, final.dportRange),
    ...lowest('icmpType', final.icmpType, undefined),
    ...lowest('icmpCode', final.icmpCode, undefined),
    ...lowest('icmpId', final.icmpId, final.icmpIdRange),
    ...lowest('tcpFlags', before.tcpFlags, undefined),
    ...lowest('length', before.length, undefined),
    ttl: final.ttl,
    tos: final.tos,
  };
}

/** The packet as it enters a node. @param device null for a local process */
export function inputOf(header: Header, device: string | null): PacketInput {
  return { ...header, in: device };
}

/** What the receiver answers; null when the protocol has no answer to it. */
export function answerTo(header: Header): Header | null {
  const { proto, src, dst, sport, dport, icmpType, icmpCode, icmpId, tcpFlags, tos, length } = header;
  const number = protocolNumber(proto) ?? Number(proto);
  const family = dst.includes(':') ? 6 : 4;
  const icmp = isIcmp(number, family);
  const type = icmp && icmpType !== undefined ? icmpCounterpart(icmpType, family) : null;
  if (icmp && type === null) return null;
  const opens = tcpFlags?.includes('SYN') === true && !tcpFlags.includes('ACK');
  return {
    ...lowest('icmpId', icmpId, undefined),
    ...lowest('icmpCode', icmpCode, undefined),
    ...lowest('tos', tos, undefined),
    ...{ proto, src: dst, dst: src, ttl: 64 },
    ...lowest('sport', dport, undefined),
    ...lowest('dport', sport, undefined),
    // An echo comes back with what it brought (net/ipv4/icmp.c, icmp_echo).
    ...(type === null ? {} : { icmpType: type, ...lowest('length', length, undefined) }),
    ...(tcpFlags === undefined ? {} : { tcpFlags: opens ? ['SYN', 'ACK'] : ['ACK'] }),
  };
}

/** Is `answer` from whom `asked` went to, to whom it came from? */
export function answers(answer: Header, asked: Header): boolean {
  return answersEnds(answer, asked) && answer.proto === asked.proto && answer.icmpId === asked.icmpId;
}

/** The same of addresses and ports alone. */
export function answersEnds(answer: Ends, asked: Ends): boolean {
  return (
    answer.src === asked.dst &&
    answer.dst === asked.src &&
    answer.sport === asked.dport &&
    answer.dport === asked.sport
  );
}

/** The same header with other ends. */
export function withEnds(header: Header, { src, sport, dst, dport }: Ends): Header {
  return {
    ...header,
    ...{ src, dst },
    ...lowest('sport', sport, undefined),
    ...lowest('dport', dport, undefined),
  };
}

/** The ends of a header that point the other way. */
export function turned({ src, sport, dst, dport }: Ends): Ends {
  return {
    ...{ src: dst, dst: src },
    ...lowest('sport', dport, undefined),
    ...lowest('dport', sport, undefined),
  };
}

/** The packet of a process that names no source, with the one that its node selects. */
export function withChosenSource(header: Header, outcome: Outcome): Header {
  const step = outcome.steps.find(({ kind }) => kind === 'source');
  return step?.kind === 'source' ? { ...header, src: formatAddress(step.address) } : header;
}
