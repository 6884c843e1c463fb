/** Reads `route -n` and `netstat -rn` (net-tools lib/inet_gr.c, busybox): /proc/net/route as a table. */
import { parseAddress4 } from '../address/address.js';
import { lengthOfMask } from '../address/prefix.js';
import { type Route, TABLE_ID } from '../routing/model.js';
import { type RouteLine, routesOf } from './ip-route.js';
import { type TextLine, textLines } from './lines.js';
import { type SectionReport, shown } from './report.js';
import type { TableNames } from './table-names.js';
import type { Item, Word } from './word.js';

/** Networks that are printed by name without -n (/etc/networks of Debian). */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['default', '0.0.0.0'],
  ['loopback', '127.0.0.0'],
  ['link-local', '169.254.0.0'],
]);

const NO_GATEWAY: ReadonlySet<string> = new Set(['0.0.0.0', '*', '-']);

/** The columns of a line, by their places; the interface is the eighth in every form. */
interface Columns {
  readonly destination: Word;
  readonly gateway: Word;
  readonly mask: Word;
  readonly flags: Word;
  readonly metric: Word;
  readonly device: Word;
}

function columnsOf({ words }: TextLine): Columns | null {
  const [destination, gateway, mask, flags, metric, , , device] = words;
  if (
    destination === undefined ||
    gateway === undefined ||
    mask === undefined ||
    flags === undefined ||
    metric === undefined ||
    device === undefined
  )
    return null;
  return /^(?:\d|-)/.test(metric.text) && /^[A-Z!]{1,10}$/.test(flags.text)
    ? { destination, gateway, mask, flags, metric, device }
    : null;
}

function destinationOf({ destination, mask }: Columns, report: SectionReport): string | null {
  const address = NAMES.get(destination.text) ?? destination.text;
  const bits = parseAddress4(mask.text);
  const length = bits === null ? null : lengthOfMask(bits);
  if (parseAddress4(address) !== null && length !== null) return `${address}/${String(length)}`;
  // Without -n networks have names, which no dump gives numbers to.
  const bad = length === null ? mask : destination;
  report.error('READ_VALUE', bad.at, bad.at + bad.text.length, { word: 'route', value: shown(bad.text) });
  return null;
}

function keyword(word: string, value: Word): Item {
  return { word, at: value.at, value };
}

/** The type that flags and interface tell; the listing has one sign for two types each. */
function typeOf({ flags, device }: Columns, report: SectionReport): string | null {
  const refused = flags.text.includes('!');
  if (!refused && device.text !== '*') return null;
  const word = refused ? flags : device;
  const type = refused ? 'unreachable' : 'blackhole';
  report.warn('READ_ROUTE_TYPE', word.at, word.at + word.text.length, { sign: refused ? '!' : '*', type });
  return type;
}

function lineOf(
  line: TextLine,
  columns: Columns,
  hasMetric: boolean,
  report: SectionReport,
): RouteLine | null {
  const { gateway, flags, metric, device } = columns;
  const destination = destinationOf(columns, report);
  if (destination === null) return null;
  const type = typeOf(columns, report);
  const isDirect = NO_GATEWAY.has(gateway.text);
  // An IPv6 gateway of an IPv4 route has no place in the table.
  if (isDirect && flags.text.includes('G')) {
    report.error('READ_VALUE', gateway.at, gateway.at + gateway.text.length, {
      word: 'via',
      value: gateway.text,
    });
    return null;
  }
  const items: Item[] = [];
  if (!isDirect) items.push(keyword('via', gateway));
  if (type === null) items.push(keyword('dev', device));
  if (isDirect && type === null) items.push(keyword('scope', { text: 'link', at: gateway.at }));
  if (hasMetric && metric.text !== '0') items.push(keyword('metric', metric));
  return {
    ...{ start: line.start, end: line.end, type, destination, items, hops: [] },
    destinationAt: columns.destination.at,
  };
}

/** Headings of the table, in any form and language: they end in the interface's column. */
function isHeading({ words }: TextLine): boolean {
  const texts = words.map(({ text }) => text);
  return texts[0] === 'Kernel' || (texts.includes('Genmask') && texts.includes('Iface'));
}

/**
 * Reads the table: the IPv4 routes of table main, without preferred sources, types, further next hops and metrics of
 * netstat. A warning says that there is more.
 */
export function readRouteTable(names: TableNames, report: SectionReport): readonly Route[] {
  const lines: RouteLine[] = [];
  let hasMetric = true;
  let warned = false;
  for (const line of textLines(report.source.text)) {
    const columns = columnsOf(line);
    if (columns !== null && !isHeading(line)) {
      const route = lineOf(line, columns, hasMetric, report);
      if (route !== null) lines.push(route);
    } else if (!isHeading(line)) report.other(line.start, line.end);
    else {
      if (!warned) report.warn('READ_ROUTE_TABLE', line.start, line.end);
      warned = true;
      if (line.words.some(({ text }) => text === 'Genmask'))
        hasMetric = line.words.some(({ text }) => text === 'Metric');
    }
  }
  return routesOf(lines, 4, TABLE_ID.main, names, report);
}
