/** What a node was read from: one entry a listing, for those who ask where a fact comes from. */
import type { Listing } from '../packet/node.js';
import type { Placed } from './places.js';

const [BLANK, DELETE] = [32, 127];

/** Lines of a text that are not blank. */
function linesIn(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const unit = text.charCodeAt(at);
    if ((unit > BLANK && unit < DELETE) || text.slice(at, end).trim() !== '') count += 1;
    at = end + 1;
  }
  return count;
}

/** Listings as they were read, in the order of the files. */
export function listingsOf(placed: readonly Placed[]): readonly Listing[] {
  return placed.flatMap(({ section, hint, kind }): Listing[] => {
    if (kind === null) return [];
    const { source, command } = section;
    return [
      {
        ...{ kind, file: source.name, line: source.firstLine },
        // Counted for those who ask.
        get lines() {
          return linesIn(source.text);
        },
        command: command?.text ?? null,
        family: command?.family ?? hint.family,
        partial: command?.partial ?? hint.partial,
      },
    ];
  });
}
