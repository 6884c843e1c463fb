/** Is conntrack on? Its hooks are registered only while some rule of the namespace needs them (nf_ct_netns_get). */
import { type Ternary, unsure } from '../chooser/question.js';
import type { Rule, RuleSet } from '../iptables/model.js';

function needs(rule: Rule): boolean {
  if (rule.action.kind === 'target' && rule.action.target.demands.needsConntrack) return true;
  return rule.matches.some((match) => !('opaque' in match) && match.demands.needsConntrack);
}

/** Does the rule have a part that nobody could read? It may need conntrack. */
function mayNeed(rule: Rule): boolean {
  return rule.action.kind === 'opaque' || rule.matches.some((match) => 'opaque' in match);
}

const CACHE = new WeakMap<RuleSet, Ternary>();

function find(ruleSet: RuleSet): Ternary {
  let open = false;
  for (const table of ruleSet.tables.values()) {
    for (const chain of table.chains.values()) {
      if (chain.rules.some(needs)) return true;
      open ||= chain.rules.some(mayNeed);
    }
  }
  // Without nat rules it makes no difference to a packet whether the kernel tracks it for nobody's sake.
  const natRules = [...(ruleSet.tables.get('nat')?.chains.values() ?? [])].some(
    (chain) => chain.rules.length > 0,
  );
  return open && natRules ? unsure('some rule needs conntrack', 'UNK_TRACKING') : false;
}

/** Does any rule of the rule set make the kernel track connections? Open when only a rule that was not read may. */
export function tracksConnections(ruleSet: RuleSet): Ternary {
  const known = CACHE.get(ruleSet) ?? find(ruleSet);
  CACHE.set(ruleSet, known);
  if (known === true || ruleSet.other === undefined) return known;
  const other = tracksConnections(ruleSet.other);
  return other === false ? known : other;
}
