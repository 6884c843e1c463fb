/** Plays a script on the judge and on natwalk side by side. What the node's own stack answers is judged as well. */
import type { Outcome, PacketInput } from '../../../../src/packet/result.js';
import type { FlowTracer } from '../../../../src/packet/trace.js';
import type { Judge, Observation } from '../../adapter/judge.js';
import type { Seen } from '../../adapter/seen.js';
import type { Header, Sequence } from '../../adapter/wire.js';
import { type Comparison, compare } from '../compare.js';
import { Course } from '../course.js';
import type { Script, Step } from './script.js';

/** What puts the packets of a script into the kernel. */
export type Sender = Pick<Judge, 'begin'>;

/** What says beforehand what becomes of them. */
export type Tracer = Pick<FlowTracer, 'next'>;

/** A packet of a script and what came of it. */
export type Played = { readonly packet: PacketInput } & Comparison;

const NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [58, 'icmpv6'],
  [132, 'sctp'],
]);

/** What one conversation has shown so far. */
interface Talk {
  readonly packet: PacketInput;
  /** The last packet of each side as its receiver, or the wire, had it. */
  client: Seen | null;
  server: Seen | null;
  readonly next: { client: number; server: number };
  /** Which sides have sent anything since the other side last sent a SYN. */
  readonly spoken: { client: boolean; server: boolean };
  /** Sides that have begun with a SYN, and sides that have acknowledged anything. */
  readonly begun: Set<'client' | 'server'>;
  readonly acknowledged: Set<'client' | 'server'>;
  /** The side whose SYN was the last thing that conntrack took, and its number: a socket draws one itself. */
  calling: { readonly side: 'client' | 'server'; readonly seq: number } | null;
  /** Sides that have said that they are done, and whether one has broken off: whoever goes on is out of any window. */
  readonly ended: Set<'client' | 'server'>;
  reset: boolean;
  /** The client's packets have left with other addresses: what goes by without is of no entry, or of another. */
  mapped: boolean;
  /** How many steps are left once a side spoke without having begun: numbers mean ever less from there on. */
  left: number;
  /** Sides whose data the other has not acknowledged: conntrack takes no reset from behind it. */
  readonly unheard: Set<'client' | 'server'>;
  /** A socket of the node's own speaks, and answers by itself. */
  readonly socket: boolean;
}

const START = { client: 1000, server: 500_000 } as const;

const counterpart: ReadonlyMap<number, number> = new Map([
  [8, 0],
  [0, 8],
  [128, 129],
  [129, 128],
]);

/** The packet that a header shows. */
function inputOf(header: Header): PacketInput {
  const { sport, dport, icmpType, icmpCode, icmpId, tcpFlags, ttl } = header;
  return {
    ...{ proto: NAMES.get(header.proto) ?? header.proto, src: header.src, dst: header.dst, ttl },
    ...(sport === null || dport === null ? {} : { sport, dport }),
    ...(icmpType === null ? {} : { icmpType, icmpCode: icmpCode ?? 0, icmpId: icmpId ?? 0 }),
    ...(header.proto === 6 ? { tcpFlags } : {}),
  };
}

/** The other direction of a packet, from where it ended up. */
function answerTo(seen: Seen): PacketInput {
  const { ttl: _ttl, ...packet } = inputOf(seen);
  return {
    ...packet,
    in: seen.nexthop === null ? null : seen.iface,
    src: seen.dst,
    dst: seen.src,
    ...(seen.sport === null || seen.dport === null ? {} : { sport: seen.dport, dport: seen.sport }),
    ...(seen.icmpType === null ? {} : { icmpType: counterpart.get(seen.icmpType) ?? seen.icmpType }),
  };
}

