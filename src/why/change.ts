/** A node with one thing about it changed: a rule taken out, a policy or a sysctl set. The node itself stays as it is. */
import type { Family } from '../address/address.js';
import type { Chain, Rule, RuleSet, Table } from '../iptables/model.js';
import type { NftChain, NftRule, NftTable, Statement } from '../nft/model.js';
import { isNative } from '../packet/any-rule.js';
import type { Ground, Node } from '../packet/node.js';
import type { PolicyRule } from '../routing/model.js';
import { rulesOf, rulesShown } from '../routing/policy-rules.js';
import { sysctlName } from '../routing/sysctl.js';
import type { Target } from './reference.js';

/** Rules behind one that is taken out move up, as `iptables -D` has it. */
function without<T extends { readonly number: number }>(
  rules: readonly T[],
  rule: T,
  numbered: (one: T, number: number) => T,
): readonly T[] {
  return rules
    .filter((one) => one !== rule)
    .map((one) => (one.number > rule.number ? numbered(one, one.number - 1) : one));
}

/** Field by field: what is read from the dump when it is asked for stands in no own field of an object. */
export function numberedRule(one: Rule, number: number): Rule {
  const { table, chain, header, matches, action, counters, backend, span } = one;
  const whose = backend === undefined ? {} : { backend };
  return { table, chain, number, header, matches, action, counters, ...whose, span };
}

/** What is known of a chain without reading its rules goes with the rules that it has. */
export function chainOf(
  { name, table, declared, counters, span }: Chain,
  policy: Chain['policy'],
  rules: readonly Rule[],
): Chain {
  return { name, table, policy, declared, counters, rules, span };
}

/** Names are looked up in the unchanged dump. */
function withChain({ name, chains, search }: Table, chain: Chain): Table {
  const changed = new Map<string, Chain>();
  for (const one of chains.values()) changed.set(one.name, one.name === chain.name ? chain : one);
  return { name, chains: changed, ...(search === undefined ? {} : { search }) };
}

/** Changes the chain that has the rule; null where the rule set has no such rule. */
export function inRuleSet(set: RuleSet, rule: Rule, change: (chain: Chain) => Chain): RuleSet | null {
  const table = set.tables.get(rule.table);
  const chain = table?.chains.get(rule.chain);
  if (table !== undefined && chain?.rules.includes(rule) === true) {
    const changed = withChain(table, change(chain));
    return { ...set, tables: new Map([...set.tables, [rule.table, changed]]) };
  }
  const other = set.other === undefined ? null : inRuleSet(set.other, rule, change);
  return other === null ? null : { ...set, other };
}

/** Chains that stand within rules are the same object in the table and in the rule. */
function withInline(statement: Statement, name: string, chain: NftChain): Statement {
  if (statement.kind !== 'verdict') return statement;
  const { verdict } = statement;
  return 'inline' in verdict && verdict.chain === name
    ? { ...statement, verdict: { ...verdict, inline: chain } }
    : statement;
}

function withoutNative(table: NftTable, rule: NftRule): NftTable {
  const chain = table.chains.get(rule.chain);
  if (chain === undefined) return table;
  const changed: NftChain = {
    ...chain,
    rules: without(chain.rules, rule, (one, number) => ({ ...one, number })),
  };
  const chains = new Map([...table.chains, [chain.name, changed]]);
  if (chain.inline !== true) return { ...table, chains };
  const placed = [...chains].map(([name, one]): readonly [string, NftChain] => [
    name,
    {
      ...one,
      rules: one.rules.map((other) => ({
        ...other,
        statements: other.statements.map((statement) => withInline(statement, chain.name, changed)),
      })),
    },
  ]);
  return { ...table, chains: new Map(placed) };
}

function withoutNativeRule(node: Node, rule: NftRule): Node {
  const has = (table: NftTable): boolean => table.chains.get(rule.chain)?.rules.includes(rule) === true;
  const found = [...(node.nft?.tables ?? []), ...node.nativeTables[4], ...node.nativeTables[6]].find(
    (table) => table.family === rule.family && table.name === rule.table && has(table),
  );
  return found === undefined ? node : swappedNative(node, found, withoutNative(found, rule));
}

/** The node with another table in the place of one of its native tables. */
export function swappedNative(node: Node, from: NftTable, to: NftTable): Node {
  const swap = (tables: readonly NftTable[]): readonly NftTable[] =>
    tables.map((table) => (table === from ? to : table));
  return {
    ...node,
    nft: node.nft === null ? null : { ...node.nft, tables: swap(node.nft.tables) },
    nativeTables: { 4: swap(node.nativeTables[4]), 6: swap(node.nativeTables[6]) },
  };
}

