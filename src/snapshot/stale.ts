/** Listings that a command after them has changed: a later listing stands in their place, or walks rest on the old one. */
import type { Ground } from '../packet/node.js';
import type { Diagnostics } from '../source/diagnostic.js';
import type { Target } from './changes.js';
import { isReached } from './merge-settings.js';
import type { NodeGroup } from './nodes.js';
import { type Part, partOf } from './part.js';
import type { Placed, PlacedChange, PlacedFile } from './places.js';
import { shown } from './report.js';

/** What a listing no longer tells. */
export interface Outdated {
  /** Nothing of it counts. */
  readonly all: boolean;
  /** Names of the tables or sets that a later listing shows. */
  readonly parts: ReadonlySet<string>;
}

/** What the changes among listings come to. */
export interface Staleness {
  readonly outdated: ReadonlyMap<Placed, Outdated>;
  readonly grounds: readonly Ground[];
}

/** One listing, as far as changes concern it. */
interface Shown extends Part {
  readonly placed: Placed;
  readonly line: number;
  /** A filter has left lines out. */
  readonly holed: boolean;
}

/** Somebody put an ellipsis where lines were. */
const ELIDED = /^\s{0,20}(?:\.{3}|…)/m;

function shownBy(placed: Placed): readonly Shown[] {
  const part = partOf(placed);
  if (part === null) return [];
  const { group } = part;
  const { command, source } = placed.section;
  const text = command?.text ?? '';
  // A listing of links alone has no addresses; one of a set or a table that is named is whole in that.
  const isNarrow = group !== 'sets' && group !== 'nft' && group !== 'sysctl' && command?.partial === true;
  const isFiltered = text.includes('|') || ELIDED.test(source.text);
  const holed = isNarrow || isFiltered || (group === 'links' && /\sl(?:i|in|ink)?\b/.test(text));
  return [{ placed, ...part, line: source.firstLine, holed }];
}

/** Does the listing show the part that the command names, or one that changes with it? */
function shows({ group, parts }: Shown, part: string): boolean {
  if (parts === null || parts.has(part)) return true;
  return group === 'sysctl' && [...parts].some((name) => isReached(name, part));
}

function concerns(target: Target, listing: Shown): boolean {
  const { group, family } = listing;
  if (target.group !== group) return false;
  if (target.family !== null && family !== null && target.family !== family) return false;
  return target.part === null || shows(listing, target.part);
}

/** Does the listing show all that the command can have changed? */
function covers(target: Target, listing: Shown): boolean {
  if (listing.holed || !concerns(target, listing)) return false;
  return listing.parts === null || (target.part !== null && shows(listing, target.part));
}

const isSamePlace = ({ place }: PlacedChange, { placed }: Shown): boolean =>
  place.host === placed.place.host && place.namespace === placed.place.namespace;

/** The listings before a change that it concerns, and whether a later one shows the new state. */
interface Effect {
  readonly before: readonly Shown[];
  readonly target: Target;
  readonly isCovered: boolean;
}

function effectsOf(change: PlacedChange, listings: readonly Shown[]): readonly Effect[] {
  const own = listings.filter((listing) => isSamePlace(change, listing));
  const { targets, line } = change.change;
  return targets.flatMap((target) => {
    // The save of iptables-nft's tables counts, not what nft lists of them.
    if (target.ofIptables === true && own.some(({ group }) => group === 'iptables')) return [];
    const before = own.filter((listing) => listing.line <= line && concerns(target, listing));
    if (before.length === 0) return [];
    return [{ before, target, isCovered: own.some((one) => one.line > line && covers(target, one)) }];
  });
}

function outdate(known: Map<Placed, Outdated>, { before, target }: Effect): void {
  if (target.group === 'sysctl') return;
  for (const { placed } of before) {
    const { all, parts } = known.get(placed) ?? { all: false, parts: new Set<string>() };
    known.set(placed, {
      all: all || target.part === null,
      parts: target.part === null ? parts : new Set([...parts, target.part]),
    });
  }
}

/** Compares the listings of one node with the commands among them. Each that leaves one behind is a finding. */
export function staleListings(
  files: readonly PlacedFile[],
  group: NodeGroup | undefined,
  diagnostics: Diagnostics,
): Staleness {
  const outdated = new Map<Placed, Outdated>();
  const grounds: Ground[] = [];
  const own = new Set(group?.list);
  for (const { list, changes } of files) {
    if (changes.length === 0) continue;
    const listings = list.filter((placed) => own.has(placed)).flatMap(shownBy);
    for (const change of changes) {
      const effects = effectsOf(change, listings);
      for (const effect of effects.filter(({ isCovered }) => isCovered)) outdate(outdated, effect);
      const open = effects.filter(({ isCovered }) => !isCovered);
      const [first] = open.flatMap(({ before }) => before);
      if (first === undefined) continue;
      const { text, span } = change.change;
      const kinds = new Set(open.flatMap(({ before }) => before.map(({ placed }) => placed.kind ?? '')));
      const params = { command: shown(text), listing: [...kinds].join(', ') };
      const { source } = first.placed.section;
      const related = { source, start: 0, end: Math.max(source.text.indexOf('\n'), 0) };
      diagnostics.warn('READ_CHANGED_AFTER', span, params, related);
      const families = new Set(open.map(({ target }) => target.family));
      const [family = null] = families;
      grounds.push({
        code: 'ASM_CHANGED_AFTER',
        params,
        family: families.size === 1 ? family : null,
        command: text,
      });
    }
  }
  return { outdated, grounds };
}
