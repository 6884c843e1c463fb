/** The rules of a dump that were read, found in order, and left as text until somebody asks for them. */
import type { SourceText } from '../../source/source.js';
import { canonicalWords } from './canonical.js';
import type { ChainNumbers } from './chain-numbers.js';
import { Kinds } from './kinds.js';
import { Mould } from './mould.js';
import { type RuleParts, torn } from './rule-draft.js';
import type { RuleReader } from './rule-reader.js';
import type { Shape } from './shapes.js';
import { type ReadLine, readStretch } from './stretch.js';
import { Words } from './words.js';

const NO_CHAIN = -1;
const LEAD = '-A ';

/** What chains ask about the rules that are kept for them as text. */
export interface Rows {
  readonly source: SourceText;
  /** To read one row takes no more than its part of reading all of them. */
  readonly readsSingly: boolean;
  start(row: number): number;
  end(row: number): number;
  /** The row whose line an offset is in, or that comes before it; -1 before all of them. */
  rowAt(offset: number): number;
  /** The chain that the rule jumps or goes to; null when it does neither. */
  target(row: number): string | null;
  /** The number of that chain, where the dump's chains have numbers; else negative. */
  targetNumber(row: number): number;
  /** The number of the rule's kind. */
  kind(row: number): number;
  kindOf(row: number): Kinds['list'][number] | undefined;
  /** Reads a run of rows, from one stretch of text. */
  read(first: number, count: number): readonly ReadLine[];
}

/** One row for each rule, in the order of the text. */
export class RuleLines implements Rows {
  readonly source: SourceText;
  readonly readsSingly = true;
  readonly #reader: RuleReader;
  readonly #kinds = new Kinds();
  #count = 0;
  #starts = new Int32Array(64);
  #ends = new Int32Array(64);
  #kind = new Int32Array(64);
  #target = new Int32Array(64);
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();

  readonly #chains: ChainNumbers | null;
  #words: Words | null = null;
  /** By the kind that rules of a shape are. */
  readonly #shapes: Shape[] = [];
  readonly #moulds: (Mould | null)[] = [];

  /**
   * @param chains where they are known, what rules lead to is told by their numbers; names are numbered as they come
   *   otherwise
   */
  constructor(source: SourceText, reader: RuleReader, chains: ChainNumbers | null = null) {
    this.source = source;
    this.#reader = reader;
    this.#chains = chains;
  }

  /** Can the rule be left as text? Only if the text alone says what it is, and nothing is to be told of it. */
  static isPlain({ plain, headers }: RuleParts): boolean {
    return plain === true && headers.length === 1;
  }

  /** Adds a plain rule. @returns its row */
  add(parts: RuleParts, start: number, end: number): number {
    const target = parts.action.kind === 'chain' ? this.#number(parts.action.chain) : NO_CHAIN;
    return this.addKnown(start, end, this.#kinds.of(parts), target);
  }

  /** The number of a new kind, that of the rules of one shape. */
  kindFor(parts: RuleParts): number {
    return this.#kinds.add(parts);
  }

  /** Says how the rules of a kind are written. */
  shaped(shape: Shape): void {
    this.#shapes[shape.kind] = shape;
  }

  /** Adds a rule of a kind that is known. @returns its row */
  addKnown(start: number, end: number, kind: number, target: number): number {
    const row = this.#count;
    if (row === this.#starts.length) this.#grow();
    this.#starts[row] = start;
    this.#ends[row] = end;
    this.#kind[row] = kind;
    this.#target[row] = target;
    this.#count = row + 1;
    return row;
  }

  /** How many rows there are. */
  get count(): number {
    return this.#count;
  }

  start(row: number): number {
    return this.#starts[row] ?? 0;
  }

  end(row: number): number {
    return this.#ends[row] ?? 0;
  }

  rowAt(offset: number): number {
    let [low, high] = [0, this.#count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.start(middle) <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  target(row: number): string | null {
    const number = this.#target[row] ?? NO_CHAIN;
    if (number < 0) return null;
    return this.#chains === null ? (this.#names[number] ?? null) : this.#chains.nameOf(number);
  }

  targetNumber(row: number): number {
    return this.#chains === null ? NO_CHAIN : (this.#target[row] ?? NO_CHAIN);
  }

  /** A rule of each kind that there is. */
  get kinds(): Kinds['list'] {
    return this.#kinds.list;
  }

  kind(row: number): number {
    return this.#kind[row] ?? 0;
  }

  kindOf(row: number): Kinds['list'][number] | undefined {
    return this.#kinds.list[this.kind(row)];
  }

  read(first: number, count: number): readonly ReadLine[] {
    return this.#readCanonical(first, count) ?? this.#readStretch(first, count);
  }

  /** Rows that are as iptables-save prints them; null when one is not. A parse costs more than all that is in a short chain. */
  #readCanonical(first: number, count: number): readonly ReadLine[] | null {
    const found: ReadLine[] = [];
    this.#words ??= new Words(this.source.text);
    for (let row = first; row < first + count; row += 1) {
      const parts = this.#cast(row) ?? this.#readWords(this.#words, row);
      if (parts === null) return null;
      found.push({ parts, counters: null });
    }
    return found;
  }

  /** A rule of a shape of which one was read before. */
  #cast(row: number): RuleParts | null {
    const mould = this.#moulds[this.kind(row)] ?? null;
    if (mould === null) return null;
    const { text } = this.source;
    const [start, end] = [this.start(row), this.end(row)];
    return text.startsWith(LEAD, start) ? mould.cast(text.indexOf(' ', start + LEAD.length), end) : null;
  }

  #readWords(words: Words, row: number): RuleParts | null {
    if (!canonicalWords(words, this.start(row), this.end(row))) return null;
    const parts = this.#reader.read(words, 1, () => false);
    const kind = this.kind(row);
    const shape = this.#shapes[kind];
    if (shape !== undefined && this.#moulds[kind] === undefined)
      this.#moulds[kind] = Mould.of(words, shape, parts, this.#reader.family);
    return parts;
  }

  #readStretch(first: number, count: number): readonly ReadLine[] {
    const last = first + count - 1;
    const found: ReadLine[] = [];
    const from = this.start(first);
    let row = first;
    readStretch(
      this.source.text.slice(from, this.end(last)),
      this.#reader,
      () => false,
      (start, line) => {
        while (row < last && this.start(row) < start + from) row += 1;
        if (this.start(row) === start + from) found[row - first] = line;
      },
    );
    return Array.from({ length: count }, (_, at) => found[at] ?? this.#lost(first + at));
  }

  /** A row that reads otherwise than before, which no text should bring about, is at least not lost. */
  #lost(row: number): ReadLine {
    const [start, end] = [this.start(row), this.end(row)];
    return { parts: torn(this.source.text.slice(start, end), start, end), counters: null };
  }

  #number(name: string): number {
    if (this.#chains !== null) return this.#chains.of(name);
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.#names.length;
      this.#names.push(name);
      this.#numbers.set(name, number);
    }
    return number;
  }

  #grow(): void {
    const wider = (one: Int32Array): Int32Array<ArrayBuffer> => {
      const next = new Int32Array(one.length * 2);
      next.set(one);
      return next;
    };
    this.#starts = wider(this.#starts);
    this.#ends = wider(this.#ends);
    this.#kind = wider(this.#kind);
    this.#target = wider(this.#target);
  }
}
