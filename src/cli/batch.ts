/** Many packets: one JSON line each, results in the same order. */
import { JsonLines } from '../explain/json-line.js';
import { jsonLine, jsonSafe } from '../explain/json-text.js';
import type { WarningJson } from '../explain/json.js';
import { type Language, describe, message } from '../explain/messages/index.js';
import { NO_FACTS, type ViewOptions } from '../explain/view.js';
import { BATCH_WINDOW, type BatchLine, type BatchTraceOptions, BatchWalker } from '../packet/batch.js';
import type { Node } from '../packet/node.js';
import type { PacketInput, TraceResult } from '../packet/result.js';
import { BadLine, readBatchLine } from './batch-line.js';
import type { Sink } from './io.js';
import type { NumberedLine } from './lines.js';
import { Misnamed, namedPacket } from '../ask/named-end.js';
import type { Format } from './output.js';
import { isAssumed, render } from './render.js';
import { isWhole } from './whole-views.js';

export interface BatchOptions {
  readonly node: Node;
  readonly format: Format;
  readonly warnings: readonly WarningJson[];
  readonly view: ViewOptions;
  readonly trace: BatchTraceOptions;
  /** Takes the results of a format whose output is one thing; what is written then are the lines that failed. */
  readonly gather?: (result: TraceResult) => void;
}

/** What the lines came to. */
export interface BatchReport {
  failed: boolean;
  assumed: boolean;
}

/** A line that is no packet, or a packet that cannot be: an object in the place of its result. */
function errorLine(
  line: number,
  id: string | null,
  code: string,
  text: string,
  { format, language }: { readonly format: Format; readonly language: Language },
): string {
  if (format !== 'json') return `${message('ERROR', {}, language)} ${code}  ${text}\n`;
  return jsonLine({ schema: 'natwalk/trace/1', id, error: { code, text, line } });
}

/** A line whose turn has not come: a packet to be walked, or output that is ready. */
export type Waiting =
  | { readonly number: number; readonly packet: PacketInput }
  | { readonly number: number; readonly text: string };

/** Reads and walks lines of one node, and writes their results. */
export class Batch {
  readonly report: BatchReport = { failed: false, assumed: false };
  readonly #options: BatchOptions;
  readonly #walker: BatchWalker;
  /** Of errors; JSON and minimal lines are for programs and the same in every language. */
  readonly #language: Language;
  /** Writes results without steps; null where they are asked for, or another form. */
  readonly #lines: JsonLines | null;

  constructor(options: BatchOptions) {
    const { format, trace, warnings, view } = options;
    const isBrief = format === 'json' && trace.steps === false;
    this.#lines = isBrief ? new JsonLines(warnings, view.facts ?? NO_FACTS) : null;
    this.#options = options;
    this.#language = format === 'json' || format === 'minimal' ? 'en' : (view.language ?? 'en');
    this.#walker = new BatchWalker(options.node, options.trace);
  }

  #fail(line: number, id: string | null, code: string, text: string): string {
    this.report.failed = true;
    return errorLine(line, id, code, text, { format: this.#options.format, language: this.#language });
  }

  read({ number, text }: NumberedLine): Waiting {
    const packet = readBatchLine(text);
    if (!(packet instanceof BadLine)) return this.#named(number, packet);
    const words = message('BATCH_LINE', { line: number, reason: packet.reason }, this.#language);
    return { number, text: this.#fail(number, packet.id, 'BATCH_LINE', words) };
  }

  #named(number: number, packet: PacketInput): Waiting {
    const named = namedPacket(packet, this.#options.node.names);
    if (!(named instanceof Misnamed)) return { number, packet: named };
    const words = describe(named.code, named.params, this.#language);
    return { number, text: this.#fail(number, packet.id ?? null, named.code, words) };
  }

  /** The output of a line that need not wait for any other. */
  now(line: Waiting): string {
    return 'text' in line ? line.text : this.#print(line.number, this.#walker.walk(line));
  }

  /** The outputs of the waiting lines, each made when its turn comes. */
  *drain(waiting: readonly Waiting[]): Generator<string, void, undefined> {
    const results = this.#walker.window(waiting.flatMap((line) => ('packet' in line ? line : [])));
    for (const line of waiting) {
      if ('text' in line) yield line.text;
      else {
        const { value } = results.next();
        if (value !== undefined) yield this.#print(line.number, value);
      }
    }
  }

  #print(line: number, walked: BatchLine): string {
    if ('problems' in walked) {
      const [problem] = walked.problems;
      const text = walked.problems
        .map(({ code, params }) => describe(code, params, this.#language))
        .join('; ');
      return this.#fail(line, walked.id, problem?.code ?? 'USAGE_PACKET', text);
    }
    if (isAssumed(walked.result)) this.report.assumed = true;
    if (this.#lines !== null) return this.#lines.line(walked.result);
    const { format, gather, warnings, view } = this.#options;
    if (!isWhole(format)) return render(walked.result, format, warnings, view);
    gather?.(walked.result);
    return '';
  }
}

/** More than this is not kept before it is written. */
const CHUNK = 65_536;

/** Output that is written in pieces of some size. */
class Buffered {
  readonly #out: Sink;
  readonly #isJson: boolean;
  #text = '';

  constructor(out: Sink, isJson: boolean) {
    this.#out = out;
    this.#isJson = isJson;
  }

  /** Is it time to flush? */
  add(text: string): boolean {
    this.#text += text;
    return this.#text.length >= CHUNK;
  }

  async flush(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    if (text !== '') await this.#out.write(this.#isJson ? jsonSafe(text) : text);
  }
}

/** Walks every line. Results are written as they come; from a flow's line on, lines wait for its other steps. */
export async function runBatch(
  chunks: AsyncIterable<readonly NumberedLine[]>,
  out: Sink,
  options: BatchOptions,
): Promise<BatchReport> {
  const batch = new Batch(options);
  const buffered = new Buffered(out, options.format === 'json');
  let waiting: Waiting[] = [];
  const drain = async (): Promise<void> => {
    for (const text of batch.drain(waiting)) if (buffered.add(text)) await buffered.flush();
    waiting = [];
  };
  for await (const lines of chunks) {
    for (const line of lines) {
      const read = batch.read(line);
      if (waiting.length === 0 && !('packet' in read && read.packet.flow !== undefined)) {
        if (buffered.add(batch.now(read))) await buffered.flush();
        continue;
      }
      waiting.push(read);
      if (waiting.length >= BATCH_WINDOW) await drain();
    }
    // Who writes one line and waits for its result gets it.
    await buffered.flush();
  }
  await drain();
  await buffered.flush();
  return batch.report;
}
