/** Texts of a node's dumps -> the node. */
import type { Family } from '../address/address.js';
import { type RuleSet, TABLES } from '../iptables/model.js';
import { keptOutline } from '../iptables/read/outline.js';
import { NeedsWhole } from '../iptables/read/needs-whole.js';
import { type Implied, nameBook } from '../names/book.js';
import { impliedObjects } from '../names/comments.js';
import { expectMentioned, mentioned } from '../names/mention.js';
import type { NftRuleset, NftTable } from '../nft/model.js';
import type { Ground, Node } from '../packet/node.js';
import { deriveLocalTable } from '../routing/derive.js';
import { forwardingOn } from '../routing/sysctl.js';
import { defaultRules } from '../routing/lookup.js';
import { type Link, type Network, type PolicyRule, type Route, TABLE_ID } from '../routing/model.js';
import { type Diagnostic, Diagnostics } from '../source/diagnostic.js';
import type { SourceText } from '../source/source.js';
import { againstListing } from './against-listing.js';
import { readIptables } from './iptables.js';
import { mergeConnections } from './merge-connections.js';
import type { YamlReader } from './kubectl.js';
import { placeOfSetting } from './setting-place.js';
import { groundFor, lastWords, reasonFor } from './differing.js';
import { withFamilies } from './ip-rule.js';
import { mergeForwarding } from './bridge-fdb.js';
import { mergeNeighbours } from './ip-neigh.js';
import { linksOfRoutes, mergeLinks } from './merge-links.js';
import { type MergedRoutes, hasLocal, mergeRoutes } from './merge-routes.js';
import { usesSets, warnMissing } from './missing.js';
import { knownByListing, walkedTables, warnMixture, warnUnlisted, withoutListing } from './native-tables.js';
import { mergeNft } from './nft.js';
import { printPolicyRule } from '../routing/print.js';
import { shown } from './report.js';
import {
  type ListedIptables,
  type ListedRules,
  type Readings,
  type SnapshotFile,
  readFiles,
} from './reading.js';

export type { SnapshotFile } from './reading.js';

/** What is said about listings that differ, and what walks rest on for that. */
interface Findings {
  readonly diagnostics: Diagnostics;
  readonly grounds: Ground[];
}

const RULES: Readonly<Record<Family, string>> = { 4: 'ip rule', 6: 'ip -6 rule' };

interface ChosenRules {
  readonly rules: readonly PolicyRule[];
  readonly known: boolean;
}

function chooseRules(
  lists: readonly ListedRules[],
  family: Family,
  { diagnostics, grounds }: Findings,
): ChosenRules {
  const own = withFamilies(lists).filter((list) => list.family === family);
  const last = new Set(lastWords(own));
  const [best] = [...last].sort(
    (a, b) => Number(a.partial) - Number(b.partial) || b.rules.length - a.rules.length,
  );
  if (best === undefined) return { rules: defaultRules(family), known: false };
  const text = ({ rules }: ListedRules): string => rules.map(printPolicyRule).join('\n');
  const bestText = text(best);
  for (const other of own) {
    if (other === best || other.partial || text(other) === bestText) continue;
    const span = other.rules[0]?.span ?? null;
    const reason = reasonFor(best, other, best.rules.length > other.rules.length);
    const params = { used: best.source.name, reason };
    diagnostics.warn('READ_RULES_DISAGREE', span, params, best.rules[0]?.span ?? undefined);
    // A list that a later one of its own text replaces contradicts nothing.
    if (last.has(other)) grounds.push(...groundFor(RULES[family], best.source, other.source, family));
  }
  return { rules: best.rules, known: !best.partial };
}

function noRuleSet(family: Family): RuleSet {
  return { family, backend: null, tables: new Map(), unknown: new Set(TABLES) };
}

/** An empty file tells the same of a save that failed as of one without tables. */
function emptySave(file: string): Pick<Ground, 'code' | 'params' | 'command'> {
  return { code: 'ASM_EMPTY_SAVE', params: { file: shown(file) }, command: null };
}

/**
 * The dumps of a family that say something of its tables. An empty save of one variant does so where no other dump shows
 * any: what iptables-legacy has not, iptables-nft may have, and what nft lists tells nothing of iptables-legacy.
 */
function chooseSaves(own: readonly ListedIptables[], isListed: boolean): readonly ListedIptables[] {
  const full = own.filter(({ nothing }) => nothing === null);
  if (full.length > 0) return full;
  if (isListed) return own.filter(({ nothing }) => nothing?.legacy);
  return own.some(({ nothing }) => nothing?.legacy === false) ? own : [];
}

function isOfLegacy(source: SourceText): boolean {
  return keptOutline(source)?.tables.every(({ backend }) => backend === 'legacy') === true;
}

