/** The rules of a dump that were read, found in order, and left as text until somebody asks for them. */
import type { SourceText } from '../../source/source.js';
import { parse } from '../../generated/iptables.js';
import { type RuleParts, torn } from './rule-draft.js';
import type { RuleReader } from './rule-reader.js';
import { Words } from './words.js';
import { Kinds } from './kinds.js';

const NO_CHAIN = -1;

interface CounterText {
  readonly packets: string;
  readonly bytes: string;
}

/** A line of a rule, read again. */
export interface ReadLine {
  readonly parts: RuleParts;
  readonly counters: CounterText | null;
}

/** One row for each rule, in the order of the text. */
export class RuleLines {
  readonly source: SourceText;
  readonly #reader: RuleReader;
  readonly #kinds = new Kinds();
  #count = 0;
  #starts = new Int32Array(64);
  #ends = new Int32Array(64);
  #kind = new Int32Array(64);
  #target = new Int32Array(64);
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();

  constructor(source: SourceText, reader: RuleReader) {
    this.source = source;
    this.#reader = reader;
  }

  /** Can the rule be left as text? Only if the text alone says what it is, and nothing is to be told of it. */
  static isPlain({ plain, headers }: RuleParts): boolean {
    return plain === true && headers.length === 1;
  }

  /** Adds a plain rule. @returns its row */
  add(parts: RuleParts, start: number, end: number): number {
    const row = this.#count;
    if (row === this.#starts.length) this.#grow();
    this.#starts[row] = start;
    this.#ends[row] = end;
    this.#kind[row] = this.#kinds.of(parts);
    this.#target[row] = parts.action.kind === 'chain' ? this.#number(parts.action.chain) : NO_CHAIN;
    this.#count = row + 1;
    return row;
  }

  start(row: number): number {
    return this.#starts[row] ?? 0;
  }

  end(row: number): number {
    return this.#ends[row] ?? 0;
  }

  /** The row whose line an offset is in, or that comes before it; -1 before all of them. */
  rowAt(offset: number): number {
    let [low, high] = [0, this.#count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.start(middle) <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The chain that the rule jumps or goes to; null when it does neither. */
  target(row: number): string | null {
    return this.#names[this.#target[row] ?? NO_CHAIN] ?? null;
  }

  /** The number of the rule's kind. */
  kind(row: number): number {
    return this.#kind[row] ?? 0;
  }

  kindOf(row: number): Kinds['list'][number] | undefined {
    return this.#kinds.list[this.kind(row)];
  }

  /** Reads a run of rows again, from one stretch of text. */
  read(first: number, count: number): readonly ReadLine[] {
    const last = first + count - 1;
    const found: ReadLine[] = [];
    const from = this.start(first);
    const text = this.source.text.slice(from, this.end(last));
    const words = new Words(text);
    let row = first;
    const nothing = (): void => undefined;
    const reader = this.#reader;
    const builder = {
      word: (start: number, end: number): void => {
        words.add(start, end);
      },
      again: (): void => {
        words.count = 0;
      },
      name: (): string => '',
      rule: (_verb: string, counters: CounterText | null, start: number): void => {
        while (row < last && this.start(row) < start + from) row += 1;
        if (this.start(row) === start + from)
          found[row - first] = { parts: reader.read(words, 1, () => false), counters };
        words.count = 0;
      },
      tornRule: (): void => {
        words.count = 0;
      },
      ...{ chain: nothing, policy: nothing, newChain: nothing, table: nothing, commit: nothing },
      ...{ comment: nothing, blank: nothing, foreign: nothing },
    };
    parse(text, { startRule: 'Dump', builder });
    return Array.from({ length: count }, (_, at) => found[at] ?? this.#lost(first + at));
  }

  /** A row that reads otherwise than before, which no text should bring about, is at least not lost. */
  #lost(row: number): ReadLine {
    const [start, end] = [this.start(row), this.end(row)];
    return { parts: torn(this.source.text.slice(start, end), start, end), counters: null };
  }

  #number(name: string): number {
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