function packetOf(talk: Talk, step: Step): PacketInput | null {
  const flags = talk.packet.proto === 'tcp' ? { tcpFlags: step.tcpFlags } : {};
  const header = talk.packet.dst.includes(':') ? 60 : 40;
  const data = step.data > 0 && talk.packet.proto === 'tcp' ? { length: header + step.data } : {};
  if (step.act === 'client') return { ...talk.packet, ...flags, ...data };
  const about = step.act === 'near-error' ? talk.server : talk.client;
  if (about === null) return null;
  const answer = answerTo(about);
  if (step.act === 'server') return { ...answer, ...flags, ...data };
  const [icmpType, icmpCode] = step.error;
  return {
    proto: talk.packet.dst.includes(':') ? 'icmpv6' : 'icmp',
    in: answer.in ?? null,
    src: step.router === null || answer.in === null ? about.dst : step.router,
    dst: about.src,
    icmpType,
    icmpCode,
    inner: inputOf(about),
  };
}

/** What the stack sent of its own accord on a delivered packet, as it was before any rule touched it. */
export function stackAnswer({ answers, delivered }: Observation): PacketInput | null {
  const [answer] = answers;
  if (answer === undefined || delivered.length === 0) return null;
  const { tos, inner, mark } = answer;
  return {
    ...inputOf(answer),
    ...{ in: null, tos, mark: mark ?? 0 },
    ...(inner === null ? {} : { inner: { ...inputOf(inner), tos: inner.tos } }),
  };
}

const alike = (a: Header, b: Header): boolean =>
  a.proto === b.proto && a.icmpType === b.icmpType && a.tcpFlags.join() === b.tcpFlags.join();

/** The part of an observation that is about the stack's answer. */
function observedAnswer(whole: Observation, sent: PacketInput): Observation {
  const [answer] = whole.answers;
  const mine = whole.answered.filter((seen) => answer !== undefined && alike(seen, answer)).slice(0, 1);
  return {
    ...whole,
    sent,
    out: mine.filter(({ nexthop }) => nexthop !== null),
    delivered: mine.filter(({ nexthop }) => nexthop === null),
    // What was made was made by the packet that is answered.
    entries: whole.entries.map((one) => ({ ...one, isNew: false })),
    ...{ answers: [], mark: null, path: [], nftPath: [], handles: null, errno: null },
  };
}

function sequenceOf(talk: Talk, step: Step): Sequence {
  const side = step.act === 'client' ? 'client' : 'server';
  const other = side === 'client' ? 'server' : 'client';
  const syn = step.tcpFlags.includes('SYN');
  // The answer to a SYN that came again acknowledges that one.
  if (syn && talk.calling?.side === other && step.tcpFlags.includes('ACK'))
    return { seq: START[side], ack: talk.calling.seq + 1 };
  return {
    seq: syn ? START[side] : talk.next[side],
    ack: step.tcpFlags.includes('ACK') && talk.spoken[other] ? talk.next[other] : 0,
  };
}

/** A SYN that opens an entry: what was said before belonged to a connection that is gone. */
function beginAnew(talk: Talk, side: 'client' | 'server'): void {
  const other = side === 'client' ? 'server' : 'client';
  talk.spoken[other] = false;
  talk.next[other] = START[other];
  talk.begun.clear();
  talk.begun.add(side);
  talk.acknowledged.clear();
  talk.ended.clear();
  talk.unheard.clear();
  talk.reset = false;
}

