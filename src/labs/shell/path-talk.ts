/** Packets that go across the nodes of a cluster: each node counts and tracks what comes to it. */
import type { Header } from '../../cluster/header.js';
import { World } from '../../cluster/world.js';
import type { Hop, PathOutcome } from '../../cluster/hop.js';
import { type Origin, walkPath } from '../../cluster/path.js';
import type { ClusterSpec } from '../../cluster/spec.js';
import { FlowTracer } from '../../packet/trace.js';
import { ETHERNET_MTU, Segments, type Turn, httpOf, turnsOf } from './segments.js';
import { conntrackLine } from '../../explain/conntrack-list.js';
import { PacketError } from '../../packet/complete.js';
import type { PacketInput } from '../../packet/result.js';
import type { LabWorld } from '../lab.js';
import { farEndAt, listensOn } from './far-end.js';
import type { Machine } from './machine.js';
import { tunnelKind } from '../../cluster/overlay.js';
import { type Inside, headersOf, mtusOf } from './sight.js';
import type { Random } from './random.js';
import { Draws } from './draws.js';
import { type Answer, type Conversation, GOES_ON, type Request } from './traffic.js';

/** Where the packets go. */
export interface Across {
  readonly machines: readonly Machine[];
  readonly cluster: ClusterSpec;
  /** The node that they begin at. */
  readonly from: string;
}

/** Bytes that a tunnel adds: another IP header, for VXLAN those of UDP, of its own and of Ethernet as well. */
const WRAPPING = { ipip: 20, vxlan: 50 } as const;

/** net.ipv4.ip_local_port_range, of which the ways across nodes have the lowest. */
const OUTER_PORTS = [32_768, 60_999] as const;

export class PathTalk implements Conversation {
  readonly #across: Across;
  readonly #world: LabWorld;
  readonly #request: Request;
  readonly #random: Random;
  readonly #draws: Draws;
  readonly #own: number;
  readonly #segments: Segments;
  /** The entry of the connection at each node. */
  readonly #kept = new Map<Machine, string>();
  #mtus = { there: ETHERNET_MTU, back: ETHERNET_MTU };
  #turn = 0;

  constructor(across: Across, world: LabWorld, request: Request, random: Random) {
    this.#across = across;
    this.#world = world;
    this.#request = request;
    this.#random = random;
    this.#draws = new Draws(random);
    this.#own = request.protocol === 'icmp' ? random.between(1, 65535) : random.between(32768, 60999);
    this.#segments = new Segments(`${request.to} ${String(request.port)} ${String(this.#own)}`);
  }

  ask(): Answer {
    this.#turn += 1;
    try {
      return this.#ask();
    } catch (error) {
      if (!(error instanceof PacketError)) throw error;
      return { kind: 'invalid', codes: error.problems.map(({ code }) => code) };
    }
  }

  #ask(): Answer {
    const { machines, cluster } = this.#across;
    const world = new World(cluster, new Map(machines.map(({ name, node }) => [name, node])));
    const { outcomes } = walkPath(world, this.#origin(world), this.#input());
    const outcome = this.#choose(outcomes);
    if (outcome === null)
      return {
        kind: 'unknown',
        codes: outcomes.flatMap(({ assumptions }) => assumptions.map(({ assumption }) => assumption.code)),
      };
    const received = outcome.hops.findIndex(({ action, back }) => action === 'received' && !back);
    const at = outcome.hops[received] ?? null;
    const [there, back] = [outcome.hops.filter((hop) => !hop.back), outcome.hops.filter((hop) => hop.back)];
    return this.#answer(outcome, at, this.#exchange(there, back, at));
  }

