/**
 * Tables of both kinds in one form: rules as texts without what decides nothing (comments, counters, handles, the names
 * of chains), so that chains that do the same have one number, however they are called.
 */
import type { Family } from '../address/address.js';
import { eachJump } from '../iptables/digest.js';
import { BUILTIN_CHAINS, type Rule, type RuleMatch, TABLES, type Table } from '../iptables/model.js';
import { printRuleBody } from '../iptables/print.js';
import type { NftChain, NftRule, NftTable, Statement } from '../nft/model.js';
import { isVerdict } from '../nft/print-expression.js';
import { printRule } from '../nft/print-statement.js';
import type { AnyRule } from '../packet/any-rule.js';
import type { Node } from '../packet/node.js';

export interface ShapeRule {
  readonly rule: AnyRule;
  /** What it asks and does, `@` for the chain that it leads to. */
  readonly text: string;
  /** The chains that it leads to. */
  readonly jumps: readonly string[];
  /** Behind it no packet goes on that it took (so far as the rule alone tells). */
  readonly ends: boolean;
}

export interface ShapeChain {
  readonly name: string;
  readonly policy: string;
  readonly rules: readonly ShapeRule[];
}

export interface ShapeTable {
  /** The same for both nodes. */
  readonly key: string;
  readonly family: Family;
  readonly native: NftTable | null;
  /** Chains that begin at a hook, by what tells them apart; each with its hook in capitals. */
  readonly roots: ReadonlyMap<string, { readonly chain: string; readonly hook: string }>;
  chain(name: string): ShapeChain | null;
  /** Tells of each jump: from which chain to which, and which of its rules it is. */
  eachJump(tell: (from: string, to: string, index: number) => void): void;
}

const isComment = (match: RuleMatch): boolean => !('opaque' in match) && match.extension.name === 'comment';

const ENDING: ReadonlySet<string> = new Set([
  'ACCEPT',
  'DROP',
  'RETURN',
  'REJECT',
  'DNAT',
  'SNAT',
  'MASQUERADE',
  'REDIRECT',
]);

/** What a rule asks, then what it does. */
export function textOf({ header, matches, action }: Rule): string {
  const asked = matches.some(isComment) ? matches.filter((match) => !isComment(match)) : matches;
  return printRuleBody({
    header,
    matches: asked,
    action: action.kind === 'chain' ? { ...action, chain: '@' } : action,
  });
}

/** The text of a native rule, its counters and its comment aside. */
export function nativeTextOf({ statements }: NftRule): string {
  const kept = statements.filter(({ kind }) => kind !== 'counter').map(unnamed);
  return printRule({ statements: kept, comment: null });
}

function unnamed(statement: Statement): Statement {
  if (statement.kind !== 'verdict' || !('chain' in statement.verdict)) return statement;
  const { verdict } = statement;
  return verdict.inline === undefined ? { ...statement, verdict: { ...verdict, chain: '@' } } : statement;
}

/** The text of either. */
export function anyTextOf(rule: AnyRule): string {
  return 'statements' in rule ? nativeTextOf(rule) : textOf(rule);
}

function shapeRule(rule: Rule): ShapeRule {
  const { action } = rule;
  return {
    rule,
    text: textOf(rule),
    jumps: action.kind === 'chain' ? [action.chain] : [],
    ends: action.kind === 'target' && ENDING.has(action.target.extension.name),
  };
}

/** Chains by name, each made when it is first asked for. */
function remembered(make: (name: string) => ShapeChain | null): (name: string) => ShapeChain | null {
  const known = new Map<string, ShapeChain | null>();
  return (name) => {
    let found = known.get(name);
    if (found === undefined) known.set(name, (found = make(name)));
    return found;
  };
}

function iptablesShape(key: string, family: Family, table: Table): ShapeTable {
  const hooks = BUILTIN_CHAINS[table.name].filter((hook) => table.chains.has(hook));
  return {
    key,
    family,
    native: null,
    roots: new Map(hooks.map((hook) => [hook, { chain: hook, hook }])),
    chain: remembered((name) => {
      const chain = table.chains.get(name);
      if (chain === undefined) return null;
      return { name, policy: chain.policy ?? '', rules: chain.rules.map(shapeRule) };
    }),
    eachJump(tell) {
      for (const [name, chain] of table.chains) eachJump(chain, (to, index) => tell(name, to, index));
    },
  };
}

