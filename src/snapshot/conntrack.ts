/** Reads `conntrack -L` in its plain and extended forms, and /proc/net/nf_conntrack. */
import { type Address, familyOf, parseAddress } from '../address/address.js';
import { parse } from '../generated/conntrack.js';
import type { ConntrackEntry, EntryTuple, FlowKey } from '../packet/conntrack-entry.js';
import { hasPorts } from '../packet/packet.js';
import { type SectionReport, shown } from './report.js';
import type { Word } from './word.js';

interface Field {
  readonly at: number;
  /** `[` for a flag, '' for a bare word. */
  readonly key: string;
  readonly value: string;
}

interface EntryLine {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly number: string;
  readonly words: readonly Field[];
}

interface TotalLine {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Words that are in the tuple of a direction. */
const OF_TUPLE = new Set('src dst sport dport type code srckey dstkey packets bytes'.split(' '));
/** Words behind the tuples that say nothing about packets. */
const ASIDE = new Set(['secmark', 'delta-time']);
/** The GRE tracker's settings, which /proc shows in every entry. */
const OF_TRACKER = new Set(['timeout', 'stream_timeout']);
const GRE = 47;
const WITH_ICMP = new Map([
  [1, 4],
  [58, 6],
]);

const FLAGS: ReadonlyMap<string, ConntrackEntry['flag']> = new Map([
  ['[ASSURED]', 'ASSURED'],
  ['[OFFLOAD]', 'OFFLOAD'],
  ['[HW_OFFLOAD]', 'HW_OFFLOAD'],
]);

/** Why a line is no entry: the place of the word that is wrong, or null when something is missing. */
class Broken extends Error {
  readonly field: Field | null;

  constructor(field: Field | null) {
    super('broken entry');
    this.field = field;
  }
}

function numberOf(field: Field, most: number): number {
  const value = /^(?:\d{1,10}|0x[0-9a-f]{1,8})$/.test(field.value) ? Number(field.value) : Infinity;
  if (value > most) throw new Broken(field);
  return value;
}

function countOf(field: Field): bigint {
  if (!/^\d{1,20}$/.test(field.value)) throw new Broken(field);
  return BigInt(field.value);
}

/** The words of one direction, by name. */
class TupleDraft {
  readonly words = new Map<string, Field>();

  take(name: string): Field {
    const field = this.words.get(name);
    if (field === undefined) throw new Broken(null);
    return field;
  }

  address(name: string): Address {
    const field = this.take(name);
    const address = parseAddress(field.value);
    if (address === null) throw new Broken(field);
    return address;
  }

  key(protocol: number, family: number): FlowKey | null {
    if (hasPorts(protocol))
      return {
        kind: 'ports',
        source: numberOf(this.take('sport'), 65535),
        destination: numberOf(this.take('dport'), 65535),
      };
    if (WITH_ICMP.get(protocol) === family)
      return {
        kind: 'icmp',
        type: numberOf(this.take('type'), 255),
        code: numberOf(this.take('code'), 255),
        id: numberOf(this.take('id'), 65535),
      };
    if (protocol !== GRE || !this.words.has('srckey')) return null;
    return {
      kind: 'gre',
      source: numberOf(this.take('srckey'), 0xffffffff),
      destination: numberOf(this.take('dstkey'), 0xffffffff),
    };
  }

  make(protocol: number): EntryTuple {
    const source = this.address('src');
    const destination = this.address('dst');
    if (familyOf(source) !== familyOf(destination)) throw new Broken(this.take('dst'));
    const counted = this.words.has('packets') && this.words.has('bytes');
    return {
      ...{ source, destination, key: this.key(protocol, familyOf(source)) },
      counters: counted
        ? { packets: countOf(this.take('packets')), bytes: countOf(this.take('bytes')) }
        : null,
    };
  }
}

type Draft = { -readonly [K in keyof ConntrackEntry]: ConntrackEntry[K] };

/** Does an `id=` belong to the tuple of an ICMP query rather than to the entry? */
const ofQuery = ({ words }: TupleDraft): boolean => words.has('type') && !words.has('id');

class EntryReader {
  readonly #report: SectionReport;
  readonly #tuples: TupleDraft[] = [];
  readonly #rest: string[] = [];
  readonly #unknowns: Word[] = [];
  readonly #protocol: number;
  readonly #made: Partial<Draft> = {};

  constructor(report: SectionReport, protocol: number) {
    this.#report = report;
    this.#protocol = protocol;
  }

  /** A word before the first tuple: the timeout, then the state. */
  #head(field: Field): void {
    if (this.#tuples.length > 0) this.#unknown(field, field.value);
    else if (/^\d+$/.test(field.value)) this.#made.timeout = numberOf(field, 0xffffffff);
    else if (/^[A-Z][A-Z0-9_]*$/.test(field.value)) this.#made.state = field.value;
    else this.#unknown(field, field.value);
  }

  #unknown({ at }: Field, text: string): void {
    this.#unknowns.push({ at, text });
    this.#rest.push(text);
  }

