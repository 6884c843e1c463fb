/** Packets of a lab that go across nodes: whose they are, and what is expected of their way. */
import { formatAddress } from '../address/address.js';
import type { Expectation } from '../check/expectation.js';
import { readExpectation } from '../check/expectation.js';
import { readEndpoint } from '../check/packet.js';
import type { Faults } from '../check/reading.js';
import { type Mapping, type Tree, entryOf } from '../check/tree.js';
import type { PathVerdict } from '../cluster/hop.js';
import type { Origin } from '../cluster/path.js';
import type { World } from '../cluster/world.js';
import type { PacketInput } from '../packet/result.js';
import type { Span } from '../source/source.js';

export const PATH_KEYS = ['from', 'to', 'proto'] as const;
export const PATH_EXPECT_KEYS = ['verdict', 'places', 'at', 'back'] as const;

/** `pod:NAME[:PORT]`, `node:NAME[:PORT]`, `outside`, or an address with or without a port. */
export interface PathSpec {
  readonly from: string;
  readonly to: string;
  readonly proto: string;
  readonly span: Span;
}

/** What each node is to do with it. */
export type AtNodes = ReadonlyMap<string, Expectation>;

export interface PathExpectation {
  readonly span: Span;
  readonly verdict: { readonly wanted: PathVerdict; readonly span: Span } | null;
  /** Names of the places of the way there, in order. */
  readonly places: { readonly wanted: readonly string[]; readonly span: Span } | null;
  readonly at: AtNodes;
  readonly back: AtNodes;
}

const VERDICTS: readonly PathVerdict[] = [
  ...([
    'delivered',
    'arrived',
    'unanswered',
    'stranger',
    'loop',
    'dropped',
    'rejected',
    'unroutable',
  ] as const),
];

/** Reads `path:` of a packet. */
export function readPathSpec(tree: Tree, faults: Faults): PathSpec | null {
  const map = faults.map(tree, 'path');
  if (map === null) return null;
  faults.keys(map, PATH_KEYS);
  const word = (key: 'from' | 'to'): string | null => {
    const entry = entryOf(map, key);
    if (entry === undefined) {
      faults.tell('LAB_MISSING', map.span, { key, of: 'path' });
      return null;
    }
    const text = faults.text(entry.value, key);
    if (text === null) return null;
    const isEnd = /^(?:pod|node):[\w.-]+(?::\d{1,5})?$|^outside$/.test(text) || readEndpoint(text) !== null;
    if (!isEnd) faults.tell('LAB_END', entry.value.span, { key, text });
    return isEnd ? text : null;
  };
  const [from, to] = [word('from'), word('to')];
  const proto = entryOf(map, 'proto');
  const name = proto === undefined ? 'tcp' : faults.choice(proto.value, 'proto', ['tcp', 'udp', 'icmp']);
  return from === null || to === null || name === null ? null : { from, to, proto: name, span: map.span };
}

function readAt(map: Mapping, key: 'at' | 'back', faults: Faults): AtNodes {
  const entry = entryOf(map, key);
  const nodes = entry === undefined ? null : faults.map(entry.value, key);
  const found = new Map<string, Expectation>();
  for (const { key: name, value } of nodes?.entries ?? []) {
    const expectation = readExpectation(value, faults);
    if (expectation !== null) found.set(name, expectation);
  }
  return found;
}

/** Reads `expect:` of a packet across nodes. */
export function readPathExpectation(tree: Tree, faults: Faults): PathExpectation | null {
  const map = faults.map(tree, 'expect');
  if (map === null) return null;
  faults.keys(map, PATH_EXPECT_KEYS);
  if (map.entries.length === 0) faults.tell('CHECK_NOTHING', map.span, { key: 'expect' });
  const verdict = entryOf(map, 'verdict');
  const places = entryOf(map, 'places');
  const wanted = verdict === undefined ? null : faults.choice(verdict.value, 'verdict', VERDICTS);
  const list = places === undefined ? null : faults.list(places.value, 'places');
  return {
    span: map.span,
    verdict: wanted === null || verdict === undefined ? null : { wanted, span: verdict.value.span },
    places:
      list === null
        ? null
        : { wanted: list.items.flatMap((item) => faults.text(item, 'places') ?? []), span: list.span },
    at: readAt(map, 'at', faults),
    back: readAt(map, 'back', faults),
  };
}

/** Who sends a packet, and what it is; null where the cluster knows no such end. */
export function pathInput(
  world: World,
  { from, to, proto }: PathSpec,
): { readonly origin: Origin; readonly input: PacketInput } | null {
  const source = endOf(world, from);
  const target = endOf(world, to);
  if (source === null || target === null) return null;
  const sport = source.port === null ? {} : { sport: source.port };
  const dport = target.port === null ? {} : { dport: target.port };
  const own = source.origin.kind === 'node' ? {} : { src: source.address };
  const device = source.origin.kind === 'pod' ? {} : { in: null };
  return {
    origin: source.origin,
    input: { proto, dst: target.address, ...own, ...device, ...sport, ...dport },
  };
}

interface End {
  readonly origin: Origin;
  readonly address: string;
  readonly port: number | null;
}

function endOf(world: World, text: string): End | null {
  const outside: Origin = { kind: 'outside' };
  if (text === 'outside') return { origin: outside, address: formatAddress(world.spec.outside), port: null };
  const [, kind, name = '', digits] = /^(pod|node):([^:]+)(?::(\d+))?$/.exec(text) ?? [];
  const port = digits === undefined ? null : Number(digits);
  if (kind === 'node') {
    const address = world.addressOfNode(name)?.address;
    return address === undefined ? null : { origin: { kind: 'node', node: name }, address, port };
  }
  if (kind === 'pod') {
    const pod = world.spec.pods.find((one) => one.name === name);
    if (pod === undefined) return null;
    return { origin: { kind: 'pod', node: pod.node, name }, address: formatAddress(pod.address), port };
  }
  const literal = readEndpoint(text);
  if (literal === null) return null;
  const pod = world.podAt(literal.address);
  const origin: Origin = pod === null ? outside : { kind: 'pod', node: pod.node, name: pod.name };
  return { origin, ...literal };
}
