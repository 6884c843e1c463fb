/** The chains of a large save that is not read as a whole. */
import type { SourceText } from '../../source/source.js';
import type { Block } from './block.js';
import { ChainNumbers } from './chain-numbers.js';
import type { ChainDraft } from './chain-draft.js';
import { NeedsWhole } from './needs-whole.js';
import { NumberedChains } from './numbered-chains.js';
import { blockOf, declaredChain } from './declared-chain.js';
import type { Outline, OutlinedTable } from './outline.js';
import type { RuleReader } from './rule-reader.js';
import { UnreadLines } from './unread-lines.js';

/** More chains than this are read faster as a whole. */
const MOST_CHAINS = 2000;

/** Those of a save of which only what is asked for is read. */
export class OutlinedChains extends NumberedChains {
  readonly #outline: OutlinedTable;
  readonly #block: Block;
  readonly #reader: RuleReader;
  readonly #isChain = (name: string): boolean => this.has(name);

  /** @throws NeedsWhole when a chain is declared twice, or names are made to fall together */
  constructor(outline: OutlinedTable, block: Omit<Block, 'chains'>, reader: RuleReader) {
    super(new ChainNumbers(block.source.text, outline.declared));
    this.#outline = outline;
    this.#block = Object.assign(block, { chains: this });
    this.#reader = reader;
    if (this.numbers.isOdd) throw new NeedsWhole();
  }

  get block(): Block {
    return this.#block;
  }

  override get ruleCount(): number {
    return this.#outline.rules.reduce((sum, rules) => sum + rules, 0);
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

  protected override make(number: number): ChainDraft {
    if (this.metCount > MOST_CHAINS) throw new NeedsWhole();
    const { declared, from, to, rules } = this.#outline;
    const { source } = this.#block;
    const chain = declaredChain(this.#block, this.numbers.nameOf(number), declared[number] ?? 0);
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
