/** What `natwalk lab` was asked: its verb, its words and its options. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandFile } from './command-file.js';
import type { Io } from './io.js';
import type { CommonOptions } from './output.js';
import { misuse } from './usage.js';

/** Options as Commander hands them over. */
export interface LabCommandOptions extends CommonOptions {
  readonly lab?: string;
  readonly labs?: string;
  readonly progress?: string;
  readonly seed?: string;
  readonly session?: true;
  readonly solution?: true;
  readonly output?: string;
  readonly json?: true;
  readonly teacher?: true;
  readonly student?: true;
}

export const LAB_VERBS = [
  ...(['list', 'start', 'hint', 'answer', 'fix', 'grade', 'reset', 'progress', 'check', 'bundle'] as const),
] as const;

export type LabVerb = (typeof LAB_VERBS)[number];

/** @throws UsageError */
export function verbOf(text: string): LabVerb {
  const found = LAB_VERBS.find((verb) => verb === text);
  if (found === undefined) throw misuse('USAGE_LAB_VERB', null, { text, choices: LAB_VERBS.join(', ') });
  return found;
}

/** The folder of the labs: --labs, NATWALK_LABS, what comes with the program, or `labs` here. */
export function labsFolder({ labs }: LabCommandOptions, env: Io['env']): string {
  const given = labs ?? env['NATWALK_LABS'] ?? '';
  if (given !== '') return given;
  const shipped = commandFile === null ? null : join(dirname(commandFile), '..', 'labs');
  return shipped !== null && existsSync(shipped) ? shipped : 'labs';
}

/** @throws UsageError */
export function seedOf({ seed }: LabCommandOptions): number | null {
  if (seed === undefined) return null;
  if (/^\d{1,9}$/.test(seed)) return Number(seed);
  throw misuse('USAGE_NUMBER', '--seed', { option: '--seed', text: seed, low: 0, high: 999_999_999 });
}

const FORMATS = ['text', 'json', 'junit'] as const;

/** @throws UsageError */
export function labFormat(
  { output, json }: LabCommandOptions,
  known: readonly (typeof FORMATS)[number][] = FORMATS,
): (typeof FORMATS)[number] {
  if (output === undefined) return json === true ? 'json' : 'text';
  const found = known.find((format) => format === output);
  if (found === undefined)
    throw misuse('USAGE_CHOICE', '--output', { option: '--output', text: output, choices: known.join(', ') });
  if (json === true && found !== 'json')
    throw misuse('USAGE_CONFLICT', '--json', { option: '--json', other: `-o ${found}` });
  return found;
}
