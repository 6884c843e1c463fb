/** What is wrong with a rule, as data with offsets. Who reads a whole dump turns it into diagnostics. */
import type { Params, Severity } from '../../source/diagnostic.js';

export interface Problem {
  readonly code: string;
  readonly severity: Severity;
  readonly params: Params;
  /** Offsets into the text that was read. */
  readonly from: number;
  readonly to: number;
}

/** Longer words are cut in messages. */
const LONGEST = 60;

/** A word of the input as a parameter of a message. */
export function shown(word: string): string {
  return word.length > LONGEST ? `${word.slice(0, LONGEST)}...` : word;
}
