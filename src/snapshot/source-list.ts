/** What a node was read from: one entry a listing, for those who ask where a fact comes from. */
import type { Listing } from '../packet/node.js';
import type { Placed } from './places.js';

/** Listings as they were read, in the order of the files. */
export function listingsOf(placed: readonly Placed[]): readonly Listing[] {
  return placed.flatMap(({ section, hint, kind }): Listing[] => {
    if (kind === null) return [];
    const { source, command } = section;
    const lines = source.text.split('\n').filter((line) => line.trim() !== '').length;
    return [
      {
        ...{ kind, file: source.name, line: source.firstLine, lines },
        command: command?.text ?? null,
        family: command?.family ?? hint.family,
        partial: command?.partial ?? hint.partial,
      },
    ];
  });
}
