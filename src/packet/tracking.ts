/** Is conntrack on? Its hooks are registered only while some rule of the namespace needs them (nf_ct_netns_get). */
import { type Family, familyOf } from '../address/address.js';
import { type Ternary, unsure } from '../chooser/question.js';
import { type RuleKind, sizeOf, someRule } from '../iptables/digest.js';
import { hidesInterfaces } from '../iptables/listed.js';
import type { RuleSet } from '../iptables/model.js';
import type { NftTable } from '../nft/model.js';
import { objectsNeedConntrack, ruleMayNeedConntrack, ruleNeedsConntrack } from '../nft/needs.js';
import type { Node } from './node.js';

function needs(rule: RuleKind): boolean {
  if (rule.action.kind === 'target' && rule.action.target.demands.needsConntrack) return true;
  return rule.matches.some((match) => !('opaque' in match) && match.demands.needsConntrack);
}

/** Does the rule have a part that nobody could read? It may need conntrack. */
function mayNeed(rule: RuleKind): boolean {
  return (
    rule.action.kind === 'opaque' ||
    rule.matches.some((match) => 'opaque' in match && !hidesInterfaces(match))
  );
}

/** What the rules of one side say: some need conntrack; some may; there are nat rules. */
interface Needs {
  readonly sure: boolean;
  readonly open: boolean;
  readonly nat: boolean;
}

function ofRuleSet({ tables }: RuleSet): Needs {
  let open = false;
  for (const table of tables.values()) {
    for (const chain of table.chains.values()) {
      if (someRule(chain, needs)) return { sure: true, open: false, nat: true };
      open ||= someRule(chain, mayNeed);
    }
  }
  const nat = [...(tables.get('nat')?.chains.values() ?? [])].some((chain) => sizeOf(chain) > 0);
  return { sure: false, open, nat };
}

/** A dormant table counts: its expressions are there, only its chains are not at their hooks. */
function ofTable(table: NftTable, family: Family): Needs {
  const chains = [...table.chains.values()];
  const rules = chains.flatMap((chain) => chain.rules);
  return {
    sure: objectsNeedConntrack(table) || rules.some((rule) => ruleNeedsConntrack(rule, family)),
    open: rules.some(ruleMayNeedConntrack) || chains.some(({ cut }) => cut),
    nat: chains.some(({ base, rules: own }) => base?.type === 'nat' && own.length > 0),
  };
}

function find(node: Node, family: Family): Ternary {
  const ruleSet = node.ruleSets[family];
  const sides = [
    ofRuleSet(ruleSet),
    ...(ruleSet.other === undefined ? [] : [ofRuleSet(ruleSet.other)]),
    ...node.nativeTables[family].map((table) => ofTable(table, family)),
  ];
  if (sides.some(({ sure }) => sure)) return true;
  // Entries that are there were made by something: by what the snapshot does not show, or by rules that are gone.
  const hidden = ruleSet.unknown.size > 0 || node.nft === null || sides.some(({ open }) => open);
  if (hidden && node.connections?.some(({ original }) => familyOf(original.source) === family) === true)
    return unsure('some rule needs conntrack', 'UNK_TRACKING');
  // Without nat rules it makes no difference to a packet whether the kernel tracks it for nobody's sake.
  const matters = sides.some(({ open }) => open) && sides.some(({ nat }) => nat);
  return matters ? unsure('some rule needs conntrack', 'UNK_TRACKING') : false;
}

const CACHE = new WeakMap<Node, Map<Family, Ternary>>();

/** Does any rule of the node make the kernel track connections? Open when only a rule that was not read may. */
export function tracksConnections(node: Node, family: Family): Ternary {
  const known = CACHE.get(node) ?? new Map<Family, Ternary>();
  CACHE.set(node, known);
  const tracks = known.get(family) ?? find(node, family);
  known.set(family, tracks);
  return tracks;
}