interface Tables {
  readonly readings: Readings;
  readonly nft: NftRuleset | null;
  /** Takes what the rule set rests on where there are no saves. */
  readonly grounds: Ground[];
  readonly differing: Ground[];
  readonly partlyFrom: number;
}

function readRuleSet(
  family: Family,
  { readings, nft, grounds, differing, partlyFrom }: Tables,
  diagnostics: Diagnostics,
): RuleSet {
  const own = readings.iptables.filter((source) => source.family === family);
  const sources = chooseSaves(own, nft !== null);
  for (const { nothing, source } of sources)
    if (nothing?.byName) grounds.push({ ...emptySave(source.name), family });
  // What nft lists is held against each chain of a save of iptables-nft.
  const isApart = nft === null || sources.every(({ source }) => isOfLegacy(source));
  const least = isApart ? partlyFrom : Infinity;
  const known =
    sources.length === 0 ? noRuleSet(family) : readIptables(sources, diagnostics, differing, least);
  if (nft === null) return withoutListing(known);
  return knownByListing(againstListing(known, nft, diagnostics), nft, family);
}

interface Shared {
  readonly links: ReadonlyMap<string, Link>;
  readonly families: ReadonlySet<Family>;
  readonly sysctls: ReadonlyMap<string, string>;
  readonly settingPlaces: Readings['settingPlaces'];
  readonly groups: Readings['groups'];
  readonly labels: Readings['labels'];
  readonly names: Readings['names'];
}

function networkOf(
  family: Family,
  merged: MergedRoutes,
  { rules, known }: ChosenRules,
  shared: Shared,
): Network {
  const { links, families, sysctls, settingPlaces } = shared;
  const tables = new Map<number, readonly Route[]>(merged.tables);
  const localDerived = !hasLocal(merged) && families.has(family);
  const network: Network = {
    family,
    links,
    rules,
    tables,
    known: { links: families.has(family), rules: known, tables: merged.known, localDerived },
    sysctl: (name) => sysctls.get(name) ?? null,
    settingAt: (name, value) => {
      const source = settingPlaces.get(name);
      return source === undefined ? null : placeOfSetting(source, name, value);
    },
    groups: new Map(
      shared.groups.filter((listed) => listed.families.has(family)).flatMap(({ groups }) => [...groups]),
    ),
    labels: family === 6 ? shared.labels : null,
  };
  const forwards = (device: string): boolean => forwardingOn(network, device) ?? false;
  if (localDerived) tables.set(TABLE_ID.local, deriveLocalTable(links.values(), family, forwards));
  return network;
}

/** What the networks of both families share. */
function sharedOf(
  { links: lists, sysctls, settingPlaces, groups, labels, names }: Readings,
  merged: Readonly<Record<Family, MergedRoutes>>,
  diagnostics: Diagnostics,
): Shared {
  const { links: listed, families } = mergeLinks(lists, diagnostics);
  const routes = [merged[4], merged[6]].flatMap(({ tables }) => [...tables.values()].flat());
  const links = listed.length > 0 ? listed : linksOfRoutes(routes);
  const byName = new Map(links.map((link) => [link.name, link]));
  return { links: byName, families, sysctls, settingPlaces, groups, labels, names };
}

/** What the rules tell of the cluster's names. */
function impliedBy(all: readonly RuleSet[], { cluster }: Readings, nft: NftRuleset | null): Implied {
  const isAtHand = cluster.length > 0 || nft?.tables.some(({ name }) => name === 'kube-proxy') === true;
  return {
    all: () => impliedObjects(all, nft?.tables ?? []),
    // Beside listings of kubectl, and in sets of nftables, everything is at hand at once.
    about: (question) => (isAtHand ? null : mentioned(all, question)),
    expect(addresses) {
      if (!isAtHand) expectMentioned(all, addresses);
    },
  };
}

/** Findings in the order of the files; those about the snapshot as a whole come last. */
function inFileOrder(list: readonly Diagnostic[], files: readonly SnapshotFile[]): readonly Diagnostic[] {
  const places = new Map(files.map(({ name }, place) => [name, place]));
  const key = ({ span }: Diagnostic): readonly [number, number, number] =>
    span === null
      ? [files.length, 0, 0]
      : [places.get(span.source.name) ?? files.length, span.source.firstLine, span.start];
  return list
    .map((diagnostic) => ({ diagnostic, key: key(diagnostic) }))
    .sort((a, b) => a.key[0] - b.key[0] || a.key[1] - b.key[1] || a.key[2] - b.key[2])
    .map(({ diagnostic }) => diagnostic);
}

/** Does the snapshot say anything about IPv6 beyond addresses? Nothing is said to be missing otherwise. */
function concerns(family: Family, readings: Readings): boolean {
  if (family === 4) return true;
  return (
    readings.iptables.some((listed) => listed.family === 6) ||
    readings.rules.some((listed) => listed.family === 6) ||
    readings.routes.some(({ families }) => families.has(6))
  );
}

