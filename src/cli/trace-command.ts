/** `natwalk trace`: one packet by options, or many by --batch. */
import { createReadStream } from 'node:fs';
import { coloured } from '../explain/colour.js';
import { type Language, message } from '../explain/messages/index.js';
import type { ViewOptions } from '../explain/view.js';
import { PacketError } from '../packet/complete.js';
import type { Node } from '../packet/node.js';
import type { TraceOptions } from '../packet/trace.js';
import type { Diagnostic } from '../source/diagnostic.js';
import { type BatchOptions, type BatchReport, runBatch } from './batch.js';
import { type BatchSettings, batchOptions } from './batch-options.js';
import { renderFlow, renderWalked } from './changed-view.js';
import { readSeed } from '../ask/settle.js';
import { type ChangeOptions, demandNoChanges, walkChanged } from './changes.js';
import { commandFile } from './command-file.js';
import { type Io, widthFor } from './io.js';
import { languageOf } from './language.js';
import { type Lent, readLent } from './lent.js';
import { leveled } from './level.js';
import { type NumberedLine, linesOf } from './lines.js';
import { type CommonOptions, FORMATS, type Format, formatOf, paintFor } from './output.js';
import {
  type PacketDraft,
  type PacketOptions,
  familyOfDraft,
  packetOf,
  readPacketDraft,
} from '../ask/packet-options.js';
import { asUsage } from './problem.js';
import { type State, withProgress } from './progress.js';
import { answerFrom, readNode, tellFindings } from './read-node.js';
import { isAssumed } from './render.js';
import { STATUS } from './status.js';
import { misuse } from './usage.js';
import { type WholeFormat, isWhole, printWhole, wholeView } from './whole-views.js';

/** Options of `trace` as Commander hands them over. */
export interface TraceCommandOptions extends CommonOptions, PacketOptions, ChangeOptions {
  readonly output?: string;
  readonly level?: string;
  readonly json?: true;
  readonly batch?: string;
  readonly reply?: true;
  readonly flow?: true;
  readonly allRules?: true;
  readonly steps?: true;
  readonly jobs?: string;
  readonly strict?: true;
}

/** The JSON of a batch is for programs that read many results: it has steps only when they are asked for. */
function hasSteps({ batch, steps, allRules }: TraceCommandOptions, format: Format): boolean {
  if (batch === undefined || format !== 'json') return format !== 'minimal';
  return steps === true || allRules === true;
}

function engineOptions(options: TraceCommandOptions, format: Format): TraceOptions {
  return {
    reply: options.reply === true,
    allRules: options.allRules === true,
    steps: hasSteps(options, format),
  };
}

/** What `--strict` says of an outcome that rests on an assumption. */
async function assumed(language: Language | undefined, io: Io): Promise<number> {
  await io.stderr.write(`natwalk: ${message('STRICT', {}, language)}\n`);
  return STATUS.assumed;
}

/** What becomes of one packet, and whether that rests on an assumption. @throws UsageError */
function answer(
  node: Node,
  draft: PacketDraft,
  options: TraceCommandOptions,
  format: Format,
  view: Omit<ViewOptions, 'facts'>,
  lent: readonly Lent[],
): {
  readonly text: string | Uint8Array;
  readonly isAssumed: boolean;
  readonly warnings: readonly Diagnostic[];
} {
  const input = packetOf(draft, node.names);
  try {
    const walked = walkChanged(node, input, options, engineOptions(options, format), lent);
    const { result, warnings } = walked;
    const text =
      options.flow === true
        ? renderFlow(walked, input, format, view)
        : isWhole(format)
          ? printWhole(format, result, { node: walked.node, allRules: options.allRules === true })
          : renderWalked(walked, input, format, view);
    return { text, isAssumed: isAssumed(result), warnings };
  } catch (error) {
    if (error instanceof PacketError) throw asUsage(error);
    throw error;
  }
}

/** How many threads walk a batch: one unless told. @throws UsageError */
function jobsOf({ jobs = '1' }: TraceCommandOptions, path: string): number {
  const count = /^[1-9]\d{0,2}$/.test(jobs) ? Number(jobs) : 0;
  if (count === 0)
    throw misuse('USAGE_NUMBER', '--jobs', { option: '--jobs', text: jobs, low: 1, high: 999 });
  // Each thread reads the node.
  if (count > 1 && isStdin(path)) throw misuse('USAGE_CONFLICT', '--jobs', { option: '--jobs', other: path });
  return count;
}

