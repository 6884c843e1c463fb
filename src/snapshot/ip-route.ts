/** Reads `ip route` (iproute2 ip/iproute.c print_route): routes of one table or of all, of both families. */
import { type Address, type Family, familyOf, parseAddress } from '../address/address.js';
import { everything } from '../address/prefix.js';
import { parse } from '../generated/ip-route.js';
import { type Nexthop, type Route, type RouteType, SCOPE, TABLE_ID } from '../routing/model.js';
import { parseNetwork } from './ip-rule.js';
import { routeLines } from './print-route.js';
import { isJson } from './json/listing.js';
import { jsonRouteLines } from './json/route.js';
import { dsfieldNumber, scopeNumber, unsigned } from './iproute-names.js';
import type { SectionReport } from './report.js';
import type { TableNames } from './table-names.js';
import type { Item } from './word.js';

interface Hop {
  readonly at: number;
  readonly items: readonly Item[];
}

/** A complete route with its next hop lines, as the grammar hands it over; or another form, as those lines would be. */
export interface RouteLine {
  readonly start: number;
  readonly end: number;
  readonly type: string | null;
  readonly destination: string;
  readonly destinationAt: number;
  readonly items: readonly Item[];
  readonly hops: readonly Hop[];
}

/** What a listing of routes says. */
export interface RouteListing {
  readonly routes: readonly Route[];
  /** Some line names its table: only `show table all` prints that. */
  readonly namesTables: boolean;
  /** The tool said that the table does not exist: it is empty. */
  readonly noSuchTable: boolean;
  /** The table of lines that name none. */
  readonly table: number;
  /** Lines as `ip route get` prints them: answers, not a listing. */
  readonly answers: boolean;
}

/** In the order of their numbers, from 1 (include/uapi/linux/rtnetlink.h RTN_UNICAST …). */
const TYPES: readonly RouteType[] = [
  'unicast',
  'local',
  'broadcast',
  'anycast',
  'multicast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
  'nat',
];

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type HopDraft = Mutable<Nexthop> & { words: string[] };
interface Draft {
  table: number | null;
  scope: number | null;
  tos: number;
  metric: number | null;
  source: Address | null;
  readonly words: string[];
  readonly hop: HopDraft;
}

function emptyHop(): HopDraft {
  return { via: null, device: null, weight: 1, onlink: false, dead: false, linkdown: false, words: [] };
}

function address(text: string): Address | null {
  return parseAddress(text.replace(/^inet6? /, ''));
}

/** A keyword of a next hop; null when it is none, false when its value cannot be read. */
function hopItem(hop: HopDraft, { word, value }: Item): boolean | null {
  switch (word) {
    case 'via':
      hop.via = value === null ? null : address(value.text);
      return hop.via !== null;
    case 'dev':
      hop.device = value?.text ?? null;
      return hop.device !== null;
    case 'weight': {
      const weight = value === null ? null : unsigned(value.text, 65536);
      hop.weight = weight ?? 1;
      return weight !== null && weight > 0;
    }
    case 'onlink':
    case 'dead':
    case 'linkdown':
      hop[word] = true;
      return true;
    default:
      return null;
  }
}

/** A keyword of the route itself; null when it is none, false when its value cannot be read. */
function routeItem(draft: Draft, word: string, text: string, names: TableNames): boolean | null {
  switch (word) {
    case 'table':
      return (draft.table = names.idOf(text)) !== null;
    case 'scope':
      return (draft.scope = scopeNumber(text)) !== null;
    case 'metric':
    case 'priority':
    case 'preference':
      return (draft.metric = unsigned(text)) !== null;
    case 'src':
      return (draft.source = parseAddress(text)) !== null;
    case 'tos':
    case 'dsfield': {
      const tos = dsfieldNumber(text);
      draft.tos = tos ?? 0;
      return tos !== null;
    }
    case 'from':
      draft.words.push(word, text);
      return parseNetwork(text) !== null;
    default:
      return null;
  }
}

/** What -s adds: how often the route was used. */
const STATISTICS: ReadonlySet<string> = new Set(['users', 'used', 'age']);

/** What -d adds and the plain listing leaves out because it is the default, and statistics. */
function isDefault(word: string, value: string): boolean {
  return STATISTICS.has(word) || (word === 'proto' && (value === 'boot' || value === '3'));
}

/** Flags that a line may end with; anything else without a value is not a word of a route. */
const FLAGS = new Set([
  'pervasive',
  'offload',
  'trap',
  'offload_failed',
  'rt_offload',
  'rt_trap',
  'rt_offload_failed',
  'notify',
  'unresolved',
  'cache',
  'cloned',
  'equalize',
  'fastopen_no_cookie',
  '<>',
]);

function readItems(
  items: readonly Item[],
  draft: Draft,
  hop: HopDraft,
  names: TableNames,
  report: SectionReport,
): boolean {
  for (const item of items) {
    const { word, value } = item;
    const done = hopItem(hop, item) ?? (value === null ? null : routeItem(draft, word, value.text, names));
    if (done === true) continue;
    const words = hop === draft.hop ? draft.words : hop.words;
    if (done === null && value !== null) {
      if (word === 'encap') words.push(`encap ${value.text}`);
      else if (!isDefault(word, value.text)) words.push(word, ...value.text.split(' '));
    } else if (done === null && FLAGS.has(word)) words.push(word);
    else {
      if (done === null) report.unknownWord(item);
      else report.badValue(item);
      return false;
    }
  }
  return true;
}

const WITH_ADDRESS = new Set(['via', 'src', 'from']);
const SIX_ONLY = new Set(['pref', 'expires', 'hoplimit', 'error']);

