/** A lab's expectations, held against its nodes as they are: what holds is right, and nothing else decides. */
import { type Allowed, compare, placeOf } from '../check/compare.js';
import type { Expectation } from '../check/expectation.js';
import { PacketFault, packetOf } from '../check/packet.js';
import type { Failure } from '../check/result.js';
import type { RuleName } from '../check/rule-name.js';
import { isOnWay } from '../check/rule-name.js';
import { walkPath } from '../cluster/path.js';
import type { PathOutcome } from '../cluster/hop.js';
import { World } from '../cluster/world.js';
import type { ClusterSpec } from '../cluster/spec.js';
import { PacketError } from '../packet/complete.js';
import type { Node } from '../packet/node.js';
import type { TraceResult } from '../packet/result.js';
import { trace } from '../packet/trace.js';
import type { Params } from '../source/diagnostic.js';
import type { Span } from '../source/source.js';
import { type PathExpectation, pathInput } from './across.js';
import type { LabPacket } from './lab.js';

/** The nodes of a lab as they are at some time. */
export interface Ground {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly cluster: ClusterSpec | null;
}

/** What is expected of a packet: on one node, or across nodes. */
export interface Wanted {
  readonly expect: Expectation | null;
  readonly expectPath: PathExpectation | null;
}

const said = (key: string, span: Span, code: string, params: Params = {}): Failure => ({
  ...{ key, place: placeOf(span), values: null, said: { code, params }, outcome: null },
});

const differs = (key: string, span: Span, expected: string, got: string, outcome: number): Failure => ({
  ...{ key, place: placeOf(span), values: { expected, got }, said: null, outcome },
});

/** Walks a packet of the lab; a failure for one that cannot be walked. */
export function walked(
  packet: LabPacket,
  { nodes }: Ground,
  reply: boolean,
): TraceResult | readonly Failure[] {
  const node = nodes.get(packet.node);
  if (node === undefined || packet.packet === null)
    return [said('packet', packet.span, 'LAB_NO_NODE', { name: packet.node })];
  const input = packetOf(packet.packet, node);
  if (input instanceof PacketFault)
    return [said(input.key ?? 'packet', packet.span, input.code, input.params)];
  try {
    return trace(node, input, { reply });
  } catch (error) {
    if (!(error instanceof PacketError)) throw error;
    return error.problems.map(({ code, field, params }) => said(field, packet.span, code, params));
  }
}

function onNode(
  packet: LabPacket,
  expect: Expectation,
  ground: Ground,
  allowed: Allowed,
): readonly Failure[] {
  const result = walked(packet, ground, expect.reply !== null);
  const node = ground.nodes.get(packet.node);
  if (!('outcomes' in result) || node === undefined) return 'outcomes' in result ? [] : result;
  return compare(expect, result, node, allowed);
}

/** Names of the places of a way, those that follow each other each once. */
function placesOf({ hops }: PathOutcome): readonly string[] {
  const names = hops.filter(({ back }) => !back).map(({ place }) => place.name);
  return names.filter((name, at) => name !== names[at - 1]);
}

/** What a node did with the packet on its way there, or with the answer. */
function atNode(
  outcome: PathOutcome,
  name: string,
  expect: Expectation,
  back: boolean,
  node: Node,
  allowed: Allowed,
): readonly Failure[] {
  const hop = outcome.hops.find(
    (one) => one.place.kind === 'node' && one.place.name === name && one.back === back && one.walk !== null,
  );
  const key = `${back ? 'back' : 'at'}.${name}`;
  if (hop?.walk === null || hop === undefined) return [said(key, expect.span, 'LAB_NOT_THERE', { name })];
  const { result, outcome: own } = hop.walk;
  const found = compare(expect, { ...result, outcomes: [own] }, node, allowed);
  return found.map((failure) => ({ ...failure, key: `${key}.${failure.key}` }));
}

function across(
  packet: LabPacket,
  expect: PathExpectation,
  ground: Ground,
  allowed: Allowed,
): readonly Failure[] {
  const { cluster, nodes } = ground;
  if (cluster === null || packet.path === null)
    return [said('path', packet.span, 'LAB_NO_CLUSTER', { name: packet.name })];
  const world = new World(cluster, nodes);
  const given = pathInput(world, packet.path);
  if (given === null)
    return [said('path', packet.path.span, 'LAB_NO_END', { from: packet.path.from, to: packet.path.to })];
  let outcomes: readonly PathOutcome[];
  try {
    ({ outcomes } = walkPath(world, given.origin, given.input));
  } catch (error) {
    if (!(error instanceof PacketError)) throw error;
    return error.problems.map(({ code, field, params }) => said(field, packet.span, code, params));
  }
  return outcomes.flatMap((outcome, at) => {
    const failures: Failure[] = [];
    const { verdict, places } = expect;
    if (verdict !== null && verdict.wanted !== outcome.verdict)
      failures.push(differs('verdict', verdict.span, verdict.wanted, outcome.verdict, at + 1));
    const names = placesOf(outcome).join(' ');
    if (places !== null && places.wanted.join(' ') !== names)
      failures.push(differs('places', places.span, places.wanted.join(' '), names, at + 1));
    for (const [list, back] of [
      [expect.at, false],
      [expect.back, true],
    ] as const)
      for (const [name, wanted] of list) {
        const node = nodes.get(name);
        if (node === undefined) failures.push(said('at', wanted.span, 'LAB_NO_NODE', { name }));
        else failures.push(...atNode(outcome, name, wanted, back, node, allowed));
      }
    return failures;
  });
}

/** What of an expectation does not hold for a packet of the lab. */
export function failuresOf(
  packet: LabPacket,
  { expect, expectPath }: Wanted,
  ground: Ground,
): readonly Failure[] {
  if (expect !== null) return onNode(packet, expect, ground, packet.allowed);
  return expectPath === null ? [] : across(packet, expectPath, ground, packet.allowed);
}

/** Codes of what cannot be told: the lab's fault, not the student's. */
const UNTOLD: ReadonlySet<string> = new Set(['CHECK_FAIL_RESTS', 'CHECK_FAIL_TRUNCATED']);

export function isUntold({ said: why }: Failure): boolean {
  return why !== null && UNTOLD.has(why.code);
}

/** Does a packet of the lab meet the rule, or the policy rule? */
export function meets(packet: LabPacket, rule: RuleName, ground: Ground): boolean {
  const result = walked(packet, ground, false);
  return 'outcomes' in result && result.outcomes.some((outcome) => isOnWay(rule, outcome));
}
