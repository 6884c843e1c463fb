/** Listings of one thing that differ: which of them holds, why, and what walks then rest on. */
import type { Family } from '../address/address.js';
import type { Ground } from '../packet/node.js';
import type { SourceText } from '../source/source.js';
import { shown } from './report.js';
import { mayStopWithin } from './unfinished.js';

/** A listing, where it stands, and whether a filter or damage took lines. */
export interface Dated {
  readonly source: SourceText;
  readonly partial: boolean;
}

/** Is the one of the same text as the other, and stands behind it? */
export function isLater(one: Dated, other: Dated): boolean {
  return one.source.name === other.source.name && one.source.firstLine > other.source.firstLine;
}

/**
 * Leaves out what a later whole listing of the same text shows anew: of one transcript the last word holds. Of two files
 * nothing tells which is later.
 */
export function lastWords<T extends Dated>(listings: readonly T[]): readonly T[] {
  // A transcript may have thousands of listings: where the last whole one of each begins.
  const last = new Map<string, number>();
  for (const { partial, source } of listings)
    if (!partial && source.firstLine > (last.get(source.name) ?? 0) && !mayStopWithin(source.text))
      last.set(source.name, source.firstLine);
  return listings.filter(
    ({ partial, source }) => partial || source.firstLine >= (last.get(source.name) ?? 0),
  );
}

/** Why the listing that holds does, where two that are whole differ. */
export function reasonFor(used: Dated, other: Dated, isFuller: boolean): string {
  if (isLater(used, other)) return 'it comes later';
  return isFuller ? 'it shows more' : 'it comes first';
}

/** What a walk rests on where two files differ; nothing within one text. */
export function groundFor(
  part: string,
  used: SourceText,
  other: SourceText,
  family: Family,
): readonly Ground[] {
  if (used.name === other.name) return [];
  const params = { part: shown(part), used: shown(used.name), file: shown(other.name) };
  return [{ code: 'ASM_LISTINGS_DIFFER', params, family, command: null }];
}