  #flag(field: Field): void {
    const flag = FLAGS.get(field.value);
    if (flag !== undefined) this.#made.flag = flag;
    else if (field.value === '[UNREPLIED]') this.#made.replied = false;
    else if (/^\[st(?:art|op)=/.test(field.value)) this.#rest.push(field.value);
    else this.#unknown(field, field.value);
  }

  #zone(field: Field): void {
    const id = numberOf(field, 65535);
    const direction = field.key === 'zone-orig' ? 'ORIGINAL' : field.key === 'zone-reply' ? 'REPLY' : null;
    if (id !== 0) this.#made.zone = { id, direction };
  }

  /** Takes the next word of the line. */
  word(field: Field): void {
    const { key, value } = field;
    if (key === '[') this.#flag(field);
    else if (key === '') this.#head(field);
    else if (OF_TUPLE.has(key)) this.#ofTuple(field);
    else if (key === 'id') {
      const tuple = this.#tuples.at(-1);
      if (tuple !== undefined && ofQuery(tuple)) tuple.words.set('id', field);
      else this.#made.id = numberOf(field, 0xffffffff);
    } else if (key === 'mark') this.#made.mark = numberOf(field, 0xffffffff);
    else if (key === 'use') this.#made.use = numberOf(field, 0xffffffff);
    else if (key.startsWith('zone')) this.#zone(field);
    else if (key === 'secctx') this.#made.secctx = value;
    else if (key === 'helper') this.#made.helper = value;
    else if (key === 'labels') this.#made.labels = value.split(',').filter((label) => label !== '');
    else if (ASIDE.has(key)) this.#rest.push(`${key}=${value}`);
    else if (!OF_TRACKER.has(key)) this.#unknown(field, `${key}=${value}`);
  }

  #ofTuple(field: Field): void {
    if (field.key === 'src') this.#tuples.push(new TupleDraft());
    const tuple = this.#tuples.at(-1);
    if (tuple === undefined || tuple.words.has(field.key)) throw new Broken(field);
    tuple.words.set(field.key, field);
  }

  finish({ start, end, name }: EntryLine): ConntrackEntry {
    const [original, reply, ...others] = this.#tuples;
    if (original === undefined || reply === undefined || others.length > 0) throw new Broken(null);
    const made = {
      ...{ timeout: null, state: null, replied: true, flag: null, mark: null, secctx: null, zone: null },
      ...{ helper: null, use: null, id: null, labels: null },
      ...this.#made,
      ...{ protocol: this.#protocol, name, rest: this.#rest },
      ...{ original: original.make(this.#protocol), reply: reply.make(this.#protocol) },
      span: this.#report.span(start, end),
    };
    if (familyOf(made.original.source) !== familyOf(made.reply.source)) throw new Broken(null);
    for (const { at, text } of this.#unknowns)
      this.#report.warn('READ_ENTRY_WORD', at, at + text.length, { word: shown(text) });
    return made;
  }
}

function readEntry(line: EntryLine, report: SectionReport): ConntrackEntry | null {
  const protocol = Number(line.number);
  const reader = new EntryReader(report, protocol);
  try {
    if (protocol > 255) throw new Broken(null);
    for (const field of line.words) reader.word(field);
    return reader.finish(line);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    const { field } = error;
    const isLast = line.end === report.source.text.length;
    if (field === null || isLast) report.other(line.start, line.end);
    else {
      const word = field.key === '' ? 'timeout' : field.key;
      report.error('READ_VALUE', field.at, line.end, { word: shown(word), value: shown(field.value) });
    }
    return null;
  }
}

/** The last line of a text without a last line feed lacks what all others end with: it is cut within a number. */
function isCut(entry: ConntrackEntry, before: ConntrackEntry | undefined, report: SectionReport): boolean {
  return entry.span.end === report.source.text.length && entry.use === null && (before?.use ?? null) !== null;
}

/** What a listing of entries says. */
export interface EntryListing {
  readonly entries: readonly ConntrackEntry[];
  /** The tool itself said that it showed more. */
  readonly missing: number;
}

/**
 * Reads a listing, in its order. A line that is no whole entry is an error and left out; words that no tool is known to
 * print are kept and said. Entries that a command deleted are none.
 */
export function readConnections(report: SectionReport): EntryListing {
  const entries: ConntrackEntry[] = [];
  let told = 0;
  const deleted: TotalLine[] = [];
  parse(report.source.text, {
    sink: {
      entry: (line: EntryLine) => {
        const entry = readEntry(line, report);
        if (entry === null) return;
        if (isCut(entry, entries.at(-1), report)) report.other(line.start, line.end);
        else entries.push(entry);
      },
      total: (line: TotalLine) => {
        const [, count = '', done] =
          /^(\d{1,10}) flow entries have been (shown|deleted)/.exec(line.text) ?? [];
        if (done === 'shown') told += Number(count);
        else if (done === 'deleted') deleted.push(line);
        else report.warn('READ_TOOL_ERROR', line.start, line.end, { text: shown(line.text) });
      },
      other: (start: number, end: number) => report.other(start, end),
    },
  });
  const [gone] = deleted;
  if (gone !== undefined) {
    report.warn('READ_ENTRIES_DELETED', gone.start, gone.end);
    return { entries: [], missing: 0 };
  }
  return { entries, missing: Math.max(0, told - entries.length) };
}
