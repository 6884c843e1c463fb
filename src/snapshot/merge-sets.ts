/** Puts the IP sets of several dumps together: of one set the fullest dump counts. */
import type { IpSet } from '../ipset/model.js';
import type { Diagnostics } from '../source/diagnostic.js';
import type { Command } from './command.js';
import { shown } from './report.js';

/** `grep NAME` and options that keep every line with that word. */
const GREP_NAME = /^\s*grep(?:\s+-[hEFw]+)*\s+["']?([\w-]+)["']?\s*$/;

/**
 * May a filter have taken elements of the set? Each line of a save has the set's name: one that asks for a part of it
 * takes none. A listing counts its elements, which its reader compares.
 */
function mayLack(name: string, command: Command | null): boolean {
  if (command?.partial !== true) return false;
  const [printed = '', ...filters] = command.text.split('|');
  if (/\s-?-t(?:erse)?\b/.test(printed)) return true;
  const isSave = command.kind === 'ipset save';
  return filters.some((filter) => {
    const word = GREP_NAME.exec(filter)?.[1];
    return !(isSave && word !== undefined && name.includes(word));
  });
}

function sameSet(a: IpSet, b: IpSet): boolean {
  if (a.type !== b.type || a.entries.length !== b.entries.length) return false;
  const own = new Set(a.entries.map(({ text }) => text));
  return b.entries.every(({ text }) => own.has(text));
}

function isFuller(a: IpSet, b: IpSet): boolean {
  const [partA, partB] = [a.partial === true, b.partial === true];
  return partA === partB ? a.entries.length > b.entries.length : partB;
}

/**
 * Adds the sets of one dump to those that are known.
 * @param outdated names of the sets that a later dump shows anew
 * @param command what printed the dump
 */
export function addSets(
  known: Map<string, IpSet>,
  sets: ReadonlyMap<string, IpSet>,
  { outdated, command }: { readonly outdated: ReadonlySet<string>; readonly command: Command | null },
  diagnostics: Diagnostics,
): void {
  for (const [name, listed] of sets) {
    if (outdated.has(name)) continue;
    // A listing that counts its elements and shows them all is whole, whatever it went through.
    const set =
      listed.partial === undefined && mayLack(name, command) ? { ...listed, partial: true } : listed;
    const other = known.get(name);
    if (other === undefined || isFuller(set, other)) known.set(name, set);
    if (other === undefined || set.partial === true || other.partial === true || sameSet(other, set))
      continue;
    diagnostics.warn('READ_SET_DISAGREES', set.span, { name: shown(name) }, other.span);
  }
}
