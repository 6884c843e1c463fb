/** Many packets: independent ones as they come, those of a flow in the order of their steps. */
import { PacketError, type PacketProblem } from './complete.js';
import type { Node } from './node.js';
import type { PacketInput, TraceResult } from './result.js';
import { FlowTracer, type TraceOptions, trace } from './trace.js';

/** The result of one packet, or what is wrong with its description. */
export type BatchLine =
  | { readonly result: TraceResult }
  | { readonly id: string | null; readonly problems: readonly PacketProblem[] };

/** How many packets are looked at ahead, so that steps of a flow that arrive out of order still run in order. */
const WINDOW = 4096;

/** Walks packets of one node; results come in the order of the packets, in memory that does not grow with their number. */
class Batch {
  readonly #node: Node;
  readonly #options: TraceOptions;
  readonly #flows = new Map<string, FlowTracer>();

  constructor(node: Node, options: TraceOptions) {
    this.#node = node;
    this.#options = options;
  }

  *window(inputs: readonly PacketInput[]): Generator<BatchLine> {
    const lines = new Map<PacketInput, BatchLine>();
    const ordered = inputs
      .filter((input) => input.flow !== undefined)
      .sort((a, b) => (a.step ?? 0) - (b.step ?? 0));
    for (const input of ordered) lines.set(input, this.#line(input));
    for (const input of inputs) yield lines.get(input) ?? this.#line(input);
  }

  #line(input: PacketInput): BatchLine {
    try {
      return {
        result:
          input.flow === undefined
            ? trace(this.#node, input, this.#options)
            : this.#flow(input.flow).next(input),
      };
    } catch (error) {
      if (error instanceof PacketError) return { id: input.id ?? null, problems: error.problems };
      throw error;
    }
  }

  #flow(name: string): FlowTracer {
    const known = this.#flows.get(name);
    if (known !== undefined) return known;
    const made = new FlowTracer(this.#node, this.#options);
    this.#flows.set(name, made);
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
): Generator<BatchLine> {
  const batch = new Batch(node, options);
  let window: PacketInput[] = [];
  for (const input of inputs) {
    window.push(input);
    if (window.length < WINDOW) continue;
    yield* batch.window(window);
    window = [];
  }
  yield* batch.window(window);
}
