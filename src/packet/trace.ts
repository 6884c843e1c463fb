/** The engine's door: what becomes of a packet, or of a flow of packets, on a node. */
import { enumerate } from '../chooser/enumerate.js';
import type { Ternary } from '../chooser/question.js';
import type { AnyRule } from './any-rule.js';
import { type Completed, complete, describe } from './complete.js';
import { ConnectionTable } from './connection-table.js';
import { NO_ZONE } from './connection.js';
import { dumpedConnections } from './dumped-connections.js';
import { runWalk } from './engine.js';
import type { HookPlan, Sequencer } from './hooks.js';
import { receiverOf } from './member.js';
import type { Node } from './node.js';
import { outcomeOf } from './outcome.js';
import { type Way, joined, mergeOrders, restsOnOrder } from './orders.js';
import { planOf } from './plan.js';
import { rememberOrders } from './precedence.js';
import { replyStart } from './reply.js';
import type { Assumption, Outcome, PacketInput, TraceResult } from './result.js';
import { tracksConnections } from './tracking.js';
import { invertTuple, sameTuple, tupleOf } from './tuple.js';
import { type Settlement, SettledAnswers } from './settlement.js';
import { type Pick, picked } from './pick.js';
import type { Start, WalkOptions } from './walk.js';

/** How a packet is walked, and what of the walk is reported. */
export interface TraceOptions {
  /** Walk the answer too. */
  readonly reply?: boolean;
  /** Report steps (default true); without them a walk is cheaper. */
  readonly steps?: boolean;
  /** Report the rules that did not match, each with its reason. */
  readonly allRules?: boolean;
  /** Report every test of these rules, condition by condition (`passings` of an outcome). */
  readonly watched?: ReadonlySet<AnyRule>;
  /** Open questions that the user has settled. */
  readonly settlement?: Settlement;
  /** The endpoint that the user has picked: where an outcome goes there, others are left out. */
  readonly pick?: Pick;
  /** The greatest number of outcomes; more are cut off, and the result says so. Default 256. */
  readonly limit?: number;
  /** Drives the hook sequence; default: the table that is derived from the plan. */
  readonly sequencer?: (plan: HookPlan) => Sequencer;
}

const DEFAULT_LIMIT = 256;

/** One way in which the packets of a flow so far may have gone. */
interface FlowBranch {
  readonly connections: ConnectionTable;
  readonly probability: number | null;
  readonly assumptions: readonly Assumption[];
}

/** What a flow of packets has left behind. */
export type FlowState = readonly FlowBranch[];

/** Before the first packet of a flow: no connections but those of the node's dump. */
function newFlow(node: Node): FlowState {
  const connections = new ConnectionTable(dumpedConnections(node));
  return [{ connections, probability: 1, assumptions: [] }];
}

/**
 * A packet that answers an earlier one, or is an error about it, belongs to its entry: ways in which there would be none
 * are ruled out. One that repeats it says nothing, for the sender does not know what became of the first.
 */
function fitting(state: FlowState, completed: Completed): FlowState {
  const [only] = state;
  if (state.length === 1 && only?.probability === 1) return state;
  const { packet, inner } = completed;
  const tuple = inner === null ? tupleOf(packet) : invertTuple(tupleOf(inner), inner.family);
  // From an address and port to themselves, the packet that comes again looks like its own answer.
  if (inner === null && sameTuple(tuple, invertTuple(tuple, packet.family))) return state;
  const fits = state.filter(({ connections }) => {
    const found = connections.find(tuple, NO_ZONE);
    return found !== null && (inner !== null || found.direction === 'REPLY');
  });
  const chosen = fits.length > 0 ? fits : state;
  const total = chosen.reduce((sum, branch) => sum + (branch.probability ?? 0), 0);
  if (chosen.some((branch) => branch.probability === null) || total === 0) return chosen;
  return chosen.map((branch) => ({ ...branch, probability: (branch.probability ?? 0) / total }));
}

interface Run {
  readonly own: Outcome;
  readonly reply: Outcome | null;
  readonly connections: ConnectionTable;
  /** What the user has settled does not contradict itself. */
  readonly isPossible: boolean;
}

const times = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : a * b;

function outcome(run: Run, branch: FlowBranch, probability: number | null): Outcome {
  const { own, reply } = run;
  // In bulk most outcomes rest on nothing, and are as they are but for their probability.
  if (branch.assumptions.length === 0 && own.assumptions.length === 0 && reply === null)
    return probability === own.probability ? own : { ...own, probability };
  const assumptions = joined(branch.assumptions, own.assumptions);
  const certain = assumptions.length === 0 && (reply === null || reply.assumptions.length === 0);
  const share = certain ? probability : null;
  return {
    ...own,
    assumptions,
    probability: share,
    ...(reply === null ? {} : { reply: { ...reply, probability: share } }),
  };
}

