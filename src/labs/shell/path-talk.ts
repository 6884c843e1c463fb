/** Packets that go across the nodes of a cluster: each node counts and tracks what comes to it. */
import type { Header } from '../../cluster/header.js';
import { World } from '../../cluster/world.js';
import type { Hop, PathOutcome } from '../../cluster/hop.js';
import { type Origin, walkPath } from '../../cluster/path.js';
import type { ClusterSpec } from '../../cluster/spec.js';
import { conntrackLine } from '../../explain/conntrack-list.js';
import { PacketError } from '../../packet/complete.js';
import type { FinalPacket, PacketInput } from '../../packet/result.js';
import type { LabWorld } from '../lab.js';
import { farEndAt, listensOn } from './far-end.js';
import type { Machine } from './machine.js';
import { tunnelKind } from '../../cluster/overlay.js';
import { type Inside, headersOf } from './sight.js';
import type { Random } from './random.js';
import { Draws } from './draws.js';
import type { Answer, Conversation, Request } from './traffic.js';

/** Where the packets go. */
export interface Across {
  readonly machines: readonly Machine[];
  readonly cluster: ClusterSpec;
  /** The node that they begin at. */
  readonly from: string;
}

/** Bytes that a tunnel adds: another IP header, for VXLAN those of UDP, of its own and of Ethernet as well. */
const WRAPPING = { ipip: 20, vxlan: 50 } as const;

/** How long a packet is on the wire: an answer does not say it itself. */
function lengthOf({ proto, dst, tcpFlags, length }: Header, inside: Inside | null): number {
  if (inside !== null) return lengthOf(inside.header, null) + WRAPPING[inside.kind];
  return length ?? headersOf(dst.includes(':'), proto === 'tcp' ? (tcpFlags ?? []) : null);
}

export class PathTalk implements Conversation {
  readonly #across: Across;
  readonly #world: LabWorld;
  readonly #request: Request;
  readonly #random: Random;
  readonly #draws: Draws;
  readonly #own: number;
  readonly #drawn = new Map<string, number>();
  #turn = 0;

  constructor(across: Across, world: LabWorld, request: Request, random: Random) {
    this.#across = across;
    this.#world = world;
    this.#request = request;
    this.#random = random;
    this.#draws = new Draws(random);
    this.#own = request.protocol === 'icmp' ? random.between(1, 65535) : random.between(32768, 60999);
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
    const at = outcome.hops[received];
    const refuses = at !== undefined && this.#refuses(at);
    const inside: Inside[] = [];
    for (const hop of outcome.hops) {
      if (hop.action === 'encapsulated') inside.push(this.#insideOf(hop));
      if (hop.action === 'decapsulated') inside.pop();
      this.#note(hop, inside.at(-1) ?? null);
    }
    return this.#answer(outcome, at ?? null, refuses);
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

  /** What a tunnel's packet carries. */
  #insideOf({ place, in: device, before }: Hop): Inside {
    const machine = this.#across.machines.find(({ name }) => name === place.name);
    const link = machine?.node.networks[4].links.get(device ?? '');
    return { kind: tunnelKind(link) ?? 'ipip', id: link?.details?.id ?? null, header: before };
  }

  /** What a node did with it counts there, and makes an entry. */
  #note({ walk, place, before }: Hop, inside: Inside | null): void {
    const machine =
      place.kind === 'node' ? this.#across.machines.find(({ name }) => name === place.name) : undefined;
    if (machine === undefined || walk === null) return;
    const packet = { ...walk.result.packet, length: lengthOf(before, inside) };
    machine.count({ ...walk.result, packet }, walk.outcome, { turn: this.#turn, inside });
    const line = conntrackLine(this.#draws.settled(walk.outcome));
    if (line !== null) machine.keep(this.#drawnLine(line));
    this.#learn(walk.outcome.final);
  }

  /** A way goes on with the lowest value of a range: what is kept has what the kernel drew, as the first node says it. */
  #learn({ sportRange, icmpIdRange }: FinalPacket): void {
    for (const [keys, range] of [['sport|dport', sportRange] as const, ['id', icmpIdRange] as const])
      if (range !== undefined)
        this.#drawn.set(`(?:${keys})=${String(range[0])}`, this.#draws.number(undefined, range) ?? range[0]);
  }

  #drawnLine(line: string): string {
    return line
      .split(' ')
      .map((word) => {
        const found = [...this.#drawn].find(([form]) => new RegExp(`^${form}$`).test(word));
        return found === undefined ? word : `${word.slice(0, word.indexOf('='))}=${String(found[1])}`;
      })
      .join(' ');
  }

  /** Nobody listens there. */
  #refuses({ after }: Hop): boolean {
    const { protocol, port } = this.#request;
    if (protocol === 'icmp') return false;
    const { dst = '', dport = port } = after;
    const end = farEndAt(this.#world, dst);
    return end !== null && !listensOn(end.listens, protocol, dport);
  }

  #answer({ verdict, hops }: PathOutcome, received: Hop | null, refuses: boolean): Answer {
    const last = hops.at(-1);
    if (verdict === 'delivered' && received !== null) {
      if (refuses) return { kind: 'refused' };
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
