/** Reads a large save by the shapes of its rules. */
import type { SourceText } from '../../source/source.js';
import { EXTENSIONS } from '../registry.js';
import type { Block } from './block.js';
import { ChainNumbers } from './chain-numbers.js';
import type { Outline, OutlinedTable } from './outline.js';
import { RuleLines } from './rule-lines.js';
import type { RuleReader } from './rule-reader.js';
import { ShapedChains } from './shaped-chains.js';
import { NO_CHAIN, type Shape, Shapes } from './shapes.js';
import { readStretch } from './stretch.js';

const BRACKET = 91;

/** Where more rules than this share, and some, are the first of their shape, the grammar alone is faster. */
const MISSES = { some: 200, share: 0.05 };

class TableReader {
  readonly #source: SourceText;
  readonly #outline: OutlinedTable;
  readonly #reader: RuleReader;
  readonly #chains: ChainNumbers;
  readonly #lines: RuleLines;
  readonly #shapes: Shapes;
  #misses = 0;

  constructor(source: SourceText, outline: OutlinedTable, reader: RuleReader) {
    this.#source = source;
    this.#outline = outline;
    this.#reader = reader;
    this.#chains = new ChainNumbers(source.text, outline.declared);
    this.#lines = new RuleLines(source, reader, this.#chains);
    this.#shapes = new Shapes(source.text, reader.family, this.#chains);
  }

  /** @returns null for a table that is to be read rule by rule */
  read(): Block | null {
    const chains = this.#chains;
    // A chain that is named like a target is told from it by a closer look.
    if (chains.isOdd || EXTENSIONS.targets.some(({ name }) => chains.of(name) >= 0)) return null;
    const { declared, from, rules } = this.#outline;
    for (let number = 0; number < declared.length; number += 1) {
      const count = rules[number] ?? 0;
      if (count > 0 && !this.#rules(from[number] ?? 0, count, chains.lengthOf(number))) return null;
    }
    return new ShapedChains(this.#source, this.#outline, chains, this.#lines).block;
  }

  #rules(from: number, count: number, nameLength: number): boolean {
    const { text } = this.#source;
    let start = from;
    for (let left = count; left > 0; left -= 1) {
      const end = text.indexOf('\n', start);
      const verb = text.charCodeAt(start) === BRACKET ? text.indexOf('] ', start) + 2 : start;
      const shape = this.#shapes.find(verb + 3 + nameLength, end) ?? this.#learn(start, end);
      if (shape === null) return false;
      this.#lines.addKnown(start, end, shape.kind, this.#shapes.target);
      start = end + 1;
    }
    return true;
  }

  /** Reads a rule by the grammar. @returns its shape; null when anything is to be told of it */
  #learn(start: number, end: number): Shape | null {
    this.#misses += 1;
    if (this.#shapes.isFull || this.#misses > MISSES.some + MISSES.share * this.#lines.count) return null;
    let shape: Shape | null = null;
    const isChain = (name: string): boolean => this.#chains.of(name) >= 0;
    readStretch(this.#source.text.slice(start, end), this.#reader, isChain, (_, { parts }, words) => {
      const { action } = parts;
      const target = action.kind === 'chain' ? this.#chains.of(action.chain) : NO_CHAIN;
      if (!RuleLines.isPlain(parts) || (action.kind === 'chain' && target < 0)) return;
      shape = this.#shapes.learn(words, start, end, { kind: this.#lines.kindFor(parts), target });
      this.#lines.shaped(shape);
    });
    return shape;
  }
}

/**
 * Reads a save that has an outline, as `readDump` does.
 * @returns null where anything is to be told of a rule, or where rules are too different: `readDump` reads all of them
 */
export function readByShape(
  source: SourceText,
  { tables }: Outline,
  reader: RuleReader,
): readonly Block[] | null {
  const blocks: Block[] = [];
  for (const outline of tables) {
    const block = new TableReader(source, outline, reader).read();
    if (block === null) return null;
    blocks.push(block);
  }
  return blocks;
}
