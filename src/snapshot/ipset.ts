/** Reads `ipset save` and `ipset list` (ipset lib/session.c). */
import { parse } from '../generated/ipset.js';
import type { IpSet, SetEntry } from '../ipset/model.js';
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
  const sets = new Map<string, Draft>();
  let current: Draft | null = null;
  parse(report.source.text, {
    startRule: 'List',
    sink: {
      field: ({ start, end, key, words }: FieldLine) => {
        if (key === 'Name') {
          const name = words.join(' ');
          current = { name, type: '', family: 4, words: [], entries: [], span: report.span(start, end) };
          sets.set(name, current);
        } else if (current !== null && key === 'Type') current.type = words[0] ?? '';
        else if (current !== null && key === 'Header') Object.assign(current, takeFamily(words));
      },
      member: ({ start, end, element, words }: AddLine) => {
        if (current === null) report.other(start, end);
        else current.entries.push(entryOf(element, words, start, end, report));
      },
      other: (start: number, end: number) => report.other(start, end),
    },
  });
  return sets;
}

/**
 * Reads the sets of a dump, by name, in the order of the dump.
 * @param form `save` for `create` and `add` lines, `list` for the blocks of `ipset list`
 */
export function readSets(form: 'save' | 'list', report: SectionReport): ReadonlyMap<string, IpSet> {
  return form === 'save' ? readSave(report) : readList(report);
}
