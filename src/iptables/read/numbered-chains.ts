/** The chains of a large save by their names, each made when somebody asks for it. */
import { sizeOf } from '../digest.js';
import type { Table } from '../model.js';
import type { ChainDraft } from './chain-draft.js';
import type { ChainNumbers } from './chain-numbers.js';

/** A map that is never added to: to hold other chains too, it is copied. */
export abstract class NumberedChains extends Map<string, ChainDraft> {
  readonly numbers: ChainNumbers;
  readonly #made: (ChainDraft | undefined)[] = [];
  #count = 0;

  constructor(numbers: ChainNumbers) {
    super();
    this.numbers = numbers;
  }

  protected abstract make(number: number): ChainDraft;

  /** How many rules all chains have. */
  abstract get ruleCount(): number;

  /** How many chains were asked for. */
  get metCount(): number {
    return this.#count;
  }

  /** The chains that were asked for. */
  get met(): readonly ChainDraft[] {
    return this.#made.filter((chain) => chain !== undefined);
  }

  /** The chain of a number, which is one. */
  at(number: number): ChainDraft {
    const known = this.#made[number];
    if (known !== undefined) return known;
    const made = this.make(number);
    this.#made[number] = made;
    this.#count += 1;
    return made;
  }

  override get size(): number {
    return this.numbers.size;
  }

  override has(name: string): boolean {
    return this.numbers.of(name) >= 0;
  }

  override get(name: string): ChainDraft | undefined {
    const number = this.numbers.of(name);
    return number < 0 ? undefined : this.at(number);
  }

  override *keys(): MapIterator<string> {
    for (let number = 0; number < this.size; number += 1) yield this.numbers.nameOf(number);
  }

  override *values(): MapIterator<ChainDraft> {
    for (let number = 0; number < this.size; number += 1) yield this.at(number);
  }

  override *entries(): MapIterator<[string, ChainDraft]> {
    for (const chain of this.values()) yield [chain.name, chain];
  }

  override [Symbol.iterator](): MapIterator<[string, ChainDraft]> {
    return this.entries();
  }

  override forEach(tell: (chain: ChainDraft, name: string, map: Map<string, ChainDraft>) => void): void {
    for (const chain of this.values()) tell(chain, chain.name, this);
  }
}

/** How many rules a block or a table has. */
export function ruleCount({ chains }: Pick<Table, 'chains'>): number {
  if (chains instanceof NumberedChains) return chains.ruleCount;
  let count = 0;
  for (const chain of chains.values()) count += sizeOf(chain);
  return count;
}
