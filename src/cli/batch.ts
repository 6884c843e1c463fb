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

/** Lines of flows wait for each other: they are taken by `step`, whatever their order in the file. */
interface Waiting {
  readonly number: number;
  readonly packet: PacketInput | null;
  /** The finished output, for lines that need not wait themselves. */
  text: string | null;
}

class Batch {
  readonly report: BatchReport = { failed: false, assumed: false };
  readonly #options: BatchOptions;

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

  /** Walks the flows among the waiting lines, each in the order of its steps. */
  flows(waiting: readonly Waiting[]): void {
    const flows = new Map<string, Waiting[]>();
    for (const one of waiting) {
      if (one.packet?.flow === undefined) continue;
      const lines = flows.get(one.packet.flow);
      if (lines === undefined) flows.set(one.packet.flow, [one]);
      else lines.push(one);
    }
    for (const lines of flows.values()) {
      const tracer = new FlowTracer(this.#options.node, this.#options.trace);
      // Array.prototype.sort is stable: lines without a step keep their order.
      for (const one of lines.sort((a, b) => (a.packet?.step ?? 0) - (b.packet?.step ?? 0))) {
        if (one.packet !== null) one.text = this.walk(one.number, one.packet, (input) => tracer.next(input));
      }
    }
  }
}

/**
 * Walks every line. Results are written as they come, until the first line of a flow: a later line of the same flow
 * may have an earlier step, so from there on they are written at the end.
 */
export async function runBatch(
  lines: AsyncIterable<NumberedLine>,
  out: Sink,
  options: BatchOptions,
): Promise<BatchReport> {
  const batch = new Batch(options);
  const waiting: Waiting[] = [];
  for await (const line of lines) {
    const read = batch.read(line);
    const packet = typeof read === 'string' ? null : read;
    const text =
      typeof read === 'string' ? read : read.flow === undefined ? batch.single(line.number, read) : null;
    if (waiting.length === 0 && text !== null) await out.write(text);
    else waiting.push({ number: line.number, packet, text });
  }
  batch.flows(waiting);
  for (const one of waiting) await out.write(one.text ?? '');
  return batch.report;
}
