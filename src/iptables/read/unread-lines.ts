/** The rules of one chain of a large save, read when somebody asks for one of them. */
import type { SourceText } from '../../source/source.js';
import { NeedsWhole } from './needs-whole.js';
import { RuleLines, type Rows } from './rule-lines.js';
import type { RuleReader } from './rule-reader.js';
import { type ReadLine, readStretch } from './stretch.js';

/** Where the rules of a chain stand: one line each, all together. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly rules: number;
}

/** Row n is the chain's nth rule. A rule of which anything is to be told makes the dump be read as a whole. */
export class UnreadLines implements Rows {
  readonly source: SourceText;
  readonly readsSingly = false;
  readonly #stretch: Stretch;
  readonly #reader: RuleReader;
  readonly #isChain: (name: string) => boolean;
  #starts: Int32Array | null = null;
  #read: RuleLines | null = null;

  constructor(source: SourceText, stretch: Stretch, reader: RuleReader, isChain: (name: string) => boolean) {
    this.source = source;
    this.#stretch = stretch;
    this.#reader = reader;
    this.#isChain = isChain;
  }

  start(row: number): number {
    return this.#lineStarts()[row] ?? this.#stretch.to;
  }

  end(row: number): number {
    const next = this.#lineStarts()[row + 1];
    return next === undefined ? this.#stretch.to : next - 1;
  }

  rowAt(offset: number): number {
    const starts = this.#lineStarts();
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  target(row: number): string | null {
    return this.#all().target(row);
  }

  targetNumber(): number {
    return -1;
  }

  kind(row: number): number {
    return this.#all().kind(row);
  }

  kindOf(row: number): ReturnType<RuleLines['kindOf']> {
    return this.#all().kindOf(row);
  }

  /** @throws NeedsWhole */
  read(first: number, count: number): readonly ReadLine[] {
    const from = this.start(first);
    const found: ReadLine[] = [];
    const text = this.source.text.slice(from, this.end(first + count - 1));
    readStretch(text, this.#reader, this.#isChain, (_, line) => {
      const { action } = line.parts;
      const leads = action.kind !== 'chain' || this.#isChain(action.chain);
      if (!leads || !RuleLines.isPlain(line.parts)) throw new NeedsWhole();
      found.push(line);
    });
    if (found.length !== count) throw new NeedsWhole();
    return found;
  }

  #lineStarts(): Int32Array {
    if (this.#starts !== null) return this.#starts;
    const { from, rules } = this.#stretch;
    const starts = new Int32Array(rules);
    const { text } = this.source;
    for (let row = 0, at = from; row < rules; row += 1) {
      starts[row] = at;
      at = text.indexOf('\n', at) + 1;
    }
    this.#starts = starts;
    return starts;
  }

  #all(): RuleLines {
    if (this.#read !== null) return this.#read;
    const { rules } = this.#stretch;
    const lines = new RuleLines(this.source, this.#reader);
    for (const [row, { parts }] of this.read(0, rules).entries())
      lines.add(parts, this.start(row), this.end(row));
    this.#read = lines;
    return lines;
  }
}
