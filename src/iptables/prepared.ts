/**
 * Chains as the walk meets them: what never changes about a rule is worked out when the walk first comes to it. A walk
 * visits a few of the many thousand rules of a large node, so nothing is prepared before.
 */
import { unsure } from '../chooser/question.js';
import { type ChainIndex, chainIndex } from './chain-index.js';
import { ruleOf, sizeOf } from './digest.js';
import { type Condition, headerConditions } from './header.js';
import { askListed, isListed } from './listed.js';
import type { Chain, OpaqueMatch, Rule, RuleMatch, Table } from './model.js';
import { traceName } from './trace-name.js';

/** Identity of a rule within its node. */
export function ruleKey(rule: Rule): string {
  const { backend, table, chain, number } = rule;
  return `${backend === undefined ? '' : `${backend}:`}${table}:${chain}:${String(number)}`;
}

function opaqueCondition(match: OpaqueMatch): Condition {
  if (isListed(match)) return (_, { hook, ruleKey: key }) => askListed(match, hook, key);
  const { name, text } = match;
  return name === ''
    ? (_, { hook }) => unsure(`${hook} ${text}`, 'UNK_CONDITION', { text })
    : (_, { hook }) =>
        unsure(`${hook} -m ${name} ${text}`, 'UNK_MATCH', { name, text: text === '' ? '' : ` ${text}` });
}

/** Of each match, how many of the same extension stand before it. */
function ordinalsOf(matches: readonly RuleMatch[]): readonly number[] {
  const counts = new Map<unknown, number>();
  return matches.map((match) => {
    if ('opaque' in match) return 0;
    const before = counts.get(match.extension) ?? 0;
    counts.set(match.extension, before + 1);
    return before;
  });
}

/** What each match of a rule asks; null for a comment, which asks nothing. */
export function matchConditions(matches: readonly RuleMatch[]): readonly (Condition | null)[] {
  const ordinals = ordinalsOf(matches);
  const hasRepeats = ordinals.some((before) => before > 0);
  return matches.map((match, at) => {
    if ('opaque' in match) return opaqueCondition(match);
    if (match.extension.name === 'comment') return null;
    const ordinal = ordinals[at] ?? 0;
    return hasRepeats
      ? (packet, world) => {
          world.ordinal = ordinal;
          return match.evaluate(packet, world);
        }
      : (packet, world) => match.evaluate(packet, world);
  });
}

function conditionsOf({ header, matches }: Rule): Condition[] {
  const conditions = headerConditions(header);
  for (const condition of matchConditions(matches)) if (condition !== null) conditions.push(condition);
  return conditions;
}

/** A rule, ready to be tried. What few of the rules that are tried need is made when it is asked for. */
export class PreparedRule {
  readonly rule: Rule;
  /** Header, then matches, in their order; what always holds and leaves no trace is left out. */
  readonly conditions: readonly Condition[];
  /** It changes neither the packet nor the verdict. */
  readonly inert: boolean;
  readonly #table: PreparedTable;
  #key: string | null = null;
  #name: string | null = null;
  #target: PreparedChain | null | undefined = undefined;

  constructor(rule: Rule, table: PreparedTable) {
    const { action } = rule;
    this.rule = rule;
    this.conditions = conditionsOf(rule);
    this.inert = action.kind === 'none' || (action.kind === 'target' && action.target.extension.inert);
    this.#table = table;
  }

  /** Identity of the rule within its node: keys the state that a rule keeps for itself. */
  get key(): string {
    this.#key ??= ruleKey(this.rule);
    return this.#key;
  }

  /** As the kernel's TRACE names it. */
  get name(): string {
    this.#name ??= traceName(this.rule);
    return this.#name;
  }

  /** Where it jumps; null for another action, and for a chain that the dump does not show. */
  get target(): PreparedChain | null {
    if (this.#target === undefined) {
      const { action } = this.rule;
      this.#target = action.kind === 'chain' ? (this.#table.chain(action.chain) ?? null) : null;
    }
    return this.#target;
  }
}

/** A chain of which rules are prepared as they are met. */
export class PreparedChain {
  readonly chain: Chain;
  readonly length: number;
  readonly #table: PreparedTable;
  readonly #rules: (PreparedRule | undefined)[] = [];
  #index: ChainIndex | null | undefined = undefined;
  #typesIndex: ChainIndex | null | undefined = undefined;
  #returnName: string | null = null;
  #policyName: string | null = null;

  constructor(chain: Chain, table: PreparedTable) {
    this.chain = chain;
    this.length = sizeOf(chain);
    this.#table = table;
  }

  /**
   * Null for a chain that is walked rule by rule.
   * @param types asking for the type of an address leaves no trace
   */
  index(types: boolean): ChainIndex | null {
    if (types) {
      if (this.#typesIndex === undefined) this.#typesIndex = chainIndex(this.chain, true);
      return this.#typesIndex;
    }
    if (this.#index === undefined) this.#index = chainIndex(this.chain, false);
    return this.#index;
  }

  /**
   * The end of the chain as TRACE names it.
   * @param tag whose table it is, where both iptables have some; the same for all walks
   */
  returnName(tag: string): string {
    this.#returnName ??= this.#endName(tag, 'return');
    return this.#returnName;
  }

  /** The same for the policy of a built-in chain. */
  policyName(tag: string): string {
    this.#policyName ??= this.#endName(tag, 'policy');
    return this.#policyName;
  }

  #endName(tag: string, word: string): string {
    return `${tag}${this.chain.table}:${this.chain.name}:${word}:${String(this.length + 1)}`;
  }

  /** The rule at a place, counted from 0; undefined behind the last. */
  at(place: number): PreparedRule | undefined {
    const known = this.#rules[place];
    if (known !== undefined) return known;
    const rule = ruleOf(this.chain, place);
    if (rule === undefined) return undefined;
    const made = new PreparedRule(rule, this.#table);
    this.#rules[place] = made;
    return made;
  }
}

/** The chains of a table that walks have come to. */
export class PreparedTable {
  readonly #table: Table;
  readonly #chains = new Map<string, PreparedChain>();

  constructor(table: Table) {
    this.#table = table;
  }

  chain(name: string): PreparedChain | undefined {
    const known = this.#chains.get(name);
    if (known !== undefined) return known;
    const chain = this.#table.chains.get(name);
    if (chain === undefined) return undefined;
    const made = new PreparedChain(chain, this);
    this.#chains.set(name, made);
    return made;
  }
}

const PREPARED = new WeakMap<Table, PreparedTable>();

/** A table's chains, prepared once for all walks. */
export function preparedTable(table: Table): PreparedTable {
  const known = PREPARED.get(table);
  if (known !== undefined) return known;
  const made = new PreparedTable(table);
  PREPARED.set(table, made);
  return made;
}
