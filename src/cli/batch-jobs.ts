/**
 * A batch over worker threads: blocks of lines go to whichever thread is free, results are written in the order of the
 * lines. Packets of a flow share conntrack state, so that from the first of them on all lines are walked by one.
 */
import { Piscina } from 'piscina';
import { type BatchOptions, type BatchReport, runBatch } from './batch.js';
import type { BatchSettings } from './batch-options.js';
import type { Block, Walked } from './batch-worker.js';
import type { Sink } from './io.js';
import type { NumberedLine } from './lines.js';

/** Lines of a block: enough that handing it over costs nothing beside walking it. */
const BLOCK_LINES = 500;

/** Might the line be of a flow? An escape may hide the word. */
const maybeOfFlow = ({ text }: NumberedLine): boolean => text.includes('"flow"') || text.includes('\\u');

/** Cuts lines into blocks; the last one is shorter. */
function blocksOf(lines: readonly NumberedLine[]): readonly (readonly NumberedLine[])[] {
  const blocks: (readonly NumberedLine[])[] = [];
  for (let at = 0; at < lines.length; at += BLOCK_LINES) blocks.push(lines.slice(at, at + BLOCK_LINES));
  return blocks;
}

/** Threads at work, and the results that are still to be written. */
class Threads {
  readonly report: BatchReport = { failed: false, assumed: false };
  readonly #pool: Piscina<Block, Walked>;
  readonly #settings: BatchSettings;
  readonly #out: Sink;
  readonly #most: number;
  readonly #waiting: Promise<Walked>[] = [];

  constructor(command: string, jobs: number, settings: BatchSettings, out: Sink) {
    this.#pool = new Piscina({ filename: command, name: 'walkBlock', minThreads: jobs, maxThreads: jobs });
    this.#settings = settings;
    this.#out = out;
    // As many blocks again wait for a thread: no thread waits for the next, and memory stays flat.
    this.#most = jobs * 2;
  }

  async walk(lines: readonly NumberedLine[]): Promise<void> {
    for (const block of blocksOf(lines)) {
      while (this.#waiting.length >= this.#most) await this.#write();
      const walked = this.#pool.run({ settings: this.#settings, lines: block });
      // Whoever waits for it is told; until then nobody need be.
      walked.catch(() => undefined);
      this.#waiting.push(walked);
    }
  }

  async #write(): Promise<void> {
    const walked = await this.#waiting.shift();
    if (walked === undefined) return;
    this.report.failed ||= walked.report.failed;
    this.report.assumed ||= walked.report.assumed;
    await this.#out.write(walked.text);
  }

  /** Writes all that is left. */
  async drain(): Promise<void> {
    while (this.#waiting.length > 0) await this.#write();
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

/** Walks every line by several threads. @param command file whose `walkBlock` a thread runs */
export async function runJobs(
  chunks: AsyncIterable<readonly NumberedLine[]>,
  out: Sink,
  options: BatchOptions,
  settings: BatchSettings,
  jobs: number,
  command: string,
): Promise<BatchReport> {
  const threads = new Threads(command, jobs, settings, out);
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    let rest: readonly NumberedLine[] = [];
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      const first = next.value.findIndex(maybeOfFlow);
      await threads.walk(first < 0 ? next.value : next.value.slice(0, first));
      if (first < 0) continue;
      rest = next.value.slice(first);
      break;
    }
    await threads.drain();
    if (rest.length === 0) return threads.report;
    const { failed, assumed } = await runBatch(continued(rest, iterator), out, options);
    return { failed: failed || threads.report.failed, assumed: assumed || threads.report.assumed };
  } finally {
    await threads.close();
  }
}

async function* continued(
  first: readonly NumberedLine[],
  iterator: AsyncIterator<readonly NumberedLine[]>,
): AsyncGenerator<readonly NumberedLine[], void, undefined> {
  yield first;
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
}
