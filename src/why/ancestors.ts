/** The jumps that lead to a chain, directly and through other chains. */
import { ruleOf } from '../iptables/digest.js';
import { eachJumpOf } from '../iptables/jumps.js';
import type { RuleSet, Table } from '../iptables/model.js';
import type { NftTable, Statement, Verdict } from '../nft/model.js';
import { type AnyRule, isNative } from '../packet/any-rule.js';
import type { Node } from '../packet/node.js';
import type { Family } from '../address/address.js';

/** A jump by its place: its rule is read when it is asked for. */
export interface JumpPlace {
  readonly chain: string;
  readonly index: number;
}

/** The rule of a place. */
export function jumpOf(table: Table | NftTable, { chain, index }: JumpPlace): AnyRule | undefined {
  if ('sets' in table) return table.chains.get(chain)?.rules[index];
  const found = table.chains.get(chain);
  return found === undefined ? undefined : ruleOf(found, index);
}

/** By a chain's name: the rules that jump or go to it. */
export type Jumps = ReadonlyMap<string, readonly JumpPlace[]>;

/** The table that a rule stands in. */
export function tableOfRule(node: Node, family: Family, rule: AnyRule): Table | NftTable | null {
  if (isNative(rule))
    return (
      node.nativeTables[family].find((one) => one.family === rule.family && one.name === rule.table) ?? null
    );
  const own = node.ruleSets[family];
  const sets: readonly (RuleSet | undefined)[] = [own, own.other];
  const has = (set: RuleSet | undefined): boolean => {
    const chain = set?.tables.get(rule.table)?.chains.get(rule.chain);
    return chain !== undefined && ruleOf(chain, rule.number - 1) === rule;
  };
  return sets.find(has)?.tables.get(rule.table) ?? null;
}

function chainsOfVerdict(verdict: Verdict): readonly string[] {
  return 'chain' in verdict ? [verdict.chain] : [];
}

/** Verdicts of a map that stands in the rule, or of a named one. */
function chainsOfMap(
  { map }: Extract<Statement, { kind: 'vmap' }>,
  sets: NftTable['sets'],
): readonly string[] {
  const elements =
    map.kind === 'set' ? map.elements : map.kind === 'set-name' ? (sets.get(map.name)?.elements ?? []) : [];
  return elements.flatMap(({ value }) =>
    value !== null && 'chain' in value ? chainsOfVerdict(value as Verdict) : [],
  );
}

function add(jumps: Map<string, JumpPlace[]>, to: string, place: JumpPlace): void {
  const known = jumps.get(to);
  if (known === undefined) jumps.set(to, [place]);
  else known.push(place);
}

function nativeJumps({ chains, sets }: NftTable): Jumps {
  const jumps = new Map<string, JumpPlace[]>();
  for (const { name: chain, rules } of chains.values())
    for (const [index, rule] of rules.entries())
      for (const statement of rule.statements) {
        const names =
          statement.kind === 'verdict'
            ? chainsOfVerdict(statement.verdict)
            : statement.kind === 'vmap'
              ? chainsOfMap(statement, sets)
              : [];
        for (const name of new Set(names)) add(jumps, name, { chain, index });
      }
  return jumps;
}

function iptablesJumps(table: Table): Jumps {
  const jumps = new Map<string, JumpPlace[]>();
  eachJumpOf(table, (chain, index, to) => {
    add(jumps, to, { chain, index });
  });
  return jumps;
}

/** Which jumps lead to which chain of a table. */
export function jumpsOf(table: Table | NftTable): Jumps {
  return 'sets' in table ? nativeJumps(table) : iptablesJumps(table);
}

const HOOKS: ReadonlySet<string> = new Set(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']);

/** Is it the chain that begins at a hook? */
function isBase(table: Table | NftTable, name: string): boolean {
  if (!('sets' in table)) return HOOKS.has(name) && table.chains.has(name);
  const base = table.chains.get(name)?.base ?? null;
  return base !== null;
}

/** Jumps from where they begin to a chain; the last leads into it. */
export type Way = readonly JumpPlace[];

/** What leads to a chain that a walk was not in. */
export interface WaysTo {
  /** Those that begin with a jump of a chain that the walk was in, the shortest first. */
  readonly begun: readonly Way[];
  /** How many more such ways there are. */
  readonly more: number;
  /** Those that begin with a chain of a hook. */
  readonly atHooks: readonly (readonly [chain: string, way: Way])[];
  /** Those that begin with a chain to which nothing leads. */
  readonly nowhere: readonly (readonly [chain: string, way: Way])[];
}

/** So many ways of a kind are kept: a large node has one for each of its services. */
const MOST = 50;

/** A way while it is looked for: a large node has tens of thousands, nearly all of which nobody hears of. */
interface Link {
  readonly jump: JumpPlace;
  readonly then: Link | null;
}

function wayOf(link: Link | null): Way {
  const way: JumpPlace[] = [];
  for (let at = link; at !== null; at = at.then) way.push(at.jump);
  return way;
}

/** Goes back from a chain, over chains that the walk was not in, to those that it was in. Each chain counts once. */
export function waysTo(
  chain: string,
  table: Table | NftTable,
  jumps: Jumps,
  wasIn: (chain: string) => boolean,
): WaysTo {
  const begun: Way[] = [];
  const atHooks: [string, Way][] = [];
  const nowhere: [string, Way][] = [];
  let more = 0;
  const seen = new Set([chain]);
  let open: (readonly [string, Link | null])[] = [[chain, null]];
  while (open.length > 0) {
    const next: (readonly [string, Link])[] = [];
    for (const [name, then] of open) {
      const own = jumps.get(name) ?? [];
      if (isBase(table, name)) atHooks.push([name, wayOf(then)]);
      else if (own.length === 0 && nowhere.length < MOST) nowhere.push([name, wayOf(then)]);
      for (const jump of own) {
        const from = jump.chain;
        if (wasIn(from)) {
          if (begun.length < MOST) begun.push(wayOf({ jump, then }));
          else more += 1;
        } else if (!seen.has(from)) {
          seen.add(from);
          next.push([from, { jump, then }]);
        }
      }
    }
    open = next;
  }
  return { begun, more, atHooks, nowhere };
}
