/** A packet's whole way across a cluster: node, network, node, and the answer back. */
import type { PacketInput, FinalPacket, Outcome, TraceResult } from '../packet/result.js';
import { FlowTracer, type TraceOptions } from '../packet/trace.js';
import { completed } from './completed.js';
import { Fabric, type Carried, type Translated } from './fabric.js';
import { type Header, answerTo, answers, headerOf, inputOf, withChosenSource } from './header.js';
import type { Hop, PathOutcome, PathResult, PathVerdict, Place, Reason } from './hop.js';
import { type Wrapped, tunnelKind, unwrap, wrap } from './overlay.js';
import { merged, times } from './merged.js';
import { withOthers } from './resting.js';
import type { Port, World } from './world.js';

/** More hops than that are no way that a packet takes. */
const MOST_HOPS = 64;
const MOST_OUTCOMES = 256;

/** What the nodes' walks report besides, and what is settled of them. */
export type PathOptions = Pick<TraceOptions, 'allRules' | 'watched' | 'settlement' | 'pick'>;

/** Who sends the packet. */
export type Origin =
  | { readonly kind: 'pod'; readonly node: string; readonly name: string }
  | { readonly kind: 'node'; readonly node: string }
  | { readonly kind: 'outside' };

/** Who is at an end of the way, where the answer starts from, or has to come to. */
type End =
  | { readonly kind: 'pod'; readonly port: Port; readonly name: string }
  | { readonly kind: 'process'; readonly node: string }
  | { readonly kind: 'outside' };

/** Where the packet is. */
type At =
  | { readonly kind: 'node'; readonly node: string; readonly input: PacketInput; readonly header: Header }
  | { readonly kind: 'carried'; readonly ways: readonly Carried[] }
  | { readonly kind: 'end'; readonly end: End; readonly header: Header };

/** A way so far. */
interface Way {
  readonly at: At;
  readonly hops: readonly Hop[];
  /** What each node has seen of the connection, outer packets apart. */
  readonly seen: ReadonlyMap<string, readonly PacketInput[]>;
  readonly flows: readonly Translated[];
  readonly wrapped: readonly Wrapped[];
  readonly probability: number | null;
  readonly assumptions: PathOutcome['assumptions'];
  readonly back: boolean;
  readonly sender: End | null;
  /** The packet as its sender sent it. */
  readonly asked: Header | null;
  /** Places and headers that the packet has been at. */
  readonly been: ReadonlySet<string>;
}

const endPlace = (end: End): Place =>
  end.kind === 'pod'
    ? { kind: 'pod', name: end.name }
    : end.kind === 'process'
      ? { kind: 'node', name: end.node }
      : { kind: 'outside', name: 'outside' };

function sameEnd(a: End, b: End): boolean {
  if (a.kind === 'pod' && b.kind === 'pod') return a.port.node === b.port.node && a.name === b.name;
  if (a.kind === 'process' && b.kind === 'process') return a.node === b.node;
  return a.kind === 'outside' && b.kind === 'outside';
}

/** What a packet does at a node, whatever the TTL. */
function beenKey(node: string, input: PacketInput): string {
  return `${node} ${JSON.stringify({ ...input, ttl: 0 })}`;
}

class Walker {
  readonly #world: World;
  readonly #origin: Origin;
  readonly #open: Way[] = [];
  readonly outcomes: PathOutcome[] = [];
  asked: Header | null = null;
  truncated = false;
  readonly #options: PathOptions;

  constructor(world: World, origin: Origin, options: PathOptions) {
    this.#options = options;
    this.#world = world;
    this.#origin = origin;
  }

  walk(input: PacketInput): void {
    const way = this.#start(input);
    this.#open.push(way);
    while (this.#open.length > 0) {
      const next = this.#open.pop();
      if (next === undefined) break;
      if (this.outcomes.length >= MOST_OUTCOMES) {
        this.truncated = true;
        return;
      }
      if (next.hops.length > MOST_HOPS)
        this.#finish(next, 'loop', { code: 'PATH_HOPS', params: { most: MOST_HOPS } });
      else this.#step(next);
    }
  }

