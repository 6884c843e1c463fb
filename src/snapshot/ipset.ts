/** Reads `ipset save` and `ipset list` (ipset lib/session.c). */
import { parse } from '../generated/ipset.js';
import type { IpSet, SetEntry } from '../ipset/model.js';
import { unsigned } from './iproute-names.js';
import { type SectionReport, shown } from './report.js';

interface CreateLine {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly type: string;
  readonly words: readonly string[];
}
interface AddLine {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly element: string;
  readonly words: readonly string[];
}
interface FieldLine {
  readonly start: number;
  readonly end: number;
  readonly key: string;
  readonly words: readonly string[];
}

type Draft = { -readonly [K in keyof Omit<IpSet, 'entries'>]: IpSet[K] } & { readonly entries: SetEntry[] };

/** The words without `family X`, and the family: IPv4 when nothing says. */
function takeFamily(words: readonly string[]): { readonly family: 4 | 6; readonly words: readonly string[] } {
  const at = words.indexOf('family');
  if (at < 0) return { family: 4, words };
  return { family: words[at + 1] === 'inet6' ? 6 : 4, words };
}

function entryOf(
  element: string,
  words: readonly string[],
  start: number,
  end: number,
  report: SectionReport,
): SetEntry {
  return { text: element, nomatch: words.includes('nomatch'), words, span: report.span(start, end) };
}

/** A set, and what a dump says of how much it shows. */
interface Listed {
  readonly set: Draft;
  /** How many elements the set has, as the listing counts them. */
  count: number | null;
  /** The line stands in it that elements stand below. */
  hasMembers: boolean;
}

/** A listing of headers alone has no elements; one with fewer than it counts has lost some. */
function withPartial({ set, count, hasMembers }: Listed): IpSet {
  if (count === null) return hasMembers ? set : { ...set, partial: true };
  return { ...set, partial: set.entries.length < count };
}

function readSave(report: SectionReport): ReadonlyMap<string, IpSet> {
  const sets = new Map<string, Draft>();
  parse(report.source.text, {
    startRule: 'Save',
    sink: {
      create: ({ start, end, name, type, words }: CreateLine) => {
        if (sets.has(name)) report.error('READ_SET_TWICE', start, end, { name: shown(name) });
        else sets.set(name, { name, type, ...takeFamily(words), entries: [], span: report.span(start, end) });
      },
      add: ({ start, end, name, element, words }: AddLine) => {
        const set = sets.get(name);
        if (set === undefined) report.error('READ_SET_MISSING', start, end, { name: shown(name) });
        else set.entries.push(entryOf(element, words, start, end, report));
      },
      other: (start: number, end: number) => report.other(start, end),
    },
  });
  return sets;
}

function readList(report: SectionReport): ReadonlyMap<string, IpSet> {
  const sets = new Map<string, Listed>();
  let current: Listed | null = null;
  parse(report.source.text, {
    startRule: 'List',
    sink: {
      field: ({ start, end, key, words }: FieldLine) => {
        if (key === 'Name') {
          const name = words.join(' ');
          const span = report.span(start, end);
          const set: Draft = { name, type: '', family: 4, words: [], entries: [], span };
          current = { set, count: null, hasMembers: false };
          sets.set(name, current);
        } else if (current === null) return;
        else if (key === 'Type') current.set.type = words[0] ?? '';
        else if (key === 'Header') Object.assign(current.set, takeFamily(words));
        else if (key === 'Number of entries') current.count = unsigned(words[0] ?? '');
        else if (key === 'Members') current.hasMembers = true;
      },
      member: ({ start, end, element, words }: AddLine) => {
        if (current === null) report.other(start, end);
        else current.set.entries.push(entryOf(element, words, start, end, report));
      },
      other: (start: number, end: number) => report.other(start, end),
    },
  });
  return new Map(
    [...sets].map(([name, one]) => {
      const set = withPartial(one);
      if (set.partial === true) warnShort(one, report);
      return [name, set];
    }),
  );
}

function warnShort({ set: { name, entries, span }, count }: Listed, report: SectionReport): void {
  const params = { name: shown(name), shown: entries.length, count: count ?? '?' };
  report.warn('READ_SET_PARTIAL', span.start, span.end, params);
}

/**
 * Reads the sets of a dump, by name, in the order of the dump.
 * @param form `save` for `create` and `add` lines, `list` for the blocks of `ipset list`
 */
export function readSets(form: 'save' | 'list', report: SectionReport): ReadonlyMap<string, IpSet> {
  return form === 'save' ? readSave(report) : readList(report);
}
