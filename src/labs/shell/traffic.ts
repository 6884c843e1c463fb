/** Packets that ping, curl and their like send through an emulated node, and the answers that come back. */
import { formatAddress, parseAddress } from '../../address/address.js';
import { conntrackLine } from '../../explain/conntrack-list.js';
import { PacketError } from '../../packet/complete.js';
import type { FinalPacket, Outcome, PacketInput, TraceResult } from '../../packet/result.js';
import { FlowTracer } from '../../packet/trace.js';
import type { LabWorld } from '../lab.js';
import { type FarEnd, farEndAt, listensOn, seenFrom } from './far-end.js';
import { Draws } from './draws.js';
import type { Machine } from './machine.js';
import { ETHERNET_MTU, type Segment, Segments, httpOf, turnsOf } from './segments.js';
import { headersOf, mtusOf } from './sight.js';
import type { Random } from './random.js';
import type { User } from './users.js';

/** Who sends. */
export interface Sender {
  /** The device that its packets come in by; null for a process of the node. */
  readonly device: string | null;
  /** Null: the node selects the source. */
  readonly address: string | null;
  /** Of a process of the node: whose it is. */
  readonly user: User | null;
}

export interface Request {
  readonly sender: Sender;
  readonly protocol: 'icmp' | 'tcp' | 'udp';
  readonly to: string;
  readonly port: number;
  /** Bytes behind the headers of the packet that asks. */
  readonly payload: number;
  /** The path that it asks for over HTTP. */
  readonly http?: string;
  /** Bytes behind the headers of the answer to UDP; left out, as many as asked. */
  readonly reply?: number;
  /** What it asks and what it hears over DNS, as tcpdump words them. */
  readonly dns?: { readonly question: string; readonly answer: string };
}

/** What the sender gets to see. */
export type Answer =
  | { readonly kind: 'answered'; readonly ttl: number; readonly end: FarEnd | null; readonly seenAs: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'timeout' }
  /** An ICMP error, by its name for `--reject-with` or by errno; `from` sends it, null for the node itself. */
  | { readonly kind: 'unreachable'; readonly why: string; readonly from: string | null }
  | { readonly kind: 'invalid'; readonly codes: readonly string[] }
  /** natwalk cannot tell. */
  | { readonly kind: 'unknown'; readonly codes: readonly string[] };

/** A connection that a command has begun. */
export interface Conversation {
  /** Asks, and once more on the same connection, as the next echo request does. */
  ask(): Answer;
  /** The connection's entry is the table's now; left out where each node has kept its own when the packet passed it. */
  finish?(): void;
}

/** What a packet did: the outcome that was followed, with what the kernel drew. */
interface Passed {
  readonly result: TraceResult;
  readonly outcome: Outcome;
}

/** How a walk ends behind which the packet is somewhere else. */
export const GOES_ON: ReadonlySet<string> = new Set(['forwarded', 'sent', 'delivered']);

/** A dump does not say which of two tables of one priority comes first. Here it is the one that is told first. */
const isInOrder = ({ assumptions }: Outcome): boolean =>
  assumptions.every(({ code, params }) => code !== 'UNK_TABLE_ORDER' || params['answer'] !== 'no');

const restsOnOrder = ({ assumptions }: Outcome): boolean =>
  assumptions.every(({ code }) => code === 'UNK_TABLE_ORDER');

/** The tools connect their sockets. */
const CONNECTED = { connected: true } as const;

/** One connection through one node. */
export class Talk implements Conversation {
  readonly #machine: Machine;
  readonly #world: LabWorld;
  readonly #random: Random;
  readonly #tracer: FlowTracer;
  readonly #draws: Draws;
  readonly #request: Request;
  readonly #own: number;
  readonly #segments: Segments;
  #mtus = { there: ETHERNET_MTU, back: ETHERNET_MTU };
  #line: string | null = null;
  #turn = 0;
  /** As the first packet went: source and port are the kernel's from then on. */
  #forward: PacketInput | null = null;

