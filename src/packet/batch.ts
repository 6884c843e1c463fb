/** Many packets: independent ones as they come, those of a flow in the order of their steps. */
import type { AnyRule } from './any-rule.js';
import { PacketError, type PacketProblem } from './complete.js';
import type { Node } from './node.js';
import type { PacketInput, TraceResult } from './result.js';
import type { SettledAnswer } from './settlement.js';
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

/** A packet, and which one of the batch it is: what chance decides is drawn for each by itself. */
export interface NumberedPacket {
  readonly packet: PacketInput;
  readonly number: number;
}

/** How a batch is walked. */
export interface BatchTraceOptions extends Omit<TraceOptions, 'settlement'> {
  /** Draws what chance decides, for each packet by its number: one way of many. Null and undefined leave it open. */
  readonly seed?: bigint | null;
}

const NO_RULES: ReadonlyMap<AnyRule, SettledAnswer> = new Map();

/** Walks the packets of one node; remembers what each flow has left behind. */
export class BatchWalker {
  readonly #node: Node;
  readonly #options: TraceOptions;
  readonly #seed: bigint | null;
  readonly #flows = new Map<string, FlowTracer>();

  constructor(node: Node, { seed = null, ...options }: BatchTraceOptions) {
    this.#node = node;
    this.#options = options;
    this.#seed = seed;
  }

  /** Walks one packet now; one of a flow is its flow's next. */
  walk({ packet, number }: NumberedPacket): BatchLine {
    const options = this.#optionsOf(number);
    try {
      const { flow } = packet;
      return {
        result:
          flow === undefined
            ? trace(this.#node, packet, options)
            : this.#tracer(flow).next(packet, options.settlement),
      };
    } catch (error) {
      if (error instanceof PacketError) return { id: packet.id ?? null, problems: error.problems };
      throw error;
    }
  }

  /** Walks packets that wait together: flows by their steps, results in the order given, each made when its turn comes. */
  *window(inputs: readonly NumberedPacket[]): Generator<BatchLine, void, undefined> {
    const done = new Map<NumberedPacket, BatchLine>();
    for (const input of inputs) {
      const name = input.packet.flow;
      if (name !== undefined && !done.has(input)) {
        // Sorting is stable: packets without a step keep their order.
        const flow = inputs
          .filter(({ packet }) => packet.flow === name)
          .sort((a, b) => (a.packet.step ?? 0) - (b.packet.step ?? 0));
        for (const one of flow) done.set(one, this.walk(one));
      }
      yield done.get(input) ?? this.walk(input);
      done.delete(input);
    }
  }

  #optionsOf(nth: number): TraceOptions {
    const seed = this.#seed;
    if (seed === null) return this.#options;
    return { ...this.#options, settlement: { rules: NO_RULES, seed, nth, used: () => undefined } };
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
  options: BatchTraceOptions = {},
): Generator<BatchLine, void, undefined> {
  const walker = new BatchWalker(node, options);
  let window: NumberedPacket[] = [];
  let number = 0;
  for (const packet of inputs) {
    number += 1;
    window.push({ packet, number });
    if (window.length < BATCH_WINDOW) continue;
    yield* walker.window(window);
    window = [];
  }
  yield* walker.window(window);
}