  /** All packets of the request, each at every node of its way. @returns how it ends where that is not as the way does */
  #exchange(there: readonly Hop[], back: readonly Hop[], received: Hop | null): 'refused' | 'lost' | null {
    const { protocol, payload, reply = payload } = this.#request;
    this.#mtus = this.#mtusOf(there);
    const isTcp = protocol === 'tcp';
    if (!this.#packet(there, [false, ['SYN'], isTcp ? 0 : payload], true) || received === null) return null;
    const refuses = this.#refuses(received);
    // A refusal of UDP is an ICMP error, whose way is another packet's.
    if (refuses && !isTcp) return 'refused';
    const flags = refuses ? ['RST', 'ACK'] : ['SYN', 'ACK'];
    if (!this.#packet(back, [true, flags, isTcp ? 0 : reply])) return 'lost';
    if (refuses) return 'refused';
    const isBackHome = back.at(-1)?.action === 'received';
    if (isTcp && isBackHome)
      for (const turn of turnsOf(payload)) if (!this.#packet(turn[0] ? back : there, turn)) return 'lost';
    return null;
  }

  /**
   * One packet along a way, at each node as the node is when it comes.
   * @param isFirst the way is that packet's own: what chance has chosen is chosen
   * @returns does it get through?
   */
  #packet(hops: readonly Hop[], turn: Turn, isFirst = false): boolean {
    const [isBack, flags, bytes] = turn;
    const { protocol, http, dns } = this.#request;
    const at = this.#machineOf(hops)?.clock ?? 0;
    const mtu = isBack ? this.#mtus.back : this.#mtus.there;
    const segment =
      protocol === 'tcp'
        ? this.#segments.next(isBack, { flags, data: bytes, http: httpOf(http, isBack), at, mtu })
        : null;
    const says = dns === undefined ? null : isBack ? dns.answer : dns.question;
    const inside: Inside[] = [];
    for (const hop of hops) {
      if (hop.action === 'encapsulated') inside.push(this.#insideOf(hop, turn));
      if (hop.action === 'decapsulated') inside.pop();
      const noted = { turn: this.#turn, segment, inside: inside.at(-1) ?? null, says };
      if (!this.#note(hop, turn, noted, isFirst)) return false;
    }
    return true;
  }

  #machineOf(hops: readonly Hop[]): Machine | undefined {
    return this.#across.machines.find(({ name }) => hops.some(({ place }) => place.name === name));
  }

  /** Of the first device that the packet passes, and of the last one. */
  #mtusOf(there: readonly Hop[]): { there: number; back: number } {
    const mtus = there.flatMap(({ place, walk }) => {
      const machine = this.#across.machines.find(({ name }) => name === place.name);
      return machine === undefined || walk === null
        ? []
        : [mtusOf(machine.node, walk.result.packet.in, walk.outcome)];
    });
    return { there: mtus[0]?.there ?? ETHERNET_MTU, back: mtus.at(-1)?.back ?? ETHERNET_MTU };
  }

  #origin(world: World): Origin {
    const { sender } = this.#request;
    const { from } = this.#across;
    if (sender.device === null) return { kind: 'node', node: from };
    return { kind: 'pod', node: from, name: world.podAt(sender.address ?? '')?.name ?? sender.address ?? '' };
  }

  #input(): PacketInput {
    const { sender, protocol, to, port, payload } = this.#request;
    const six = to.includes(':');
    const length = headersOf(six, protocol === 'tcp' ? ['SYN'] : null) + (protocol === 'tcp' ? 0 : payload);
    const source = sender.address === null ? {} : { src: sender.address };
    const entry = { in: sender.device, ...sender.user };
    if (protocol === 'icmp')
      return {
        proto: six ? 'icmpv6' : 'icmp',
        dst: to,
        icmpId: this.#own,
        length,
        ...source,
        ...entry,
      };
    const connected = protocol === 'udp' ? { connected: true } : {};
    return {
      proto: protocol,
      dst: to,
      sport: this.#own,
      dport: port,
      length,
      ...source,
      ...entry,
      ...connected,
    };
  }

