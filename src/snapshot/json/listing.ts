/** The items of a JSON listing, with findings about what is cut, damaged or strange in it. */
import { looksLikeJson } from '../recognise.js';
import { type SectionReport, shown } from '../report.js';
import type { Item, Word } from '../word.js';
import { readDocuments } from './documents.js';
import { type JsonObject, type JsonValue, wordOf } from './value.js';

/** Whether a section is JSON. */
export function isJson(text: string): boolean {
  return looksLikeJson(text);
}

/** The objects of a listing in its order. Objects without members, which `ip` prints for what it filters out, are left out. */
export function jsonObjects(report: SectionReport): readonly JsonObject[] {
  const { text } = report.source;
  const { documents, others } = readDocuments(text);
  const objects: JsonObject[] = [];
  for (const { items, cutAt, end } of documents) {
    for (const { start, end: itemEnd, value, fault } of items) {
      if (value?.kind === 'object') {
        if (value.members.length > 0) objects.push(value);
      } else if (value === null) {
        const at = fault ?? start;
        report.error('READ_JSON', at, Math.min(at + 1, itemEnd), { text: shown(text.slice(at, itemEnd)) });
      } else strange(report, value);
    }
    if (cutAt === null) continue;
    report.cut = true;
    report.error('READ_CUT', cutAt, end, { line: shown(text.slice(cutAt, end).trim()) });
  }
  for (const { start, end } of others) report.other(start, end);
  return objects;
}

/** An item that is none of the listing's own. */
export function strange(report: SectionReport, { start, end }: JsonValue): void {
  report.error('READ_JSON_ITEM', start, end, { text: shown(report.source.text.slice(start, end)) });
}

/** A keyword with a value, as the text form prints it. */
export function item(word: string, value: Word): Item {
  return { word, at: value.at, value };
}

/** A keyword that stands alone. */
export function alone(word: string, value: JsonValue): Item {
  return { word, at: value.start, value: null };
}

/** A keyword of a member's value as it stands; with the value left out where it is no string or number. */
export function plain(word: string, value: JsonValue): Item {
  const text = wordOf(value);
  return text === null ? alone(word, value) : item(word, text);
}
