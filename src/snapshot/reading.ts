/** Files -> listings: each section is recognised and read by its reader, in the order of the files. */
import type { Family } from '../address/address.js';
import { TABLES } from '../iptables/model.js';
import type { TableName } from '../iptables/view.js';
import type { IpSet } from '../ipset/model.js';
import type { NftRuleset } from '../nft/model.js';
import type { PolicyRule } from '../routing/model.js';
import type { Diagnostics } from '../source/diagnostic.js';
import type { SourceText } from '../source/source.js';
import type { Command, Kind } from './command.js';
import { toldKind } from './conntrack-command.js';
import { readConnections } from './conntrack.js';
import { type LinkListing, readLinks } from './ip-addr.js';
import { type RouteListing, readRoutes } from './ip-route.js';
import { type GroupListing, readGroups } from './ip-maddr.js';
import { readPolicyRules } from './ip-rule.js';
import { readSets } from './ipset.js';
import type { ListedConnections } from './merge-connections.js';
import { hiddenBy } from './nft-command.js';
import { readNft } from './nft.js';
import { type NameHint, hintOfName, iptablesFamily } from './recognise.js';
import { SectionReport, shown } from './report.js';
import { type Section, sectionsOf } from './sections.js';
import { readSysctls } from './sysctl.js';
import { TableNames, readTableNames } from './table-names.js';

/** A file that the user gave: its name as the user knows it, and its text. */
export interface SnapshotFile {
  readonly name: string;
  readonly text: string;
}

/** What every listing has. */
interface Listed {
  readonly source: SourceText;
  /** A filter, a hole or an ellipsis: there is more than was read. */
  readonly partial: boolean;
}
export interface ListedRules extends Listed {
  readonly family: Family;
  readonly rules: readonly PolicyRule[];
}
export interface ListedRoutes extends Listed, RouteListing {
  /** The listing is of every table. */
  readonly all: boolean;
  readonly families: ReadonlySet<Family>;
}
export interface ListedLinks extends Listed, LinkListing {}
export interface ListedIptables extends Listed {
  readonly family: Family;
  readonly table: TableName | null;
  /** The command prints all tables. */
  readonly all: boolean;
}

/** Everything that the files of one node held, not yet put together. */
export interface Readings {
  readonly names: TableNames;
  readonly rules: ListedRules[];
  readonly routes: ListedRoutes[];
  readonly links: ListedLinks[];
  readonly groups: GroupListing[];
  readonly iptables: ListedIptables[];
  /** Null as long as no dump of sets was met. */
  sets: Map<string, IpSet> | null;
  readonly sysctls: Map<string, string>;
  /** One for each listing of nftables. */
  readonly nft: NftRuleset[];
  readonly connections: ListedConnections[];
  /** Sections of a kind that is read, whatever came of it. */
  used: number;
}

interface Placed {
  readonly section: Section;
  readonly hint: NameHint;
  readonly kind: Kind | null;
  /** The host or namespace it was printed in; null when nothing says, which goes with any. */
  readonly place: string | null;
}

const USED: ReadonlySet<Kind> = new Set<Kind>([
  'iptables',
  'ip rule',
  'ip route',
  'ip addr',
  'ip maddr',
  'ipset save',
  'ipset list',
  'sysctl',
  'nft list ruleset',
  'nft -j list ruleset',
  'rt_tables',
  'conntrack -L',
]);

function isUsed(kind: Kind | null): boolean {
  return kind !== null && USED.has(kind);
}

function place(section: Section, hint: NameHint): string | null {
  const namespace = section.command?.namespace ?? hint.namespace;
  if (namespace === null) return section.host;
  return `${section.host ?? ''} ${namespace}`;
}

function placed(file: SnapshotFile, diagnostics: Diagnostics): readonly Placed[] {
  const sections = sectionsOf(file.name, file.text);
  const hint = hintOfName(file.name);
  const list = sections.map((section) => {
    const byLines = section.kind ?? (section.command === null && sections.length === 1 ? hint.kind : null);
    const kind = toldKind(byLines, section.command?.kind ?? null);
    return { section, hint, kind, place: place(section, hint) };
  });
  const span = ({ section: { source } }: Placed): { source: SourceText; start: number; end: number } => ({
    source,
    start: 0,
    end: Math.max(source.text.indexOf('\n'), 0),
  });
  const [first] = list;
  if (first === undefined) diagnostics.warn('READ_EMPTY', null, { file: file.name });
  else if (list.every(({ kind }) => kind === null))
    diagnostics.warn('READ_UNRECOGNISED', span(first), { file: file.name });
  if (first !== undefined && file.text.includes('\0'))
    diagnostics.error('READ_NUL', span(first), { file: file.name });
  for (const one of list)
    if (one.kind !== null && !isUsed(one.kind))
      diagnostics.warn('READ_NOT_USED', span(one), { kind: one.kind });
  return list;
}

/** The node of a transcript of several: the one whose listings come first, hosts before namespaces. */
function chosenPlace(list: readonly Placed[]): string | null {
  const places = list.filter(({ kind }) => isUsed(kind)).map((one) => one.place);
  if (places.includes(null)) return places.find((one) => one !== null && !one.includes(' ')) ?? null;
  return places.find((one) => one?.includes(' ') === false) ?? places[0] ?? null;
}

/** `iptables-save` without -t and grep. */
function isWholeSave(command: Command | null): boolean {
  return (
    command?.kind === 'iptables' && command.table === null && !command.partial && /-save\b/.test(command.text)
  );
}

