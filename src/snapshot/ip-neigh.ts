/** Reads and prints `ip neigh` (iproute2 ip/ipneigh.c print_neigh), text and JSON, with -s and -d. */
import { type Address, type Family, familyOf, formatAddress, parseAddress } from '../address/address.js';
import type { Neighbour, NeighbourState, Neighbours } from '../routing/neighbour.js';
import { isJson, jsonObjects, strange } from './json/listing.js';
import { type JsonObject, itemsOf, member, textAt, wordOf } from './json/value.js';
import { type TextLine, textLines } from './lines.js';
import { type SectionReport, shown } from './report.js';

const STATES: ReadonlySet<string> = new Set<NeighbourState>([
  'INCOMPLETE',
  'REACHABLE',
  'STALE',
  'DELAY',
  'PROBE',
  'FAILED',
  'NOARP',
  'PERMANENT',
]);

function isState(word: string): word is NeighbourState {
  return STATES.has(word);
}

/** Words that stand alone and are kept for printing. */
const FLAGS: ReadonlySet<string> = new Set(['managed', 'extern_learn', 'offload', 'extern_valid']);
/** Statistics of -s: a word and its value. Probes follow the last number without a blank. */
const STATISTICS: ReadonlySet<string> = new Set(['ref', 'used', 'probes']);

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Mutable<Omit<Neighbour, 'states' | 'words'>> & { states: NeighbourState[]; words: string[] };

function emptyDraft(
  address: Address,
  device: string | null,
  report: SectionReport,
  start: number,
  end: number,
): Draft {
  return {
    ...{ address, device, mac: null, states: [], router: false, proxy: false, words: [] },
    span: report.span(start, end),
  };
}

function badAddress(report: SectionReport, text: string, at: number): null {
  report.error('READ_VALUE', at, at + text.length, { word: 'neighbour', value: shown(text) });
  return null;
}

/** Takes one keyword of a line; returns how many words it took, 0 for a word that is not known. */
function take(draft: Draft, words: readonly string[], at: number): number {
  const [word = '', value] = words.slice(at, at + 2);
  if (isState(word)) draft.states.push(word);
  else if (word === 'router' || word === 'proxy') draft[word] = true;
  else if (FLAGS.has(word)) draft.words.push(word);
  else if (value === undefined) return 0;
  else {
    // `used 0/60/0probes 3`: the last word of the numbers runs into the next keyword.
    if (word === 'used' && value.endsWith('probes')) return 3;
    if (word === 'dev') draft.device = value;
    else if (word === 'lladdr') draft.mac = value;
    else if (word === 'proto') draft.words.push(word, value);
    else if (!STATISTICS.has(word)) return 0;
    return 2;
  }
  return 1;
}

function readLine(line: TextLine, device: string | null, report: SectionReport): Neighbour | null {
  const [first, ...rest] = line.words;
  if (first === undefined) return null;
  const address = parseAddress(first.text);
  // A name that resolves (-r) is no address, and neither is prose.
  if (address === null) {
    report.other(line.start, line.end);
    return null;
  }
  const draft = emptyDraft(address, device, report, line.start, line.end);
  const words = rest.map(({ text }) => text);
  for (let at = 0; at < words.length;) {
    const taken = take(draft, words, at);
    if (taken === 0) {
      const odd = rest[at] ?? first;
      report.error('READ_WORD', odd.at, odd.at + odd.text.length, { word: shown(odd.text) });
      return null;
    }
    at += taken;
  }
  return draft;
}

function readObject(object: JsonObject, device: string | null, report: SectionReport): Neighbour | null {
  const destination = wordOf(member(object, 'dst'));
  if (destination === null) {
    strange(report, object);
    return null;
  }
  const address = parseAddress(destination.text);
  if (address === null) return badAddress(report, destination.text, destination.at);
  const draft = emptyDraft(address, textAt(object, 'dev') ?? device, report, object.start, object.end);
  draft.mac = textAt(object, 'lladdr');
  draft.router = member(object, 'router') !== null;
  draft.proxy = member(object, 'proxy') !== null;
  for (const { key } of object.members) if (FLAGS.has(key)) draft.words.push(key);
  for (const state of itemsOf(member(object, 'state'))) {
    const word = wordOf(state)?.text ?? '';
    if (isState(word)) draft.states.push(word);
    else strange(report, state);
  }
  const protocol = textAt(object, 'protocol');
  if (protocol !== null) draft.words.push('proto', protocol);
  return draft;
}

/**
 * Reads a listing of neighbours. Statistics are left out; a line that cannot be read is an error.
 * @param device the device that the command names, whose listing leaves it out of the lines
 */
export function readNeighbours(report: SectionReport, device: string | null): readonly Neighbour[] {
  return isJson(report.source.text)
    ? jsonObjects(report).flatMap((object) => readObject(object, device, report) ?? [])
    : textLines(report.source.text).flatMap((line) => readLine(line, device, report) ?? []);
}

/** A listing, and what of it is whole. */
export interface ListedNeighbours {
  readonly entries: readonly Neighbour[];
  readonly families: ReadonlySet<Family>;
  readonly partial: boolean;
}

function keyOf({ address, device, proxy }: Neighbour): string {
  return `${formatAddress(address)} ${device ?? ''} ${String(proxy)}`;
}

/** Puts listings together; of two entries of one address at one device the one of the fuller listing
 * counts. In the order of `ip neigh` and then `ip neigh show proxy`. Null for none. */
export function mergeNeighbours(listings: readonly ListedNeighbours[]): Neighbours | null {
  if (listings.length === 0) return null;
  const entries = new Map<string, Neighbour>();
  const whole = new Set<Family>();
  for (const listing of listings.toSorted((a, b) => Number(a.partial) - Number(b.partial))) {
    for (const entry of listing.entries) if (!entries.has(keyOf(entry))) entries.set(keyOf(entry), entry);
    if (!listing.partial) for (const family of listing.families) whole.add(family);
  }
  const rank = ({ address, proxy }: Neighbour): number =>
    (proxy ? 2 : 0) + (typeof address === 'bigint' ? 1 : 0);
  return { entries: [...entries.values()].toSorted((a, b) => rank(a) - rank(b)), whole };
}

function lineOf({ address, device, mac, states, router, proxy, words }: Neighbour): string {
  const at = words.indexOf('proto');
  const flags = at < 0 ? words : words.slice(0, at);
  return [
    formatAddress(address),
    ...(device === null ? [] : ['dev', device]),
    ...(mac === null ? [] : ['lladdr', mac]),
    ...(router ? ['router'] : []),
    ...(proxy ? ['proxy'] : []),
    ...flags,
    ...states,
    ...(at < 0 ? [] : words.slice(at)),
  ].join(' ');
}

/** The lines of `ip neigh`, and those of `ip neigh show proxy`, by family. */
export function printNeighbours({ entries }: Neighbours, family: Family, proxy: boolean): readonly string[] {
  return entries.filter((entry) => familyOf(entry.address) === family && entry.proxy === proxy).map(lineOf);
}
