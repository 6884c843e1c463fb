/** A node with what another node has put into it, where `iptables -I`, `nft insert rule` and `ip rule add` would put it. */
import type { Family } from '../address/address.js';
import { checkTable } from '../iptables/check.js';
import { sizeOf, ruleOf } from '../iptables/digest.js';
import {
  BUILTIN_CHAINS,
  type Chain,
  type Rule,
  type RuleSet,
  TABLES,
  type Table,
} from '../iptables/model.js';
import { printRule } from '../iptables/print.js';
import type { Hook, TableName } from '../iptables/view.js';
import { nearest } from '../names/nearest.js';
import { isNative } from '../packet/any-rule.js';
import type { Node } from '../packet/node.js';
import type { PolicyRule } from '../routing/model.js';
import { rulesOf } from '../routing/policy-rules.js';
import { Diagnostics } from '../source/diagnostic.js';
import { Borrowed } from './borrow.js';
import { changedFamilies, chainOf, numberedRule, withShownRules } from './change.js';
import { insertNative } from './insert-native.js';
import { type Insertion, type Place, newNumber, readPlace } from './inserted.js';
import { BadReference, type Target } from './reference.js';

const MOST_NEAR = 3;

/** Of the rule sets of a node those that a table's name, `nat` or `nft nat`, may mean. */
function setsFor(own: RuleSet, rule: Rule, table: string | null): readonly RuleSet[] | BadReference {
  const [, backend = rule.backend, name = table] = /^(legacy|nft) (.*)$/.exec(table ?? '') ?? [];
  if (name !== null && name !== rule.table)
    return new BadReference('USAGE_WITH_TABLE', { text: name, table: rule.table });
  const all = own.other === undefined ? [own] : [own, own.other];
  const fitting = all.filter((set) => backend === undefined || set.backend === backend);
  return fitting.length === 0 ? all : fitting;
}

function builtIn(table: TableName, chain: string): Chain | null {
  const isHook = BUILTIN_CHAINS[table].includes(chain as Hook);
  return isHook
    ? { name: chain, table, policy: 'ACCEPT', declared: true, counters: null, rules: [], span: null }
    : null;
}

function unknownChain(sets: readonly RuleSet[], { table, chain: name }: Rule, chain: string): BadReference {
  const names = sets.flatMap((set) => [...(set.tables.get(table)?.chains.keys() ?? [])]);
  const near = nearest(chain, names, MOST_NEAR).join(', ') || '-';
  return new BadReference('USAGE_WITH_CHAIN', { chain, table, near, from: name });
}

/** Chains that are jumped to and that this table lacks, and theirs. */
function missingChains(table: Table | undefined, rule: Rule, borrowed: Borrowed): readonly Chain[] {
  const found = new Map<string, Chain>();
  const open: Rule[] = [rule];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (one.action.kind !== 'chain') continue;
    const name = one.action.chain;
    if (found.has(name) || table?.chains.has(name) === true) continue;
    const chain = borrowed.chain(one, name);
    if (chain === null) continue;
    found.set(name, chain);
    open.push(...chain.rules);
  }
  return [...found.values()];
}

/** What the kernel would refuse in a table, as far as it did not have it before. */
function refusal(before: Table | undefined, after: Table, { backend }: RuleSet): BadReference | null {
  const faultsOf = (table: Table): Diagnostics['list'] => {
    const found = new Diagnostics();
    checkTable(table, backend, found);
    return found.list;
  };
  const key = ({ code, params }: Diagnostics['list'][number]): string => `${code} ${JSON.stringify(params)}`;
  const known = new Set(before === undefined ? [] : faultsOf(before).map(key));
  const fault = faultsOf(after).find((one) => !known.has(key(one)));
  return fault === undefined ? null : new BadReference(fault.code, fault.params);
}

/** A set of tables with one table otherwise; the other tables, and those of the other iptables, stay. */
function swapped(set: RuleSet, from: RuleSet, table: Table): RuleSet | null {
  if (set === from) {
    const all = new Map([...set.tables, [table.name, table]]);
    return { ...set, tables: new Map(TABLES.flatMap((name) => onlyThere(name, all.get(name)))) };
  }
  const other = set.other === undefined ? null : swapped(set.other, from, table);
  return other === null ? null : { ...set, other };
}

const onlyThere = (name: TableName, table: Table | undefined): [TableName, Table][] =>
  table === undefined ? [] : [[name, table]];

