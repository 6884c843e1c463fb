/**
 * Chains as the walk meets them: what never changes about a rule is worked out when the walk first comes to it. A walk
 * visits a few of the many thousand rules of a large node, so nothing is prepared before.
 */
import type { Address } from '../address/address.js';
import { type Ternary, unsure } from '../chooser/question.js';
import { type ChainIndex, chainIndex } from './chain-index.js';
import { ruleOf, sizeOf } from './digest.js';
import type { BoundMatch } from './extension.js';
import { type Condition, headerConditions } from './header.js';
import { askListed, isListed } from './listed.js';
import type { Chain, OpaqueMatch, Rule, RuleMatch, Table } from './model.js';
import { NumberedChains } from './read/numbered-chains.js';
import { traceName } from './trace-name.js';
import type { PacketView, World } from './view.js';

/** Identity of a rule within its node. */
export function ruleKey(rule: Rule): string {
  const { backend, table, chain, number } = rule;
  const whole = [table, chain, number].join(':');
  return backend === undefined ? whole : `${backend}:${whole}`;
}

class OpaqueCondition implements Condition {
  readonly #match: OpaqueMatch;

  constructor(match: OpaqueMatch) {
    this.#match = match;
  }

  evaluate(_: PacketView, { hook, ruleKey: key }: World): Ternary {
    const match = this.#match;
    if (isListed(match)) return askListed(match, hook, key);
    const { name, text } = match;
    return name === ''
      ? unsure(`${hook} ${text}`, 'UNK_CONDITION', { text })
      : unsure(`${hook} -m ${name} ${text}`, 'UNK_MATCH', { name, text: text === '' ? '' : ` ${text}` });
  }
}

/** A match of a rule that has several of one extension, of which each keeps its own state. */
class NumberedCondition implements Condition {
  readonly #match: BoundMatch;
  readonly #ordinal: number;

  /** @param ordinal how many of the same extension stand before it */
  constructor(match: BoundMatch, ordinal: number) {
    this.#match = match;
    this.#ordinal = ordinal;
  }

  evaluate(packet: PacketView, world: World): Ternary {
    world.ordinal = this.#ordinal;
    return this.#match.evaluate(packet, world);
  }
}

const sameExtension = (a: RuleMatch, b: RuleMatch): boolean =>
  !('opaque' in a) && !('opaque' in b) && a.extension === b.extension;

/** Of each match, how many of the same extension stand before it; null where none does, as in nearly every rule. */
function ordinalsOf(matches: readonly RuleMatch[]): readonly number[] | null {
  const [first, second] = matches;
  if (first === undefined || second === undefined) return null;
  if (matches.length === 2) return sameExtension(first, second) ? [0, 1] : null;
  const counts = new Map<unknown, number>();
  const ordinals = matches.map((match) => {
    if ('opaque' in match) return 0;
    const before = counts.get(match.extension) ?? 0;
    counts.set(match.extension, before + 1);
    return before;
  });
  return ordinals.some((before) => before > 0) ? ordinals : null;
}

function conditionOf(match: RuleMatch, ordinal: number | null): Condition | null {
  if ('opaque' in match) return new OpaqueCondition(match);
  if (match.extension.name === 'comment') return null;
  return ordinal === null ? match : new NumberedCondition(match, ordinal);
}

/** What each match of a rule asks; null for a comment, which asks nothing. */
export function matchConditions(matches: readonly RuleMatch[]): readonly (Condition | null)[] {
  const ordinals = ordinalsOf(matches);
  return matches.map((match, at) => conditionOf(match, ordinals?.[at] ?? null));
}

const NO_CONDITIONS: readonly Condition[] = [];

function conditionsOf({ header, matches }: Rule): readonly Condition[] {
  const conditions = headerConditions(header);
  const ordinals = ordinalsOf(matches);
  for (let at = 0; at < matches.length; at += 1) {
    const match = matches[at];
    const condition = match === undefined ? null : conditionOf(match, ordinals?.[at] ?? null);
    if (condition !== null) conditions.push(condition);
  }
  // A copy has room for nothing more: a list that grew keeps room for 16.
  return conditions.length === 0 ? NO_CONDITIONS : conditions.slice();
}

/** A rule, ready to be tried. What few of the rules that are tried need is made when it is asked for. */
export class PreparedRule {
  readonly rule: Rule;
  /** Header, then matches, in their order; what always holds and leaves no trace is left out. */
  readonly conditions: readonly Condition[];
  /** It changes neither the packet nor the verdict. */
  readonly inert: boolean;
  readonly #table: PreparedTable;
  readonly #chain: Chain;
  #key: string | null = null;
  #name: string | null = null;
  #target: PreparedChain | null | undefined = undefined;

