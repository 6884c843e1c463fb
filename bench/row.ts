/** A row of the table: a ratio, what it has to reach, and what the last recorded run had. */
import { summaryOf } from './ratios.js';

export interface RowPlan {
  /** Short and lasting: what `--rows` looks for, and what the record names it by. */
  readonly id: string;
  readonly what: string;
  /** What is to be reached; rows of comparison have nothing to reach. */
  readonly bar?: number;
  /** A ratio is better when it is lower, unless told. */
  readonly better?: 'higher';
}

export interface Row extends RowPlan {
  readonly ratio: number;
  readonly half: readonly [number, number];
  /** What the ratio is of, in seconds, MiB or microseconds. */
  readonly of: string;
}

/** What belongs together because it is measured side by side. */
export interface Group {
  readonly rows: readonly RowPlan[];
  /** What it takes that not every machine has. */
  readonly needs?: 'root';
  /** @param count of rounds @returns figures for each row that has some, by its id */
  measure(count: number): ReadonlyMap<string, Figures> | Promise<ReadonlyMap<string, Figures>>;
}

export interface Figures {
  /** One for each round. */
  readonly ratios: readonly number[];
  readonly of: string;
}

export function rowOf(plan: RowPlan, { ratios, of }: Figures): Row {
  const { median, half } = summaryOf(ratios);
  return { ...plan, ratio: median, half, of };
}

/** Null where there is nothing to reach. */
export function isMet({ bar, better, ratio }: Row): boolean | null {
  if (bar === undefined) return null;
  return better === 'higher' ? ratio >= bar : ratio <= bar;
}

/** More than this is a regression; less is what another machine, or a busy one, makes of the same program. */
export const WORSE = 1.5;

/** By how much a row is worse than it was; below 1 it is better. */
export function worsening({ better, ratio }: Pick<Row, 'better' | 'ratio'>, was: number): number {
  return better === 'higher' ? was / ratio : ratio / was;
}
