/** Many packets: independent ones as they come, those of a flow in the order of their steps. */
import { PacketError, type PacketProblem } from './complete.js';
import type { Node } from './node.js';
import type { PacketInput, TraceResult } from './result.js';
import { FlowTracer, type TraceOptions, trace } from './trace.js';

/** The result of one packet, or what is wrong with its description. */
export type BatchLine =
  | { readonly result: TraceResult }
  | { readonly id: string | null; readonly problems: readonly PacketProblem[] };

/**
 * How many packets wait at most: a later packet of a flow may have an earlier step, and what comes behind it waits too,
 * because results keep the order of the packets.
 */
export const BATCH_WINDOW = 4096;

/** Walks the packets of one node; remembers what each flow has left behind. */
export class BatchWalker {
  readonly #node: Node;
  readonly #options: TraceOptions;
  readonly #flows = new Map<string, FlowTracer>();

  constructor(node: Node, options: TraceOptions) {
    this.#node = node;
    this.#options = options;
  }

  /** Walks one packet now; one of a flow is its flow's next. */
  walk(input: PacketInput): BatchLine {
    try {
      const { flow } = input;
      return {
        result: flow === undefined ? trace(this.#node, input, this.#options) : this.#tracer(flow).next(input),
      };
    } catch (error) {
      if (error instanceof PacketError) return { id: input.id ?? null, problems: error.problems };
      throw error;
    }
  }

  /** Walks packets that wait together: flows by their steps, results in the order given, each made when its turn comes. */
  *window(inputs: readonly PacketInput[]): Generator<BatchLine, void, undefined> {
    const done = new Map<PacketInput, BatchLine>();
    for (const input of inputs) {
      if (input.flow !== undefined && !done.has(input)) {
        // Sorting is stable: packets without a step keep their order.
        const flow = inputs
          .filter((one) => one.flow === input.flow)
          .sort((a, b) => (a.step ?? 0) - (b.step ?? 0));
        for (const one of flow) done.set(one, this.walk(one));
      }
      yield done.get(input) ?? this.walk(input);
      done.delete(input);
    }
  }

  #tracer(flow: string): FlowTracer {
    const known = this.#flows.get(flow);
    if (known !== undefined) return known;
    const made = new FlowTracer(this.#node, this.#options);
    this.#flows.set(flow, made);
    return made;
  }
}

/**
 * Walks packets in bulk. Packets with the same `flow` share conntrack state and are taken by `step` within a window of
 * 4096 packets; all others are independent of each other. A packet that cannot be walked yields its problems.
 */
export function* traceBatch(
  node: Node,
  inputs: Iterable<PacketInput>,
  options: TraceOptions = {},
): Generator<BatchLine, void, undefined> {
  const walker = new BatchWalker(node, options);
  let window: PacketInput[] = [];
  for (const input of inputs) {
    window.push(input);
    if (window.length < BATCH_WINDOW) continue;
    yield* walker.window(window);
    window = [];
  }
  yield* walker.window(window);
}
