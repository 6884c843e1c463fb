/** The jumps that lead to a chain, directly and through other chains. */
import { eachJump } from '../iptables/digest.js';
import type { Rule, RuleSet, Table } from '../iptables/model.js';
import type { NftChain, NftTable, Statement, Verdict } from '../nft/model.js';
import { type AnyRule, isNative } from '../packet/any-rule.js';
import type { Node } from '../packet/node.js';
import type { Family } from '../address/address.js';

/** By a chain's name: the rules that jump or go to it. */
export type Jumps = ReadonlyMap<string, readonly AnyRule[]>;

/** More jumps than that are not looked at: what leads to a chain of a large node may be any of its services. */
const MOST = 20_000;

/** The table that a rule stands in. */
export function tableOfRule(node: Node, family: Family, rule: AnyRule): Table | NftTable | null {
  if (isNative(rule))
    return (
      node.nativeTables[family].find((one) => one.family === rule.family && one.name === rule.table) ?? null
    );
  const own = node.ruleSets[family];
  const sets: readonly (RuleSet | undefined)[] = [own, own.other];
  const has = (set: RuleSet | undefined): boolean =>
    set?.tables.get(rule.table)?.chains.get(rule.chain)?.rules[rule.number - 1] === rule;
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

function nativeJumps({ chains, sets }: NftTable): Jumps {
  const jumps = new Map<string, AnyRule[]>();
  for (const { rules } of chains.values())
    for (const rule of rules)
      for (const statement of rule.statements) {
        const names =
          statement.kind === 'verdict'
            ? chainsOfVerdict(statement.verdict)
            : statement.kind === 'vmap'
              ? chainsOfMap(statement, sets)
              : [];
        for (const name of new Set(names)) jumps.set(name, [...(jumps.get(name) ?? []), rule]);
      }
  return jumps;
}

/** The jumps of a table of iptables; rules are read where something leads on to `to` alone. */
function iptablesJumps({ chains }: Table, to: string): Jumps {
  const places = new Map<string, (readonly [chain: string, index: number])[]>();
  for (const chain of chains.values())
    eachJump(chain, (name, index) => {
      const known = places.get(name);
      if (known === undefined) places.set(name, [[chain.name, index]]);
      else known.push([chain.name, index]);
    });
  const jumps = new Map<string, readonly Rule[]>();
  const open = [to];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (jumps.has(name)) continue;
    const own = (places.get(name) ?? []).slice(0, MOST);
    jumps.set(
      name,
      own.flatMap(([chain, index]) => chains.get(chain)?.rules[index] ?? []),
    );
    open.push(...own.map(([chain]) => chain));
  }
  return jumps;
}

/** What leads to the chain of a rule. */
export function jumpsTo(table: Table | NftTable, chain: string): Jumps {
  return 'sets' in table ? nativeJumps(table) : iptablesJumps(table, chain);
}

/** Is it the chain that begins at a hook? */
export function isBase(table: Table | NftTable, name: string): boolean {
  const chain: NftChain | { readonly policy: unknown } | undefined = table.chains.get(name);
  if (chain === undefined) return false;
  return 'base' in chain ? chain.base !== null : isBuiltin(table, name);
}

const HOOKS: ReadonlySet<string> = new Set(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']);

const isBuiltin = (table: Table | NftTable, name: string): boolean => !('sets' in table) && HOOKS.has(name);

/** The rule itself and every jump on the ways to it. */
export function watchFor(rule: AnyRule, jumps: Jumps): ReadonlySet<AnyRule> {
  const watched = new Set<AnyRule>([rule]);
  const seen = new Set<string>();
  const open = [rule.chain];
  for (let name = open.pop(); name !== undefined && watched.size < MOST; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const jump of jumps.get(name) ?? []) {
      watched.add(jump);
      open.push(jump.chain);
    }
  }
  return watched;
}
