/** What would let a packet pass that a walk ends: each is tried by walking again. */
import type { Node } from '../packet/node.js';
import type { AnyRule } from '../packet/any-rule.js';
import type { Outcome, PacketInput } from '../packet/result.js';
import { type TraceOptions, trace } from '../packet/trace.js';
import type { Step } from '../packet/steps.js';
import { sysctlName } from '../routing/sysctl.js';
import { withPolicy, withSysctls, withoutTarget } from './change.js';
import type { Family } from '../address/address.js';

/** One change that lets the packet pass. */
export type Remedy =
  | { readonly kind: 'without'; readonly rules: readonly AnyRule[] }
  | { readonly kind: 'policy'; readonly table: string; readonly chain: string }
  | { readonly kind: 'sysctl'; readonly settings: readonly (readonly [name: string, value: string])[] };

/** A remedy with the outcome that it leads to. */
export interface Passes {
  readonly remedy: Remedy;
  readonly outcome: Outcome;
}

const PASSED: ReadonlySet<string> = new Set(['forwarded', 'sent', 'delivered']);

/** More rules than that in a row are not taken out. */
const MOST_RULES = 3;

function endingRule({ drop, steps, verdict }: Outcome): AnyRule | null {
  if (drop !== null) return drop.rule;
  if (verdict !== 'rejected') return null;
  const step = steps.findLast((one) => one.kind === 'reject');
  return step?.kind === 'reject' ? step.rule : null;
}

type Try = (node: Node) => Outcome | null;

/** Takes out the rule that ends the packet, and the next that does, until it passes. */
function withoutRules(node: Node, family: Family, first: AnyRule, walk: Try): Passes | null {
  const rules: AnyRule[] = [];
  let rule: AnyRule | null = first;
  let changed = node;
  while (rule !== null && rules.length < MOST_RULES) {
    rules.push(rule);
    changed = withoutTarget(changed, { kind: 'rule', family, rule });
    const outcome = walk(changed);
    if (outcome === null) return null;
    // A rule that moved up is told by the place that it has in the dump.
    if (PASSED.has(outcome.verdict)) return { remedy: { kind: 'without', rules }, outcome };
    rule = endingRule(outcome);
  }
  return null;
}

/** Settings that may let a packet pass, least first. */
function settingsFor(
  node: Node,
  family: Family,
  { drop, steps }: Outcome,
): readonly (readonly (readonly [string, string])[])[] {
  const step = steps.findLast((one): one is Extract<Step, { kind: 'rp-filter' }> => one.kind === 'rp-filter');
  switch (drop?.reason) {
    case 'rp_filter': {
      if (step === undefined) return [];
      const all = sysctlName(family, 'all', 'rp_filter');
      const own = sysctlName(family, step.device, 'rp_filter');
      const loose = [own, '2'] as const;
      const off = [[own, '0'] as const];
      // The greater of the two settings counts (IN_DEV_RPFILTER).
      const both = [[own, '0'] as const, [all, '0'] as const];
      return [[loose], ...((node.sysctls.get(all) ?? '0') === '0' ? [off] : [both])];
    }
    case 'ip_forward':
      return family === 4 ? [[['net.ipv4.ip_forward', '1']]] : [[['net.ipv6.conf.all.forwarding', '1']]];
    default:
      return [];
  }
}

/**
 * What would let the packet pass: the rule, or up to three, taken out; the chain's policy or a sysctl set. Null when none of
 * these does, or when the packet does not come to one certain end.
 */
export function wouldPass(
  node: Node,
  input: PacketInput,
  family: Family,
  outcome: Outcome,
  options: TraceOptions = {},
): Passes | null {
  const walk: Try = (changed) => {
    const { outcomes } = trace(changed, input, { ...options, steps: true });
    const [only] = outcomes;
    if (only === undefined) return null;
    const passed = outcomes.filter(({ verdict }) => PASSED.has(verdict));
    return passed.length === outcomes.length || passed.length === 0 ? only : null;
  };
  const rule = endingRule(outcome);
  if (rule !== null) return withoutRules(node, family, rule, walk);
  const { drop } = outcome;
  if (drop === null) return null;
  const { reason, table, chain } = drop;
  if (reason === 'policy' && table !== undefined && chain !== undefined) {
    const place = { table, backend: drop.backend, chain };
    const found = walk(withPolicy(node, place, 'ACCEPT'));
    if (found === null || !PASSED.has(found.verdict)) return null;
    return { remedy: { kind: 'policy', table, chain }, outcome: found };
  }
  for (const settings of settingsFor(node, family, outcome)) {
    const found = walk(withSysctls(node, new Map(settings)));
    if (found !== null && PASSED.has(found.verdict))
      return { remedy: { kind: 'sysctl', settings }, outcome: found };
  }
  return null;
}
