/** The part of a batch that a worker thread walks: blocks of lines, each independent of all others. */
import { jsonSafe } from '../explain/json-text.js';
import type { Io } from './io.js';
import type { NumberedLine } from './lines.js';
import { Batch, type BatchReport } from './batch.js';
import { type BatchSettings, batchOptions } from './batch-options.js';
import { readQuietly } from './read-node.js';

/** Some lines of a batch, none of them of a flow. */
export interface Block {
  readonly settings: BatchSettings;
  readonly lines: readonly NumberedLine[];
}

/** The results of a block, in the order of its lines. */
export interface Walked {
  readonly text: string;
  readonly report: BatchReport;
}

/** A thread has no streams of its own; it writes nothing. */
const SILENT: Io = {
  stdout: { isTerminal: false, write: () => Promise.resolve() },
  stderr: { isTerminal: false, write: () => Promise.resolve() },
  env: {},
  async *stdin() {
    // Nothing comes.
  },
};

let reading: Promise<Batch> | null = null;

/** Reads the node for the first block: a thread has memory of its own. */
async function start(settings: BatchSettings): Promise<Batch> {
  const node = await readQuietly(settings.node, SILENT, {});
  return new Batch(batchOptions(node, settings));
}

/** Walks a block. */
export async function walkBlock({ settings, lines }: Block): Promise<Walked> {
  reading ??= start(settings);
  const batch = await reading;
  batch.report.failed = false;
  batch.report.assumed = false;
  let text = '';
  for (const line of lines) text += batch.now(batch.read(line));
  return { text: settings.format === 'json' ? jsonSafe(text) : text, report: { ...batch.report } };
}