  constructor(machine: Machine, world: LabWorld, request: Request, random: Random) {
    this.#machine = machine;
    this.#world = world;
    this.#random = random;
    this.#request = request;
    this.#tracer = new FlowTracer(machine.node);
    this.#draws = new Draws(random);
    this.#own = request.protocol === 'icmp' ? random.between(1, 65535) : random.between(32768, 60999);
    this.#segments = new Segments(`${request.to} ${String(request.port)} ${String(this.#own)}`);
  }

  /** Asks once more on the same connection, as the next echo request does. */
  ask(): Answer {
    this.#turn += 1;
    try {
      return this.#request.protocol === 'tcp' ? this.#tcp() : this.#once();
    } catch (error) {
      if (!(error instanceof PacketError)) throw error;
      return { kind: 'invalid', codes: error.problems.map(({ code }) => code) };
    }
  }

  /** The connection's entry is the table's now. */
  finish(): void {
    if (this.#line !== null) this.#machine.keep(this.#line);
  }

  #input(flags: readonly string[] | null, payload: number): PacketInput {
    const { sender, protocol, to, port } = this.#request;
    const six = to.includes(':');
    const bare = headersOf(six, flags);
    const fresh: PacketInput =
      protocol === 'icmp'
        ? { proto: six ? 'icmpv6' : 'icmp', dst: to, icmpId: this.#own }
        : {
            proto: protocol,
            dst: to,
            sport: this.#own,
            dport: port,
            ...(protocol === 'udp' ? CONNECTED : {}),
          };
    const source = sender.address === null ? {} : { src: sender.address };
    return {
      ...(this.#forward ?? { ...fresh, ...source, ...sender.user, in: sender.device }),
      length: bare + payload,
      ...(flags === null ? {} : { tcpFlags: flags }),
    };
  }

  /** Walks a packet; of several ways chance chooses. Null where what is open is more than chance. */
  #pass(input: PacketInput, isBack = false): Passed | readonly string[] {
    const result = this.#tracer.next(input);
    const outcome = this.#choose(result);
    if (outcome === null)
      return [...new Set(result.outcomes.flatMap(({ assumptions }) => assumptions.map(({ code }) => code)))];
    const segment = this.#segment(input, { result, outcome }, isBack);
    this.#machine.count(this.#told(result, input), this.#draws.headers(outcome), {
      ...{ turn: this.#turn, segment },
      says: (isBack ? this.#request.dns?.answer : this.#request.dns?.question) ?? null,
    });
    const line = conntrackLine(this.#draws.settled(outcome));
    // A refusal ends a connection that nobody has answered (nf_conntrack_tcp_packet).
    this.#line = line ?? (input.tcpFlags?.includes('RST') === true ? null : this.#line);
    return { result, outcome };
  }

  /** Where the segment stands in the connection. */
  #segment(
    { proto, tcpFlags = [], length = 0, dst }: PacketInput,
    { result, outcome }: Passed,
    isBack: boolean,
  ): Segment | null {
    if (proto !== 'tcp') return null;
    const data = length - headersOf(dst.includes(':'), tcpFlags);
    const http = httpOf(this.#request.http, isBack);
    if (!isBack) this.#mtus = mtusOf(this.#machine.node, result.packet.in, outcome);
    const mtu = isBack ? this.#mtus.back : this.#mtus.there;
    const at = this.#machine.clock;
    return this.#segments.next(isBack, { flags: tcpFlags, data, http, at, mtu });
  }

  #told(result: TraceResult, { tcpFlags, length }: PacketInput): TraceResult {
    const packet = {
      ...result.packet,
      ...(tcpFlags === undefined ? {} : { tcpFlags }),
      ...(length === undefined ? {} : { length }),
    };
    return { ...result, packet };
  }

  #choose(result: TraceResult): Outcome | null {
    const outcomes = result.outcomes.filter(isInOrder);
    const [only] = outcomes;
    if (outcomes.length === 1 && only !== undefined) return only;
    if (outcomes.some(({ probability }) => probability === null))
      return outcomes.every(restsOnOrder)
        ? (outcomes[Math.floor(this.#random.next() * outcomes.length)] ?? null)
        : null;
    let left = this.#random.next();
    for (const outcome of outcomes) {
      left -= outcome.probability ?? 0;
      if (left < 0) return outcome;
    }
    return outcomes.at(-1) ?? null;
  }

  #remember(input: PacketInput, { result, outcome }: Passed): void {
    const { src, sport } = outcome.conntrack?.original ?? {};
    this.#forward ??= {
      ...input,
      in: result.packet.in,
      src: src ?? result.packet.src,
      ...((sport ?? result.packet.sport) === undefined ? {} : { sport: sport ?? result.packet.sport ?? 0 }),
    };
  }

  /** The packet that asks: what stopped it, or who got it. */
  #send(flags: readonly string[] | null, payload: number): Answer | Passed {
    const input = this.#input(flags, payload);
    const passed = this.#pass(input);
    if (!('outcome' in passed)) return { kind: 'unknown', codes: passed };
    if (!GOES_ON.has(passed.outcome.verdict)) return this.#stopped(passed.outcome);
    this.#remember(input, passed);
    return passed;
  }

