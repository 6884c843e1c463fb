/** Finds a declared chain by its name, without making a string of each of a hundred thousand names. */
import { declaredName } from './outline.js';

const BLANK = 32;

/** FNV-1a over the units of a name (an old hash of strings; collisions cost time alone). */
function step(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}

const SEED = 0x811c9dc5 | 0;

function hashOfName(name: string): number {
  let hash = SEED;
  for (let at = 0; at < name.length; at += 1) hash = step(hash, name.charCodeAt(at));
  return hash;
}

/** So many slots lie together, none of them free, only where names were chosen for that: a name that none has passes all of them. */
const LONGEST_RUN = 1000;

/** Do more slots lie together than that? The last one lies beside the first. */
function hasLongRun(slots: Int32Array): boolean {
  let run = 0;
  for (let at = 0; at < slots.length + LONGEST_RUN && run <= LONGEST_RUN; at += 1)
    run = (slots[at % slots.length] ?? 0) > 0 ? run + 1 : 0;
  return run > LONGEST_RUN;
}

/** A hash table with open addressing; a slot holds the number of a chain plus one, or 0. */
export class ChainNumbers {
  readonly #text: string;
  readonly #declared: readonly number[];
  readonly #slots: Int32Array;
  readonly #names: string[] = [];
  readonly #mask: number;
  /** Is a name declared twice, or do names fall together as only names that somebody chose for that do? */
  readonly isOdd: boolean;
  /** How many more slots may be passed. */
  #patience: number;

  /** @param declared where the declaration of each chain begins */
  constructor(text: string, declared: readonly number[]) {
    this.#text = text;
    this.#declared = declared;
    let size = 16;
    while (size < declared.length * 2) size *= 2;
    this.#mask = size - 1;
    this.#slots = new Int32Array(size);
    this.#patience = 1000 + 32 * declared.length;
    let isOdd = false;
    for (let number = 0; number < declared.length && !isOdd; number += 1) isOdd = !this.#put(number);
    this.isOdd = isOdd || hasLongRun(this.#slots);
  }

  /** The number of a chain; -1 for a name that none has. */
  of(name: string): number {
    const text = this.#text;
    for (let slot = hashOfName(name) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const number = (this.#slots[slot] ?? 0) - 1;
      if (number < 0) return -1;
      const at = (this.#declared[number] ?? 0) + 1;
      if (text.charCodeAt(at + name.length) === BLANK && text.startsWith(name, at)) return number;
    }
  }

  /** The number of the chain whose name stands in the text itself; -1 for a name that none has. */
  at(from: number, end: number): number {
    const text = this.#text;
    let hash = SEED;
    for (let at = from; at < end; at += 1) hash = step(hash, text.charCodeAt(at));
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const number = (this.#slots[slot] ?? 0) - 1;
      if (number < 0) return -1;
      const start = (this.#declared[number] ?? 0) + 1;
      if (text.charCodeAt(start + end - from) === BLANK && this.#isSame(from, start, end - from))
        return number;
    }
  }

  #isSame(here: number, there: number, length: number): boolean {
    const text = this.#text;
    for (let at = 0; at < length; at += 1)
      if (text.charCodeAt(here + at) !== text.charCodeAt(there + at)) return false;
    return true;
  }

  get size(): number {
    return this.#declared.length;
  }

  /** How many characters the name of a chain has. */
  lengthOf(number: number): number {
    const from = (this.#declared[number] ?? 0) + 1;
    return this.#text.indexOf(' ', from) - from;
  }

  nameOf(number: number): string {
    return (this.#names[number] ??= declaredName(this.#text, this.#declared[number] ?? 0));
  }

  /** @returns false where another chain has the name, or where too many others are in the way */
  #put(number: number): boolean {
    const text = this.#text;
    const from = (this.#declared[number] ?? 0) + 1;
    let hash = SEED;
    let end = from;
    for (let unit = text.charCodeAt(end); unit !== BLANK; unit = text.charCodeAt(end)) {
      hash = step(hash, unit);
      end += 1;
    }
    let slot = hash & this.#mask;
    for (let other = this.#slots[slot] ?? 0; other > 0; other = this.#slots[slot] ?? 0) {
      const at = (this.#declared[other - 1] ?? 0) + 1;
      const isSame = text.charCodeAt(at + end - from) === BLANK && this.#isSame(from, at, end - from);
      this.#patience -= 1;
      if (isSame || this.#patience < 0) return false;
      slot = (slot + 1) & this.#mask;
    }
    this.#slots[slot] = number + 1;
    return true;
  }
}