  #start(input: PacketInput): Way {
    const origin = this.#origin;
    const rest: Omit<Way, 'at'> = {
      ...{ hops: [], seen: new Map(), flows: [], wrapped: [], probability: 1, assumptions: [], back: false },
      ...{ sender: null, asked: null, been: new Set() },
    };
    if (origin.kind !== 'outside') {
      const header: Header = { proto: String(input.proto), src: input.src ?? '', dst: input.dst };
      return { ...rest, at: { kind: 'node', node: origin.node, input, header } };
    }
    const header = completed(input);
    this.asked = header;
    const ways = new Fabric(this.#world, false, 0).fromOutside(header, []);
    return { ...rest, asked: header, sender: { kind: 'outside' }, at: { kind: 'carried', ways } };
  }

  #step(way: Way): void {
    const { at } = way;
    if (at.kind === 'node') this.#atNode(way, at.node, at.input, at.header);
    else if (at.kind === 'carried') this.#carried(way, at.ways);
    else this.#atEnd(way, at.end, at.header);
  }

  /** Ways that are taken from the end of the list come in the order in which they were put there. */
  #push(ways: readonly Way[]): void {
    this.#open.push(...ways.toReversed());
  }

  #finish(way: Way, verdict: PathVerdict, reason: Reason | null): void {
    const lost = way.back && verdict !== 'delivered' && verdict !== 'stranger' && verdict !== 'loop';
    this.outcomes.push({
      probability: way.assumptions.length > 0 ? null : way.probability,
      assumptions: way.assumptions,
      verdict: lost ? 'unanswered' : verdict,
      reason,
      hops: way.hops,
    });
  }

  #carried(way: Way, ways: readonly Carried[]): void {
    this.#push(
      ways.flatMap(({ hops, reached, flows, share }): Way[] => {
        const next = {
          ...way,
          ...{ hops: [...way.hops, ...hops], flows, probability: times(way.probability, share) },
        };
        if (reached.kind === 'lost') {
          this.#finish(next, 'dropped', null);
          return [];
        }
        const { header } = reached;
        if (reached.kind === 'outside')
          return [{ ...next, at: { kind: 'end', end: { kind: 'outside' }, header } }];
        const { node, device } = reached.port;
        return [{ ...next, at: { kind: 'node', node, input: inputOf(header, device), header } }];
      }),
    );
  }

  /** The node's own walk, behind all that it has seen of the connection. */
  #trace(way: Way, name: string, input: PacketInput): TraceResult | null {
    const node = this.#world.nodes.get(name);
    if (node === undefined) return null;
    const tracer = new FlowTracer(node, { limit: MOST_OUTCOMES, ...this.#options });
    for (const before of way.seen.get(`${name} ${String(way.wrapped.length)}`) ?? []) tracer.next(before);
    return tracer.next(input);
  }

  #atNode(way: Way, name: string, input: PacketInput, header: Header): void {
    const result = this.#trace(way, name, input);
    if (result === null) return;
    this.truncated ||= result.truncated;
    const { packet } = result;
    const before: Header = { ...header, ...headerOf({ ...packet, mark: packet.mark }, packet) };
    const key = beenKey(name, { ...input, id: way.back ? 'back' : 'there' });
    if (way.been.has(key)) {
      this.#finish(way, 'loop', { code: 'PATH_LOOP', params: {} });
      return;
    }
    const historyKey = `${name} ${String(way.wrapped.length)}`;
    const seen = new Map(way.seen).set(historyKey, [...(way.seen.get(historyKey) ?? []), input]);
    const first = way.sender === null;
    const sender = way.sender ?? this.#senderOf(packet.in, packet.src);
    if (first) {
      const [one] = result.outcomes;
      this.asked = one === undefined ? before : withChosenSource(before, one);
    }
    this.#push(
      merged(result.outcomes).flatMap((outcome) => {
        const whole = withChosenSource(before, outcome);
        const hop = this.#hopOf(way, name, whole, result, outcome);
        const asked = way.asked ?? whole;
        const next: Way = {
          ...way,
          ...{ seen, sender, asked, hops: [...way.hops, hop], been: new Set([...way.been, key]) },
          probability: times(way.probability, outcome.probability),
          assumptions: withOthers(way.assumptions, name, outcome.assumptions),
        };
        return this.#after(next, name, outcome, headerOf(outcome.final, before));
      }),
    );
  }

  #senderOf(device: string | null, source: string): End {
    const origin = this.#origin;
    if (origin.kind !== 'pod') return { kind: 'process', node: origin.kind === 'node' ? origin.node : '' };
    const name = this.#world.podAt(source)?.name ?? source;
    return { kind: 'pod', port: { node: origin.node, device: device ?? '' }, name };
  }

  #hopOf(way: Way, name: string, before: Header, result: TraceResult, outcome: Outcome): Hop {
    return {
      place: { kind: 'node', name },
      ...{ back: way.back, layer: way.wrapped.length, action: outcome.verdict },
      in: result.packet.in,
      out: outcome.egress?.iface ?? null,
      via: outcome.egress?.via ?? null,
      ...{ before, after: outcome.final, reason: null, walk: { result, outcome } },
    };
  }

  #after(way: Way, name: string, outcome: Outcome, header: Header): Way[] {
    const { verdict, egress } = outcome;
    if (verdict === 'dropped' || verdict === 'rejected' || verdict === 'unroutable') {
      this.#finish(way, verdict, null);
      return [];
    }
    if (verdict === 'delivered') {
      if (way.wrapped.length > 0) return this.#unwrapped(way, name, header);
      return [{ ...way, at: { kind: 'end', end: { kind: 'process', node: name }, header } }];
    }
    const device = egress?.iface ?? null;
    if (device === null) {
      this.#finish(way, 'dropped', { code: 'PATH_NO_DEVICE', params: {} });
      return [];
    }
    return this.#leaving(way, { node: name, device }, egress?.via ?? null, outcome.final, header);
  }

  /** Out by an interface: into a tunnel, onto a network, or to a pod. */
  #leaving(way: Way, port: Port, via: string | null, final: FinalPacket, header: Header): Way[] {
    const node = this.#world.nodes.get(port.node);
    const link = node?.networks[4].links.get(port.device);
    const kind = tunnelKind(link);
    if (node !== undefined && link !== undefined && kind !== null) {
      const outer = wrap(node, link, kind, header, via ?? header.dst);
      if ('code' in outer) {
        this.#finish(way, 'dropped', outer);
        return [];
      }
      const { wrapped } = outer;
      const params = { kind, device: port.device, address: outer.header.dst };
      const plain: Header = { ...outer.header, src: outer.src ?? '' };
      const hop = this.#tunnelHop(way, port, 'encapsulated', header, plain, 'PATH_WRAPPED', params);
      const { src, ...sourceless } = plain;
      // The device hands the packet's mark on (ip_tunnel_xmit, vxlan_xmit_one).
      const input: PacketInput = {
        ...sourceless,
        ...(src === '' ? {} : { src }),
        in: null,
        mark: final.mark,
      };
      return [
        {
          ...way,
          ...{ hops: [...way.hops, hop], wrapped: [...way.wrapped, wrapped] },
          at: { kind: 'node', node: port.node, input, header: plain },
        },
      ];
    }
    if (this.#world.member(port) !== null) {
      const fabric = new Fabric(this.#world, way.back, way.wrapped.length);
      return [{ ...way, at: { kind: 'carried', ways: fabric.fromNode(port, via, header, way.flows) } }];
    }
    return this.#toPod(way, port, via, header);
  }

  #tunnelHop(
    way: Way,
    port: Port,
    action: 'encapsulated' | 'decapsulated',
    before: Header,
    after: Header,
    code: string,
    params: Reason['params'],
  ): Hop {
    return {
      place: { kind: 'node', name: port.node },
      ...{ back: way.back, layer: way.wrapped.length, action, in: port.device, out: null, via: null },
      ...{ before, after, reason: { code, params }, walk: null },
    };
  }

  #toPod(way: Way, port: Port, via: string | null, header: Header): Way[] {
    const pod = this.#world.podAt(header.dst);
    if (via !== null || (pod !== null && pod.node !== port.node)) {
      const params = { device: port.device, address: via ?? header.dst };
      this.#finish(way, 'dropped', { code: via === null ? 'PATH_NOT_HERE' : 'PATH_NO_NETWORK', params });
      return [];
    }
    // Its own address does not come in by a device (fib_validate_source, while accept_local is 0).
    if (header.src === header.dst) {
      this.#finish(way, 'dropped', { code: 'PATH_OWN_SOURCE', params: { address: header.src } });
      return [];
    }
    const end: End = { kind: 'pod', port, name: pod?.name ?? header.dst };
    return [{ ...way, at: { kind: 'end', end, header } }];
  }

  #unwrapped(way: Way, name: string, outer: Header): Way[] {
    const wrapped = way.wrapped.at(-1);
    const node = this.#world.nodes.get(name);
    const link = wrapped === undefined || node === undefined ? null : unwrap(node, outer, wrapped);
    if (wrapped === undefined || link === null) {
      this.#finish(way, 'dropped', { code: 'PATH_NO_TUNNEL', params: { node: name } });
      return [];
    }
    const { inner, kind } = wrapped;
    const rest = { ...way, wrapped: way.wrapped.slice(0, -1) };
    const port = { node: name, device: link.name };
    const params = { kind, device: link.name };
    const hop = this.#tunnelHop(rest, port, 'decapsulated', outer, inner, 'PATH_UNWRAPPED', params);
    return [
      {
        ...rest,
        hops: [...way.hops, hop],
        at: { kind: 'node', node: name, input: inputOf(inner, link.name), header: inner },
      },
    ];
  }

  /** At a receiver: the packet is answered, or was the answer. */
  #atEnd(way: Way, end: End, header: Header): void {
    const { sender, asked, back } = way;
    const place = endPlace(end);
    const hop: Hop = {
      ...{ place, back, layer: 0, in: null, out: null, via: null, before: header, after: header, walk: null },
      action: 'received',
      reason: null,
    };
    const there = { ...way, hops: [...way.hops, hop] };
    if (back) {
      const fits = sender !== null && asked !== null && sameEnd(sender, end) && answers(header, asked);
      const reason: Reason = {
        code: 'PATH_STRANGER',
        params: { got: header.src, wanted: asked?.dst ?? '' },
      };
      this.#finish(there, fits ? 'delivered' : 'stranger', fits ? null : reason);
      return;
    }
    const answer = answerTo(header);
    if (answer === null) {
      this.#finish(there, 'arrived', { code: 'PATH_NO_ANSWER', params: {} });
      return;
    }
    const turnedBack: Way = { ...there, back: true, at: this.#answering(there, end, answer) };
    this.#push([turnedBack]);
  }

  #answering(way: Way, end: End, answer: Header): At {
    switch (end.kind) {
      case 'pod':
        return { kind: 'node', node: end.port.node, input: inputOf(answer, end.port.device), header: answer };
      case 'process':
        return { kind: 'node', node: end.node, input: inputOf(answer, null), header: answer };
      case 'outside':
        return { kind: 'carried', ways: new Fabric(this.#world, true, 0).fromOutside(answer, way.flows) };
    }
  }
}

/**
 * Walks a packet to its receiver and the answer back.
 * @throws PacketError when the packet's description cannot be walked
 */
export function walkPath(
  world: World,
  origin: Origin,
  input: PacketInput,
  options: PathOptions = {},
): PathResult {
  const walker = new Walker(world, origin, options);
  walker.walk(input);
  const from: Place =
    origin.kind === 'outside'
      ? { kind: 'outside', name: 'outside' }
      : { kind: origin.kind, name: origin.kind === 'pod' ? origin.name : origin.node };
  return {
    from,
    asked: walker.asked ?? { proto: String(input.proto), src: input.src ?? '', dst: input.dst },
    outcomes: walker.outcomes,
    truncated: walker.truncated,
  };
}