  #stopped({ verdict, reject, unroutable, drop }: Outcome): Answer {
    if (verdict === 'rejected' && reject !== null)
      return reject.with === 'tcp-reset'
        ? { kind: 'refused' }
        : { kind: 'unreachable', why: reject.with, from: null };
    if (verdict === 'unroutable')
      return { kind: 'unreachable', why: unroutable?.errno ?? 'ENETUNREACH', from: null };
    if (drop?.reason === 'ttl') return { kind: 'unreachable', why: 'ttl', from: null };
    return { kind: 'timeout' };
  }

  /** Who got it, as whom it saw the sender, and whether it answers at all. */
  #received(passed: Passed): { readonly end: FarEnd | null; readonly seenAs: string } | null {
    if (this.#isStrange(passed)) return null;
    const { final, verdict } = passed.outcome;
    const [src, dst] = [final.src ?? final.srcRange?.[0] ?? '', final.dst ?? final.dstRange?.[0] ?? ''];
    if (verdict === 'delivered') return { end: this.#ownEnd(dst), seenAs: src };
    // Nobody takes a packet that comes from its own address (fib_validate_source, while accept_local is 0).
    if (src === dst || this.#isPastUs(passed)) return null;
    const end = farEndAt(this.#world, dst);
    const seenAs = seenFrom(this.#world, src, dst);
    return seenAs === null || end === null ? null : { end, seenAs };
  }

  /** The node itself, with what the pods of its own network listen on at that address. */
  #ownEnd(dst: string): FarEnd {
    const { listens, pods } = this.#world;
    const own = pods.filter(
      ({ address, node }) => formatAddress(address) === dst && node === this.#machine.name,
    );
    const all = [...listens, ...own.flatMap((pod) => pod.listens)];
    return { name: this.#machine.name, listens: all, says: null };
  }

  /**
   * Who got it is a neighbour of the sender and sees its address: the answer goes straight there, past this node, and comes from
   * an address that nobody asked. Frames of a bridge do not get past it (br_netfilter, which Docker and kube-proxy demand).
   */
  #isPastUs({ outcome: { verdict, egress, final } }: Passed): boolean {
    const { sender, to } = this.#request;
    const isBack = verdict === 'forwarded' && egress?.iface === sender.device && egress.via === null;
    if (!isBack || final.src !== sender.address || final.dst === to) return false;
    return !this.#isBridge(sender.device);
  }

  /** EC2 drops what leaves an interface with the address of another one of the node. */
  #isStrange({ outcome: { final, egress } }: Passed): boolean {
    const links = this.#machine.node.networks[4].links;
    const out = links.get(egress?.iface ?? '');
    // A pod's device has no IPv4 address.
    const isEni = out?.addresses.some(({ address }) => typeof address === 'number') === true;
    if (this.#world.public === null || !isEni) return false;
    const src = parseAddress(final.src ?? '');
    const owner = [...links.values()].find(({ addresses }) =>
      addresses.some(({ address }) => address === src),
    );
    return owner !== undefined && owner !== out;
  }

  #answerInput({ outcome }: Passed, flags: readonly string[] | null, payload: number): PacketInput {
    const { final, verdict, egress } = outcome;
    const six = final.dst?.includes(':') === true;
    const { protocol } = this.#request;
    const bare = headersOf(six, flags);
    const port = (value: number | undefined, range: FinalPacket['sportRange']): number =>
      this.#draws.number(value, range) ?? 0;
    return {
      in: verdict === 'delivered' ? null : (egress?.iface ?? null),
      src: final.dst ?? final.dstRange?.[0] ?? '',
      dst: final.src ?? final.srcRange?.[0] ?? '',
      length: bare + payload,
      ...(protocol === 'icmp'
        ? {
            ...{ proto: six ? 'icmpv6' : 'icmp', icmpType: six ? 129 : 0, icmpCode: 0 },
            icmpId: port(final.icmpId, final.icmpIdRange),
          }
        : {
            ...{ proto: protocol, sport: port(final.dport, final.dportRange) },
            dport: port(final.sport, final.sportRange),
          }),
      ...(flags === null ? {} : { tcpFlags: flags }),
    };
  }

  /** The answer on its way back: the TTL with which the sender gets it, or null where it is lost. */
  #back(passed: Passed, flags: readonly string[] | null, payload: number): number | null {
    const answer = this.#pass(this.#answerInput(passed, flags, payload), true);
    if (!('outcome' in answer)) return null;
    const { verdict, egress, final } = answer.outcome;
    const { sender, to } = this.#request;
    const home =
      sender.device === null
        ? verdict === 'delivered'
        : verdict !== 'delivered' && egress?.iface === sender.device;
    const fits = final.src === to && (sender.address === null || final.dst === sender.address);
    // From port to port of a bridge nobody takes one off.
    const isBridged = this.#isBridge(passed.outcome.egress?.iface) && passed.outcome.final.dst === to;
    const isDirect = isBridged && passed.outcome.egress?.iface === sender.device;
    return home && fits && GOES_ON.has(verdict) ? final.ttl + (isDirect ? 1 : 0) : null;
  }

  #isBridge(device: string | null | undefined): boolean {
    if (device === null || device === undefined) return false;
    return [...this.#machine.node.networks[4].links.values()].some(({ master }) => master === device);
  }

  /** ICMP and UDP: one packet, one answer. */
  #once(): Answer {
    const { protocol, port, payload, reply = payload } = this.#request;
    const sent = this.#send(null, payload);
    if ('kind' in sent) return sent;
    const received = this.#received(sent);
    if (received === null) return { kind: 'timeout' };
    if (
      protocol === 'udp' &&
      received.end !== null &&
      !listensOn(received.end.listens, 'udp', this.#portOf(sent, port))
    )
      return { kind: 'refused' };
    const ttl = this.#back(sent, null, reply);
    return ttl === null ? { kind: 'timeout' } : { kind: 'answered', ttl, ...received };
  }

  #portOf({ outcome: { final } }: Passed, asked: number): number {
    return final.dport ?? asked;
  }

  /** A request over TCP, from the SYN to the last FIN. */
  #tcp(): Answer {
    const { port, payload } = this.#request;
    const sent = this.#send(['SYN'], 0);
    if ('kind' in sent) return sent;
    const received = this.#received(sent);
    if (received === null) return { kind: 'timeout' };
    if (received.end === null || !listensOn(received.end.listens, 'tcp', this.#portOf(sent, port)))
      return this.#back(sent, ['RST', 'ACK'], 0) === null ? { kind: 'timeout' } : { kind: 'refused' };
    const ttl = this.#back(sent, ['SYN', 'ACK'], 0);
    if (ttl === null) return { kind: 'timeout' };
    for (const [isBack, flags, bytes] of turnsOf(payload)) {
      if (isBack) {
        if (this.#back(sent, flags, bytes) === null) return { kind: 'timeout' };
        continue;
      }
      const next = this.#send(flags, bytes);
      if ('kind' in next) return next.kind === 'unknown' ? next : { kind: 'timeout' };
      if (this.#isStrange(next)) return { kind: 'timeout' };
    }
    return { kind: 'answered', ttl, ...received };
  }
}