/** A node that is put together, and what it was put together from. */
interface Assembled {
  readonly name: string;
  readonly readings: Readings;
  readonly networks: Readonly<Record<Family, Network>>;
  readonly ruleSets: Readonly<Record<Family, RuleSet>>;
  /** Families whose addresses are listed. */
  readonly families: ReadonlySet<Family>;
}

/** Says what the snapshot does not show. */
function warnHoles(
  { name, readings, networks, ruleSets, families }: Assembled,
  diagnostics: Diagnostics,
): void {
  if (readings.used === 0) {
    diagnostics.error('READ_NOTHING', null, { name });
    return;
  }
  for (const family of [4, 6] as const) {
    const parts = {
      network: networks[family],
      ruleSet: ruleSets[family],
      hasAddresses: families.has(family),
    };
    if (concerns(family, readings)) warnMissing(parts, diagnostics);
  }
  if (readings.sysctls.size === 0) diagnostics.warn('NODE_MISSING_SYSCTL', null, { command: 'sysctl -a' });
  if (readings.sets === null && (usesSets(ruleSets[4]) || usesSets(ruleSets[6])))
    diagnostics.warn('NODE_MISSING_SETS', null, { command: 'ipset save' });
}

/**
 * Reads a snapshot: recognises each text, reads it, and puts the node together. Pure, and never throws: what could not
 * be read, what is missing and what disagrees is in `node.diagnostics`; READ_NOTHING among them means that there was
 * nothing to read at all.
 * @param name what the user called the snapshot
 * @param files the texts in a stable order; names help only where a text does not tell what it is
 * @param which name of the node among several in the texts (`nodesOf`); left out: the main one, and READ_SEVERAL_NODES
 *   among the diagnostics when none of them clearly is
 * @param yaml reads kubectl's YAML; null names it as not used
 * @param partlyFrom of saves as long as this only those chains are read that are asked for: walks and `checkMet` may then
 *   throw NeedsWhole, and nothing is known of the rest; left out, everything is read
 */
export function loadNode(
  name: string,
  files: readonly SnapshotFile[],
  which?: string,
  yaml: YamlReader | null = null,
  partlyFrom: number = Number.POSITIVE_INFINITY,
): Node {
  try {
    return load(name, files, which, yaml, partlyFrom);
  } catch (error) {
    if (error instanceof NeedsWhole) return load(name, files, which, yaml, Infinity);
    throw error;
  }
}

function load(
  name: string,
  files: readonly SnapshotFile[],
  which: string | undefined,
  yaml: YamlReader | null,
  partlyFrom: number,
): Node {
  const diagnostics = new Diagnostics();
  const readings = readFiles(files, diagnostics, which, yaml);
  const { names: tableNames, sysctls } = readings;
  const differing: Ground[] = [];
  const found: Findings = { diagnostics, grounds: differing };
  const routesOf = (family: Family): MergedRoutes => mergeRoutes(readings.routes, family, tableNames, found);
  const merged = { 4: routesOf(4), 6: routesOf(6) };
  const shared = sharedOf(readings, merged, diagnostics);
  const connections = mergeConnections(readings.connections, diagnostics);
  const nft = mergeNft(readings.nft, diagnostics);
  const grounds: Ground[] = [];
  const ruleSetOf = (family: Family): RuleSet =>
    readRuleSet(family, { readings, nft, grounds, differing, partlyFrom }, diagnostics);
  const network = (family: Family): Network =>
    networkOf(family, merged[family], chooseRules(readings.rules, family, found), shared);
  const ruleSets = { 4: ruleSetOf(4), 6: ruleSetOf(6) };
  const networks = { 4: network(4), 6: network(6) };
  const walkedOf = (family: Family): readonly NftTable[] =>
    nft === null ? [] : walkedTables(nft, family, ruleSets[family]);
  const walked = { 4: walkedOf(4), 6: walkedOf(6) };
  for (const family of [4, 6] as const) warnMixture(ruleSets[family], walked[family], diagnostics);
  if (nft === null) warnUnlisted([ruleSets[4], ruleSets[6]], diagnostics);
  const names = nameBook(readings.cluster, impliedBy(Object.values(ruleSets), readings, nft), diagnostics);
  warnHoles({ name, readings, networks, ruleSets, families: shared.families }, diagnostics);
  return {
    name,
    ruleSets,
    networks,
    sets: readings.sets,
    sysctls,
    neighbours: mergeNeighbours(readings.neighbours),
    forwarding: mergeForwarding(readings.forwarding),
    nft,
    nativeTables: walked,
    connections,
    names,
    grounds: [...readings.grounds, ...differing, ...grounds],
    listings: readings.listings,
    diagnostics: inFileOrder(diagnostics.list, files),
  };
}
