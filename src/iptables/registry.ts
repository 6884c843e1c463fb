/** Finds extensions by name. The list is generated from the folders, so adding an extension touches no other file. */
import type { Family } from '../address/address.js';
import { matches, targets } from '../generated/extensions.js';
import type { MatchExtension, TargetExtension } from './extension.js';

function byName<E extends { readonly name: string; readonly families: readonly Family[] }>(
  all: readonly E[],
  family: Family,
): ReadonlyMap<string, E> {
  return new Map(all.filter((one) => one.families.includes(family)).map((one) => [one.name, one]));
}

const MATCHES: Readonly<Record<Family, ReadonlyMap<string, MatchExtension>>> = {
  4: byName(matches, 4),
  6: byName(matches, 6),
};
const TARGETS: Readonly<Record<Family, ReadonlyMap<string, TargetExtension>>> = {
  4: byName(targets, 4),
  6: byName(targets, 6),
};

/** The match that `-m NAME` loads in iptables (4) or ip6tables (6), or null when it is not known here. */
export function findMatch(name: string, family: Family): MatchExtension | null {
  return MATCHES[family].get(name) ?? null;
}

/** The target of `-j NAME`, or null when it is not known here (a user chain, or opaque). */
export function findTarget(name: string, family: Family): TargetExtension | null {
  return TARGETS[family].get(name) ?? null;
}

/** All matches and targets, for tests and for `--help`. */
export const EXTENSIONS: {
  readonly matches: readonly MatchExtension[];
  readonly targets: readonly TargetExtension[];
} = { matches, targets };
