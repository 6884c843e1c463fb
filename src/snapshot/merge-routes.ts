/** Puts several listings of routes together: table by table, family by family. */
import type { Family } from '../address/address.js';
import type { Ground } from '../packet/node.js';
import { type Route, TABLE_ID } from '../routing/model.js';
import type { Diagnostics } from '../source/diagnostic.js';
import { groundFor, lastWords, reasonFor } from './differing.js';
import type { ListedRoutes } from './reading.js';
import { shown } from './report.js';
import type { TableNames } from './table-names.js';

/** What is said about listings that differ, and what walks rest on for that. */
interface Findings {
  readonly diagnostics: Diagnostics;
  readonly grounds: Ground[];
}

const ROUTES: Readonly<Record<Family, string>> = { 4: 'ip route show table', 6: 'ip -6 route show table' };

/** One listing's share of one table. */
interface Share {
  readonly routes: readonly Route[];
  readonly listing: ListedRoutes;
}

/** Timers run on between two listings, and JSON leaves out that a metric is locked. */
function keyOf(route: Route): string {
  return route.text.replace(/ expires \S+| linkdown| dead| lock/g, '');
}

function sameRoutes(a: readonly Route[], b: readonly Route[]): boolean {
  const keys = new Set(a.map(keyOf));
  return a.length === b.length && b.every((route) => keys.has(keyOf(route)));
}

/**
 * The shares of a listing: one per table that it shows, also where that is empty. No table has the same route twice: where
 * two listings stand in one text, such as those of all tables and of IPv6, the first line of each route counts.
 */
function* sharesOf(listing: ListedRoutes, family: Family): Iterable<readonly [number, Share]> {
  const tables = new Map<number, Route[]>();
  const seen = new Set<string>();
  for (const route of listing.routes) {
    if (route.family !== family) continue;
    const key = `${String(route.table)} ${route.type} ${keyOf(route)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const table = tables.get(route.table);
    if (table === undefined) tables.set(route.table, [route]);
    else table.push(route);
  }
  if (!listing.all && listing.families.has(family) && !tables.has(listing.table))
    tables.set(listing.table, []);
  for (const [table, routes] of tables)
    if (listing.outdated?.has(table) !== true) yield [table, { routes, listing }];
}

function better(a: Share, b: Share): number {
  return Number(a.listing.partial) - Number(b.listing.partial) || b.routes.length - a.routes.length;
}

function choose(
  table: string,
  family: Family,
  shares: readonly Share[],
  { diagnostics, grounds }: Findings,
): Share | undefined {
  const last = new Set(lastWords(shares.map(({ listing }) => listing)));
  const [best] = shares.filter(({ listing }) => last.has(listing)).toSorted(better);
  if (best === undefined) return undefined;
  for (const other of shares) {
    if (other === best || other.listing.partial || sameRoutes(best.routes, other.routes)) continue;
    const span = other.routes[0]?.span ?? { source: other.listing.source, start: 0, end: 0 };
    const { source } = best.listing;
    const reason = reasonFor(best.listing, other.listing, best.routes.length > other.routes.length);
    const params = { table: shown(table), used: source.name, reason };
    diagnostics.warn('READ_ROUTES_DISAGREE', span, params, best.routes[0]?.span ?? undefined);
    if (last.has(other.listing))
      grounds.push(...groundFor(`${ROUTES[family]} ${table}`, source, other.listing.source, family));
  }
  return best;
}

export interface MergedRoutes {
  readonly tables: Map<number, readonly Route[]>;
  /** Tables that were shown whole; 'all' when a whole listing of all tables was among them. */
  readonly known: 'all' | Set<number>;
}

/** The routes of one family. Of several listings of one table the fullest counts; those that differ are warned about. */
export function mergeRoutes(
  listings: readonly ListedRoutes[],
  family: Family,
  names: TableNames,
  found: Findings,
): MergedRoutes {
  const shares = new Map<number, Share[]>();
  for (const listing of listings) {
    for (const [table, share] of sharesOf(listing, family)) {
      const list = shares.get(table);
      if (list === undefined) shares.set(table, [share]);
      else list.push(share);
    }
  }
  const tables = new Map<number, readonly Route[]>();
  const known = new Set<number>();
  for (const [table, list] of [...shares].sort(([a], [b]) => bucket(a) - bucket(b) || a - b)) {
    const best = choose(names.nameOf(table), family, list, found);
    if (best === undefined) continue;
    tables.set(table, best.routes);
    if (!best.listing.partial) known.add(table);
  }
  const all = listings.some((listing) => listing.all && !listing.partial && listing.families.has(family));
  return { tables, known: all ? 'all' : known };
}

/** The order of `show table all`: by hash bucket (net/ipv4/fib_frontend.c, FIB_TABLE_HASHSZ 256); named tables last. */
function bucket(table: number): number {
  return table < 0 ? 256 - table : table % 256;
}

/**
 * Does the family have table local among its routes? A listing of all tables without a line of it was cut: no node is
 * without.
 */
export function hasLocal({ tables, known }: MergedRoutes): boolean {
  return tables.has(TABLE_ID.local) || (known !== 'all' && known.has(TABLE_ID.local));
}
