/** JSON with places: every value knows where it stands, so that a finding names line and column. */
import type { Word } from '../word.js';

/** A value. Members keep their order and may repeat a key, as iproute2 prints the ones of `encap`. */
export type JsonValue =
  | {
      readonly kind: 'object';
      readonly start: number;
      readonly end: number;
      readonly members: readonly JsonMember[];
    }
  | {
      readonly kind: 'array';
      readonly start: number;
      readonly end: number;
      readonly items: readonly JsonValue[];
    }
  | { readonly kind: 'string'; readonly start: number; readonly end: number; readonly text: string }
  /** A number as it is written, or true, false and null. */
  | { readonly kind: 'word'; readonly start: number; readonly end: number; readonly text: string };

export type JsonObject = Extract<JsonValue, { readonly kind: 'object' }>;

export interface JsonMember {
  readonly key: string;
  readonly start: number;
  readonly value: JsonValue;
}

/** Where a text stops being JSON. */
export interface JsonFault {
  readonly at: number;
}

/** iproute2's deepest listing has six levels; each level costs stack. */
const DEEPEST = 50;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
]);

class Parser {
  readonly #text: string;
  readonly #end: number;
  at: number;
  depth = 0;

  constructor(text: string, start: number, end: number) {
    this.#text = text;
    this.at = start;
    this.#end = end;
  }

  #skipBlanks(): void {
    while (this.at < this.#end && /\s/.test(this.#text[this.at] ?? '')) this.at += 1;
  }

  #take(character: string): boolean {
    this.#skipBlanks();
    if (this.at >= this.#end || this.#text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  /** Null at a fault: `at` is then its place. */
  value(): JsonValue | null {
    this.#skipBlanks();
    const start = this.at;
    if (start >= this.#end || this.depth > DEEPEST) return null;
    const first = this.#text[start];
    if (first === '{' || first === '[') {
      this.depth += 1;
      const value = first === '{' ? this.#object(start) : this.#array(start);
      this.depth -= 1;
      return value;
    }
    return first === '"' ? this.#string(start) : this.#word(start);
  }

  #object(start: number): JsonValue | null {
    this.at += 1;
    const members: JsonMember[] = [];
    while (!this.#take('}')) {
      if (members.length > 0 && !this.#take(',')) return null;
      this.#skipBlanks();
      const key = this.#text[this.at] === '"' ? this.#string(this.at) : null;
      if (key?.kind !== 'string' || !this.#take(':')) return null;
      const value = this.value();
      if (value === null) return null;
      members.push({ key: key.text, start: key.start, value });
    }
    return { kind: 'object', start, end: this.at, members };
  }

  #array(start: number): JsonValue | null {
    this.at += 1;
    const items: JsonValue[] = [];
    while (!this.#take(']')) {
      if (items.length > 0 && !this.#take(',')) return null;
      const value = this.value();
      if (value === null) return null;
      items.push(value);
    }
    return { kind: 'array', start, end: this.at, items };
  }

  #string(start: number): JsonValue | null {
    const parts: string[] = [];
    let from = start + 1;
    for (let at = from; at < this.#end; at += 1) {
      const character = this.#text[at];
      if (character === '"') {
        parts.push(this.#text.slice(from, at));
        this.at = at + 1;
        return { kind: 'string', start, end: this.at, text: parts.join('') };
      }
      if (character !== '\\') continue;
      parts.push(this.#text.slice(from, at));
      const escaped = this.#text[at + 1] ?? '';
      const code = escaped === 'u' ? /^[0-9a-f]{4}/i.exec(this.#text.slice(at + 2, at + 6))?.[0] : undefined;
      // Old iproute2 writes \' for an apostrophe, which strict JSON does not have.
      parts.push(
        code === undefined
          ? (ESCAPES.get(escaped) ?? escaped)
          : String.fromCharCode(Number.parseInt(code, 16)),
      );
      at += code === undefined ? 1 : 5;
      from = at + 1;
    }
    this.at = start;
    return null;
  }

  #word(start: number): JsonValue | null {
    let at = start;
    while (at < this.#end && /[\w.+-]/.test(this.#text[at] ?? '')) at += 1;
    if (at === start) return null;
    this.at = at;
    return { kind: 'word', start, end: at, text: this.#text.slice(start, at) };
  }
}

/** Parses one value between two offsets of a text; blanks around it do not matter. Never throws. */
export function parseJson(text: string, start: number, end: number): JsonValue | JsonFault {
  const parser = new Parser(text, start, end);
  const value = parser.value();
  return value ?? { at: Math.min(parser.at, Math.max(end - 1, start)) };
}

/** The first member of a key; null for none, and for anything but an object. */
export function member(value: JsonValue | null, key: string): JsonValue | null {
  if (value?.kind !== 'object') return null;
  return value.members.find((one) => one.key === key)?.value ?? null;
}

/** Items of an array; none of anything else. */
export function itemsOf(value: JsonValue | null): readonly JsonValue[] {
  return value?.kind === 'array' ? value.items : [];
}

/** A string or a number as a word of a listing; null for objects, lists and `null`. */
export function wordOf(value: JsonValue | null): Word | null {
  if (value?.kind === 'string') return { text: value.text, at: value.start + 1 };
  if (value?.kind === 'word' && value.text !== 'null') return { text: value.text, at: value.start };
  return null;
}

/** The text of a string or number under a key. */
export function textAt(value: JsonValue | null, key: string): string | null {
  return wordOf(member(value, key))?.text ?? null;
}
