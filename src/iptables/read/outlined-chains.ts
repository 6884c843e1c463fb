/** The chains of a large save, each made when somebody asks for it. */
import type { SourceText } from '../../source/source.js';
import type { Block } from './block.js';
import { ChainNumbers } from './chain-numbers.js';
import { type ChainDraft } from './chain-draft.js';
import { NeedsWhole } from './needs-whole.js';
import { blockOf, declaredChain } from './declared-chain.js';
import type { Outline, OutlinedTable } from './outline.js';
import type { RuleReader } from './rule-reader.js';
import { UnreadLines } from './unread-lines.js';

/** More chains than this are read faster as a whole. */
const MOST_CHAINS = 2000;

/** A map of a table's chains that holds those alone that were asked for. */
export class OutlinedChains extends Map<string, ChainDraft> {
  readonly #outline: OutlinedTable;
  readonly #block: Block;
  readonly #reader: RuleReader;
  readonly #numbers: ChainNumbers;
  readonly #isChain = (name: string): boolean => this.has(name);

  /** @throws NeedsWhole when a chain is declared twice, or names are made to fall together */
  constructor(outline: OutlinedTable, block: Omit<Block, 'chains'>, reader: RuleReader) {
    super();
    this.#outline = outline;
    this.#block = Object.assign(block, { chains: this });
    this.#reader = reader;
    this.#numbers = new ChainNumbers(block.source.text, outline.declared);
    if (this.#numbers.isOdd) throw new NeedsWhole();
  }

  get block(): Block {
    return this.#block;
  }

  /** How many rules all chains have. */
  get ruleCount(): number {
    return this.#outline.rules.reduce((sum, rules) => sum + rules, 0);
  }

  /** The chains that were asked for. */
  get met(): IterableIterator<ChainDraft> {
    return super.values();
  }

  /**
   * Tells of each jump, off the ends of the lines: as iptables-save prints a rule, nothing stands behind the chain that it
   * leads to.
   */
  eachJump(tell: (from: string, index: number, to: string) => void): void {
    const { text } = this.#block.source;
    const { from, to, rules } = this.#outline;
    for (const [number, name] of [...this.keys()].entries()) {
      let at = from[number] ?? 0;
      const last = to[number] ?? 0;
      for (let index = 0; index < (rules[number] ?? 0) && at < last; index += 1) {
        const newline = text.indexOf('\n', at);
        const end = newline < 0 ? last : newline;
        const blank = text.lastIndexOf(' ', end - 1);
        const isJump = text.startsWith(' -j', blank - 3) || text.startsWith(' -g', blank - 3);
        if (isJump && blank > at) {
          const target = text.slice(blank + 1, end);
          if (this.has(target)) tell(name, index, target);
        }
        at = end + 1;
      }
    }
  }

  override get size(): number {
    return this.#numbers.size;
  }

  override has(name: string): boolean {
    return this.#numbers.of(name) >= 0;
  }

  override get(name: string): ChainDraft | undefined {
    const known = super.get(name);
    if (known !== undefined) return known;
    const number = this.#numbers.of(name);
    if (number < 0) return undefined;
    if (super.size > MOST_CHAINS) throw new NeedsWhole();
    const made = this.#make(name, number);
    super.set(name, made);
    return made;
  }

  override *keys(): MapIterator<string> {
    for (let number = 0; number < this.size; number += 1) yield this.#numbers.nameOf(number);
  }

  override *values(): MapIterator<ChainDraft> {
    for (const [, chain] of this.entries()) yield chain;
  }

  override *entries(): MapIterator<[string, ChainDraft]> {
    for (const name of this.keys()) {
      const chain = this.get(name);
      if (chain !== undefined) yield [name, chain];
    }
  }

  override [Symbol.iterator](): MapIterator<[string, ChainDraft]> {
    return this.entries();
  }

  override forEach(tell: (chain: ChainDraft, name: string, map: Map<string, ChainDraft>) => void): void {
    for (const [name, chain] of this) tell(chain, name, this);
  }

  #make(name: string, number: number): ChainDraft {
    const { declared, from, to, rules } = this.#outline;
    const { source } = this.#block;
    const chain = declaredChain(this.#block, name, declared[number] ?? 0);
    const stretch = { from: from[number] ?? 0, to: to[number] ?? 0, rules: rules[number] ?? 0 };
    if (stretch.rules > 0)
      chain.takeRows(new UnreadLines(source, stretch, this.#reader, this.#isChain), 0, stretch.rules);
    return chain;
  }
}

/** The tables of an outlined save. */
export function outlinedBlocks(
  source: SourceText,
  { tables }: Outline,
  reader: RuleReader,
): readonly Block[] {
  return tables.map((outline) => {
    return new OutlinedChains(outline, blockOf(source, outline), reader).block;
  });
}

/** How many rules a block has. */
export function ruleCount({ chains }: Pick<Block, 'chains'>): number {
  if (chains instanceof OutlinedChains) return chains.ruleCount;
  let count = 0;
  for (const { size } of chains.values()) count += size;
  return count;
}
