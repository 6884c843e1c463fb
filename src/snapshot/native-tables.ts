/** Which tables of an nft listing a walk goes through, and what the listing says of iptables' tables. */
import type { Family } from '../address/address.js';
import { sizeOf } from '../iptables/digest.js';
import { type RuleSet, TABLES, type Table } from '../iptables/model.js';
import type { Diagnostics } from '../source/diagnostic.js';
import type { Span } from '../source/source.js';
import type { NftFamily, NftRuleset, NftTable } from '../nft/model.js';

/** The packets that a table's chains may see. Those of the other families see no routed packet. */
const FAMILIES: Readonly<Record<NftFamily, readonly Family[]>> = {
  ip: [4],
  ip6: [6],
  inet: [4, 6],
  netdev: [],
  bridge: [],
  arp: [],
};

/** The rule set that iptables-nft made, or may have made; null when every dump is of iptables-legacy. */
function nftSide({ backend, other, ...rest }: RuleSet): RuleSet | null {
  if (backend !== 'legacy') return { backend, ...rest };
  return other?.backend === 'nft' ? other : null;
}

/** Is the table one of iptables-nft's that a save shows too? The save tells more. */
function isSaved({ managed, name }: NftTable, ruleSet: RuleSet): boolean {
  const saved = nftSide(ruleSet);
  return managed && saved !== null && [...saved.tables.keys()].some((table) => table === name);
}

/** Does nothing in the table decide about any packet? */
function isIdle({ chains }: NftTable): boolean {
  return [...chains.values()].every(
    ({ rules, policy, cut, baseUnknown }) => rules.length === 0 && policy !== 'drop' && !cut && !baseUnknown,
  );
}

/**
 * The tables of a listing that a walk of the family goes through: native ones, and those of iptables-nft that no save
 * shows. What iptables-nft has left behind without rules does nothing.
 */
export function walkedTables({ tables }: NftRuleset, family: Family, ruleSet: RuleSet): readonly NftTable[] {
  return tables.filter(
    (table) =>
      FAMILIES[table.family].includes(family) &&
      !isSaved(table, ruleSet) &&
      !(table.managed && ruleSet.backend === 'legacy' && isIdle(table)),
  );
}

/** Are the rules that a dump without a heading shows those of iptables-nft? Only if the listing has the same tables. */
function isOfNft({ backend, tables }: RuleSet, listed: NftRuleset, family: Family): boolean {
  if (backend !== null || tables.size === 0) return backend !== 'legacy';
  return listed.tables.some(
    ({ managed, name, family: own }) =>
      managed && FAMILIES[own].includes(family) && [...tables.keys()].some((table) => table === name),
  );
}

/**
 * What is not known of iptables' tables once a listing is at hand: it shows every table of iptables-nft. Whether the
 * kernel has some of iptables-legacy too, it does not say.
 */
export function knownByListing(ruleSet: RuleSet, listed: NftRuleset, family: Family): RuleSet {
  if (listed.partial) return ruleSet;
  const { other } = ruleSet;
  if (other?.backend === 'nft') return { ...ruleSet, other: onlyCut(other) };
  if (!isOfNft(ruleSet, listed, family)) return ruleSet;
  const nothing = ruleSet.tables.size === 0 && other === undefined && ruleSet.unknown.size > 0;
  return { ...onlyCut(ruleSet), ...(nothing ? { legacyUnseen: true } : {}) };
}

/**
 * What a save of iptables-nft alone tells of native tables: since 1.23 the AWS VPC CNI marks connections in
 * `table ip aws-cni`, and leaves only its SNAT chain here.
 */
export function withoutListing(ruleSet: RuleSet): RuleSet {
  const chains = [...(nftSide(ruleSet)?.tables.get('nat')?.chains.keys() ?? [])];
  const has = (beginning: string): boolean => chains.some((name) => name.startsWith(beginning));
  const isNft = ruleSet.backend === 'nft' || ruleSet.other?.backend === 'nft';
  return isNft && has('AWS-SNAT-CHAIN') && !has('AWS-CONNMARK-CHAIN')
    ? { ...ruleSet, nativeUnseen: 'ip aws-cni' }
    : ruleSet;
}

/** Warns where iptables is the nftables kind, and no listing shows what else nftables has. */
export function warnUnlisted(ruleSets: readonly RuleSet[], diagnostics: Diagnostics): void {
  if (ruleSets.some(({ backend, other }) => backend === 'nft' || other?.backend === 'nft'))
    diagnostics.warn('NODE_MISSING_NFT', null, { command: 'nft -a list ruleset' });
}

/** Not known is only what a dump shows in part. */
function onlyCut(ruleSet: RuleSet): RuleSet {
  const { tables, unknown } = ruleSet;
  return { ...ruleSet, unknown: new Set(TABLES.filter((table) => tables.has(table) && unknown.has(table))) };
}

/** Where the first chain stands that has rules or drops. */
function firstDeciding(tables: Iterable<Table>): Span | null {
  for (const { chains } of tables)
    for (const chain of chains.values()) if (sizeOf(chain) > 0 || chain.policy === 'DROP') return chain.span;
  return null;
}

/** Warns where saves show iptables-legacy alone, and the listing shows that iptables-nft has rules too. */
export function warnMixture(
  { backend, tables }: RuleSet,
  walked: readonly NftTable[],
  diagnostics: Diagnostics,
): void {
  const nft = walked.find(
    ({ managed, chains }) =>
      managed && [...chains.values()].some(({ rules, policy }) => rules.length > 0 || policy === 'drop'),
  );
  if (backend !== 'legacy' || nft === undefined) return;
  const first = firstDeciding(tables.values());
  if (first !== null) diagnostics.warn('RULE_TWO_BACKENDS', first, {}, nft.span);
}
