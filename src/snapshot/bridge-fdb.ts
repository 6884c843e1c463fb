/** Reads and prints `bridge fdb` (iproute2 bridge/fdb.c print_fdb), text and JSON, with -s and -d. */
import { type Address, formatAddress, parseAddress } from '../address/address.js';
import type { ForwardingEntry, ForwardingTable } from '../routing/neighbour.js';
import { isMac, unsigned } from './iproute-names.js';
import { isJson, jsonObjects, strange } from './json/listing.js';
import { type JsonObject, itemsOf, member, textAt, wordOf } from './json/value.js';
import { type TextLine, textLines } from './lines.js';
import { type SectionReport, shown } from './report.js';
import type { Word } from './word.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Mutable<Omit<ForwardingEntry, 'words'>> & { words: string[] };

function emptyDraft(
  mac: string,
  device: string | null,
  report: SectionReport,
  start: number,
  end: number,
): Draft {
  return {
    ...{ mac, device, destination: null, vlan: null, port: null, vni: null, via: null, master: null },
    ...{ state: '', words: [], span: report.span(start, end) },
  };
}

const FLAGS: ReadonlySet<string> = new Set([
  ...['self', 'router', 'extern_learn', 'offload', 'master', 'sticky', 'locked'],
  ...['activity_notify', 'inactive', 'added_by_user'],
]);
const KEPT: ReadonlySet<string> = new Set(['src_vni', 'nhid', 'link-netnsid']);

function isStateWord(word: string): boolean {
  return ['permanent', 'static', 'stale'].includes(word) || word.startsWith('state=');
}

/** Sets what a keyword says; false when its value cannot be read, null for a word that is none. */
function set(draft: Draft, word: string, value: string): boolean | null {
  switch (word) {
    case 'dev':
      draft.device = value;
      return true;
    case 'via':
      draft.via = value;
      return true;
    case 'master':
      draft.master = value;
      return true;
    case 'dst':
      draft.destination = parseAddress(value);
      return draft.destination !== null;
    case 'vlan':
    case 'port':
    case 'vni':
      draft[word] = unsigned(value);
      return draft[word] !== null;
    case 'used':
      return true;
    default:
      if (!KEPT.has(word)) return null;
      draft.words.push(word, value);
      return true;
  }
}

function complain(report: SectionReport, code: string, word: Word, value: Word): null {
  report.error(code, value.at, value.at + value.text.length, {
    word: shown(word.text),
    value: shown(value.text),
  });
  return null;
}

/** The bridge's name stands behind `master`; a flag of the same name stands alone, before a state or at the end. */
function isMasterFlag(next: Word | undefined): boolean {
  return next === undefined || isStateWord(next.text);
}

function readLine(line: TextLine, device: string | null, report: SectionReport): ForwardingEntry | null {
  const [first, ...rest] = line.words;
  if (first === undefined || !isMac(first.text)) {
    report.other(line.start, line.end);
    return null;
  }
  const draft = emptyDraft(first.text, device, report, line.start, line.end);
  for (let at = 0; at < rest.length; at += 1) {
    const [word, value] = [rest[at], rest[at + 1]];
    if (word === undefined) break;
    if (isStateWord(word.text)) draft.state = word.text;
    else if (FLAGS.has(word.text) && (word.text !== 'master' || isMasterFlag(value)))
      draft.words.push(word.text);
    else {
      const done = value === undefined ? null : set(draft, word.text, value.text);
      if (done === null) return complain(report, 'READ_WORD', word, word);
      if (!done) return complain(report, 'READ_VALUE', word, value ?? word);
      at += 1;
    }
  }
  return draft;
}

/** Keys with another word in the text form. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['ifname', 'dev'],
  ['viaIf', 'via'],
  ['linkNetNsId', 'link-netnsid'],
]);

function readObject(
  object: JsonObject,
  device: string | null,
  report: SectionReport,
): ForwardingEntry | null {
  const mac = wordOf(member(object, 'mac'));
  if (mac === null) {
    strange(report, object);
    return null;
  }
  const draft = emptyDraft(mac.text, device, report, object.start, object.end);
  draft.state = textAt(object, 'state') ?? '';
  if (draft.state.startsWith('0x')) draft.state = `state=${draft.state}`;
  for (const { key, value } of object.members) {
    const word = wordOf(value);
    if (key === 'flags') draft.words.push(...itemsOf(value).flatMap((flag) => wordOf(flag)?.text ?? []));
    else if (word?.text === 'true' && FLAGS.has(key)) draft.words.push(key);
    else if (word !== null && set(draft, WORDS.get(key) ?? key, word.text) === false)
      return complain(report, 'READ_VALUE', { text: key, at: word.at }, word);
  }
  return draft;
}

/**
 * Reads a forwarding database. Statistics are left out; a line that cannot be read is an error.
 * @param device the device that the command names, whose listing leaves it out of the lines
 */
export function readForwarding(report: SectionReport, device: string | null): readonly ForwardingEntry[] {
  return isJson(report.source.text)
    ? jsonObjects(report).flatMap((object) => readObject(object, device, report) ?? [])
    : textLines(report.source.text).flatMap((line) => readLine(line, device, report) ?? []);
}

/** A listing, and whether there is more than it shows. */
export interface ListedForwarding {
  readonly entries: readonly ForwardingEntry[];
  readonly partial: boolean;
}

/** Puts listings together: the entries of a whole one, and what the others add. Null for none. */
export function mergeForwarding(listings: readonly ListedForwarding[]): ForwardingTable | null {
  if (listings.length === 0) return null;
  const entries = new Map<string, ForwardingEntry>();
  for (const listing of listings.toSorted((a, b) => Number(a.partial) - Number(b.partial)))
    for (const entry of listing.entries) if (!entries.has(lineOf(entry))) entries.set(lineOf(entry), entry);
  return { entries: [...entries.values()], whole: listings.some(({ partial }) => !partial) };
}

function numbered(word: string, value: number | null): string[] {
  return value === null ? [] : [word, String(value)];
}

function named(word: string, value: string | null): string[] {
  return value === null ? [] : [word, value];
}

function addressed(word: string, value: Address | null): string[] {
  return value === null ? [] : [word, formatAddress(value)];
}

function lineOf(entry: ForwardingEntry): string {
  const { mac, device, destination, vlan, port, vni, via, master, state, words } = entry;
  const at = words.findIndex((word) => FLAGS.has(word));
  const [kept, flags] = at < 0 ? [words, []] : [words.slice(0, at), words.slice(at)];
  return [
    mac,
    ...named('dev', device),
    ...addressed('dst', destination),
    ...numbered('vlan', vlan),
    ...numbered('port', port),
    ...numbered('vni', vni),
    ...named('via', via),
    ...kept,
    ...flags,
    ...named('master', master),
    ...(state === '' ? [] : [state]),
  ].join(' ');
}

/** The lines of `bridge fdb`. */
export function printForwarding({ entries }: ForwardingTable): readonly string[] {
  return entries.map(lineOf);
}
