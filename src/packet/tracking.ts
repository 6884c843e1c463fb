/** Is conntrack on? Its hooks are registered only while some rule of the namespace needs them (nf_ct_netns_get). */
import type { Rule, RuleSet } from '../iptables/model.js';

function needs(rule: Rule): boolean {
  if (rule.action.kind === 'target' && rule.action.target.demands.needsConntrack) return true;
  return rule.matches.some((match) => !('opaque' in match) && match.extension.needsConntrack);
}

const CACHE = new WeakMap<RuleSet, boolean>();

/** Does any rule of the rule set make the kernel track connections? */
export function tracksConnections(ruleSet: RuleSet): boolean {
  const known = CACHE.get(ruleSet);
  if (known !== undefined) return known;
  let found = false;
  for (const table of ruleSet.tables.values()) {
    for (const chain of table.chains.values()) found ||= chain.rules.some(needs);
  }
  CACHE.set(ruleSet, found);
  return found;
}
