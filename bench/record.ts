/** Ratios of an earlier run, which later ones are held against. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './places.js';
import { type Row, WORSE, worsening } from './row.js';

const FILE = join(ROOT, 'bench/record.json');

/** Ratios by row. */
export type Ratios = Readonly<Record<string, number>>;

export interface Recorded {
  readonly full: Ratios;
  readonly quick: Ratios;
}

function ratiosIn(value: unknown): Ratios {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

/** What was recorded; nothing, where there is no record. */
export function readRecord(path: string = FILE): Recorded {
  const value: unknown = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  const part = (name: string): unknown =>
    typeof value === 'object' && value !== null
      ? Object.getOwnPropertyDescriptor(value, name)?.value
      : undefined;
  return { full: ratiosIn(part('full')), quick: ratiosIn(part('quick')) };
}

/** Rows that became worse than the record allows, or that were measured once and came to no figure now. */
export function regressions(rows: readonly Row[], recorded: Ratios): readonly Row[] {
  return rows.filter((row) => {
    const was = recorded[row.id];
    return was !== undefined && !(worsening(row, was) <= WORSE);
  });
}

/**
 * The record after a run. What is recorded stays unless it shall be replaced, or a run of many small losses would pass one
 * by one; a row without a figure gets its first.
 */
export function recordWith(recorded: Ratios, rows: readonly Row[], replace: boolean): Ratios {
  const fresh = Object.fromEntries(rows.map(({ id, ratio }) => [id, Number(ratio.toPrecision(3))]));
  return replace ? { ...recorded, ...fresh } : { ...fresh, ...recorded };
}

export function writeRecord(recorded: Recorded, path: string = FILE): void {
  writeFileSync(path, `${JSON.stringify(recorded, null, 2)}\n`);
}
