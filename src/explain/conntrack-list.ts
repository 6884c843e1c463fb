/**
 * The packet's entry as `conntrack -L` prints it (libnetfilter_conntrack, src/conntrack/snprintf_default.c). Timers are
 * the kernel's defaults for the state at the moment the packet has passed; what the kernel draws stands as its range.
 */
import { protocolNumber } from '../address/protocols.js';
import type { Outcome, TraceResult, Tracking, TupleText } from '../packet/result.js';
import { outcomeLines, textOf } from './heading.js';

type Entry = NonNullable<Outcome['conntrack']>;

/** Protocols that the tool has a name for (l4proto2str). */
const NAMES: ReadonlyMap<number, string> = new Map([
  ...([[1, 'icmp'], [6, 'tcp'], [17, 'udp'], [33, 'dccp'], [47, 'gre']] as const),
  ...([[58, 'icmpv6'], [132, 'sctp'], [136, 'udplite']] as const),
]); // prettier-ignore

/** Seconds by the state of a TCP connection (net/netfilter/nf_conntrack_proto_tcp.c tcp_timeouts). */
const TCP_TIMEOUTS: Readonly<Record<string, number>> = {
  ...{ SYN_SENT: 120, SYN_SENT2: 120, SYN_RECV: 60, ESTABLISHED: 432_000, FIN_WAIT: 120 },
  ...{ CLOSE_WAIT: 60, LAST_ACK: 30, TIME_WAIT: 120, CLOSE: 10 },
};
/** Of a connection in whose middle tracking began, as long as only one side was heard (TCP_CONNTRACK_UNACK). */
const UNACKNOWLEDGED = 300;

/** Before and after an answer: nf_conntrack_proto_udp.c, _gre.c, _icmp.c, _generic.c. */
const TIMEOUTS: ReadonlyMap<number, readonly [unreplied: number, assured: number]> = new Map([
  ...([[1, [30, 30]], [17, [30, 120]], [47, [30, 180]], [58, [30, 30]], [136, [30, 120]]] as const),
]); // prettier-ignore
const GENERIC = 600;

interface Kept {
  readonly state: string | null;
  readonly seconds: number;
}

/** What the protocol's tracker keeps of the entry: the name of its state, and how long it lives from now on. */
function keptOf(protocol: number, { status }: Entry, outcome: Outcome): Kept {
  const replied = status.includes('SEEN_REPLY');
  if (protocol === 6) {
    const state = outcome.tracking?.state ?? 'NONE';
    const alone = state === 'ESTABLISHED' && !replied;
    return { state, seconds: alone ? UNACKNOWLEDGED : (TCP_TIMEOUTS[state] ?? 432_000) };
  }
  // An INIT leaves it closed, the answer to it makes it wait for the cookie (nf_conntrack_proto_sctp.c).
  if (protocol === 132)
    return replied ? { state: 'COOKIE_WAIT', seconds: 3 } : { state: 'CLOSED', seconds: 10 };
  const [unreplied, assured] = TIMEOUTS.get(protocol) ?? [GENERIC, GENERIC];
  return { state: null, seconds: status.includes('ASSURED') ? assured : unreplied };
}

const value = (one: string | number | undefined, range: readonly (string | number)[] | undefined): string =>
  range === undefined ? String(one ?? '?') : range.join('-');

function tupleWords(tuple: TupleText, protocol: number): readonly string[] {
  const words = [`src=${value(tuple.src, tuple.srcRange)}`, `dst=${value(tuple.dst, tuple.dstRange)}`];
  if (protocol === 47) return [...words, 'srckey=0x0', 'dstkey=0x0'];
  if (tuple.icmpType !== undefined) {
    const id = value(tuple.icmpId, tuple.icmpIdRange);
    return [...words, `type=${String(tuple.icmpType)}`, `code=${String(tuple.icmpCode ?? 0)}`, `id=${id}`];
  }
  if (tuple.sport === undefined && tuple.sportRange === undefined) return words;
  const ports = [value(tuple.sport, tuple.sportRange), value(tuple.dport, tuple.dportRange)] as const;
  return [...words, `sport=${ports[0]}`, `dport=${ports[1]}`];
}

function zoneWords(zone: Tracking['zone'], direction: 'ORIGINAL' | 'REPLY' | null): readonly string[] {
  if (zone?.direction !== direction) return [];
  const name = { ORIGINAL: 'zone-orig', REPLY: 'zone-reply', both: 'zone' }[direction ?? 'both'];
  return [`${name}=${String(zone.id)}`];
}

/** The entry's line; null when the listing has none, because the packet has no entry or it never came to be kept. */
export function conntrackLine(outcome: Outcome): string | null {
  const { conntrack: entry, tracking } = outcome;
  if (entry === null) return null;
  const { original, reply, status } = entry;
  if (!status.includes('CONFIRMED') || status.includes('DYING')) return null;
  const protocol = protocolNumber(original.proto) ?? Number(original.proto);
  const { state, seconds } = keptOf(protocol, entry, outcome);
  const zone = tracking?.zone ?? null;
  const helper = tracking?.helper ?? null;
  return [
    `${(NAMES.get(protocol) ?? 'unknown').padEnd(8)} ${String(protocol)} ${String(seconds)}`,
    ...(state === null ? [] : [state]),
    ...[...tupleWords(original, protocol), ...zoneWords(zone, 'ORIGINAL')],
    ...(status.includes('SEEN_REPLY') ? [] : ['[UNREPLIED]']),
    ...[...tupleWords(reply, protocol), ...zoneWords(zone, 'REPLY')],
    ...(status.includes('ASSURED') ? ['[ASSURED]'] : []),
    ...[`mark=${String(Number(entry.mark))}`, ...zoneWords(zone, null)],
    ...(helper === null ? [] : [`helper=${helper}`]),
    'use=1',
  ].join(' ');
}

const isDrawn = ({ srcRange, dstRange, sportRange, dportRange, icmpIdRange }: TupleText): boolean =>
  [srcRange, dstRange, sportRange, dportRange, icmpIdRange].some((range) => range !== undefined);

/** The line, and comments on what in it is not one value. */
function linesOf(outcome: Outcome): readonly string[] {
  const line = conntrackLine(outcome);
  if (line === null) return ['# no entry is kept'];
  const { original, reply, markUnknown } = outcome.conntrack ?? {};
  const drawn = [original, reply].some((tuple) => tuple !== undefined && isDrawn(tuple));
  return [
    line,
    ...(drawn ? ['# LOW-HIGH: the kernel draws one of these'] : []),
    ...(markUnknown === undefined ? [] : [`# mark: its bits ${markUnknown} are not known, and 0 here`]),
  ];
}

/** The entries of a result, one line each: after the packet, and after the answer where that was walked too. */
export function renderConntrack(result: TraceResult): string {
  return textOf(
    outcomeLines(result, (outcome) =>
      outcome.reply === undefined
        ? linesOf(outcome)
        : [
            ...['# after the packet', ...linesOf(outcome)],
            ...['# after the answer', ...linesOf(outcome.reply)],
          ],
    ),
  );
}
