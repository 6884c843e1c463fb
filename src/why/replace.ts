/** A node with other rules, policy rules or routes in the place of one of its own. The node itself stays as it is. */
import type { Family } from '../address/address.js';
import type { Rule } from '../iptables/model.js';
import type { Node } from '../packet/node.js';
import type { Network, PolicyRule, Route } from '../routing/model.js';
import { chainOf, changedFamilies, inRuleSet, numberedRule } from './change.js';

/** The node with `rules` where `rule` stands; all are numbered anew, as iptables does. */
export function withRules(node: Node, rule: Rule, rules: readonly Rule[]): Node {
  return changedFamilies(node, (set) =>
    inRuleSet(set, rule, (chain) => {
      const { backend } = rule;
      const placed = chain.rules.flatMap((one) => {
        if (one !== rule) return [one];
        return rules.map((other) =>
          other === rule || backend === undefined ? other : { ...other, backend },
        );
      });
      const numbered = placed.map((one, at) => (one.number === at + 1 ? one : numberedRule(one, at + 1)));
      return chainOf(chain, chain.policy, numbered);
    }),
  );
}

function withNetwork(node: Node, family: Family, change: (network: Network) => Partial<Network>): Node {
  const network = node.networks[family];
  return { ...node, networks: { ...node.networks, [family]: { ...network, ...change(network) } } };
}

/** The node with other policy rules where `rule` stands. Rules of one priority keep their order. */
export function withPolicyRules(
  node: Node,
  family: Family,
  rule: PolicyRule,
  rules: readonly PolicyRule[],
): Node {
  return withNetwork(node, family, (network) => ({
    rules: network.rules
      .flatMap((one) => (one === rule ? rules : [one]))
      .toSorted((a, b) => a.priority - b.priority),
  }));
}

/** The node with other routes where `route` stands, each in its own table. */
export function withRoutes(node: Node, family: Family, route: Route, routes: readonly Route[]): Node {
  return withNetwork(node, family, ({ tables }) => {
    const changed = new Map(tables);
    const own = changed.get(route.table) ?? [];
    const here = routes.filter(({ table }) => table === route.table);
    changed.set(
      route.table,
      own.flatMap((one) => (one === route ? here : [one])),
    );
    for (const one of routes)
      if (one.table !== route.table) changed.set(one.table, [...(changed.get(one.table) ?? []), one]);
    return { tables: changed };
  });
}
