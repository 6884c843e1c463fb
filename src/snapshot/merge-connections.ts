/** Several listings of conntrack's table -> the entries of the node. */
import { type ConntrackEntry, printEntry } from '../packet/conntrack-entry.js';
import type { Diagnostics } from '../source/diagnostic.js';
import type { SourceText } from '../source/source.js';
import type { EntryListing } from './conntrack.js';
import { shown } from './report.js';

/** A listing with its place. */
export interface ListedConnections extends EntryListing {
  readonly source: SourceText;
}

/** What the kernel finds an entry by: its zone and the tuple of its first packet. */
function identity({ protocol, original, zone }: ConntrackEntry): string {
  const { source, destination, key } = original;
  const words = key === null ? [] : Object.values(key);
  const own = zone?.direction === 'REPLY' ? 0 : (zone?.id ?? 0);
  return `${typeof source} ${[protocol, source, destination, ...words, own].map(String).join(' ')}`;
}

/** What lasts as long as the entry does: not its age, counters and state, which move on between two listings. */
function essence(entry: ConntrackEntry): string {
  const bare = {
    ...{ timeout: null, state: null, replied: true, flag: null },
    ...{ use: null, id: null, labels: null, rest: [] },
  };
  const uncounted = (tuple: ConntrackEntry['original']): ConntrackEntry['original'] => ({
    ...tuple,
    counters: null,
  });
  const { original, reply } = entry;
  return printEntry({ ...entry, ...bare, original: uncounted(original), reply: uncounted(reply) });
}

/**
 * Puts listings together: a node has the entries of all of them, as an entry of another family, or one that a filter
 * left out, is in another listing. Of an entry that is in two of them the first is used.
 * @returns null without any listing; one that shows nothing of what the tool says it showed is none
 */
export function mergeConnections(
  lists: readonly ListedConnections[],
  diagnostics: Diagnostics,
): readonly ConntrackEntry[] | null {
  const whole = lists.filter(({ entries, missing }) => entries.length > 0 || missing === 0);
  const [only, ...others] = whole;
  for (const { source, missing } of lists)
    if (missing > 0)
      diagnostics.warn(
        'READ_ENTRIES_MISSING',
        { source, start: 0, end: Math.max(source.text.indexOf('\n'), 0) },
        { count: missing },
      );
  if (only === undefined) return null;
  if (others.length === 0) return only.entries;
  const known = new Map<string, ConntrackEntry>();
  const merged: ConntrackEntry[] = [];
  for (const { entries } of whole) {
    for (const entry of entries) {
      const key = identity(entry);
      const other = known.get(key);
      if (other === undefined) {
        known.set(key, entry);
        merged.push(entry);
      } else if (other.span.source !== entry.span.source && essence(other) !== essence(entry))
        diagnostics.warn(
          'READ_ENTRY_DISAGREES',
          entry.span,
          { entry: shown(essence(entry)), used: other.span.source.name },
          other.span,
        );
    }
  }
  return merged;
}
