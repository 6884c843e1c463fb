/** The documents and items of a text of JSON: what is cut or damaged loses no more than its own item. */
import { parseJson, type JsonValue } from './value.js';

/** An item of a list at the top, or a document that is no list. */
export interface JsonItem {
  readonly start: number;
  readonly end: number;
  /** Null when it is no JSON; `fault` is then the place. */
  readonly value: JsonValue | null;
  readonly fault: number | null;
}

/** One document: a list of items, or one item alone. */
export interface JsonDocument {
  readonly start: number;
  readonly end: number;
  readonly isList: boolean;
  readonly items: readonly JsonItem[];
  /** Where the item or list begins that the end of the text cuts; null for a whole document. */
  readonly cutAt: number | null;
}

export interface JsonText {
  readonly documents: readonly JsonDocument[];
  /** Lines between the documents. */
  readonly others: readonly { readonly start: number; readonly end: number }[];
}

/** The offset behind a string; the text's length when it does not end. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

/** Where the next item begins, behind blanks and commas. */
function itemStart(text: string, from: number): number {
  let at = from;
  while (at < text.length && /[\s,]/.test(text[at] ?? '')) at += 1;
  return at;
}

/** Reads one document in one pass: brackets are counted, and what stands between them is parsed item by item. */
function readDocument(text: string, start: number, parse: boolean): JsonDocument {
  const isList = text[start] === '[';
  const level = isList ? 1 : 0;
  const items: JsonItem[] = [];
  let depth = level;
  let from = isList ? itemStart(text, start + 1) : start;
  const add = (end: number): void => {
    if (!parse || from >= end) return;
    const found = parseJson(text, from, end);
    const isValue = 'kind' in found;
    items.push({ start: from, end, value: isValue ? found : null, fault: isValue ? null : found.at });
  };
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = stringEnd(text, at) - 1;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth < level) {
        add(trimmed(text, from, at));
        return { start, end: at + 1, isList, items, cutAt: null };
      }
      if (depth > level) continue;
      add(at + 1);
      if (!isList) return { start, end: at + 1, isList, items, cutAt: null };
      from = itemStart(text, at + 1);
      at = from - 1;
    } else if (character === ',' && depth === level) {
      add(at);
      from = itemStart(text, at);
      at = from - 1;
    }
  }
  return { start, end: text.length, isList, items, cutAt: from >= text.length ? start : from };
}

/** The end of a stretch without the blanks at its end. */
function trimmed(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && /[\s,]/.test(text[at - 1] ?? '')) at -= 1;
  return at;
}

/** Where the documents end that a text begins with; what stands behind is no JSON. */
export function leadingEnd(text: string): number {
  let end = 0;
  for (let at = itemStart(text, 0); text[at] === '[' || text[at] === '{'; at = itemStart(text, end))
    end = readDocument(text, at, false).end;
  return end;
}

/**
 * Finds the documents of a text. Linear in its length.
 * @param parse false: documents without their items, for who asks only where they stand
 */
export function readDocuments(text: string, parse = true): JsonText {
  const documents: JsonDocument[] = [];
  const others: { start: number; end: number }[] = [];
  for (let at = itemStart(text, 0); at < text.length; at = itemStart(text, at)) {
    const character = text[at];
    if (character === '[' || character === '{') {
      const document = readDocument(text, at, parse);
      documents.push(document);
      at = document.end;
      continue;
    }
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    others.push({ start: at, end });
    at = end;
  }
  return { documents, others };
}