  constructor(rule: Rule, chain: Chain, table: PreparedTable) {
    const { action } = rule;
    this.rule = rule;
    this.conditions = conditionsOf(rule);
    this.inert = action.kind === 'none' || (action.kind === 'target' && action.target.extension.inert);
    this.#table = table;
    this.#chain = chain;
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
      const { action, number } = this.rule;
      this.#target =
        action.kind === 'chain' ? (this.#table.ledTo(this.#chain, number - 1, action.chain) ?? null) : null;
    }
    return this.#target;
  }
}

const NO_SOURCES: readonly (Address | null)[] = [];

/** Longer chains have an index, or rules that are told apart by something else. */
const SHORT = 16;

/** A chain of which rules are prepared as they are met. */
export class PreparedChain {
  readonly chain: Chain;
  readonly length: number;
  readonly #table: PreparedTable;
  readonly #rules: (PreparedRule | undefined)[];
  #index: ChainIndex | null | undefined = undefined;
  #typesIndex: ChainIndex | null | undefined = undefined;
  /** The one source that each rule asks for, where it does. */
  #sources: readonly (Address | null)[] | null = null;
  #returnName: string | null = null;
  #policyName: string | null = null;

  constructor(chain: Chain, table: PreparedTable) {
    this.chain = chain;
    this.length = sizeOf(chain);
    this.#table = table;
    // Of a short chain nearly all rules are met, and a list that grows keeps room for 16.
    this.#rules = this.length <= SHORT ? new Array<undefined>(this.length).fill(undefined) : [];
  }

  /** How many chains its table has: no way leads through one of them twice without coming back. */
  get room(): number {
    return this.#table.size;
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

  /**
   * Does the rule at a place ask for another source than the packet's? Said of rules alone that are not made yet: of the
   * two rules of a service's endpoint nearly every packet passes over the first.
   */
  passesOver(place: number, { source, sourceTo }: PacketView): boolean {
    if (this.length > SHORT || this.#rules[place] !== undefined) return false;
    this.#sources ??= this.#exactSources();
    const wanted = this.#sources[place] ?? null;
    return wanted !== null && source === sourceTo && source !== wanted;
  }

  #exactSources(): readonly (Address | null)[] {
    const { digest } = this.chain;
    const sources: (Address | null)[] = new Array<null>(this.length).fill(null);
    let isAny = false;
    for (let at = 0; at < sources.length; at += 1) {
      const source = digest?.exactAddressOf(at, 'source') ?? null;
      sources[at] = source;
      isAny ||= source !== null;
    }
    return isAny ? sources : NO_SOURCES;
  }

  /** The rule at a place, counted from 0; undefined behind the last. */
  at(place: number): PreparedRule | undefined {
    const known = this.#rules[place];
    if (known !== undefined) return known;
    const rule = ruleOf(this.chain, place);
    if (rule === undefined) return undefined;
    const made = new PreparedRule(rule, this.chain, this.#table);
    this.#rules[place] = made;
    return made;
  }
}

/** The chains of a table that walks have come to. */
export class PreparedTable {
  readonly #chains: ReadonlyMap<string, Chain>;
  readonly #numbered: NumberedChains | null;
  /** By their numbers, where they have some. */
  readonly #byNumber: (PreparedChain | undefined)[] = [];
  readonly #byName = new Map<string, PreparedChain>();

  constructor({ chains }: Table) {
    this.#chains = chains;
    this.#numbered = chains instanceof NumberedChains ? chains : null;
  }

  get size(): number {
    return this.#chains.size;
  }

  chain(name: string): PreparedChain | undefined {
    if (this.#numbered !== null) return this.#at(this.#numbered, this.#numbered.numbers.of(name));
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const chain = this.#chains.get(name);
    if (chain === undefined) return undefined;
    const made = new PreparedChain(chain, this);
    this.#byName.set(name, made);
    return made;
  }

  /** Where a rule that jumps or goes leads, by its number where it has one. */
  ledTo({ digest }: Chain, place: number, name: string): PreparedChain | undefined {
    const number = this.#numbered === null ? -1 : (digest?.targetIn(this.#chains, place) ?? -1);
    return this.#numbered === null || number < 0 ? this.chain(name) : this.#at(this.#numbered, number);
  }

  #at(chains: NumberedChains, number: number): PreparedChain | undefined {
    return number < 0 ? undefined : (this.#byNumber[number] ??= new PreparedChain(chains.at(number), this));
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
