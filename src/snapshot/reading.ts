/** Files -> listings: each section is recognised and read by its reader, in the order of the files. */
import type { Family } from '../address/address.js';
import type { Ground, Listing } from '../packet/node.js';
import type { TableName } from '../iptables/view.js';
import type { IpSet } from '../ipset/model.js';
import type { KubeObject } from '../names/model.js';
import type { NftRuleset } from '../nft/model.js';
import type { AddressLabel } from '../routing/model.js';
import type { Diagnostics } from '../source/diagnostic.js';
import type { SourceText } from '../source/source.js';
import type { Command, Kind } from './command.js';
import { readConnections } from './conntrack.js';
import type { ListedForwarding } from './bridge-fdb.js';
import { type LinkListing, readLinks } from './ip-addr.js';
import { type RouteListing, readRoutes } from './ip-route.js';
import { readLabels } from './ip-addrlabel.js';
import { type GroupListing, readGroups } from './ip-maddr.js';
import { type RuleListing, readPolicyRules } from './ip-rule.js';
import type { ListedNeighbours } from './ip-neigh.js';
import { OTHER_FORMS, isOtherForm, readOtherForm } from './other-forms.js';
import { readSets } from './ipset.js';
import { type YamlReader, isClusterWide, readKubectl } from './kubectl.js';
import type { ListedConnections } from './merge-connections.js';
import { listedIptables } from './listed-iptables.js';
import { addSets } from './merge-sets.js';
import { hiddenBy } from './nft-command.js';
import { readNft } from './nft.js';
import { type NodeGroup, type NodeGroups, groupNodes } from './nodes.js';
import { type ListedSettings, isSettingWrite, mergeSettings } from './merge-settings.js';
import { notedGrounds } from './noted-grounds.js';
import { type Placed, type SnapshotFile, familyTold, placeFiles } from './places.js';
import { listingsOf } from './source-list.js';
import { SectionReport, shown } from './report.js';
import type { Section } from './sections.js';
import { type Outdated, staleListings } from './stale.js';
import { readSysctls } from './sysctl.js';
import { TableNames, readTableNames } from './table-names.js';
import { warnFailed, warnUnanswered } from './unanswered.js';
import { unfinishedListings } from './unfinished.js';
import { firstLine, reportUnread } from './unread.js';

export type { SnapshotFile } from './places.js';

/** What every listing has. */
interface Listed {
  readonly source: SourceText;
  /** A filter, a hole or an ellipsis: there is more than was read. */
  readonly partial: boolean;
}
export interface ListedRules extends Listed, RuleListing {}
export interface ListedRoutes extends Listed, RouteListing {
  /** The listing is of every table. */
  readonly all: boolean;
  readonly families: ReadonlySet<Family>;
  /** Tables that a later listing shows anew. */
  readonly outdated?: ReadonlySet<number>;
}
export interface ListedLinks extends Listed, LinkListing {
  /** Made by ifconfig, which does not show every address. */
  readonly sparse?: boolean;
}
export interface ListedIptables extends Listed {
  readonly family: Family;
  readonly table: TableName | null;
  /** `iptables -L`, not -S or a save. */
  readonly listing: boolean;
  /** The command prints all tables. */
  readonly all: boolean;
  /** What was typed to print it. */
  readonly command: string | null;
  /** Tables that a later listing shows anew. */
  readonly outdated: ReadonlySet<string>;
  /** An empty save of one variant of iptables, or one that is known by its file's name. */
  readonly nothing: { readonly legacy: boolean; readonly byName: boolean } | null;
}

/** Everything that the files of one node held, not yet put together. */
export interface Readings {
  readonly names: TableNames;
  readonly rules: ListedRules[];
  readonly routes: ListedRoutes[];
  readonly links: ListedLinks[];
  readonly groups: GroupListing[];
  /** Of the last listing of labels that is whole; null without one. */
  labels: readonly AddressLabel[] | null;
  readonly neighbours: ListedNeighbours[];
  readonly forwarding: ListedForwarding[];
  readonly iptables: ListedIptables[];
  /** Null as long as no dump of sets was met. */
  sets: Map<string, IpSet> | null;
  readonly sysctls: Map<string, string>;
  /** The listing that each of them is of. */
  readonly settingPlaces: Map<string, SourceText>;
  /** One for each listing of nftables. */
  readonly nft: NftRuleset[];
  readonly connections: ListedConnections[];
  /** Pods, services, nodes and endpoints, as kubectl lists them. */
  readonly cluster: KubeObject[];
  /** What all walks rest on. */
  grounds: readonly Ground[];
  /** What was read, in the order of the files. */
  listings: readonly Listing[];
  /** Sections of a kind that is read, whatever came of it. */
  used: number;
}

