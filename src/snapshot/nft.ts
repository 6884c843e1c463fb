/** Listings of nftables: each is read, and of several of one table the most complete is used. */
import type { NftRuleset, NftTable } from '../nft/model.js';
import { readJson } from '../nft/read/json.js';
import { readListing } from '../nft/read/listing.js';
import { canonicalTable } from '../nft/canonical.js';
import type { Diagnostics } from '../source/diagnostic.js';
import type { SectionReport } from './report.js';

/** Reads one listing, in text or JSON form. */
export function readNft(kind: 'nft list ruleset' | 'nft -j list ruleset', report: SectionReport): NftRuleset {
  const { text } = report.source;
  return kind === 'nft list ruleset' ? readListing(text, report) : readJson(text, report);
}

/** How much a listing of a table tells; text tells what JSON leaves out. */
function weight({ chains, sets }: NftTable): number {
  let sum = 0;
  for (const { rules, cut, comment } of chains.values())
    sum += rules.length + 1 + (cut ? 0 : 1) + (comment === null ? 0 : 1);
  for (const { elements, partial, typeOf } of sets.values())
    sum += elements.length + 1 + (partial ? 0 : 1) + (typeOf === null ? 0 : 1);
  return sum;
}

/** All tables of all listings, in the order of the first that shows each. Null without any listing. */
export function mergeNft(listings: readonly NftRuleset[], diagnostics: Diagnostics): NftRuleset | null {
  if (listings.length === 0) return null;
  const tables = new Map<string, NftTable>();
  for (const table of listings.flatMap((listing) => listing.tables)) {
    const key = `${table.family} ${table.name}`;
    const known = tables.get(key);
    if (known === undefined) {
      tables.set(key, table);
      continue;
    }
    const managed = known.managed || table.managed;
    if (canonicalTable(known) !== canonicalTable(table))
      diagnostics.warn('READ_NFT_DISAGREES', table.span, { table: key }, known.span);
    tables.set(key, { ...(weight(table) > weight(known) ? table : known), managed });
  }
  return { tables: [...tables.values()] };
}
