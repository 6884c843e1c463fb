/**
 * What nearly all rules of a large dump consist of, read without the option loop: header options that are given once,
 * with one plain value each, and sections of one option. Anything else is null, and is left to the option loop.
 */
import type { Family } from '../../address/address.js';
import {
  BadValue,
  type MatchExtension,
  type RawValues,
  type TargetExtension,
  type ValueType,
} from '../extension.js';
import type { Header, HostName, Invertible } from '../model.js';
import type { Prefix } from '../../address/prefix.js';
import { HEADER_FLAGS, spellings } from './options.js';
import { ANY_HEADER } from './rule-draft.js';
import { isEverything, parseAddresses, parseDevice, parseProtocol } from './selectors.js';
import type { Words } from './words.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const code = (letter: string): number => letter.charCodeAt(0);
const [S, D, I, O, P] = [code('s'), code('d'), code('i'), code('o'), code('p')];
const [DASH, BANG, DOUBLE, SINGLE] = [code('-'), code('!'), code('"'), code("'")];

/** Does the word stand for itself: no option, no inversion, no quotation? */
function isPlain(words: Words, at: number): boolean {
  const first = words.text.charCodeAt(words.start(at));
  return first !== DASH && first !== BANG && first !== DOUBLE && first !== SINGLE;
}

/** Values of header options, each read once. */
export class PlainHeaders {
  readonly #family: Family;
  readonly #devices = new Map<string, Invertible<string> | null>();
  readonly #protocols = new Map<string, Invertible<number> | null>();

  constructor(family: Family) {
    this.#family = family;
  }

  /** The header that the words `from` to `to` state, if each of its options is plain. */
  read(words: Words, from: number, to: number): Header | null {
    if (((to - from) & 1) !== 0) return null;
    const header: Mutable<Header> = { ...ANY_HEADER };
    let seen = 0;
    for (let at = from; at < to; at += 2) {
      const letter = words.shortOption(at);
      if (letter === 0 || !isPlain(words, at + 1)) return null;
      const bit = 1 << (letter & 31);
      if ((seen & bit) !== 0 || !this.#assign(header, letter, words.value(at + 1))) return null;
      seen |= bit;
    }
    return header;
  }

  #assign(header: Mutable<Header>, letter: number, word: string): boolean {
    if (letter === S || letter === D) {
      const address = this.#address(word);
      if (address === null) return false;
      const given = isEverything(address, this.#family) ? null : { value: address, inverted: false };
      header[letter === S ? 'source' : 'destination'] = given;
      return true;
    }
    if (letter === I || letter === O) {
      const device = this.#device(word);
      header[letter === I ? 'inInterface' : 'outInterface'] = device;
      return device !== null;
    }
    if (letter !== P) return false;
    header.protocol = this.#protocol(word);
    return header.protocol !== null;
  }

  #address(word: string): Prefix | HostName | null {
    if (word.includes(',')) return null;
    const list = parseAddresses(word, this.#family);
    return list instanceof BadValue ? null : (list[0] ?? null);
  }

  /** The word alone is a prefix match of everything, which is kept as no condition. */
  #device(word: string): Invertible<string> | null {
    let known = this.#devices.get(word);
    if (known === undefined) {
      const value = parseDevice(word);
      known = value instanceof BadValue || value === '+' ? null : { value, inverted: false };
      this.#devices.set(word, known);
    }
    return known;
  }

  #protocol(word: string): Invertible<number> | null {
    let known = this.#protocols.get(word);
    if (known === undefined) {
      const value = parseProtocol(word);
      known = value instanceof BadValue || value === 0 ? null : { value, inverted: false };
      this.#protocols.set(word, known);
    }
    return known;
  }
}

/** The beginning of a section, up to the option's flag: sections that begin alike differ in the value alone. */
interface Opening<E, B> {
  readonly text: string;
  /** Null where the section is not of one option with one word. */
  readonly option: { readonly extension: E; readonly key: string; readonly value: ValueType<unknown> } | null;
  /** By the word of the value. */
  readonly known: Map<string, B>;
}

/** Values that come again and again come early; to keep all others would cost more than to read them. */
const MOST_KEPT = 512;

/** Sections such as `-m comment --comment TEXT` and `-j DNAT --to-destination VALUE`, each bound to its extension. */
export class PlainSections<B, E extends MatchExtension | TargetExtension = MatchExtension | TargetExtension> {
  readonly #family: Family;
  readonly #find: (name: string) => E | null;
  readonly #bind: (extension: E, values: RawValues) => B | null;
  /** By their length. */
  readonly #openings = new Map<number, Opening<E, B>[]>();

  constructor(
    family: Family,
    find: (name: string) => E | null,
    bind: (extension: E, values: RawValues) => B | null,
  ) {
    this.#family = family;
    this.#find = find;
    this.#bind = bind;
  }

  /** What the four words from `from` on are; null when they are not that plain, or wrong. */
  read(words: Words, from: number): B | null {
    const { option, known } = this.#opening(words, from);
    if (option === null) return null;
    const first = words.text.charCodeAt(words.start(from + 3));
    if (first === DASH || first === BANG) return null;
    const word = words.value(from + 3);
    const isFull = known.size >= MOST_KEPT;
    const before = isFull ? undefined : known.get(word);
    if (before !== undefined) return before;
    const value = option.value.parse([word], this.#family);
    if (value instanceof BadValue) return null;
    const bound = this.#bind(option.extension, { [option.key]: { value, inverted: false } });
    if (bound !== null && !isFull) known.set(word, bound);
    return bound;
  }

  #opening(words: Words, from: number): Opening<E, B> {
    const start = words.start(from);
    const length = words.end(from + 2) - start;
    const alike = this.#openings.get(length) ?? [];
    for (const one of alike) if (words.text.startsWith(one.text, start)) return one;
    const text = words.text.slice(start, start + length);
    const opening = { text, option: this.#option(words, from), known: new Map<string, B>() };
    if (alike.length < MOST_KEPT) alike.push(opening);
    this.#openings.set(length, alike);
    return opening;
  }

  #option(words: Words, from: number): Opening<E, B>['option'] {
    const flag = words.value(from + 2);
    if (!isPlain(words, from + 1) || words.isQuoted(from + 2) || HEADER_FLAGS.has(flag)) return null;
    const extension = this.#find(words.value(from + 1));
    const row = extension === null ? undefined : spellings(extension.options).get(flag);
    if (extension === null || row === undefined) return null;
    const { value } = row.spec;
    return value.words === 1 && value.optional !== true ? { extension, key: row.key, value } : null;
  }
}
