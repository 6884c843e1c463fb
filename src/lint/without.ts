/** A node as it would be without one of its rules: what a rule does is seen by what happens when it is gone. */
import type { Rule, RuleSet, Table } from '../iptables/model.js';
import type { Node } from '../packet/node.js';
import type { Network, PolicyRule } from '../routing/model.js';

function tableWithout(table: Table, rule: Rule): Table {
  const chain = table.chains.get(rule.chain);
  if (chain === undefined) return table;
  const { name, policy, declared, counters, span } = chain;
  const rules = chain.rules.filter((one) => one !== rule);
  const chains = new Map(table.chains);
  chains.set(name, { name, table: chain.table, policy, declared, counters, span, rules });
  return { name: table.name, chains };
}

function ruleSetWithout(ruleSet: RuleSet, table: Table, rule: Rule): RuleSet {
  const { other } = ruleSet;
  if (ruleSet.tables.get(table.name) === table) {
    const tables = new Map(ruleSet.tables);
    tables.set(table.name, tableWithout(table, rule));
    return { ...ruleSet, tables };
  }
  return other === undefined ? ruleSet : { ...ruleSet, other: ruleSetWithout(other, table, rule) };
}

/** The node without a rule of one of its iptables tables. The rules behind it keep their numbers. */
export function withoutRule(node: Node, table: Table, rule: Rule): Node {
  const [four, six] = [node.ruleSets[4], node.ruleSets[6]];
  return {
    ...node,
    ruleSets: { 4: ruleSetWithout(four, table, rule), 6: ruleSetWithout(six, table, rule) },
  };
}

/** The node without a policy rule. */
export function withoutPolicyRule(node: Node, rule: PolicyRule): Node {
  const network = node.networks[rule.family];
  const changed: Network = { ...network, rules: network.rules.filter((one) => one !== rule) };
  return { ...node, networks: { ...node.networks, [rule.family]: changed } };
}
