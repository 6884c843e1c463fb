/**
 * What can be told of a chain without reading each of its rules. A node may have hundreds of thousands of rules, of
 * which a packet meets some dozens: the rest are checked when the dump is read, and then kept as text.
 */
import type { Address } from '../address/address.js';
import type { Chain, Rule } from './model.js';

/** A rule as far as rules of its kind are alike: its extensions with what they demand, and what kind of action it has. */
export type RuleKind = Pick<Rule, 'matches' | 'action'>;

/** A rule as it stands in the dump. */
export interface RuleText {
  readonly text: string;
  /** The chain that it jumps or goes to. */
  readonly leadsTo: string | null;
}

/** Kept by a chain whose rules are read when they are asked for. */
export interface ChainDigest {
  /** How many rules it has. */
  readonly size: number;
  /** Tells of each rule that jumps or goes to a chain: which chain, and the rule's index. */
  eachJump(tell: (chain: string, index: number) => void): void;
  /** Is any rule of a kind that fits? */
  someKind(fits: (kind: RuleKind) => boolean): boolean;
  /** The kind of one rule; of its values, and of the chain that it leads to, it says nothing. */
  kindAt(index: number): RuleKind | undefined;
  /** One rule, by its index; made by itself where the others are not made yet. */
  ruleOf(index: number): Rule | undefined;
  /** The line of a rule that is still text, and the chain that it leads to; null for one that was made. */
  textOf(index: number): RuleText | null;
  /** The number, in the chains of a table, of the chain that a rule leads to; negative where it has none there. */
  targetIn(chains: ReadonlyMap<string, Chain>, index: number): number;
  /** The one address that a rule asks its packets to come from or to go to, as far as its text tells at once; else null. */
  exactAddressOf(index: number, side: 'source' | 'destination'): Address | null;
}

/** The jumps of a table by the numbers of chains. */
export interface JumpColumns {
  /** The jumps of chain n are those from `first[n]` up to `first[n + 1]`. */
  readonly first: Int32Array;
  /** The chain that each leads to. */
  readonly to: Int32Array;
  /** The index in its chain of the rule that makes it. */
  readonly by: Int32Array;
}

/** How many rules a chain has. */
export function sizeOf(chain: Pick<Chain, 'digest' | 'rules'>): number {
  return chain.digest?.size ?? chain.rules.length;
}

/** The rule of a chain at an index; undefined behind the last. */
export function ruleOf(chain: Chain, index: number): Rule | undefined {
  return chain.digest === undefined ? chain.rules[index] : chain.digest.ruleOf(index);
}

/** The kind of a chain's rule at an index; undefined behind the last. */
export function kindAt(chain: Chain, index: number): RuleKind | undefined {
  return chain.digest === undefined ? chain.rules[index] : chain.digest.kindAt(index);
}

/** Tells of each rule of a chain that jumps or goes to a chain: which chain, and the rule's index. */
export function eachJump(chain: Chain, tell: (chain: string, index: number) => void): void {
  if (chain.digest !== undefined) {
    chain.digest.eachJump(tell);
    return;
  }
  for (const [index, { action }] of chain.rules.entries())
    if (action.kind === 'chain') tell(action.chain, index);
}

/** Does a rule of the chain fit, as far as its kind tells? */
export function someRule(chain: Chain, fits: (kind: RuleKind) => boolean): boolean {
  return chain.digest?.someKind(fits) ?? chain.rules.some(fits);
}

/** The rules of a chain that fit by their kind: where none does, none is made. */
export function rulesOfKind(chain: Chain, fits: (kind: RuleKind) => boolean): readonly Rule[] {
  return someRule(chain, fits) ? chain.rules.filter(fits) : [];
}