/** The family that a line tells by its addresses, or else by words that only one family prints; null for `default dev x`. */
function familyOfLine(line: RouteLine): Family | null {
  if (line.destination !== 'default') return line.destination.includes(':') ? 6 : 4;
  const items = [...line.items, ...line.hops.flatMap((hop) => hop.items)];
  for (const { word, value } of items) {
    if (value === null || !WITH_ADDRESS.has(word)) continue;
    if (value.text.startsWith('inet6 ')) return 4;
    return value.text.includes(':') ? 6 : 4;
  }
  const isReject = line.type !== null && routeType(line.type) !== 'local';
  const six = items.some(
    ({ word, value }) => SIX_ONLY.has(word) || (isReject && word === 'dev' && value?.text === 'lo'),
  );
  return six ? 6 : null;
}

/** The family of every line: its own; else that of the line before; else that of the next line that tells. */
function families(lines: readonly RouteLine[], hint: Family | null): readonly Family[] {
  const told = lines.map(familyOfLine);
  let current = hint ?? told.find((family) => family !== null) ?? 4;
  return told.map((family) => (current = family ?? current));
}

function routeType(text: string | null): RouteType {
  return TYPES.find((type, place) => type === text || String(place + 1) === text) ?? 'unicast';
}

/** Default scope and metric, which the plain listing leaves out. */
function withDefaults(
  draft: Draft,
  family: Family,
  table: number,
): { readonly scope: number; readonly metric: number } {
  return {
    scope: draft.scope ?? SCOPE.global,
    metric: draft.metric ?? (family === 4 || table === TABLE_ID.local ? 0 : 1024),
  };
}

function nexthopOf({ words, ...hop }: HopDraft): Nexthop {
  return words.length === 0 ? hop : { ...hop, words };
}

function readRoute(
  line: RouteLine,
  family: Family,
  table: number,
  names: TableNames,
  report: SectionReport,
): Route | null {
  const destination = line.destination === 'default' ? everything(family) : parseNetwork(line.destination);
  if (destination === null || familyOf(destination.address) !== family) {
    report.error('READ_VALUE', line.destinationAt, line.destinationAt + line.destination.length, {
      word: 'route',
      value: line.destination.slice(0, 80),
    });
    return null;
  }
  const draft: Draft = {
    table: null,
    scope: null,
    tos: 0,
    metric: null,
    source: null,
    words: [],
    hop: emptyHop(),
  };
  if (!readItems(line.items, draft, draft.hop, names, report)) return null;
  const hops: HopDraft[] = [];
  for (const hop of line.hops) {
    const own = emptyHop();
    if (!readItems(hop.items, draft, own, names, report)) return null;
    hops.push(own);
  }
  const strange = [draft.source, ...hops.map(({ via }) => via), draft.hop.via].some(
    (value) => value !== null && familyOf(value) !== family && (family === 6 || value === draft.source),
  );
  if (strange) {
    report.error('READ_OTHER_FAMILY', line.start, line.end, { family });
    return null;
  }
  const own = draft.table ?? table;
  const route: Omit<Route, 'text'> = {
    family,
    type: routeType(line.type),
    destination,
    tos: draft.tos,
    ...withDefaults(draft, family, own),
    table: own,
    source: draft.source,
    nexthops: (hops.length === 0 ? [draft.hop] : hops).map(nexthopOf),
    words: draft.words,
    span: report.span(line.start, line.end),
  };
  return { ...route, text: routeLines(route, own === TABLE_ID.main ? null : names.nameOf(own)).join(' ') };
}

const LOCAL_TYPES = new Set<RouteType>(['local', 'broadcast', 'anycast', 'multicast']);

/** The lines of a listing; those of an answer (`ip route get`) are left out. */
function linesOf(report: SectionReport): { readonly lines: readonly RouteLine[]; readonly answers: boolean } {
  const lines: RouteLine[] = [];
  let answers = false;
  const route = (line: RouteLine): void => {
    if (line.items.some(({ word }) => word === 'uid' || word === 'cache')) answers = true;
    else lines.push(line);
  };
  if (isJson(report.source.text)) jsonRouteLines(report).forEach(route);
  else
    parse(report.source.text, {
      sink: {
        route,
        other: (start: number, end: number) => {
          if (/^cache\b/.test(report.source.text.slice(start, start + 6))) answers = true;
          else report.other(start, end);
        },
      },
    });
  return { lines, answers };
}

/**
 * Reads a listing of routes, in text or JSON form.
 * @param family the family when command or file name tell it; the lines' own addresses go first
 * @param table the table that the command or the file's name tells; null lets the content decide, else table main
 */
export function readRoutes(
  family: Family | null,
  table: number | null,
  names: TableNames,
  report: SectionReport,
): RouteListing {
  const { lines, answers } = linesOf(report);
  const namesTables = lines.some(({ items }) => items.some(({ word }) => word === 'table'));
  // Only table local holds nothing but addresses.
  const looksLocal =
    !namesTables && lines.length > 0 && lines.every(({ type }) => LOCAL_TYPES.has(routeType(type)));
  const own = table ?? (looksLocal ? TABLE_ID.local : TABLE_ID.main);
  const routes = routesOf(lines, family, own, names, report);
  const noSuchTable = report.toolErrors.some((error) => error.includes('FIB table does not exist'));
  return { routes, namesTables, table: own, noSuchTable, answers };
}

/** The routes of lines; what cannot be read is an error and left out. */
export function routesOf(
  lines: readonly RouteLine[],
  family: Family | null,
  table: number,
  names: TableNames,
  report: SectionReport,
): readonly Route[] {
  const kinds = families(lines, family);
  return lines.flatMap((line, place) => readRoute(line, kinds[place] ?? 4, table, names, report) ?? []);
}
