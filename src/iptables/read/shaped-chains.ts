/** The chains of a save that was read by the shapes of its rules: what they are is in columns. */
import type { SourceText } from '../../source/source.js';
import type { JumpColumns, RuleKind } from '../digest.js';
import type { Block } from './block.js';
import type { ChainDraft } from './chain-draft.js';
import type { ChainNumbers } from './chain-numbers.js';
import { blockOf, declaredChain } from './declared-chain.js';
import { NumberedChains } from './numbered-chains.js';
import type { OutlinedTable } from './outline.js';
import type { RuleLines } from './rule-lines.js';

export class ShapedChains extends NumberedChains {
  readonly #outline: OutlinedTable;
  readonly #block: Block;
  readonly #lines: RuleLines;
  /** The row of each chain's first rule; behind the last chain, how many rows there are. */
  readonly #first: Int32Array;

  /** @param lines the rules of all chains, chain by chain in the order of their declarations */
  constructor(source: SourceText, outline: OutlinedTable, numbers: ChainNumbers, lines: RuleLines) {
    super(numbers);
    this.#outline = outline;
    this.#lines = lines;
    this.#block = { ...blockOf(source, outline), chains: this };
    this.#first = new Int32Array(numbers.size + 1);
    for (let number = 0, row = 0; number < numbers.size; number += 1) {
      row += outline.rules[number] ?? 0;
      this.#first[number + 1] = row;
    }
  }

  get block(): Block {
    return this.#block;
  }

  override get ruleCount(): number {
    return this.#lines.count;
  }

  /** Is any rule of the table of a kind that fits? */
  someKind(fits: (kind: RuleKind) => boolean): boolean {
    return this.#lines.kinds.some(fits);
  }

  /** All jumps and gotos of the table. */
  jumps(): JumpColumns {
    const { size } = this;
    const first = new Int32Array(size + 1);
    const to = new Int32Array(this.ruleCount);
    const by = new Int32Array(this.ruleCount);
    let count = 0;
    for (let number = 0; number < size; number += 1) {
      first[number] = count;
      const from = this.#row(number);
      const end = this.#row(number + 1);
      for (let row = from; row < end; row += 1) {
        const target = this.#lines.targetNumber(row);
        if (target < 0) continue;
        to[count] = target;
        by[count] = row - from;
        count += 1;
      }
    }
    first[size] = count;
    return { first, to, by };
  }

  /**
   * The chains that have a rule of a kind whose bits and those of the chain have one in common.
   * @param bitsOf of a kind
   * @param reached of a chain, by its number
   */
  chainsWith(bitsOf: (kind: RuleKind) => number, reached: (number: number) => number): ChainDraft[] {
    const masks = Int32Array.from(this.#lines.kinds, bitsOf);
    const found: ChainDraft[] = [];
    if (masks.every((mask) => mask === 0)) return found;
    for (let number = 0; number < this.size; number += 1) {
      const bits = reached(number);
      const end = this.#row(number + 1);
      for (let row = this.#row(number); row < end; row += 1) {
        if (((masks[this.#lines.kind(row)] ?? 0) & bits) === 0) continue;
        found.push(this.at(number));
        break;
      }
    }
    return found;
  }

  #row(number: number): number {
    return this.#first[number] ?? 0;
  }

  protected override make(number: number): ChainDraft {
    const { declared, rules } = this.#outline;
    const chain = declaredChain(this.#block, this.numbers.nameOf(number), declared[number] ?? 0);
    const count = rules[number] ?? 0;
    if (count > 0) chain.takeRows(this.#lines, this.#row(number), count);
    return chain;
  }
}