const isStdin = (path: string): boolean => /^-(?:#|$)/.test(path);

/** A batch whose output is one thing, when all of it is walked; what failed is told on standard error. */
async function gatherAll(
  lines: AsyncIterable<readonly NumberedLine[]>,
  format: WholeFormat,
  options: BatchOptions,
  io: Io,
): Promise<BatchReport> {
  const whole = wholeView(format, { node: options.node, allRules: options.trace.allRules === true });
  const report = await runBatch(lines, io.stderr, { ...options, gather: (result) => whole.add(result) });
  await io.stdout.write(whole.finish());
  return report;
}

/** The same lines, each counted when it is taken. */
async function* counted(
  chunks: AsyncIterable<readonly NumberedLine[]>,
  count: (lines: number) => void,
): AsyncGenerator<readonly NumberedLine[], void, undefined> {
  for await (const lines of chunks) {
    yield lines;
    count(lines.length);
  }
}

/** Where results go to the terminal, they show themselves how far the batch has come. */
async function walkAll(
  batch: string,
  jobs: number,
  options: BatchOptions,
  settings: BatchSettings,
  io: Io,
): Promise<BatchReport> {
  const chunks: AsyncIterable<Uint8Array> = batch === '-' ? io.stdin() : createReadStream(batch);
  const lines = linesOf(chunks);
  if (io.stdout.isTerminal && !isWhole(options.format)) return walkLines(lines, jobs, options, settings, io);
  let count = 0;
  const state = (): State => ({ id: 'PROGRESS_BATCH', params: { count } });
  return withProgress(io, { lang: settings.language }, state, (progress) => {
    const more = (by: number): void => {
      count += by;
      progress.tick();
    };
    return walkLines(counted(lines, more), jobs, options, settings, io);
  });
}

async function walkLines(
  lines: AsyncIterable<readonly NumberedLine[]>,
  jobs: number,
  options: BatchOptions,
  settings: BatchSettings,
  io: Io,
): Promise<BatchReport> {
  if (isWhole(options.format)) return gatherAll(lines, options.format, options, io);
  if (jobs === 1 || commandFile === null) return runBatch(lines, io.stdout, options);
  const { runJobs } = await import('./batch-jobs.js');
  return runJobs(lines, io.stdout, options, settings, jobs, commandFile);
}

async function many(
  node: Node,
  path: string,
  options: TraceCommandOptions,
  settings: BatchSettings,
  io: Io,
): Promise<number> {
  let report: BatchReport;
  try {
    report = await walkAll(path, jobsOf(options, settings.node), batchOptions(node, settings), settings, io);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error && 'code' in error && 'path' in error)
      throw misuse('BATCH_UNREADABLE', '--batch', { path, reason: String(error.code) });
    throw error;
  }
  if (report.failed) return STATUS.failed;
  if (!report.assumed || options.strict !== true) return STATUS.done;
  return assumed(settings.language, io);
}

/** A connection is told as text or JSON, and its answers are among its packets. @throws UsageError */
function demandFlowAlone({ flow, reply, level }: TraceCommandOptions, format: Format): void {
  if (flow !== true) return;
  if (reply === true) throw misuse('USAGE_TOGETHER', '--flow', { option: '--flow', other: '--reply' });
  if (format !== 'text' && format !== 'json')
    throw misuse('USAGE_TOGETHER', '--flow', {
      option: '--flow',
      other: level === undefined ? `-o ${format}` : `-v ${level}`,
    });
}

/** Runs the command. @returns the exit status */
export async function traceCommand(path: string, given: TraceCommandOptions, io: Io): Promise<number> {
  const options = leveled(given);
  const { batch } = options;
  const format = formatOf(options, FORMATS, batch === undefined ? 'text' : 'json');
  const paint = paintFor(io.stdout, io, options);
  const language = languageOf(io, options);
  const width = widthFor(io.stdout);
  if (batch !== undefined && (format === 'mermaid' || format === 'dot'))
    throw misuse('USAGE_ONE_WALK', '--batch', { format });
  if (format === 'pcap' && io.stdout.isTerminal) throw misuse('USAGE_BINARY', '-o', { format });
  if (batch === '-' && isStdin(path)) throw misuse('BATCH_TWO_STDIN', '--batch');
  demandFlowAlone(options, format);
  // Mistakes in the options come before the node's own findings.
  const draft = batch === undefined ? readPacketDraft(options) : null;
  if (batch !== undefined) {
    demandNoChanges(options);
    jobsOf(options, path);
    if (options.seed !== undefined) readSeed(options.seed);
  }
  if (draft !== null) {
    const view = { language, paint, width, allRules: options.allRules === true };
    const lent = await readLent(options.with ?? [], io, options);
    const {
      text,
      isAssumed: rests,
      warnings,
    } = await answerFrom(path, io, options, familyOfDraft(draft), (node) =>
      answer(node, draft, options, format, view, lent),
    );
    await tellFindings(warnings, io, options);
    await io.stdout.write(text);
    return rests && options.strict === true ? assumed(language, io) : STATUS.done;
  }
  const node = await readNode(path, io, options, null);
  const isColoured = paint === coloured;
  const seed = options.seed === undefined ? null : readSeed(options.seed);
  const trace = { ...engineOptions(options, format), seed };
  return many(node, batch ?? '-', options, { node: path, format, language, isColoured, width, trace }, io);
}