function insertRule(
  node: Node,
  family: Family,
  rule: Rule,
  borrowed: Borrowed,
  at: Place,
): Insertion | BadReference {
  const own = node.ruleSets[family];
  const sets = setsFor(own, rule, at.table);
  if (sets instanceof BadReference) return sets;
  const having = sets.filter((set) => set.tables.get(rule.table)?.chains.has(at.chain) === true);
  const [set = sets[0], another] = having;
  if (set === undefined || another !== undefined)
    return new BadReference('USAGE_RULE_AMBIGUOUS', {
      text: at.chain,
      tables: having.map(({ backend }) => `${backend ?? ''} ${rule.table}/${at.chain}`.trim()).join(', '),
    });
  const table = set.tables.get(rule.table);
  const chain = table?.chains.get(at.chain) ?? builtIn(rule.table, at.chain);
  if (chain === null) return unknownChain(sets, rule, at.chain);
  const number = newNumber(at, rule.number, sizeOf(chain), rule.table);
  if (number instanceof BadReference) return number;
  const backend = own.other === undefined || set.backend === null ? {} : { backend: set.backend };
  const { backend: _, ...whole } = numberedRule(borrowed.rule(rule), number);
  const placed: Rule = { ...whole, chain: chain.name, ...backend };
  const behind = chain.rules.slice(number - 1).map((one) => numberedRule(one, one.number + 1));
  const longer = chainOf(chain, chain.policy, [...chain.rules.slice(0, number - 1), placed, ...behind]);
  const brought = missingChains(table, rule, borrowed);
  const chains = new Map(table?.chains);
  for (const one of [longer, ...brought]) chains.set(one.name, one);
  const search = table?.search;
  const changed: Table = { name: rule.table, chains, ...(search === undefined ? {} : { search }) };
  const refused = refusal(table, changed, set);
  if (refused !== null) return refused;
  const before = ruleOf(chain, number - 1);
  const isThere = before !== undefined && printRule({ ...rule, chain: chain.name }) === printRule(before);
  return {
    node: changedFamilies(node, (one) => swapped(one, set, changed)),
    inserted: {
      kind: 'rule',
      of: borrowed.name,
      rule: placed,
      was: rule.number,
      chains: brought.map(({ name }) => name),
      isThere,
    },
  };
}

/** Behind those of its priority, as the kernel adds a rule (net/core/fib_rules.c fib_nl_newrule). */
function insertPolicyRules(
  node: Node,
  target: Extract<Target, { kind: 'policy' }>,
  borrowed: Borrowed,
  place: string | null,
): Insertion | BadReference {
  const { family, rules } = target;
  const was = rules[0]?.priority ?? 0;
  if (place !== null && !(/^\d{1,10}$/.test(place) && Number(place) <= 0xffffffff))
    return new BadReference('USAGE_WITH_PRIORITY', { text: place });
  const priority = place === null ? was : Number(place);
  const added = rules.map((rule): PolicyRule => ({ ...borrowed.policyRule(rule), priority }));
  const network = node.networks[family];
  const bare = (rule: PolicyRule): string => JSON.stringify({ ...rule, span: null, words: [] });
  const present = new Set(rulesOf(network).map(bare));
  const all = [...rulesOf(network), ...added].toSorted((a, b) => a.priority - b.priority);
  return {
    node: withShownRules(node, family, all),
    inserted: {
      kind: 'policy',
      of: borrowed.name,
      rules: added,
      was,
      isThere: added.every((rule) => present.has(bare(rule))),
    },
  };
}

/**
 * Puts a rule of another node, or its policy rules of one priority, into a node.
 * @param name what the user calls the other node
 * @param place where: `2`, `CHAIN:2`, `TABLE/CHAIN:2`, or the priority of policy rules; null where it is in the other node
 * @returns why it cannot be there: the place does not exist, or the kernel would refuse it
 */
export function insertFrom(
  node: Node,
  target: Target,
  other: { readonly node: Node; readonly name: string },
  place: string | null,
): Insertion | BadReference {
  const { family } = target;
  const borrowed = new Borrowed(other.node, other.name, family);
  if (target.kind === 'policy') return insertPolicyRules(node, target, borrowed, place);
  const { rule } = target;
  const at = readPlace(place, rule);
  if (at instanceof BadReference) return at;
  return isNative(rule)
    ? insertNative(node, family, rule, borrowed, at)
    : insertRule(node, family, rule, borrowed, at);
}