/** The chains that a native rule may lead to. */
function nativeJumps({ statements }: NftRule, table: NftTable): readonly string[] {
  const names = new Set<string>();
  for (const statement of statements) {
    if (statement.kind === 'verdict' && 'chain' in statement.verdict) names.add(statement.verdict.chain);
    if (statement.kind !== 'vmap') continue;
    const { map } = statement;
    const elements =
      map.kind === 'set' ? map.elements : map.kind === 'set-name' ? table.sets.get(map.name)?.elements : [];
    for (const { value } of elements ?? [])
      if (value !== null && isVerdict(value) && 'chain' in value) names.add(value.chain);
  }
  return [...names];
}

const NATIVE_ENDS: ReadonlySet<string> = new Set(['snat', 'dnat', 'masquerade', 'redirect', 'reject']);

function endsNative({ statements }: NftRule): boolean {
  const last = statements.at(-1);
  if (last?.kind === 'verdict') return last.verdict.kind !== 'continue' && last.verdict.kind !== 'jump';
  return last !== undefined && NATIVE_ENDS.has(last.kind);
}

function rootsOf({ chains }: NftTable): Map<string, { chain: string; hook: string }> {
  const roots = new Map<string, { chain: string; hook: string }>();
  for (const { name, base } of chains.values()) {
    if (base === null) continue;
    const place = `${base.hook} ${String(base.priority)} ${base.type}`;
    let key = place;
    for (let count = 2; roots.has(key); count += 1) key = `${place} ${String(count)}`;
    roots.set(key, { chain: name, hook: base.hook.toUpperCase() });
  }
  return roots;
}

function nativeChain(chain: NftChain, table: NftTable): ShapeChain {
  const rules = chain.rules.map((rule) => ({
    rule,
    text: nativeTextOf(rule),
    jumps: nativeJumps(rule, table),
    ends: endsNative(rule),
  }));
  return { name: chain.name, policy: chain.policy ?? '', rules };
}

function nativeShape(family: Family, table: NftTable): ShapeTable {
  const chain = remembered((name) => {
    const found = table.chains.get(name);
    return found === undefined ? null : nativeChain(found, table);
  });
  return {
    key: `${table.family} ${table.name}`,
    family,
    native: table,
    roots: table.flags.includes('dormant') ? new Map() : rootsOf(table),
    chain,
    eachJump(tell) {
      for (const name of table.chains.keys())
        for (const [index, { jumps }] of (chain(name)?.rules ?? []).entries())
          for (const to of jumps) tell(name, to, index);
    },
  };
}

/** Every table that packets of a family meet, by its key. */
export function shapesOf(node: Node, family: Family): ReadonlyMap<string, ShapeTable> {
  const shapes: ShapeTable[] = [];
  const own = node.ruleSets[family];
  for (const [prefix, set] of [
    ['', own],
    ['other ', own.other],
  ] as const) {
    for (const name of TABLES) {
      const table = set?.tables.get(name);
      if (table !== undefined) shapes.push(iptablesShape(`${prefix}${name}`, family, table));
    }
  }
  shapes.push(...node.nativeTables[family].map((table) => nativeShape(family, table)));
  return new Map(shapes.map((shape) => [shape.key, shape]));
}

/** A map that gives the same number to equal texts. */
export class Numbers {
  readonly #known = new Map<string, number>();

  of(text: string): number {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    this.#known.set(text, this.#known.size);
    return this.#known.size - 1;
  }
}

/** Deeper jumps than these count by the chain's name. */
const DEEPEST = 64;

/** What chains do, as numbers: equal for chains that do the same, in either node. */
export class Doings {
  readonly #table: ShapeTable;
  readonly #numbers: Numbers;
  readonly #known = new Map<string, number>();
  readonly #open = new Set<string>();

  constructor(table: ShapeTable, numbers: Numbers) {
    this.#table = table;
    this.#numbers = numbers;
  }

  /** The number of a chain. */
  of(name: string): number {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const chain = this.#table.chain(name);
    if (chain === null || this.#open.has(name) || this.#open.size >= DEEPEST)
      return this.#numbers.of(`chain ${name}`);
    this.#open.add(name);
    const text = chain.rules.map((rule) => this.ruleText(rule)).join('\n');
    this.#open.delete(name);
    const number = this.#numbers.of(`${chain.policy}\n${text}`);
    this.#known.set(name, number);
    return number;
  }

  /** A rule with what the chains do that it leads to. */
  ruleText({ text, jumps }: ShapeRule): string {
    return jumps.length === 0 ? text : `${text} ${jumps.map((name) => this.of(name)).join(' ')}`;
  }
}