export function changedFamilies(node: Node, change: (set: RuleSet) => RuleSet | null): Node {
  const { ruleSets } = node;
  return {
    ...node,
    ruleSets: { 4: change(ruleSets[4]) ?? ruleSets[4], 6: change(ruleSets[6]) ?? ruleSets[6] },
  };
}

/** Walks go on resting on it that the list of policy rules is not whole. */
function groundOf(node: Node, family: Family): readonly Ground[] {
  const network = node.networks[family];
  if (network.known.rules) return [];
  const code = rulesShown(network) ? 'UNK_RULES_PART' : 'UNK_NO_RULES';
  return [{ code, params: { family }, family, command: null }];
}

function withoutPolicyRules(node: Node, family: Family, rules: readonly PolicyRule[]): Node {
  const left = rulesOf(node.networks[family]).filter((rule) => !rules.includes(rule));
  return withShownRules(node, family, left);
}

/** The node with these policy rules and no others, in the order in which the kernel tries them. */
export function withShownRules(node: Node, family: Family, rules: readonly PolicyRule[]): Node {
  const network = node.networks[family];
  const known = { ...network.known, rules: true };
  return {
    ...node,
    grounds: [...node.grounds, ...groundOf(node, family)],
    networks: { ...node.networks, [family]: { ...network, rules, known } },
  };
}

/** The node without a rule, or without some policy rules. */
export function withoutTarget(node: Node, target: Target): Node {
  if (target.kind === 'policy') return withoutPolicyRules(node, target.family, target.rules);
  const { rule } = target;
  if (isNative(rule)) return withoutNativeRule(node, rule);
  return changedFamilies(node, (set) =>
    inRuleSet(set, rule, (chain) => chainOf(chain, chain.policy, without(chain.rules, rule, numberedRule))),
  );
}

/** The node with another policy for a built-in chain, or a native base chain (its table as results name it). */
export function withPolicy(
  node: Node,
  {
    table,
    backend,
    chain,
  }: { readonly table: string; readonly backend?: string | undefined; readonly chain: string },
  policy: 'ACCEPT' | 'DROP',
): Node {
  const inSet = (set: RuleSet): RuleSet | null => {
    if (backend !== undefined && set.backend !== backend)
      return set.other === undefined ? null : { ...set, other: inSet(set.other) ?? set.other };
    const own = [...set.tables.values()].find(({ name }) => name === table);
    const found = own?.chains.get(chain);
    if (own === undefined || found === undefined) return null;
    return {
      ...set,
      tables: new Map([...set.tables, [own.name, withChain(own, chainOf(found, policy, found.rules))]]),
    };
  };
  const changed = changedFamilies(node, inSet);
  const swap = (tables: readonly NftTable[]): readonly NftTable[] =>
    tables.map((one) => {
      const found = `${one.family} ${one.name}` === table ? one.chains.get(chain) : undefined;
      if (found === undefined) return one;
      const word = policy === 'DROP' ? 'drop' : 'accept';
      return { ...one, chains: new Map([...one.chains, [chain, { ...found, policy: word }]]) };
    });
  return {
    ...changed,
    nativeTables: { 4: swap(node.nativeTables[4]), 6: swap(node.nativeTables[6]) },
  };
}

/** Forwarding of a whole family is switched for each of its devices (devinet_sysctl_forward, addrconf_fixup_forwarding). */
const FORWARDING = /^net\.ipv(?:4\.ip_forward|([46])\.conf\.all\.forwarding)$/;

function withSpread(
  { sysctls, networks }: Node,
  [name, value]: readonly [string, string],
): [string, string][] {
  const found = FORWARDING.exec(name);
  if (found === null) return [[name, value]];
  const family = found[1] === '6' ? 6 : 4;
  const devices = ['all', 'default', ...networks[family].links.keys()];
  const spread = devices
    .map((device) => sysctlName(family, device, 'forwarding'))
    .filter((one) => sysctls.has(one));
  const twin = family === 4 ? ['net.ipv4.ip_forward'] : [];
  return [name, ...spread, ...twin].map((one) => [one, value]);
}

/** The node with sysctls set, by their dotted names. */
export function withSysctls(node: Node, given: ReadonlyMap<string, string>): Node {
  const sysctls = new Map([...node.sysctls, ...[...given].flatMap((one) => withSpread(node, one))]);
  const sysctl = (name: string): string | null => sysctls.get(name) ?? null;
  const { networks } = node;
  return {
    ...node,
    sysctls,
    networks: { 4: { ...networks[4], sysctl }, 6: { ...networks[6], sysctl } },
  };
}
