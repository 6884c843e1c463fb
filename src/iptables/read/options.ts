/** Finding an option by its flag, as getopt_long does with the table that iptables merges from all loaded extensions. */
import type { OptionSpec, OptionTable } from '../extension.js';

/** A row of an extension's table with its key. */
export interface Row {
  readonly key: string;
  readonly spec: OptionSpec<unknown>;
}

const INDEXES = new WeakMap<OptionTable, ReadonlyMap<string, Row>>();

/** All spellings of an extension's options. The first row that has a spelling owns it. */
export function spellings(options: OptionTable): ReadonlyMap<string, Row> {
  const known = INDEXES.get(options);
  if (known !== undefined) return known;
  const index = new Map<string, Row>();
  for (const [key, spec] of Object.entries(options)) {
    for (const flag of [spec.flag, ...(spec.aliases ?? [])])
      if (!index.has(flag)) index.set(flag, { key, spec });
  }
  INDEXES.set(options, index);
  return index;
}

/** Options that every rule can have, by their long spelling; the value is the short letter. */
export const HEADER_FLAGS: ReadonlyMap<string, string> = new Map([
  ['--source', 's'],
  ['--src', 's'],
  ['--destination', 'd'],
  ['--dst', 'd'],
  ['--in-interface', 'i'],
  ['--out-interface', 'o'],
  ['--protocol', 'p'],
  ['--fragments', 'f'],
  ['--set-counters', 'c'],
  ['--match', 'm'],
  ['--jump', 'j'],
  ['--goto', 'g'],
  ['--ipv4', '4'],
  ['--ipv6', '6'],
]);

/** Other long options of iptables itself: they make an abbreviation ambiguous, and mean nothing in a rule. */
const OTHERS = [
  '--append', '--delete', '--check', '--insert', '--replace', '--list', '--list-rules', '--flush', '--zero', '--new-chain',
  '--delete-chain', '--rename-chain', '--policy', '--verbose', '--wait', '--wait-interval', '--exact', '--version', '--help',
  '--line-numbers', '--modprobe', '--numeric', '--table',
]; // prettier-ignore

/** What an abbreviation means: a header letter, or an extension's row. */
export type Meaning<S> = { readonly letter: string } | { readonly owner: S; readonly row: Row };

/** The one option that begins with `flag`; null when there is none, or more than one. */
export function abbreviated<S extends { readonly spellings: ReadonlyMap<string, Row> }>(
  flag: string,
  owners: readonly S[],
): Meaning<S> | null {
  if (flag.length < 3) return null;
  const found = new Map<unknown, Meaning<S>>();
  for (const [name, letter] of HEADER_FLAGS) if (name.startsWith(flag)) found.set(letter, { letter });
  for (const name of OTHERS) if (name.startsWith(flag)) found.set(name, { letter: '' });
  for (const owner of owners) {
    for (const [name, row] of owner.spellings) if (name.startsWith(flag)) found.set(row.spec, { owner, row });
  }
  const [only] = found.values();
  return found.size === 1 && only !== undefined && !('letter' in only && only.letter === '') ? only : null;
}

/** Number of single-character edits between two short words (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The candidate that the word most likely was meant to be, or null when none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  if (word.length > 40) return null;
  let best: string | null = null;
  let least = Math.max(2, Math.floor(word.length / 4)) + 1;
  for (const candidate of candidates) {
    const edits = distance(word, candidate);
    if (edits < least) {
      least = edits;
      best = candidate;
    }
  }
  return best;
}