function iptablesTable(section: Section, hint: NameHint): TableName | null {
  const told = section.command?.table ?? hint.table;
  return TABLES.find((table) => table === told) ?? null;
}

class Reader {
  readonly readings: Readings;
  readonly #diagnostics: Diagnostics;

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
    this.readings = {
      names: new TableNames(),
      rules: [],
      routes: [],
      links: [],
      groups: [],
      iptables: [],
      sets: null,
      sysctls: new Map(),
      nft: [],
      connections: [],
      used: 0,
    };
  }

  read({ section, hint, kind }: Placed): void {
    const { source, command } = section;
    const filtered = command?.partial ?? hint.partial;
    if (filtered && isUsed(kind))
      this.#diagnostics.warn(
        'READ_FILTERED',
        { source, start: 0, end: Math.max(source.text.indexOf('\n'), 0) },
        {
          command: shown(command?.text ?? source.name),
        },
      );
    if (isUsed(kind)) this.readings.used += 1;
    const report = new SectionReport(source, this.#diagnostics);
    const family = command?.family ?? hint.family;
    const partial = (): boolean => filtered || report.damaged > 0 || report.elided;
    const { readings } = this;
    if (kind === 'iptables') {
      const own = iptablesFamily(source.text) ?? family ?? 4;
      readings.iptables.push({
        source,
        family: own,
        table: iptablesTable(section, hint),
        partial: filtered,
        all: isWholeSave(command),
      });
    } else if (kind === 'ip rule') {
      const listed = readPolicyRules(family ?? this.#secondList(source), readings.names, report);
      if (listed.rules.length > 0 || !failed(report))
        readings.rules.push({ source, ...listed, partial: partial() });
    } else if (kind === 'ip route') this.#routes(section, hint, family, report, partial);
    else if (kind === 'ip addr') {
      const listed = readLinks(report);
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
      this.#sets(readSets(kind === 'ipset save' ? 'save' : 'list', report), report);
    else if (kind === 'ip maddr') {
      const listed = readGroups(report);
      if (!partial()) readings.groups.push(listed);
    } else if (kind === 'nft list ruleset' || kind === 'nft -j list ruleset') {
      const listed = readNft(kind, report, filtered, hiddenBy(command?.text ?? '', filtered));
      if (listed.tables.length > 0 || !failed(report)) readings.nft.push(listed);
    } else if (kind === 'conntrack -L') {
      const listed = readConnections(report);
      if (listed.entries.length > 0 || !failed(report)) readings.connections.push({ source, ...listed });
    } else if (kind === 'sysctl')
      for (const [key, value] of readSysctls(report)) readings.sysctls.set(key, value);
  }

  /** Right after a list of IPv4 rules one without table default is that of IPv6, which has no such rule. */
  #secondList(source: SourceText): Family | null {
    const follows = this.readings.rules.some((list) => list.family === 4 && list.source.name === source.name);
    return follows && !/lookup default\s*$/m.test(source.text) ? 6 : null;
  }

  #routes(
    section: Section,
    hint: NameHint,
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
    if (listed.routes.length === 0 && failed(report) && !listed.noSuchTable) return;
    // Whoever calls a listing one of all tables is right only when tables are named: table local is never empty.
    const all = listed.namesTables || (told === 'all' && listed.routes.length === 0);
    const families = new Set(listed.routes.map((route) => route.family));
    if (families.size === 0) families.add(family ?? 4);
    this.readings.routes.push({ source: section.source, ...listed, all, families, partial: partial() });
  }

  #sets(sets: ReadonlyMap<string, IpSet>, report: SectionReport): void {
    if (sets.size === 0 && failed(report)) return;
    const known = (this.readings.sets ??= new Map<string, IpSet>());
    for (const [name, set] of sets) {
      const other = known.get(name);
      if (other === undefined || other.entries.length < set.entries.length) known.set(name, set);
      if (other !== undefined && !sameSet(other, set))
        this.#diagnostics.warn('READ_SET_DISAGREES', set.span, { name: shown(name) }, other.span);
    }
  }
}

/** Did the tool only complain? */
function failed(report: SectionReport): boolean {
  return report.toolErrors.length > 0 || report.damaged > 0;
}

function sameSet(a: IpSet, b: IpSet): boolean {
  if (a.type !== b.type || a.entries.length !== b.entries.length) return false;
  const own = new Set(a.entries.map(({ text }) => text));
  return b.entries.every(({ text }) => own.has(text));
}

/** Recognises and reads all files. */
export function readFiles(files: readonly SnapshotFile[], diagnostics: Diagnostics): Readings {
  const all = files.flatMap((file) => placed(file, diagnostics));
  const here = chosenPlace(all);
  const reader = new Reader(diagnostics);
  for (const { section, kind } of all)
    if (kind === 'rt_tables') readTableNames(section.source.text, reader.readings.names);
  const others = new Set<string>();
  for (const one of all) {
    if (one.place === null || one.place === here) reader.read(one);
    else if (isUsed(one.kind) && !others.has(one.place)) {
      others.add(one.place);
      const { source } = one.section;
      diagnostics.warn(
        'READ_OTHER_NODE',
        { source, start: 0, end: Math.max(source.text.indexOf('\n'), 0) },
        { place: shown(one.place.trim()) },
      );
    }
  }
  return reader.readings;
}
