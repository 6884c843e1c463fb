/**
 * How conntrack follows a TCP connection: which segments it takes as part of it, which it lets pass unjudged, which
 * are invalid, and when the entry goes (net/netfilter/nf_conntrack_proto_tcp.c nf_conntrack_tcp_packet).
 *
 * Sequence numbers are not modelled: each side is taken to count on, to acknowledge all that it has seen, and to stay
 * within the window. So a reset always comes at the byte that is awaited.
 */
import type { Direction } from './connection.js';
import { TCP } from './packet.js';

export type TcpState =
  | 'SYN_SENT'
  | 'SYN_SENT2'
  | 'SYN_RECV'
  | 'ESTABLISHED'
  | 'FIN_WAIT'
  | 'CLOSE_WAIT'
  | 'LAST_ACK'
  | 'TIME_WAIT'
  | 'CLOSE';

type Kind = 'syn' | 'syn-ack' | 'fin' | 'ack' | 'rst';

/** What the tracker keeps of one connection. Replaced as a whole, so that copies may share it. */
export interface TcpTracking {
  readonly state: TcpState;
  readonly last: Kind;
  readonly lastDirection: Direction;
  /** Some side began an orderly close (IP_CT_TCP_FLAG_CLOSE_INIT). */
  readonly closing: boolean;
  /** The tracker knows from where the answering side counts: it has taken its SYN, or does not judge the window. */
  readonly synced: boolean;
  /** The answering side was last let send, unjudged, what the tracker does not know of. */
  readonly behind: boolean;
  /** A SYN came too late, and an acknowledgement that challenges it may follow (IP_CT_EXP_CHALLENGE_ACK). */
  readonly challenged?: boolean | undefined;
  /** Both sides have sent a SYN of their own (IP_CT_TCP_SIMULTANEOUS_OPEN). */
  readonly simultaneous?: boolean;
}

/** What a segment means for its connection: `reopen` stands for an entry that goes and a segment that opens another. */
export type TcpVerdict =
  | { readonly kind: 'invalid' }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'passed'; readonly tracking: TcpTracking }
  | { readonly kind: 'taken'; readonly tracking: TcpTracking; readonly establishes: boolean };

/** A segment as the tracker looks at it. */
export interface Segment {
  readonly flags: number;
  /** It carries data. */
  readonly data: boolean;
  /** Does the node take segments out of the window (`nf_conntrack_tcp_be_liberal`)? Asked only where it matters. */
  readonly liberal?: () => boolean;
}

function kindOf(flags: number): Kind {
  if ((flags & TCP.RST) !== 0) return 'rst';
  if ((flags & TCP.SYN) !== 0) return (flags & TCP.ACK) === 0 ? 'syn' : 'syn-ack';
  return (flags & TCP.FIN) === 0 ? 'ack' : 'fin';
}

/** Is it the SYN that opens a connection? */
export function isFirstSegment({ flags }: Segment): boolean {
  return kindOf(flags) === 'syn';
}

const opening = (state: TcpState): boolean => state === 'SYN_SENT' || state === 'SYN_SENT2';

function afterSyn(state: TcpState, direction: Direction): TcpState | 'ignore' | 'invalid' {
  const over = state === 'TIME_WAIT' || state === 'CLOSE';
  if (direction === 'ORIGINAL') return opening(state) ? state : over ? 'SYN_SENT' : 'ignore';
  if (opening(state)) return 'SYN_SENT2';
  return state === 'TIME_WAIT' ? 'SYN_SENT' : 'invalid';
}

function afterSynAck(state: TcpState, direction: Direction): TcpState | 'ignore' | 'invalid' {
  if (direction === 'REPLY') return opening(state) ? 'SYN_RECV' : 'ignore';
  return state === 'SYN_RECV' || state === 'SYN_SENT2' ? 'SYN_RECV' : 'invalid';
}

function afterFin(state: TcpState): TcpState | 'invalid' {
  if (opening(state)) return 'invalid';
  if (state === 'SYN_RECV' || state === 'ESTABLISHED') return 'FIN_WAIT';
  return state === 'TIME_WAIT' || state === 'CLOSE' ? state : 'LAST_ACK';
}

function afterAck(state: TcpState, direction: Direction): TcpState | 'ignore' | 'invalid' {
  switch (state) {
    case 'SYN_SENT':
    case 'SYN_SENT2':
      return direction === 'ORIGINAL' ? 'invalid' : 'ignore';
    case 'SYN_RECV':
      return direction === 'ORIGINAL' ? 'ESTABLISHED' : state;
    case 'FIN_WAIT':
      return 'CLOSE_WAIT';
    case 'LAST_ACK':
      return 'TIME_WAIT';
    default:
      return state;
  }
}

/** A connection that is ending: its ports may be in use again. */
const CLOSING: ReadonlySet<TcpState> = new Set(['FIN_WAIT', 'CLOSE_WAIT', 'LAST_ACK', 'TIME_WAIT', 'CLOSE']);

function transition(kind: Kind, state: TcpState, direction: Direction): TcpState | 'ignore' | 'invalid' {
  switch (kind) {
    case 'rst':
      return 'CLOSE';
    case 'syn':
      return afterSyn(state, direction);
    case 'syn-ack':
      return afterSynAck(state, direction);
    case 'fin':
      return afterFin(state);
    case 'ack':
      return afterAck(state, direction);
  }
}

/** The state in which the first segment of a connection puts it; it must be one that opens a connection. */
export function openTcp(segment: Segment): TcpTracking {
  const kind = kindOf(segment.flags);
  return {
    state: kind === 'syn' ? 'SYN_SENT' : 'ESTABLISHED',
    last: kind,
    lastDirection: 'ORIGINAL',
    closing: false,
    // Of a connection that is picked up on its way the window is not judged.
    synced: kind !== 'syn',
    behind: false,
  };
}

