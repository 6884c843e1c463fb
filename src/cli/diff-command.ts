/** `natwalk diff`: packets that two nodes treat differently. */
import { createReadStream } from 'node:fs';
import { type DiffResult, DEFAULT_BUDGET, diff } from '../diff/diff.js';
import { diffJson } from '../explain/diff-json.js';
import { renderDiff, renderDiffMinimal } from '../explain/diff.js';
import { factsOf } from '../explain/facts.js';
import { jsonLine } from '../explain/json-text.js';
import { describe, message } from '../explain/messages/index.js';
import type { NameBook } from '../names/book.js';
import type { PacketInput } from '../packet/result.js';
import { BadLine, readBatchLine } from './batch-line.js';
import { type Io, widthFor } from './io.js';
import { languageOf } from './language.js';
import { linesOf } from './lines.js';
import { Misnamed, namedPacket } from '../ask/named-end.js';
import { type CommonOptions, formatOf, paintFor } from './output.js';
import { type State, withProgress } from './progress.js';
import { readNode } from './read-node.js';
import { STATUS } from './status.js';
import { misuse } from './usage.js';

/** Options of `diff` as Commander hands them over. */
export interface DiffCommandOptions extends CommonOptions {
  readonly output?: string;
  readonly json?: true;
  readonly packets?: string;
  readonly budget?: string;
  readonly groups?: string;
  readonly strict?: true;
}

const FORMATS = ['text', 'minimal', 'json'] as const;

type DiffFormat = (typeof FORMATS)[number];

function count(
  option: '--budget' | '--groups',
  text: string | undefined,
  otherwise: number,
  high: number,
): number {
  if (text === undefined) return otherwise;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  if (value < 1 || value > high) throw misuse('USAGE_NUMBER', option, { option, text, low: 1, high });
  return value;
}

interface Recorded {
  readonly packets: readonly PacketInput[];
  /** What could not be read, a sentence for each line. */
  readonly bad: readonly string[];
}

/** Packets of a file of JSON lines. Names stand for addresses of the first node. @throws UsageError */
async function recorded(path: string, names: NameBook, io: Io, language: 'en' | 'ko'): Promise<Recorded> {
  const packets: PacketInput[] = [];
  const bad: string[] = [];
  try {
    const chunks: AsyncIterable<Uint8Array> = path === '-' ? io.stdin() : createReadStream(path);
    for await (const lines of linesOf(chunks)) {
      for (const { number, text } of lines) {
        const packet = readBatchLine(text);
        const named = packet instanceof BadLine ? packet : namedPacket(packet, names);
        if (named instanceof BadLine)
          bad.push(message('BATCH_LINE', { line: number, reason: named.reason }, language));
        else if (named instanceof Misnamed) bad.push(describe(named.code, named.params, language));
        else packets.push(named);
      }
    }
  } catch (error) {
    if (error instanceof Error && 'syscall' in error && 'code' in error && 'path' in error)
      throw misuse('BATCH_UNREADABLE', '--packets', { path, reason: String(error.code) });
    throw error;
  }
  return { packets, bad };
}

const isStdin = (path: string): boolean => /^-(?:#|$)/.test(path);

function rendered(result: DiffResult, format: DiffFormat, io: Io, options: DiffCommandOptions): string {
  if (format === 'json') return jsonLine(diffJson(result));
  if (format === 'minimal') return renderDiffMinimal(result);
  return renderDiff(result, {
    language: languageOf(io, options),
    paint: paintFor(io.stdout, io, options),
    width: widthFor(io.stdout),
    facts: { a: factsOf(result.a), b: factsOf(result.b) },
  });
}

/** Runs the command. @returns the exit status: 1 for a packet that is treated differently */
export async function diffCommand(
  pathA: string,
  pathB: string,
  options: DiffCommandOptions,
  io: Io,
): Promise<number> {
  const format = formatOf(options, FORMATS, 'text');
  const language = languageOf(io, options);
  const budget = count('--budget', options.budget, DEFAULT_BUDGET, 10_000_000);
  const groups = count('--groups', options.groups, 20, 1000);
  const inputs = [pathA, pathB, options.packets ?? ''].filter(isStdin);
  if (inputs.length > 1) throw misuse('USAGE_CONFLICT', null, { option: '-', other: '-' });
  paintFor(io.stdout, io, options);
  const a = await readNode(pathA, io, options, null);
  const b = await readNode(pathB, io, options, null);
  const given = options.packets === undefined ? null : await recorded(options.packets, a.names, io, language);
  // "Nothing differs" of no packet at all would be a pass by mistake.
  if (given?.packets.length === 0 && given.bad.length === 0)
    throw misuse('DIFF_NO_PACKETS', '--packets', { path: options.packets ?? '' });
  for (const text of given?.bad ?? [])
    await io.stderr.write(`${message('ERROR', {}, language)} BATCH_LINE  ${text}\n`);
  let walks = 0;
  const state = (): State => ({ id: 'PROGRESS_DIFF', params: { count: walks } });
  const result = await withProgress(io, options, state, (progress) => {
    const onWalk = (): void => {
      walks += 1;
      progress.tick();
    };
    return diff(a, b, { budget, groups, onWalk, ...(given === null ? {} : { packets: given.packets }) });
  });
  await io.stdout.write(rendered(result, format, io, options));
  if ((given?.bad.length ?? 0) > 0) return STATUS.usage;
  if (result.different > 0) return STATUS.failed;
  if (options.strict !== true || (result.openCount === 0 && result.assumed === 0)) return STATUS.done;
  await io.stderr.write(`natwalk: ${message('STRICT', {}, language)}\n`);
  return STATUS.assumed;
}
