/**
 * Rules by their shape. A node of 10,000 services has 135,000 rules of some sixty shapes, which differ in addresses, ports,
 * names and comments alone. The first rule of a shape is read by the grammar; what is as it is, but for such values, is of
 * the same kind.
 */
import type { Family } from '../../address/address.js';
import type { ChainNumbers } from './chain-numbers.js';
import { type ValueForm, formAfter } from './value-forms.js';
import type { Words } from './words.js';

/** What stands before a value, and the form of the value; a chain has none, it is looked up. */
interface Part {
  readonly before: string;
  readonly form: ValueForm | null;
}

/** How rules of one shape are written. */
export interface Shape {
  readonly parts: readonly Part[];
  /** What stands behind the last value. */
  readonly rest: string;
  readonly kind: number;
  /** Shapes that came after this one, the last one first. */
  readonly next: Shape[];
}

/** A rule that leads to no chain. */
export const NO_CHAIN = -1;

const BLANK = 32;

/** More shapes than this are no shapes: the rules differ in what they are. */
const MOST = 500;

/** So many shapes are tried that followed the last one before; they are nearly always right. */
const REMEMBERED = 6;

export class Shapes {
  readonly #text: string;
  readonly #family: Family;
  readonly #chains: ChainNumbers;
  readonly #all: Shape[] = [];
  #last: Shape | null = null;
  /** The chain that the rule at hand leads to. */
  #target = NO_CHAIN;

  constructor(text: string, family: Family, chains: ChainNumbers) {
    this.#text = text;
    this.#family = family;
    this.#chains = chains;
  }

  /** Where the last rule that was found leads. */
  get target(): number {
    return this.#target;
  }

  get isFull(): boolean {
    return this.#all.length >= MOST;
  }

  /**
   * Finds the shape of a rule.
   * @param at behind the name of its chain
   * @param end of its line
   */
  find(at: number, end: number): Shape | null {
    const last = this.#last;
    if (last !== null)
      for (const shape of last.next) if (this.#fits(shape, at, end)) return this.#found(shape);
    for (const shape of this.#all) if (this.#fits(shape, at, end)) return this.#found(shape);
    return null;
  }

  /**
   * Keeps the shape of a rule that was read.
   * @param words its words, whose first one is the name of its chain; places are counted from `base` of the text
   * @param target the chain that it leads to, or NO_CHAIN
   */
  learn(
    words: Words,
    base: number,
    end: number,
    { kind, target }: Pick<Shape, 'kind'> & { readonly target: number },
  ): Shape {
    const text = this.#text;
    const parts: Part[] = [];
    let from = base + words.end(0);
    for (let at = 2; at < words.count; at += 1) {
      const option = words.value(at - 1);
      const [start, stop] = [base + words.start(at), base + words.end(at)];
      const isChain = target !== NO_CHAIN && (option === '-j' || option === '-g');
      const form = formAfter(option, this.#family);
      if (!isChain && (form === null || form(text, start, end) !== stop)) continue;
      parts.push({ before: text.slice(from, start), form: isChain ? null : form });
      from = stop;
    }
    const shape = { parts, rest: text.slice(from, end), kind, next: [] };
    this.#all.push(shape);
    this.#target = target;
    return this.#found(shape);
  }

  #found(shape: Shape): Shape {
    const next = this.#last?.next;
    if (next !== undefined && next[0] !== shape) {
      const known = next.indexOf(shape);
      if (known > 0) next.splice(known, 1);
      else if (next.length >= REMEMBERED) next.pop();
      next.unshift(shape);
    }
    this.#last = shape;
    return shape;
  }

  #fits({ parts, rest }: Shape, from: number, end: number): boolean {
    const text = this.#text;
    let at = from;
    this.#target = NO_CHAIN;
    for (const { before, form } of parts) {
      if (!text.startsWith(before, at)) return false;
      at += before.length;
      if (form === null) {
        const blank = text.indexOf(' ', at);
        const stop = blank < 0 || blank > end ? end : blank;
        this.#target = this.#chains.at(at, stop);
        if (this.#target < 0) return false;
        at = stop;
      } else {
        at = form(text, at, end);
        if (at < 0 || (at < end && text.charCodeAt(at) !== BLANK)) return false;
      }
    }
    return end - at === rest.length && text.startsWith(rest, at);
  }
}
