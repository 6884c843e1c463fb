/** Plays a script on the judge and on natwalk side by side. What the node's own stack answers is judged as well. */
import type { PacketInput } from '../../../../src/packet/result.js';
import type { FlowTracer } from '../../../../src/packet/trace.js';
import type { Judge, Observation, Seen } from '../../adapter/judge.js';
import type { Header, Sequence } from '../../adapter/wire.js';
import { type Comparison, compare } from '../compare.js';
import type { Script, Step } from './script.js';

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
function stackAnswer({ answers, delivered }: Observation): PacketInput | null {
  const [answer] = answers;
  if (answer === undefined || delivered.length === 0) return null;
  const { tos, inner, mark } = answer;
  return {
    ...inputOf(answer),
    ...{ in: null, tos, mark: mark ?? 0 },
    ...(inner === null ? {} : { inner: inputOf(inner) }),
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
    ...{ answers: [], mark: null, path: [], errno: null },
  };
}

function sequenceOf(talk: Talk, step: Step): Sequence {
  const side = step.act === 'client' ? 'client' : 'server';
  const other = side === 'client' ? 'server' : 'client';
  const syn = step.tcpFlags.includes('SYN');
  return {
    seq: syn ? START[side] : talk.next[side],
    ack: step.tcpFlags.includes('ACK') && talk.spoken[other] ? talk.next[other] : 0,
  };
}

function remember(talk: Talk, step: Step, observation: Observation, sequence: Sequence): void {
  const side = step.act === 'client' ? 'client' : 'server';
  talk.spoken[side] = true;
  if (step.tcpFlags.join() === 'SYN') talk.spoken[side === 'client' ? 'server' : 'client'] = false;
  const [seen] = [...observation.out, ...observation.delivered];
  if (seen !== undefined) talk[side] = seen;
  const start = talk.socket && side === 'client' && seen !== undefined ? seen.seq : sequence.seq;
  const counted = step.tcpFlags.includes('SYN') || step.tcpFlags.includes('FIN') ? 1 : 0;
  talk.next[side] = start + counted + (step.tcpFlags.includes('SYN') ? 0 : step.data);
}

/** May the step be taken? A socket connects once, and then says what it wants. */
function allowed(talk: Talk, step: Step): boolean {
  return (
    !(talk.socket && step.act === 'client' && talk.client !== null) &&
    !(talk.socket && step.act === 'client' && step.tcpFlags.join() !== 'SYN')
  );
}

const UNBOUND = new Set(['EADDRINUSE', 'EADDRNOTAVAIL']);

/** Plays one script, on an empty conntrack table. Ends early where the kernel's sockets speak unheard. */
export async function play(judge: Judge, tracer: FlowTracer, script: Script): Promise<Played[]> {
  const send = await judge.begin();
  const played: Played[] = [];
  const talks = script.conversations.map((packet): Talk => ({
    ...{ packet, client: null, server: null, next: { client: START.client, server: START.server } },
    spoken: { client: false, server: false },
    socket: packet.in === null && packet.proto === 'tcp',
  }));
  for (const step of script.steps) {
    const talk = talks[step.conversation];
    const packet = talk === undefined ? null : packetOf(talk, step);
    if (talk === undefined || packet === null || !allowed(talk, step)) continue;
    const sequence = sequenceOf(talk, step);
    const observation = await send(packet, sequence);
    if (observation.errno !== null && UNBOUND.has(observation.errno)) break;
    const answer = stackAnswer(observation);
    const first = answer === null ? observation : { ...observation, entries: [] };
    played.push({ packet, ...compare(tracer.next(packet), first) });
    if (step.act === 'client' || step.act === 'server') remember(talk, step, observation, sequence);
    // A socket resets what it does not await with numbers of its own making, which the window check may not take.
    if (answer?.tcpFlags?.includes('RST') === true && talks.some(({ socket }) => socket)) break;
    if (answer !== null)
      played.push({ packet: answer, ...compare(tracer.next(answer), observedAnswer(observation, answer)) });
    if (played.some(({ kind }) => kind === 'wrong')) break;
    if (talk.socket && step.act === 'server' && observation.answers.length === 0) break;
  }
  return played;
}
