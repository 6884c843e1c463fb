/** Reads `conntrack -L` in its plain and extended forms, and /proc/net/nf_conntrack. */
import { type Address, type Family, familyOf, parseAddress } from '../address/address.js';
import { parse } from '../generated/conntrack.js';
import type { ConntrackEntry, EntryTuple, FlowKey } from '../packet/conntrack-entry.js';
import { hasPorts, isIcmp } from '../packet/packet.js';
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

/** Words behind the tuples that say nothing about packets. */
const ASIDE = new Set(['secmark', 'delta-time']);
/** The GRE tracker's settings, which /proc shows in every entry. */
const OF_TRACKER = new Set(['timeout', 'stream_timeout']);
const GRE = 47;

/** Why a line is no entry: the place of the word that is wrong, or null when something is missing. */
class Broken extends Error {
  readonly field: Field | null;

  constructor(field: Field | null) {
    super('broken entry');
    this.field = field;
  }
}

const MAX_32 = 0xffffffff;

function numberOf(field: Field, most: number): number {
  const value = /^(?:\d{1,10}|0x[0-9a-f]{1,8})$/.test(field.value) ? Number(field.value) : Infinity;
  if (value > most) throw new Broken(field);
  return value;
}

function countOf(field: Field): bigint {
  if (!/^\d{1,20}$/.test(field.value)) throw new Broken(field);
  return BigInt(field.value);
}

function addressOf(field: Field): Address {
  const address = parseAddress(field.value);
  if (address === null) throw new Broken(field);
  return address;
}

function given(field: Field | null): Field {
  if (field === null) throw new Broken(null);
  return field;
}

/** The words of one direction. */
class TupleDraft {
  src: Field | null = null;
  dst: Field | null = null;
  sport: Field | null = null;
  dport: Field | null = null;
  type: Field | null = null;
  code: Field | null = null;
  id: Field | null = null;
  srckey: Field | null = null;
  dstkey: Field | null = null;
  packets: Field | null = null;
  bytes: Field | null = null;

  /** Takes a word; each is there once. */
  set(name: TupleWord, field: Field): void {
    if (this[name] !== null) throw new Broken(field);
    this[name] = field;
  }

  #key(protocol: number, family: Family): FlowKey | null {
    if (hasPorts(protocol))
      return {
        kind: 'ports',
        source: numberOf(given(this.sport), 65535),
        destination: numberOf(given(this.dport), 65535),
      };
    if (isIcmp(protocol, family))
      return {
        kind: 'icmp',
        type: numberOf(given(this.type), 255),
        code: numberOf(given(this.code), 255),
        id: numberOf(given(this.id), 65535),
      };
    if (protocol !== GRE || this.srckey === null) return null;
    return {
      kind: 'gre',
      source: numberOf(this.srckey, MAX_32),
      destination: numberOf(given(this.dstkey), MAX_32),
    };
  }

  make(protocol: number): EntryTuple {
    const source = addressOf(given(this.src));
    const destination = addressOf(given(this.dst));
    const family = familyOf(source);
    if (family !== familyOf(destination)) throw new Broken(this.dst);
    const { packets, bytes } = this;
    const counters =
      packets === null || bytes === null ? null : { packets: countOf(packets), bytes: countOf(bytes) };
    return { source, destination, key: this.#key(protocol, family), counters };
  }
}

const TUPLE_WORDS = [
  ...(['src', 'dst', 'sport', 'dport', 'type', 'code'] as const),
  ...(['srckey', 'dstkey', 'packets', 'bytes'] as const),
];
type TupleWord = (typeof TUPLE_WORDS)[number];
const TUPLE_WORD: ReadonlyMap<string, TupleWord> = new Map(TUPLE_WORDS.map((word) => [word, word]));

class EntryReader {
  readonly #report: SectionReport;
  readonly #protocol: number;
  readonly #tuples: TupleDraft[] = [];
  readonly #rest: string[] = [];
  readonly #unknowns: Word[] = [];
  #timeout: number | null = null;
  #state: string | null = null;
  #replied = true;
  #flag: ConntrackEntry['flag'] = null;
  #mark: number | null = null;
  #secctx: string | null = null;
  #zone: ConntrackEntry['zone'] = null;
  #helper: string | null = null;
  #use: number | null = null;
  #id: number | null = null;
  #labels: readonly string[] | null = null;

  constructor(report: SectionReport, protocol: number) {
    this.#report = report;
    this.#protocol = protocol;
  }

  /** A word before the first tuple: the timeout, then the state. */
  #head(field: Field): void {
    if (this.#tuples.length > 0) this.#unknown(field, field.value);
    else if (/^\d+$/.test(field.value)) this.#timeout = numberOf(field, MAX_32);
    else if (/^[A-Z][A-Z0-9_]*$/.test(field.value)) this.#state = field.value;
    else this.#unknown(field, field.value);
  }

