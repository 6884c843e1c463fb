/** Listings of nftables: each is read, and of several of one table the most complete is used. */
import { canonicalTable } from '../nft/canonical.js';
import type { NftChain, NftFamily, NftRuleset, NftSet, NftTable, NftUnknownTable } from '../nft/model.js';
import { readJson } from '../nft/read/json.js';
import { readListing } from '../nft/read/listing.js';
import type { Diagnostics } from '../source/diagnostic.js';
import type { NftHides } from './nft-command.js';
import type { SectionReport } from './report.js';

function withHidden(table: NftTable, hides: NftHides): NftTable {
  const rules = hides === 'rules' || hides === 'lines';
  const elements = hides === 'elements' || hides === 'lines';
  const chains = [...table.chains].map(
    ([name, chain]) => [name, { ...chain, cut: chain.cut || rules }] as const,
  );
  const sets = [...table.sets].map(
    ([name, set]) => [name, { ...set, partial: set.partial || elements }] as const,
  );
  return { ...table, chains: new Map(chains), sets: new Map(sets) };
}

function isEmpty({ elements, partial }: NftSet): boolean {
  return elements.length === 0 && !partial;
}

/** Rules fill it, or its elements go away by themselves: it may well be empty. */
function maySettle({ flags, properties }: NftSet): boolean {
  return (
    flags.some((flag) => flag === 'dynamic' || flag === 'timeout') ||
    properties.some((one) => one.startsWith('timeout '))
  );
}

/**
 * Is it a listing without elements (`nft -t`)? No set of it has any, though rules ask one that only hands fill.
 */
function looksTerse(tables: readonly NftTable[]): boolean {
  const sets = tables.flatMap((table) => [...table.sets.values()].map((set) => ({ set, table })));
  if (!sets.every(({ set }) => isEmpty(set))) return false;
  const asked = ({ set, table }: (typeof sets)[number]): boolean =>
    [...table.chains.values()].some(({ rules }) =>
      rules.some(({ statements }) =>
        JSON.stringify(statements).includes(JSON.stringify({ kind: 'set-name', name: set.name })),
      ),
    );
  return sets.some((one) => !maySettle(one.set) && asked(one));
}

/**
 * Does it show one kind of thing alone, as `nft list sets` and `nft list chains` do? Sets without any chain serve nobody.
 * Base chains alone may be all there is; chains that only rules reach are not made to stay empty.
 */
function looksSelected(tables: readonly NftTable[]): 'sets' | 'chains' | null {
  const chains = tables.flatMap((table) => [...table.chains.values()]);
  const hasSets = tables.some(({ sets }) => sets.size > 0);
  if (chains.length === 0) return hasSets ? 'sets' : null;
  const isBare = chains.every(({ rules, cut, comment }) => rules.length === 0 && !cut && comment === null);
  const others = chains.some(({ base, baseUnknown }) => base === null && !baseUnknown);
  const hasBase = chains.some(({ base }) => base !== null);
  return isBare && others && hasBase && !hasSets ? 'chains' : null;
}

interface Guess {
  readonly hides: NftHides;
  /** It is a list of one kind of thing: there may be others. */
  readonly selected: boolean;
}

/** What a listing hides that nobody says the command of. */
function guessed(tables: readonly NftTable[], hides: NftHides): Guess {
  if (hides !== 'unsaid') return { hides, selected: false };
  const selected = looksSelected(tables);
  if (selected !== null) return { hides: selected === 'chains' ? 'rules' : 'nothing', selected: true };
  return { hides: looksTerse(tables) ? 'elements' : 'nothing', selected: false };
}

/**
 * Reads one listing, in text or JSON form.
 * @param partial the command lists a part, or a filter stands behind it
 * @param hides what it does not show of what it lists
 */
export function readNft(
  kind: 'nft list ruleset' | 'nft -j list ruleset',
  report: SectionReport,
  partial = false,
  hides: NftHides = 'nothing',
): NftRuleset {
  const { text } = report.source;
  const read = kind === 'nft list ruleset' ? readListing(text, report) : readJson(text, report);
  const { tables, unknownTables = [] } = read;
  const guess = guessed(tables, hides);
  const shown = guess.hides === 'nothing' ? tables : tables.map((table) => withHidden(table, guess.hides));
  const whole = !partial && !guess.selected && read.partial !== true && !report.cut && !report.elided;
  return {
    tables: shown,
    ...(whole ? {} : { partial: true }),
    ...(unknownTables.length > 0 ? { unknownTables } : {}),
  };
}

/** How much a listing of a chain or set tells; text tells what JSON leaves out. */
function weightOfChain({ rules, cut, comment }: NftChain): number {
  return 2 * rules.length + (cut ? 0 : 2) + (comment === null ? 0 : 1);
}

function weightOfSet({ elements, partial, typeOf }: NftSet): number {
  return 2 * elements.length + (partial ? 0 : 2) + (typeOf === null ? 0 : 1);
}

