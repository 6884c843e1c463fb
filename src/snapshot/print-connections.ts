/** The entries of conntrack's table, printed back as conntrack prints them. */
import { type ConntrackEntry, printEntry } from '../packet/conntrack-entry.js';
import type { Listing } from './print.js';

/** The listing, below a command that shows as much; none without a dump. */
export function connectionListings(entries: readonly ConntrackEntry[] | null): readonly Listing[] {
  if (entries === null) return [];
  const output = [
    ...(entries.some(({ id }) => id !== null) ? ['id'] : []),
    ...(entries.some(({ labels }) => labels !== null) ? ['labels'] : []),
  ];
  const command = output.length === 0 ? 'conntrack -L' : `conntrack -L -o ${output.join(',')}`;
  return [{ command, text: entries.map((entry) => `${printEntry(entry)}\n`).join('') }];
}