/** Moves the conversation on. What conntrack finds invalid is as good as lost: its sender will send it again. */
function remember(
  talk: Talk,
  step: Step,
  observation: Observation,
  sequence: Sequence,
  entry: Outcome['conntrack'],
): void {
  const side = step.act === 'client' ? 'client' : 'server';
  const [seen] = [...observation.out, ...observation.delivered];
  if (seen !== undefined) talk[side] = seen;
  const { src, dst } = talk.packet;
  if (side === 'client' && seen !== undefined) talk.mapped ||= seen.src !== src || seen.dst !== dst;
  const other = side === 'client' ? 'server' : 'client';
  const { tcpFlags, data } = step;
  const begins = tcpFlags.includes('SYN');
  talk.left -= 1;
  if (begins) talk.begun.add(side);
  else if (talk.begun.size > 0 && !talk.begun.has(side)) talk.left = Math.min(talk.left, 1);
  // Before the other side has acknowledged anything there is no window to send into.
  if ((data > 0 || tcpFlags.includes('FIN')) && !talk.acknowledged.has(other))
    talk.left = Math.min(talk.left, 0);
  if (tcpFlags.includes('ACK') && talk.spoken[other]) talk.acknowledged.add(side);
  const called = talk.calling?.side === other && begins && tcpFlags.includes('ACK');
  if (entry === null) return;
  // Both open at once: what each then repeats is in the other's window or not, by numbers that nobody keeps here.
  if (tcpFlags.join() === 'SYN' && talk.calling?.side === other) talk.left = Math.min(talk.left, 3);
  talk.calling = tcpFlags.join() === 'SYN' ? { side, seq: seen?.seq ?? sequence.seq } : null;
  if (tcpFlags.includes('FIN')) talk.ended.add(side);
  talk.reset ||= tcpFlags.includes('RST');
  if (data > 0) talk.unheard.add(side);
  if (tcpFlags.includes('ACK') && !begins) talk.unheard.delete(other);
  talk.spoken[side] = true;
  const fresh = !entry.status.includes('SEEN_REPLY');
  // It answers a stray that left untranslated, and opens an entry beside the one that is there.
  if (begins && fresh && side === 'server' && talk.mapped) talk.left = 0;
  else if (begins && fresh && !called) beginAnew(talk, side);
  // Zones keep the sides apart, each with an entry of its own, to which the other's numbers mean nothing.
  else if (fresh && talk.spoken[other]) talk.left = 0;
  // A socket that connects draws its numbers itself.
  const connects = observation.sent.in === null && talk.calling?.side === side;
  const start = connects && seen !== undefined ? seen.seq : sequence.seq;
  const next = start + (begins || tcpFlags.includes('FIN') ? 1 : 0) + (begins ? 0 : data);
  // A SYN that comes again says nothing new, until it is answered: then both begin anew.
  talk.next[side] = fresh || called || !begins ? next : Math.max(next, talk.next[side]);
  if (!called) return;
  // Conntrack forgets the windows of both, until they are acknowledged anew.
  talk.next[other] = sequence.ack;
  talk.acknowledged.delete(other);
}

/** A socket that connects to itself has its own stack for an answer: two say the same. */
const isToItself = ({ src, dst, sport, dport }: PacketInput): boolean => src === dst && sport === dport;

/** To conntrack the answer comes from the side that asked, whose numbers it has not. */
const isOwnEcho = (packet: PacketInput, { act }: Step): boolean =>
  act === 'server' && packet.proto === 'tcp' && isToItself(packet);

/** Has the side nothing more to say? One that is done may acknowledge or break off; both may begin again. */
function isSpent({ ended, reset }: Talk, { act, tcpFlags, data }: Step): boolean {
  if (act !== 'client' && act !== 'server') return false;
  const opens = tcpFlags.join() === 'SYN';
  if (reset) return !opens;
  if (!ended.has(act)) return opens && ended.size > 0;
  return opens ? ended.size < 2 : data > 0 || tcpFlags.some((flag) => flag === 'SYN' || flag === 'FIN');
}

/** May the step be taken? A socket connects once, and then says what it wants. */
function allowed(talk: Talk, step: Step): boolean {
  return (
    talk.left > 0 &&
    !(talk.packet.proto === 'tcp' && isSpent(talk, step)) &&
    !(
      step.tcpFlags.includes('RST') &&
      (step.act === 'client' || step.act === 'server') &&
      talk.unheard.has(step.act)
    ) &&
    !(talk.socket && step.act === 'client' && talk.client !== null) &&
    !(talk.socket && isToItself(talk.packet) && talk.client !== null) &&
    !(talk.socket && step.act === 'client' && step.tcpFlags.join() !== 'SYN')
  );
}

/** A port or id that the kernel drew, and what natwalk allows for it. */
interface Drawn {
  readonly seen: Seen;
  readonly range: readonly [number, number];
}

function drawnBy(outcomes: readonly Outcome[], { out, delivered }: Observation): Drawn[] {
  const [seen] = [...out, ...delivered];
  return outcomes.flatMap(({ final }) => {
    const range = final.sportRange ?? final.icmpIdRange;
    return seen === undefined || range === undefined ? [] : [{ seen, range }];
  });
}