  #choose(outcomes: readonly PathOutcome[]): PathOutcome | null {
    const [only] = outcomes;
    if (outcomes.length === 1 && only !== undefined) return only;
    if (outcomes.some(({ probability }) => probability === null)) return null;
    let left = this.#random.next();
    for (const outcome of outcomes) {
      left -= outcome.probability ?? 0;
      if (left < 0) return outcome;
    }
    return outcomes.at(-1) ?? null;
  }

  /** How many bytes of the packet are on the wire. */
  #lengthOf({ dst }: Header, [, flags, bytes]: Turn): number {
    return headersOf(dst.includes(':'), this.#request.protocol === 'tcp' ? flags : null) + bytes;
  }

  /** What a tunnel's packet carries. */
  #insideOf({ place, in: device, before }: Hop, turn: Turn): Inside {
    const machine = this.#across.machines.find(({ name }) => name === place.name);
    const link = machine?.node.networks[4].links.get(device ?? '');
    // The kernel draws the port of VXLAN's packets once for a connection (udp_flow_src_port).
    if (tunnelKind(link) === 'vxlan') this.#draws.number(undefined, OUTER_PORTS);
    const header = { ...this.#drawnHeader(before), tcpFlags: turn[1], length: this.#lengthOf(before, turn) };
    return { kind: tunnelKind(link) ?? 'ipip', id: link?.details?.id ?? null, header };
  }

  /** A way goes on with the lowest value of a range: a packet has what the kernel drew. */
  #drawnHeader<T extends Pick<Header, 'sport' | 'dport' | 'icmpId'>>(header: T): T {
    const drawn: Record<string, number> = {};
    for (const field of ['sport', 'dport', 'icmpId'] as const) {
      const value = this.#draws.inPlaceOf(header[field]);
      if (value !== undefined) drawn[field] = value;
    }
    return { ...header, ...drawn };
  }

  /** What a node did with it counts there, and makes an entry. @returns does it go on? */
  #note(
    { walk, place, before, in: device, out }: Hop,
    turn: Turn,
    noted: Parameters<Machine['count']>[2],
    isFirst: boolean,
  ): boolean {
    const machine =
      place.kind === 'node' ? this.#across.machines.find(({ name }) => name === place.name) : undefined;
    if (machine === undefined || walk === null) return true;
    const { inside } = noted;
    const own = this.#lengthOf(inside?.header ?? before, turn);
    const length = own + (inside === null || inside === undefined ? 0 : WRAPPING[inside.kind]);
    const isInner = inside === null && this.#request.protocol === 'tcp';
    const shown = {
      ...this.#drawnHeader(walk.result.packet),
      ...{ length, src: before.src },
      ...(isInner ? { tcpFlags: turn[1] } : {}),
    };
    const { inferred: _how, ct: _ct, ...input } = shown;
    const again = isFirst ? walk : this.#again(machine, { ...input, in: device }, out);
    if (again === null) return false;
    const { result, outcome } = again;
    const settled = this.#draws.settled(outcome);
    machine.count({ ...result, packet: { ...result.packet, ...shown } }, this.#draws.headers(outcome), noted);
    const line = conntrackLine(settled);
    const kept = this.#kept.get(machine);
    if (line !== null) {
      this.#kept.set(machine, this.#drawnLine(line));
      machine.keep(this.#drawnLine(line));
    } else if (kept !== undefined && isInner && turn[1].includes('RST')) machine.drop(kept);
    return GOES_ON.has(outcome.verdict);
  }

  /** The walk of a further packet, at the node as it is now. What an entry alone leaves open is as it was for the first one. */
  #again(machine: Machine, input: PacketInput, out: string | null): Hop['walk'] {
    const result = new FlowTracer(machine.node).next(input);
    const likeFirst = result.outcomes.find(
      ({ verdict, egress }) => GOES_ON.has(verdict) && (egress?.iface ?? null) === out,
    );
    const outcome = likeFirst ?? result.outcomes[0];
    return outcome === undefined ? null : { result, outcome };
  }

  /** The words of an entry in which the lowest of a range stands. */
  #drawnLine(line: string): string {
    return line.replace(/ (sport|dport|id)=(\d+)/g, (_all, name: string, value: string) => {
      return ` ${name}=${String(this.#draws.inPlaceOf(Number(value)))}`;
    });
  }

  /** Nobody listens there. */
  #refuses({ after }: Hop): boolean {
    const { protocol, port } = this.#request;
    if (protocol === 'icmp') return false;
    const { dst = '', dport = port } = after;
    const end = farEndAt(this.#world, dst);
    return end !== null && !listensOn(end.listens, protocol, dport);
  }

  #answer({ verdict, hops }: PathOutcome, received: Hop | null, end: 'refused' | 'lost' | null): Answer {
    const last = hops.at(-1);
    if (end === 'lost') return { kind: 'timeout' };
    if (verdict === 'delivered' && received !== null) {
      if (end === 'refused') return { kind: 'refused' };
      const { src = '', dst = '' } = received.after;
      const ttl = hops.findLast(({ walk }) => walk !== null)?.walk?.outcome.final.ttl ?? 64;
      return { kind: 'answered', ttl, end: farEndAt(this.#world, dst), seenAs: src };
    }
    if (verdict === 'rejected') {
      const reject = last?.walk?.outcome.reject;
      if (reject === null || reject === undefined) return { kind: 'timeout' };
      return reject.with === 'tcp-reset'
        ? { kind: 'refused' }
        : { kind: 'unreachable', why: reject.with, from: null };
    }
    if (verdict === 'unroutable')
      return { kind: 'unreachable', why: last?.walk?.outcome.unroutable?.errno ?? 'ENETUNREACH', from: null };
    return { kind: 'timeout' };
  }
}