/** A connection in full flow, for entries whose beginning was not seen. */
export const ESTABLISHED_TCP: TcpTracking = {
  state: 'ESTABLISHED',
  last: 'ack',
  lastDirection: 'REPLY',
  closing: false,
  synced: true,
  behind: false,
};

/**
 * How a connection that a reset ended goes on: a SYN from the side that began opens another one if the reset came from
 * there, or both sides were closing already. A dump does not tell.
 */
export const CLOSED_TCP: TcpTracking = { ...ESTABLISHED_TCP, state: 'CLOSE', last: 'rst' };

const tracking = (state: TcpState, last: Kind, lastDirection: Direction): TcpTracking => ({
  ...ESTABLISHED_TCP,
  ...{ state, last, lastDirection },
  closing: CLOSING.has(state),
  synced: state !== 'SYN_SENT',
});

/** By the state that a dump shows: what was last seen is what leads there. */
const DUMPED: ReadonlyMap<string, TcpTracking> = new Map(
  [
    tracking('SYN_SENT', 'syn', 'ORIGINAL'),
    tracking('SYN_SENT2', 'syn', 'REPLY'),
    tracking('SYN_RECV', 'syn-ack', 'REPLY'),
    tracking('FIN_WAIT', 'fin', 'ORIGINAL'),
    tracking('CLOSE_WAIT', 'ack', 'REPLY'),
    tracking('LAST_ACK', 'fin', 'REPLY'),
    tracking('TIME_WAIT', 'ack', 'ORIGINAL'),
    CLOSED_TCP,
  ].map((one) => [one.state, one]),
);

const ONE_SIDED: TcpTracking = { ...ESTABLISHED_TCP, lastDirection: 'ORIGINAL' };

/** The tracking of a dumped entry. One without a known state (NONE, or taken by a flowtable) is in full flow. */
export function dumpedTcp(state: string | null, replied: boolean): TcpTracking {
  return DUMPED.get(state ?? '') ?? (replied ? ESTABLISHED_TCP : ONE_SIDED);
}

/**
 * What a further segment does.
 * @param status the entry's status bits before it
 */
export function followTcp(
  tracking: TcpTracking,
  direction: Direction,
  segment: Segment,
  status: { readonly seenReply: boolean; readonly assured: boolean },
): TcpVerdict {
  const kind = kindOf(segment.flags);
  const { state, last, lastDirection } = tracking;
  let next = transition(kind, state, direction);
  if (next === 'invalid') return { kind: 'invalid' };
  // The table of states does not know that the answering side's acknowledgement then completes the opening.
  if (next === 'SYN_RECV' && direction === 'REPLY' && kind === 'ack' && tracking.simultaneous === true)
    next = 'ESTABLISHED';
  const seen = { ...tracking, last: kind, lastDirection: direction };
  const over = state === 'TIME_WAIT' || state === 'CLOSE';
  if (next === 'SYN_SENT' && over) {
    if (tracking.closing || (lastDirection === direction && last === 'rst')) return { kind: 'reopen' };
    next = 'ignore';
  }
  if (next === 'ignore') {
    // It answers a SYN that was let pass before: the ends know of a connection that the entry does not show.
    const resynchronises = kind === 'syn-ack' && last === 'syn' && lastDirection !== direction;
    const behind = tracking.behind || (direction === 'REPLY' && !tracking.synced);
    // The flags of a SYN that began before are forgotten with the next one from there (last_flags).
    const begins = kind === 'syn' && direction === 'ORIGINAL';
    const challenged = begins ? state === 'LAST_ACK' : tracking.challenged;
    const simultaneous = tracking.simultaneous === true && !begins;
    if (!resynchronises) return { kind: 'passed', tracking: { ...seen, behind, challenged, simultaneous } };
    return {
      kind: 'taken',
      tracking: {
        ...seen,
        ...{ state: 'SYN_RECV', closing: false, synced: true, behind: false },
        ...{ challenged: false, simultaneous: false },
      },
      establishes: false,
    };
  }
  // A challenge to a SYN that comes too late: it is not the acknowledgement that ends the connection (RFC 5961). The
  // next one is.
  const late = last === 'syn' && lastDirection !== direction && tracking.challenged === true;
  if (kind === 'ack' && state === 'LAST_ACK' && late) {
    const behind = tracking.behind || (direction === 'REPLY' && segment.data);
    return { kind: 'passed', tracking: { ...tracking, behind, challenged: false } };
  }
  // It acknowledges what the other side was let send unjudged: more than the tracker knows of. A reset may.
  const answers = last === 'ack' && lastDirection !== direction && !status.assured;
  // Of a connection that is closing a reset is taken whatever its numbers (tcp_can_early_drop).
  const resets = kind === 'rst' && (answers || CLOSING.has(state));
  const acknowledges = (segment.flags & TCP.ACK) !== 0 && direction === 'ORIGINAL';
  if (acknowledges && tracking.behind && !resets && segment.liberal?.() !== true) return { kind: 'invalid' };
  const establishes =
    status.seenReply && (state === 'SYN_RECV' || state === 'ESTABLISHED') && next === 'ESTABLISHED';
  const closing = tracking.closing || (next === 'FIN_WAIT' && state !== 'FIN_WAIT');
  return {
    kind: 'taken',
    tracking: {
      ...seen,
      ...{ state: next, closing },
      synced: tracking.synced || (direction === 'REPLY' && (segment.flags & TCP.SYN) !== 0),
      behind: tracking.behind && direction === 'ORIGINAL',
      simultaneous: tracking.simultaneous === true || next === 'SYN_SENT2',
    },
    establishes,
  };
}