/**
 * Is the packet addressed to a port that the kernel might have drawn but did not, or does it quote one sent from such?
 * natwalk takes it for an answer all the same, as nobody told it what was drawn.
 */
function missesDraw({ inner, ...outer }: PacketInput, drawn: readonly Drawn[]): boolean {
  const { src, dst, dport, icmpId } =
    inner === undefined ? outer : { ...inner, src: inner.dst, dst: inner.src, dport: inner.sport };
  return drawn.some(({ seen, range: [low, high] }) => {
    const port = seen.icmpId === null ? dport : icmpId;
    if (port === undefined || src !== seen.dst || dst !== seen.src) return false;
    return port !== (seen.icmpId ?? seen.sport) && port >= low && port <= high;
  });
}

const ENDS = ['proto', 'src', 'dst', 'sport', 'dport', 'icmpId'] as const;

/** Two conversations between the same ends are one. */
function sameEnds(a: PacketInput, b: PacketInput): boolean {
  return ENDS.every((field) => a[field] === b[field]);
}

function talkOf(packet: PacketInput): Talk {
  return {
    ...{ packet, client: null, server: null, next: { client: START.client, server: START.server } },
    spoken: { client: false, server: false },
    ...{ begun: new Set(), acknowledged: new Set(), calling: null, left: Infinity, mapped: false },
    ...{ ended: new Set(), unheard: new Set(), reset: false },
    socket: packet.in === null && packet.proto === 'tcp',
  };
}

/** Of an answer that is rejected nobody is told: the stack that makes it is not interrupted by its own error. */
function judgeAnswer(tracer: Tracer, answer: PacketInput, observation: Observation, course: Course): Played {
  const result = tracer.next(answer);
  const seen = observedAnswer(observation, answer);
  const rejected = result.outcomes.every(({ verdict }) => verdict === 'rejected');
  if (rejected && seen.out.length + seen.delivered.length === 0)
    return { packet: answer, kind: 'agree', proof: null };
  return { packet: answer, ...compare(result, seen, course) };
}

const UNBOUND = new Set(['EADDRINUSE', 'EADDRNOTAVAIL']);

/** Plays one script, on an empty conntrack table. Ends early where the kernel's sockets speak unheard. */
export async function play(
  judge: Sender,
  tracer: Tracer,
  script: Script,
  course = new Course(),
): Promise<Played[]> {
  const send = await judge.begin();
  const played: Played[] = [];
  const talks: Talk[] = [];
  for (const packet of script.conversations)
    talks.push(talks.find((talk) => sameEnds(talk.packet, packet)) ?? talkOf(packet));
  const drawn: Drawn[] = [];
  let connected = false;
  for (const step of script.steps) {
    const talk = talks[step.conversation];
    const packet = talk === undefined ? null : packetOf(talk, step);
    if (talk === undefined || packet === null || !allowed(talk, step)) continue;
    if (missesDraw(packet, drawn) || isOwnEcho(packet, step)) break;
    const sequence = sequenceOf(talk, step);
    const observation = await send(packet, sequence);
    if (observation.errno !== null && UNBOUND.has(observation.errno)) break;
    const answer = stackAnswer(observation);
    const result = tracer.next(packet);
    drawn.push(...drawnBy(result.outcomes, observation));
    played.push({ packet, ...compare(result, observation, course) });
    if (step.act === 'client' || step.act === 'server')
      remember(talk, step, observation, sequence, result.outcomes[0]?.conntrack ?? null);
    connected ||= packet.in === null && packet.tcpFlags?.join() === 'SYN';
    // A socket resets what it does not await with numbers of its own making, which the window check may not take.
    if (connected && answer?.tcpFlags?.includes('RST') === true) break;
    if (answer !== null) played.push(judgeAnswer(tracer, answer, observation, course));
    if (played.some(({ kind }) => kind === 'wrong')) break;
    if (talk.socket && step.act === 'server' && observation.answers.length === 0) break;
  }
  return played;
}