  #unknown({ at }: Field, text: string): void {
    this.#unknowns.push({ at, text });
    this.#rest.push(text);
  }

  #ofFlag(field: Field): void {
    const { value } = field;
    if (value === '[UNREPLIED]') this.#replied = false;
    else if (value === '[ASSURED]') this.#flag = 'ASSURED';
    else if (value === '[OFFLOAD]') this.#flag = 'OFFLOAD';
    else if (value === '[HW_OFFLOAD]') this.#flag = 'HW_OFFLOAD';
    else if (/^\[st(?:art|op)=/.test(value)) this.#rest.push(value);
    else this.#unknown(field, value);
  }

  #ofZone(field: Field, direction: 'ORIGINAL' | 'REPLY' | null): void {
    const id = numberOf(field, 65535);
    if (id !== 0) this.#zone = { id, direction };
  }

  #ofTuple(word: TupleWord, field: Field): void {
    if (word === 'src') this.#tuples.push(new TupleDraft());
    const tuple = this.#tuples.at(-1);
    if (tuple === undefined) throw new Broken(field);
    tuple.set(word, field);
  }

  /** Of an ICMP query, or of the entry itself. */
  #ofId(field: Field): void {
    const tuple = this.#tuples.at(-1);
    if (tuple !== undefined && tuple.type !== null && tuple.id === null) tuple.id = field;
    else this.#id = numberOf(field, MAX_32);
  }

  /** Takes the next word of the line. */
  word(field: Field): void {
    const { key, value } = field;
    const ofTuple = TUPLE_WORD.get(key);
    if (ofTuple !== undefined) {
      this.#ofTuple(ofTuple, field);
      return;
    }
    switch (key) {
      case '[':
        this.#ofFlag(field);
        break;
      case '':
        this.#head(field);
        break;
      case 'id':
        this.#ofId(field);
        break;
      case 'mark':
        this.#mark = numberOf(field, MAX_32);
        break;
      case 'use':
        this.#use = numberOf(field, MAX_32);
        break;
      case 'zone':
        this.#ofZone(field, null);
        break;
      case 'zone-orig':
        this.#ofZone(field, 'ORIGINAL');
        break;
      case 'zone-reply':
        this.#ofZone(field, 'REPLY');
        break;
      case 'secctx':
        this.#secctx = value;
        break;
      case 'helper':
        this.#helper = value;
        break;
      case 'labels':
        this.#labels = value.split(',').filter((label) => label !== '');
        break;
      default:
        if (ASIDE.has(key)) this.#rest.push(`${key}=${value}`);
        else if (!OF_TRACKER.has(key)) this.#unknown(field, `${key}=${value}`);
    }
  }

  finish({ start, end, name }: EntryLine): ConntrackEntry {
    const [one, two, ...others] = this.#tuples;
    if (one === undefined || two === undefined || others.length > 0) throw new Broken(null);
    const original = one.make(this.#protocol);
    const reply = two.make(this.#protocol);
    if (familyOf(original.source) !== familyOf(reply.source)) throw new Broken(null);
    for (const { at, text } of this.#unknowns)
      this.#report.warn('READ_ENTRY_WORD', at, at + text.length, { word: shown(text) });
    return {
      protocol: this.#protocol,
      name,
      timeout: this.#timeout,
      state: this.#state,
      original,
      reply,
      replied: this.#replied,
      flag: this.#flag,
      mark: this.#mark,
      secctx: this.#secctx,
      zone: this.#zone,
      helper: this.#helper,
      use: this.#use,
      id: this.#id,
      labels: this.#labels,
      rest: this.#rest,
      span: this.#report.span(start, end),
    };
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

/** The text of an entry ends in one of its tuples: in every form words come behind them. */
const ENDS_IN_TUPLE = /(?:src|dst|port|type|code|id|key|packets|bytes)=\S*$/;

/**
 * Does the text end within this entry? All forms have `use=` behind all that decides. Where a line feed follows,
 * somebody may have left it out: then an entry before it that has the word tells, if this one ends in a tuple.
 */
function isCut(entry: ConntrackEntry, before: ConntrackEntry | undefined, report: SectionReport): boolean {
  if (entry.use !== null) return false;
  const { text } = report.source;
  const { start, end } = entry.span;
  const behind = text.slice(end);
  if (behind.trim() !== '') return false;
  if (!behind.includes('\n')) return true;
  return (before?.use ?? null) !== null && ENDS_IN_TUPLE.test(text.slice(Math.max(start, end - 100), end));
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
        if (isCut(entry, entries.at(-1), report)) report.cutLine(line.start, line.end);
        else entries.push(entry);
      },
      total: (line: TotalLine) => {
        const [, count = '', done] =
          /^(\d{1,10}) flow entries have been (shown|deleted)/.exec(line.text) ?? [];
        if (done === 'shown') told += Number(count);
        else if (done === 'deleted') deleted.push(line);
        else report.toolError(line.text, line.start, line.end);
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
