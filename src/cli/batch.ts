/** Many packets: one JSON line each, results in the same order. */
import type { WarningJson } from '../explain/json.js';
import { describe, message } from '../explain/messages/index.js';
import type { ViewOptions } from '../explain/view.js';
import { PacketError } from '../packet/complete.js';
import type { Node } from '../packet/node.js';
import type { PacketInput, TraceResult } from '../packet/result.js';
import { FlowTracer, type TraceOptions, trace } from '../packet/trace.js';
import { BadLine, readBatchLine } from './batch-line.js';
import type { Sink } from './io.js';
import type { NumberedLine } from './lines.js';
import type { Format } from './output.js';
import { isAssumed, render } from './render.js';

export interface BatchOptions {
  readonly node: Node;
  readonly format: Format;
  readonly warnings: readonly WarningJson[];
  readonly view: ViewOptions;
  readonly trace: TraceOptions;
}

/** What the lines came to. */
export interface BatchReport {
  failed: boolean;
  assumed: boolean;
}

/** A line that is no packet, or a packet that cannot be: an object in the place of its result. */
function errorLine(line: number, id: string | null, code: string, text: string, format: Format): string {
  if (format !== 'json') return `${message('ERROR')} ${code}  ${text}\n`;
  return `${JSON.stringify({ schema: 'natwalk/trace/1', id, error: { code, text, line } })}\n`;
}

/**
 * How many lines wait at most. Lines of flows wait for each other, because a later line may have an earlier step; what
 * comes behind them waits too, because results keep the order of the lines.
 */
const WINDOW = 4096;

/** A line whose turn has not come: a packet to be walked, or output that is ready. */
interface Waiting {
  readonly number: number;
  readonly packet: PacketInput | null;
  text: string | null;
}

class Batch {
  readonly report: BatchReport = { failed: false, assumed: false };
  readonly #options: BatchOptions;
  readonly #flows = new Map<string, FlowTracer>();

  constructor(options: BatchOptions) {
    this.#options = options;
  }

  fail(line: number, id: string | null, code: string, text: string): string {
    this.report.failed = true;
    return errorLine(line, id, code, text, this.#options.format);
  }

  /** The output of one packet. */
  walk(line: number, packet: PacketInput, walk: (packet: PacketInput) => TraceResult): string {
    try {
      const result = walk(packet);
      if (isAssumed(result)) this.report.assumed = true;
      return render(result, this.#options.format, this.#options.warnings, this.#options.view);
    } catch (error) {
      if (!(error instanceof PacketError)) throw error;
      const [problem] = error.problems;
      const text = error.problems.map(({ code, params }) => describe(code, params)).join('; ');
      return this.fail(line, packet.id ?? null, problem?.code ?? 'USAGE_PACKET', text);
    }
  }

  single(line: number, packet: PacketInput): string {
    return this.walk(line, packet, (input) => trace(this.#options.node, input, this.#options.trace));
  }

  read({ number, text }: NumberedLine): PacketInput | string {
    const packet = readBatchLine(text);
    if (!(packet instanceof BadLine)) return packet;
    return this.fail(
      number,
      packet.id,
      'BATCH_LINE',
      message('BATCH_LINE', { line: number, reason: packet.reason }),
    );
  }

  /** Walks the waiting lines of a flow in the order of their steps. */
  flow(name: string, waiting: readonly Waiting[]): void {
    const tracer = this.#flows.get(name) ?? new FlowTracer(this.#options.node, this.#options.trace);
    this.#flows.set(name, tracer);
    // Sorting is stable: lines without a step keep their order.
    const lines = waiting
      .filter((one) => one.packet?.flow === name)
      .sort((a, b) => (a.packet?.step ?? 0) - (b.packet?.step ?? 0));
    for (const one of lines) {
      if (one.packet !== null) one.text = this.walk(one.number, one.packet, (input) => tracer.next(input));
    }
  }

  /** The outputs of the waiting lines, each made when its turn comes. */
  *drain(waiting: readonly Waiting[]): Generator<string, void, undefined> {
    for (const one of waiting) {
      const { packet } = one;
      if (one.text === null && packet?.flow !== undefined) this.flow(packet.flow, waiting);
      yield one.text ?? (packet === null ? '' : this.single(one.number, packet));
      one.text = '';
    }
  }
}

/** Walks every line. Results are written as they come; from a flow's line on, up to 4096 lines wait for its other steps. */
export async function runBatch(
  lines: AsyncIterable<NumberedLine>,
  out: Sink,
  options: BatchOptions,
): Promise<BatchReport> {
  const batch = new Batch(options);
  let waiting: Waiting[] = [];
  const drain = async (): Promise<void> => {
    for (const text of batch.drain(waiting)) await out.write(text);
    waiting = [];
  };
  for await (const line of lines) {
    const read = batch.read(line);
    const ready = typeof read === 'string';
    if (waiting.length === 0 && (ready || read.flow === undefined)) {
      await out.write(ready ? read : batch.single(line.number, read));
      continue;
    }
    waiting.push({ number: line.number, packet: ready ? null : read, text: ready ? read : null });
    if (waiting.length >= WINDOW) await drain();
  }
  await drain();
  return batch.report;
}
