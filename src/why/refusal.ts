/** What refused a packet its way: the policy rule, the route, or that no table had one. */
import type { Family } from '../address/address.js';
import type { Node } from '../packet/node.js';
import type { Outcome } from '../packet/result.js';
import type { Step } from '../packet/steps.js';
import type { PolicyRule, Route } from '../routing/model.js';
import { ruleForAll, rulesOf, tableOf } from '../routing/policy-rules.js';
import { withShownRules } from './change.js';

/** The lookup that ended a packet; null of what ended otherwise. */
export function refusalOf({
  drop,
  verdict,
  steps,
}: Outcome): Extract<Step, { readonly kind: 'route' }> | null {
  if (verdict !== 'unroutable' && drop?.reason !== 'blackhole') return null;
  const step = steps.findLast((one) => one.kind === 'route');
  return step?.kind === 'route' && step.errno !== null ? step : null;
}

/** The lookup found nothing at all; the policy rules whose tables it searched. */
export function searchedFor(outcome: Outcome): readonly PolicyRule[] | null {
  const step = refusalOf(outcome);
  if (step?.rule !== null) return null;
  // Of a table that nobody saw, the assumption says more.
  if (step.tried.some(({ code }) => code === 'PR_TABLE_UNSEEN')) return null;
  return step.tried.flatMap(({ rule, matched }) => (matched && rule.action.kind === 'lookup' ? [rule] : []));
}

/** The routes that may have turned the lookup away: the one that refuses, or those that sent it on (throw). */
export function refusingRoutes(node: Node, family: Family, outcome: Outcome): readonly Route[] {
  const step = refusalOf(outcome);
  if (step === null) return [];
  if (step.route !== null) return [step.route];
  return step.tried.flatMap(({ rule, code, params }) => {
    const table = code === 'PR_THROW' ? tableOf(rule) : null;
    const routes = table === null ? [] : (node.networks[family].tables.get(table) ?? []);
    return routes.filter(({ type, text }) => type === 'throw' && text === params['route']);
  });
}

/** The node without a route. */
export function withoutRoute(node: Node, family: Family, route: Route): Node {
  const network = node.networks[family];
  const left = (network.tables.get(route.table) ?? []).filter((one) => one !== route);
  const tables = new Map([...network.tables, [route.table, left]]);
  return { ...node, networks: { ...node.networks, [family]: { ...network, tables } } };
}

/** The node with a policy rule that selects every packet. */
export function withSelecting(node: Node, family: Family, rule: PolicyRule): Node {
  const { action, priority, suppressPrefixLength, suppressGroup } = rule;
  const any = { ...ruleForAll(family, priority), action, suppressPrefixLength, suppressGroup };
  const rules = rulesOf(node.networks[family]).map((one) => (one === rule ? any : one));
  return withShownRules(node, family, rules);
}