function weight({ chains, sets }: NftTable): number {
  const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
  return (
    sum([...chains.values()].map((chain) => 1 + weightOfChain(chain))) +
    sum([...sets.values()].map((set) => 1 + weightOfSet(set)))
  );
}

/** The chains, or sets, of both; of those that both have, the one that tells more. */
function union<T>(
  a: ReadonlyMap<string, T>,
  b: ReadonlyMap<string, T>,
  weigh: (one: T) => number,
): ReadonlyMap<string, T> {
  const all = new Map(a);
  for (const [name, one] of b) {
    const known = all.get(name);
    if (known === undefined || weigh(one) > weigh(known)) all.set(name, one);
  }
  return all;
}

/** The table without what the other listing does not show, or shows in part. */
function inCommon(table: NftTable, other: NftTable): NftTable {
  const chains = [...table.chains].filter(([name, { cut }]) => !cut && other.chains.get(name)?.cut === false);
  const sets = [...table.sets].filter(
    ([name, { partial }]) => !partial && other.sets.get(name)?.partial === false,
  );
  return { ...table, flags: [], chains: new Map(chains), sets: new Map(sets) };
}

/** The table of both listings when one of them shows a part of it. */
function joined(known: NftTable, table: NftTable): NftTable {
  return {
    ...known,
    flags: known.flags.length > 0 ? known.flags : table.flags,
    comment: known.comment ?? table.comment,
    handle: known.handle ?? table.handle,
    chains: union(known.chains, table.chains, weightOfChain),
    sets: union(known.sets, table.sets, weightOfSet),
    objects: known.objects.length >= table.objects.length ? known.objects : table.objects,
  };
}

interface Known {
  readonly table: NftTable;
  readonly partial: boolean;
}

function merged(known: Known, other: Known, diagnostics: Diagnostics): Known {
  const [a, b] = [known.table, other.table];
  const partial = known.partial || other.partial;
  const [left, right] = partial ? [inCommon(a, b), inCommon(b, a)] : [a, b];
  const disagree = canonicalTable(left) !== canonicalTable(right);
  if (disagree) diagnostics.warn('READ_NFT_DISAGREES', b.span, { table: `${b.family} ${b.name}` }, a.span);
  const table = partial ? joined(a, b) : weight(b) > weight(a) ? b : a;
  return {
    table: {
      ...table,
      managed: a.managed || b.managed,
      ...(disagree || a.disputed === true || b.disputed === true ? { disputed: true } : {}),
    },
    partial: known.partial && other.partial,
  };
}

/** Families whose chains no routed packet meets at the hooks of its family. */
const ASIDE: ReadonlySet<NftFamily> = new Set(['arp', 'bridge', 'netdev']);

function saysAside({ family, flags, chains }: NftTable): boolean {
  const hooked = [...chains.values()].some(({ base, baseUnknown }) => base !== null || baseUnknown);
  return ASIDE.has(family) && hooked && !flags.includes('dormant');
}

/** Says which chains of a table are at no hook of routed packets. */
function warnAside(table: NftTable, diagnostics: Diagnostics): void {
  const name = `${table.family} ${table.name}`;
  if (saysAside(table)) diagnostics.warn('READ_NFT_ASIDE', table.span, { table: name });
  if (ASIDE.has(table.family) || table.flags.includes('dormant')) return;
  for (const { base, name: chain, span } of table.chains.values()) {
    if (base?.hook !== 'ingress' && base?.hook !== 'egress') continue;
    const devices = base.devices.join(', ');
    diagnostics.warn('READ_NFT_INGRESS', span, { table: name, chain, hook: base.hook, devices });
  }
}

/** One of each name: the first whose text is listed. */
function mergeUnknown(list: readonly NftUnknownTable[]): readonly NftUnknownTable[] {
  const tables = new Map<string, NftUnknownTable>();
  for (const table of list)
    if ((tables.get(table.name)?.text ?? null) === null) tables.set(table.name, table);
  return [...tables.values()];
}

/** All tables of all listings, in the order of the first that shows each. Null without any listing. */
export function mergeNft(listings: readonly NftRuleset[], diagnostics: Diagnostics): NftRuleset | null {
  if (listings.length === 0) return null;
  const tables = new Map<string, Known>();
  for (const { tables: listed, partial = false } of listings)
    for (const table of listed) {
      const key = `${table.family} ${table.name}`;
      const known = tables.get(key);
      const one: Known = { table, partial };
      tables.set(key, known === undefined ? one : merged(known, one, diagnostics));
    }
  const all = [...tables.values()].map(({ table }) => table);
  for (const table of all) warnAside(table, diagnostics);
  const unknownTables = mergeUnknown(listings.flatMap(({ unknownTables: unknown = [] }) => unknown));
  return {
    tables: all,
    ...(listings.every(({ partial }) => partial === true) ? { partial: true } : {}),
    ...(unknownTables.length > 0 ? { unknownTables } : {}),
  };
}