const USED: ReadonlySet<Kind> = new Set<Kind>([
  'iptables',
  'iptables -L',
  'ip rule',
  'ip route',
  'ip addr',
  'ip maddr',
  'ip addrlabel',
  ...OTHER_FORMS,
  'ipset save',
  'ipset list',
  'sysctl',
  'nft list ruleset',
  'nft -j list ruleset',
  'rt_tables',
  'conntrack -L',
  'kubectl get',
]);

function isUsed(kind: Kind | null): boolean {
  return kind !== null && USED.has(kind);
}

class Reader {
  readonly readings: Readings;
  readonly #diagnostics: Diagnostics;
  readonly #yaml: YamlReader | null;
  /** Commands whose listing is not there, though the tool is. */
  readonly #unanswered: Placed[] = [];
  readonly #settings: ListedSettings[] = [];

  constructor(diagnostics: Diagnostics, yaml: YamlReader | null) {
    this.#diagnostics = diagnostics;
    this.#yaml = yaml;
    this.readings = {
      names: new TableNames(),
      rules: [],
      routes: [],
      links: [],
      groups: [],
      labels: null,
      neighbours: [],
      forwarding: [],
      iptables: [],
      sets: null,
      sysctls: new Map(),
      settingPlaces: new Map(),
      nft: [],
      connections: [],
      cluster: [],
      grounds: [],
      listings: [],
      used: 0,
    };
  }

