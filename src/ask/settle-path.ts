/** Open questions of a way across nodes that are settled beforehand: each rule by its node, and the endpoint. */
import { formatAddress } from '../address/address.js';
import type { PathResult } from '../cluster/hop.js';
import { type Origin, type PathOptions, walkPath } from '../cluster/path.js';
import type { World } from '../cluster/world.js';
import type { NameBook } from '../names/book.js';
import { type Pick, isEndpoint } from '../packet/pick.js';
import type { Outcome, PacketInput } from '../packet/result.js';
import { type Diagnostic, Diagnostics } from '../source/diagnostic.js';
import { UsageError } from './mistake.js';
import { familyOfPacket } from './references.js';
import {
  type SettleOptions,
  Settling,
  readAssumption,
  readPick,
  warnNoEndpoint,
  warnUnused,
} from './settle.js';

/** A way with what was settled. */
export interface SettledPath {
  readonly result: PathResult;
  /** With what was settled, for second walks. */
  readonly options: PathOptions;
  /** What was settled in vain. */
  readonly warnings: readonly Diagnostic[];
}

function noNode({ nodes }: World, text: string): UsageError {
  const [node = ''] = nodes.keys();
  const params = { option: '--assume', text, node, nodes: [...nodes.keys()].join(', ') };
  return new UsageError([{ code: 'USAGE_ASSUME_NODE', params, option: text }]);
}

/** `NODE:RULE=yes`, or with a blank: the node of a rule. Of names that begin alike the longest is meant. */
function readOne(world: World, input: PacketInput, text: string): ReturnType<typeof readAssumption> {
  const name = [...world.nodes.keys()]
    .filter((one) => text.startsWith(`${one}:`) || text.startsWith(`${one} `))
    .toSorted((a, b) => b.length - a.length)[0];
  const node = name === undefined ? undefined : world.nodes.get(name);
  if (name === undefined || node === undefined) throw noNode(world, text);
  return readAssumption(node, familyOfPacket(input), text.slice(name.length + 1));
}

/** A pod by the name that the cluster file gives it, as ways name it. */
function podNamed({ spec }: World, text: string): Pick | null {
  const name = text.replace(/^pod:/, '');
  const pod = spec.pods.find((one) => one.name === name);
  return pod === undefined ? null : { text, address: formatAddress(pod.address), port: null };
}

const pickBy = (names: NameBook | undefined, text: string, input: PacketInput): Pick | null =>
  names === undefined ? null : readPick(text, names, input);

const nodesOf = ({ outcomes }: PathResult): readonly Outcome[] =>
  outcomes.flatMap(({ hops }) => hops.flatMap(({ walk }) => (walk === null ? [] : [walk.outcome])));

/**
 * Walks a packet across a cluster with what is settled.
 * @throws UsageError for a reference that names nothing
 */
export function walkPathSettled(
  world: World,
  origin: Origin,
  input: PacketInput,
  { assume = [], pick: wanted }: Omit<SettleOptions, 'seed'>,
): SettledPath {
  const diagnostics = new Diagnostics();
  const node = origin.kind === 'outside' ? undefined : world.nodes.get(origin.node);
  const names = (node ?? [...world.nodes.values()][0])?.names;
  const pick: Pick | null =
    wanted === undefined ? null : (podNamed(world, wanted) ?? pickBy(names, wanted, input));
  const settling = new Settling(new Map(assume.map((text) => readOne(world, input, text))), null);
  const settled: PathOptions = settling.rules.size === 0 ? {} : { settlement: settling };
  const result = walkPath(world, origin, input, settled);
  if (result.outcomes.length === 0 && settling.rules.size > 0) {
    diagnostics.warn('SETTLE_CONTRADICTION', null);
    return { result: walkPath(world, origin, input), options: {}, warnings: diagnostics.list };
  }
  warnUnused(settling, diagnostics);
  const told = { result, options: settled, warnings: diagnostics.list };
  if (pick === null) return told;
  const outcomes = nodesOf(result);
  if (!isEndpoint(outcomes, pick)) {
    warnNoEndpoint(pick, outcomes, diagnostics);
    return told;
  }
  const options = { ...settled, pick };
  return { ...told, result: walkPath(world, origin, input, options), options };
}
