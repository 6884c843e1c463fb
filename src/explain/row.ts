/** One row of the walk: what a decision was, where, and what it changed. */
import type { Change, Step } from '../packet/steps.js';
import type { Meaning } from './colour.js';

/** Something that was tried before the row's decision and did not match. */
export interface MissedLine {
  readonly number: string;
  readonly reason: string;
}

export interface Row {
  /** Index of the step it stands for. */
  readonly step: number;
  /** The table, `route`, or '' under a chain of the same table. */
  readonly group: string;
  readonly place: string;
  readonly depth: number;
  /** `2/3`, `0/43`, or '-'. */
  readonly rule: string;
  readonly result: string;
  readonly meaning: Meaning | null;
  /** A chain's name inside `result` that may be cut in its middle. */
  readonly jump: string | null;
  readonly changes: readonly string[];
  /** The full text of the rule with its place, for `-o wide`. */
  readonly detail: string;
  readonly missed: readonly MissedLine[];
}

export type StepOf<K extends Step['kind']> = Extract<Step, { readonly kind: K }>;

/** The parts that most rows leave empty. */
export const BLANK: Omit<Row, 'step' | 'result'> = {
  group: '',
  place: '',
  depth: 0,
  rule: '-',
  meaning: null,
  jump: null,
  changes: [],
  detail: '',
  missed: [],
};

/** `mark 0x0 -> 0x80`; addresses only with what they became, because the first value stands in the header line. */
export function changeText(change: Change): string {
  const name = change.field === 'ctmark' ? 'ct mark' : change.field;
  if (change.field === 'src' || change.field === 'dst') return `${name} -> ${change.to}`;
  if (change.field === 'ct') return `ct ${change.to}`;
  return `${name} ${change.from} -> ${change.to}`;
}
