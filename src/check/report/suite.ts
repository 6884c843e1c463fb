/** What every reporter is given. */
import type { SourceText } from '../../source/source.js';
import { describe, type Language } from '../../explain/messages/index.js';
import type { Paint } from '../../explain/colour.js';
import type { CheckResult, Failure } from '../result.js';
import type { Shard } from '../shard.js';

/** A suite that ran. */
export interface Suite {
  readonly results: readonly CheckResult[];
  /** The specs' texts by their paths as typed, for frames. */
  readonly sources: ReadonlyMap<string, SourceText>;
  /** Checks of the suite before it was sliced. */
  readonly all: number;
  readonly shard: Shard | null;
  /** The path of a node's dump from here: what reports name, and annotations need. */
  readonly fileOf: (node: string, file: string) => string;
}

export interface ReportOptions {
  readonly language: Language;
  readonly paint: Paint;
  /** Display cells per line; 100 unless told. */
  readonly width?: number;
}

/** `egress: expected ens5, got ens6`; of several outcomes with the number before it. */
export function failureText(failure: Failure, several: boolean): string {
  const { key, values, said, outcome } = failure;
  const number = several && outcome !== null ? `[${String(outcome)}] ` : '';
  if (values !== null) return `${number}${key}: expected ${values.expected}, got ${values.got}`;
  return `${number}${key}: ${said === null ? '' : describe(said.code, said.params)}`;
}

/** All that is wrong with a check, a line each, for programs. */
export function failureLines({ failures, outcomes }: CheckResult): readonly string[] {
  return [...new Set(failures.map((failure) => failureText(failure, outcomes.length > 1)))];
}

/** The rules that decided, a line each: `nat POSTROUTING rule 2 (file:12): -A …`. */
export function decidingLines({ node, deciding }: CheckResult, { fileOf }: Suite): readonly string[] {
  return deciding.map(({ name, text, file, line }) => {
    const place = file === null ? '' : ` (${fileOf(node, file)}:${String(line ?? 0)})`;
    return `${name}${place}${text === '' ? '' : `: ${text}`}`;
  });
}

/** How many failed. */
export function failedOf({ results }: Suite): number {
  return results.filter(({ passed }) => !passed).length;
}