/** Orders that make no difference are not told. */
function inNoOrder(ways: readonly Way[]): readonly Way[] {
  return ways.some(({ outcome: one }) => restsOnOrder(one)) ? mergeOrders(ways) : ways;
}

function startOf(node: Node, completed: Completed, connections: ConnectionTable, tracking: Ternary): Start {
  const { packet, boundDevice, connected, selectSource, mapped, forcedState, inner } = completed;
  const device =
    completed.device === null ? null : receiverOf(node.networks[packet.family], completed.device);
  return {
    node,
    packet,
    device,
    member: device === completed.device ? null : completed.device,
    boundDevice,
    connected,
    selectSource,
    mapped,
    connections,
    forcedState,
    inner,
    belongs: null,
    tracking,
  };
}

/** Walks a packet on top of what a flow has left behind. */
function traceIn(
  node: Node,
  input: PacketInput,
  state: FlowState,
  options: TraceOptions,
): { result: TraceResult; next: FlowState } {
  const completed = complete(node, input);
  const { packet } = completed;
  const plan = planOf(node, packet.family);
  const sequencer = options.sequencer?.(plan.plan) ?? plan.table;
  const { steps = true, allRules = false, watched, settlement, pick } = options;
  const tracking = tracksConnections(node, packet.family);
  const limit = options.limit ?? DEFAULT_LIMIT;
  const outcomes: Outcome[] = [];
  const next: FlowBranch[] = [];
  let truncated = false;
  for (const branch of fitting(state, completed)) {
    if (outcomes.length >= limit) {
      truncated = true;
      break;
    }
    const found = enumerate((chooser): Run => {
      const answers = settlement === undefined ? undefined : new SettledAnswers(settlement);
      const walkOptions: WalkOptions = { steps, misses: allRules, watched, answers };
      const connections = branch.connections.clone();
      rememberOrders(connections, branch.assumptions);
      const start = startOf(node, completed, connections, tracking);
      const { walk, end } = runWalk(start, plan, sequencer, chooser, walkOptions);
      // Told before the answer is walked: that moves the shared entry on.
      const own = outcomeOf(walk, end);
      const answer = options.reply === true ? replyStart(walk, end) : null;
      const possible = (): boolean => answers?.contradicted !== true;
      if (answer === null) return { own, connections, reply: null, isPossible: possible() };
      const back = runWalk(answer, plan, sequencer, chooser, walkOptions);
      return { own, connections, reply: outcomeOf(back.walk, back.end), isPossible: possible() };
    }, limit - outcomes.length);
    truncated ||= found.truncated;
    const possible = found.branches.filter(({ value }) => value.isPossible);
    const ways = possible.map(({ value, probability, chances }): Way => ({
      outcome: outcome(value, branch, times(branch.probability, probability)),
      connections: value.connections,
      chances: chances * (branch.probability ?? 1),
    }));
    for (const { outcome: one, connections } of picked(inNoOrder(ways), pick)) {
      outcomes.push(one);
      next.push({ connections, probability: one.probability, assumptions: one.assumptions });
    }
  }
  return { result: { id: input.id ?? null, packet: describe(completed, input), outcomes, truncated }, next };
}

/**
 * Says what the node does with a packet: every way it can go, with its probability or what it hangs on.
 * @throws PacketError when the packet's description cannot be walked
 */
export function trace(node: Node, input: PacketInput, options: TraceOptions = {}): TraceResult {
  return traceIn(node, input, newFlow(node), options).result;
}

/** A flow of packets that share conntrack state. */
export class FlowTracer {
  readonly #node: Node;
  readonly #options: TraceOptions;
  #state: FlowState;

  constructor(node: Node, options: TraceOptions = {}) {
    this.#node = node;
    this.#options = options;
    this.#state = newFlow(node);
  }

  /**
   * Walks the flow's next packet.
   * @param settlement of this packet; otherwise that of the options
   * @throws PacketError when its description cannot be walked; the flow is then as before
   */
  next(input: PacketInput, settlement?: Settlement): TraceResult {
    const options = settlement === undefined ? this.#options : { ...this.#options, settlement };
    const { result, next } = traceIn(this.#node, input, this.#state, options);
    this.#state = next;
    return result;
  }
}