  /** Names are an addition: they make no node, and none of them is missed. */
  readNames({ section }: Placed): void {
    const report = new SectionReport(section.source, this.#diagnostics);
    this.readings.cluster.push(...readKubectl(section, this.#yaml, report));
  }

  /** Counts a listing, and says what is known of it by its command and name. @returns whether it is filtered */
  #note({ section: { source, command, isEmptyFile }, hint, kind }: Placed): boolean {
    const filtered = command?.partial ?? hint.partial;
    const start = { source, start: 0, end: Math.max(source.text.indexOf('\n'), 0) };
    if (filtered && isUsed(kind))
      this.#diagnostics.warn('READ_FILTERED', start, { command: shown(command?.text ?? source.name) });
    if (isEmptyFile === true) this.#diagnostics.warn('READ_EMPTY_SAVE', start, { file: source.name });
    else if (isUsed(kind)) this.readings.used += 1;
    return filtered;
  }

  read(placed: Placed, outdated: ReadonlySet<string> = new Set()): void {
    const { section, hint, kind } = placed;
    const { source, command } = section;
    if (isUsed(kind) && warnUnanswered(section, kind, this.#diagnostics)) {
      this.#unanswered.push(placed);
      return;
    }
    const filtered = this.#note(placed);
    const report = new SectionReport(source, this.#diagnostics);
    const family = familyTold(placed);
    const partial = (): boolean => filtered || report.damaged > 0 || report.elided;
    const { readings } = this;
    if (kind === 'iptables' || kind === 'iptables -L')
      readings.iptables.push(listedIptables(placed, family, filtered, outdated));
    else if (kind === 'ip rule') {
      const listed = readPolicyRules(family ?? this.#secondList(source), readings.names, report);
      if (this.#answers(listed.rules.length, section, report))
        readings.rules.push({ source, ...listed, ...(command && { isTold: true }), partial: partial() });
    } else if (kind === 'ip route') this.#routes({ section, hint, outdated }, family, report, partial);
    else if (kind === 'ip addr') {
      const listed = readLinks(report, isDetailed(command));
      // `ip addr` without -4 or -6 shows the addresses of both families, also when there are none.
      const whole = command?.kind === kind && /\sa/.test(command.text) && command.family === null;
      const families = whole && listed.links.length > 0 ? new Set<Family>([4, 6]) : listed.families;
      if (listed.links.length > 0)
        readings.links.push({
          source,
          links: listed.links,
          families,
          partial: filtered || report.elided || report.cut,
        });
    } else if (kind === 'ipset save' || kind === 'ipset list')
      this.#sets(readSets(kind === 'ipset save' ? 'save' : 'list', report), outdated, section, report);
    else if (isOtherForm(kind)) readOtherForm(kind, report, { command, family, filtered }, readings);
    else if (kind === 'ip maddr') {
      const listed = readGroups(report);
      if (!partial() && !report.failed) readings.groups.push(listed);
    } else if (kind === 'ip addrlabel') {
      const listed = readLabels(report);
      // Somebody may have flushed them; a file without any line does not tell that.
      const isListing = listed.length > 0 || command !== null;
      if (isListing && this.#answers(listed.length, section, report) && !partial()) readings.labels = listed;
    } else if (kind === 'nft list ruleset' || kind === 'nft -j list ruleset') {
      const listed = readNft(kind, report, filtered, hiddenBy(command?.text ?? '', filtered));
      const tables = listed.tables.filter((table) => !outdated.has(`${table.family} ${table.name}`));
      const count = listed.tables.length + (listed.unknownTables?.length ?? 0);
      if (this.#answers(count, section, report)) readings.nft.push({ ...listed, tables });
      else if (!report.toolErrors.some((line) => line.endsWith('not found'))) this.#unanswered.push(placed);
    } else if (kind === 'conntrack -L') {
      const listed = readConnections(report);
      if (this.#answers(listed.entries.length, section, report))
        readings.connections.push({ source, ...listed });
    } else if (kind === 'sysctl')
      this.#settings.push({
        source,
        values: readSysctls(report, command?.settings),
        isWrite: isSettingWrite(command),
      });
  }

  /** To be called once, when all listings are read. */
  finish(): void {
    const { readings } = this;
    const grounds = mergeSettings(
      this.#settings,
      readings.sysctls,
      readings.settingPlaces,
      this.#diagnostics,
    );
    readings.grounds = [...readings.grounds, ...grounds];
    // Tables of nftables are taken not to exist where nothing speaks of them; somebody who listed them knows better.
    const asked = this.#unanswered.find(({ kind }) => kind?.startsWith('nft') === true)?.section.command;
    if (asked === null || asked === undefined || readings.nft.length > 0) return;
    const params = { command: shown(asked.text) };
    readings.grounds = [...readings.grounds, { code: 'ASM_NFT_UNSEEN', params, family: null, command: null }];
  }

  /** Right after a list of IPv4 rules one without table default is that of IPv6, which has no such rule. */
  #secondList(source: SourceText): Family | null {
    const follows = this.readings.rules.some((list) => list.family === 4 && list.source.name === source.name);
    return follows && !/lookup (?:default|253)\s*$|"table"\s*:\s*"(?:default|253)"/m.test(source.text)
      ? 6
      : null;
  }

  #routes(
    {
      section,
      hint,
      outdated,
    }: Pick<Placed, 'section' | 'hint'> & { readonly outdated: ReadonlySet<string> },
    family: Family | null,
    report: SectionReport,
    partial: () => boolean,
  ): void {
    const told = section.command?.kind === 'ip route' ? (section.command.table ?? 'main') : hint.table;
    const id = told === null || told === 'all' ? null : this.readings.names.idOf(told);
    const listed = readRoutes(family, id, this.readings.names, report);
    if (listed.answers && listed.routes.length === 0) {
      this.#diagnostics.warn('READ_NOT_USED', report.span(0, 0), { kind: 'ip route get' });
      return;
    }
    if (!listed.noSuchTable && !this.#answers(listed.routes.length, section, report)) return;
    // Whoever calls a listing one of all tables is right only when tables are named: table local is never empty.
    const all = listed.namesTables || (told === 'all' && listed.routes.length === 0);
    const families = new Set(listed.routes.map((route) => route.family));
    if (families.size === 0) families.add(family ?? 4);
    const old = new Set([...outdated].flatMap((table) => this.readings.names.idOf(table) ?? []));
    const { source } = section;
    this.readings.routes.push({ source, ...listed, all, families, outdated: old, partial: partial() });
  }

  /** Whether the section shows what there is. An empty listing does; a command that only complains is named. */
  #answers(count: number, { source, command }: Section, report: SectionReport): boolean {
    if (count > 0 || !report.failed) return true;
    if (command !== null) warnFailed(source, command.text, this.#diagnostics);
    return false;
  }

  #sets(
    sets: ReadonlyMap<string, IpSet>,
    outdated: ReadonlySet<string>,
    section: Section,
    report: SectionReport,
  ): void {
    if (!this.#answers(sets.size, section, report)) return;
    const known = (this.readings.sets ??= new Map<string, IpSet>());
    addSets(known, sets, { outdated, command: section.command }, this.#diagnostics);
  }
}

/** Was `ip` asked for details? It then names the kind of every link that has one. */
function isDetailed(command: Command | null): boolean {
  return command !== null && /(?:^|[\s/])ip(?: +-n(?:etns)? +\S+| +-\S+){0,8}? +-d/.test(command.text);
}

/** Names the other nodes, each at its first listing. */
function reportOthers(others: readonly NodeGroup[], diagnostics: Diagnostics): void {
  for (const { name, own } of others) {
    const first = own.find(({ kind }) => isUsed(kind));
    if (first !== undefined) diagnostics.warn('READ_OTHER_NODE', firstLine(first), { place: shown(name) });
  }
}

/** Names the listings that are of none of the nodes. */
function reportStrays(
  groups: readonly NodeGroup[],
  strays: readonly Placed[],
  diagnostics: Diagnostics,
): void {
  const names = groups.map(({ name }) => shown(name)).join(', ');
  for (const one of strays)
    if (isUsed(one.kind))
      diagnostics.warn('READ_NO_NODE', firstLine(one), { listing: one.kind ?? '', names });
}

/** The node that is asked for, or the main one; the first one, with an error, when that is not clear. */
function chooseNode(
  { groups, main }: NodeGroups,
  wanted: string | undefined,
  diagnostics: Diagnostics,
): NodeGroup | undefined {
  const used = groups.filter(({ own }) => own.some(({ kind }) => isUsed(kind)));
  const names = used.map(({ name }) => shown(name)).join(', ');
  if (wanted !== undefined) {
    const found = groups.find(({ name }) => name === wanted);
    if (found === undefined) diagnostics.error('READ_NO_SUCH_NODE', null, { node: shown(wanted), names });
    return found;
  }
  const [first] = used;
  const chosen = main ?? first;
  if (main === null && used.length > 1) diagnostics.error('READ_SEVERAL_NODES', null, { names });
  reportOthers(
    used.filter((group) => group !== chosen),
    diagnostics,
  );
  return chosen;
}

/**
 * Recognises all files, and reads those of one node.
 * @param wanted name of the node among several (`nodesOf`); left out: the main one
 */
export function readFiles(
  files: readonly SnapshotFile[],
  diagnostics: Diagnostics,
  wanted?: string,
  yaml: YamlReader | null = null,
): Readings {
  const placed = placeFiles(files);
  reportUnread(placed, isUsed, diagnostics);
  const reader = new Reader(diagnostics, yaml);
  for (const { section, kind } of placed.flatMap(({ list }) => list))
    if (kind === 'rt_tables') readTableNames(section.source.text, reader.readings.names);
  const nodes = groupNodes(placed);
  const chosen = chooseNode(nodes, wanted, diagnostics);
  reportStrays(nodes.groups, nodes.strays, diagnostics);
  reader.readings.listings = listingsOf(chosen?.list ?? []);
  const { outdated, grounds } = staleListings(placed, chosen, diagnostics);
  const own = new Set(chosen?.list);
  const noted = placed
    .filter(({ list }) => list.some((one) => own.has(one)))
    .flatMap(({ file }) => notedGrounds(file.text));
  reader.readings.grounds = [...grounds, ...unfinishedListings(placed, chosen, diagnostics), ...noted];
  for (const one of chosen?.list ?? []) {
    const old: Outdated | undefined = outdated.get(one);
    if (isClusterWide(one.kind)) reader.readNames(one);
    else if (old?.all !== true) reader.read(one, old?.parts);
    if (old !== undefined) diagnostics.warn('READ_OUTDATED', firstLine(one), { listing: one.kind ?? '' });
  }
  reader.finish();
  return reader.readings;
}
