/** `iptables -D` and `iptables -R` of a what-if, by number or by what the rule says. */
import type { Rule, RuleSet } from '../../src/iptables/model.js';
import { printRule } from '../../src/iptables/print.js';
import type { Diagnostic } from '../../src/source/diagnostic.js';
import { withoutTarget } from '../../src/why/change.js';
import type { Added, Adding } from './adding.js';
import {
  type ChainArgs,
  type RuleTarget,
  backendOf,
  familyOf,
  isTargets,
  targetsOf,
} from './rule-command.js';

/** The rule set whose chain the command means, with the rules of that chain. */
interface Meant {
  readonly set: RuleSet;
  readonly rules: readonly Rule[];
}

function meantBy(adding: Adding, { table, chain }: ChainArgs): Meant | readonly Diagnostic[] {
  const { node, command } = adding;
  const own = node.ruleSets[familyOf(command)];
  const backend = backendOf(command);
  const sets = own.other === undefined ? [own] : [own, own.other];
  const fitting = sets.filter((set) => sets.length === 1 || backend === undefined || set.backend === backend);
  const found = fitting.flatMap((set): Meant[] => {
    const rules = set.tables.get(table)?.chains.get(chain)?.rules;
    return rules === undefined ? [] : [{ set, rules }];
  });
  const [only, another] = found;
  if (another !== undefined) return adding.fault('PAGE_ADD_WHICH', { text: chain });
  if (only !== undefined) return only;
  const chains = fitting[0]?.tables.get(table)?.chains ?? new Map<string, unknown>();
  return adding.noChain(chain, table, chains, adding.wordOf([chain]) ?? { text: chain, ...adding.whole });
}

/** The rule at a number, or what iptables says of one that is not there. */
function numbered(
  adding: Adding,
  { rules }: Meant,
  number: number,
  what: string,
): Rule | readonly Diagnostic[] {
  return rules[number - 1] ?? adding.said(`Index of ${what} too big.`);
}

const without = (adding: Adding, rule: Rule): Adding['node'] =>
  withoutTarget(adding.node, { kind: 'rule', family: familyOf(adding.command), rule });

/** Takes out the first rules that read as the command's do; each of those that it lists is there. */
function deletedAlike(adding: Adding, { rules }: Meant, targets: readonly RuleTarget[]): Added {
  const left = [...rules];
  for (const { rule } of targets) {
    const text = printRule(rule);
    const at = left.findIndex((one) => printRule(one) === text);
    if (at < 0) return adding.said('Bad rule (does a matching rule exist in that chain?).');
    left.splice(at, 1);
  }
  // The last first: the numbers of those before it stay, and with them the rules themselves.
  const gone = rules.filter((one) => !left.includes(one)).toReversed();
  return gone.reduce((node, rule) => without(adding.on(node), rule), adding.node);
}

/** The node without the rule of `-D CHAIN 2` or `-D CHAIN RULE`. */
export function deletedRule(adding: Adding, args: ChainArgs): Added {
  const meant = meantBy(adding, args);
  if (!('set' in meant)) return meant;
  if (args.number === null) {
    const targets = targetsOf(adding, args, undefined);
    return isTargets(targets) ? deletedAlike(adding, meant, targets) : targets;
  }
  const rule = numbered(adding, meant, args.number, 'deletion');
  return 'action' in rule ? without(adding, rule) : rule;
}

/** The node with another rule in the place of `-R CHAIN 2 RULE`. */
export function replacedRule(adding: Adding, args: ChainArgs): Added {
  const meant = meantBy(adding, args);
  if (!('set' in meant)) return meant;
  const targets = targetsOf(adding, args, meant.set.backend ?? undefined);
  if (!isTargets(targets)) return targets;
  if (targets.length !== 1) return adding.said('Replacement rule does not specify a unique address');
  const old = numbered(adding, meant, args.number ?? 0, 'replacement');
  if (!('action' in old)) return old;
  const made = adding.on(without(adding, old)).insert(targets, String(args.number));
  return 'node' in made ? made.node : made;
}
