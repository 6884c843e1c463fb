/** What would let a packet pass that a walk ends: each is tried by walking again. */
import type { Node } from '../packet/node.js';
import type { AnyRule } from '../packet/any-rule.js';
import type { Outcome, PacketInput } from '../packet/result.js';
import { type TraceOptions, trace } from '../packet/trace.js';
import type { Step } from '../packet/steps.js';
import type { PolicyRule, Route } from '../routing/model.js';
import { tableOf } from '../routing/policy-rules.js';
import { sysctlName } from '../routing/sysctl.js';
import { withPolicy, withSysctls, withoutTarget } from './change.js';
import { refusalOf, refusingRoutes, withSelecting, withoutRoute } from './refusal.js';
import type { Family } from '../address/address.js';

/** One change that lets the packet pass, or lets it come further. */
export type Remedy =
  | { readonly kind: 'without'; readonly rule: AnyRule }
  | { readonly kind: 'without-route'; readonly route: Route }
  | { readonly kind: 'without-policy-rule'; readonly policyRule: PolicyRule }
  /** The policy rule selects the packet. */
  | { readonly kind: 'selecting'; readonly policyRule: PolicyRule }
  | { readonly kind: 'policy'; readonly table: string; readonly chain: string }
  | { readonly kind: 'sysctl'; readonly settings: readonly (readonly [name: string, value: string])[] }
  | { readonly kind: 'ttl'; readonly ttl: number };

/** What has to be changed, all of it together, with the outcome that it leads to. */
export interface Passes {
  readonly remedies: readonly Remedy[];
  readonly outcome: Outcome;
}

const PASSED: ReadonlySet<string> = new Set(['forwarded', 'sent', 'delivered']);

/** Does the packet pass then? */
export const passesThen = ({ outcome }: Passes): boolean => PASSED.has(outcome.verdict);

/** More changes than that are not made together. */
const MOST_CHANGES = 4;

function endingRule({ drop, steps, verdict }: Outcome): AnyRule | null {
  if (drop !== null) return drop.rule;
  if (verdict !== 'rejected') return null;
  const step = steps.findLast((one) => one.kind === 'reject');
  return step?.kind === 'reject' ? step.rule : null;
}

/** What a packet is walked through, and which packet. */
interface Attempt {
  readonly node: Node;
  readonly input: PacketInput;
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
    case 'martian_source':
    case 'martian_destination':
      return drop.setting === undefined ? [] : [[[drop.setting.name, '1']]];
    default:
      return [];
  }
}

/** The priority of the rule of table main, and of those behind it. */
const LAST_OWN = 32766;

/** More tables than this are not tried, one by one, by the policy rules that name them. */
const MOST_TABLES = 8;

/** The changes by which a lookup may not be refused: what refused it taken out, or a policy rule selecting the packet. */
function changesOfRouting(
  { node, input }: Attempt,
  family: Family,
  outcome: Outcome,
): readonly (readonly [Remedy, Attempt])[] {
  const step = refusalOf(outcome);
  if (step === null) return [];
  const routes = refusingRoutes(node, family, outcome).map((route): readonly [Remedy, Attempt] => [
    { kind: 'without-route', route },
    { input, node: withoutRoute(node, family, route) },
  ]);
  const { rule, tried } = step;
  const isOwn = rule !== null && (rule.action.kind !== 'lookup' || rule.priority < LAST_OWN);
  const refusing: (readonly [Remedy, Attempt])[] = isOwn
    ? [
        [
          { kind: 'without-policy-rule', policyRule: rule },
          { input, node: withoutTarget(node, { kind: 'policy', family, rules: [rule] }) },
        ],
      ]
    : [];
  const tables = new Map(
    tried.flatMap(({ rule: one, matched }) => (matched ? [] : [[tableOf(one), one] as const])),
  );
  const selecting = [...tables]
    .filter(([table]) => rule === null && table !== null)
    .slice(0, MOST_TABLES)
    .map(([, policyRule]): readonly [Remedy, Attempt] => [
      { kind: 'selecting', policyRule },
      { input, node: withSelecting(node, family, policyRule) },
    ]);
  return [...routes, ...refusing, ...selecting];
}

/** The changes that take away what ends the packet, the least first, with what is walked then. */
function changesAgainst(
  { node, input }: Attempt,
  family: Family,
  outcome: Outcome,
): readonly (readonly [Remedy, Attempt])[] {
  const rule = endingRule(outcome);
  if (rule !== null)
    return [
      [
        { kind: 'without', rule },
        { input, node: withoutTarget(node, { kind: 'rule', family, rule }) },
      ],
    ];
  const { drop } = outcome;
  if (drop === null) {
    const forbidden = outcome.unroutable?.setting;
    if (forbidden === undefined) return changesOfRouting({ node, input }, family, outcome);
    const settings = [[forbidden.name, '1']] as const;
    return [
      [
        { kind: 'sysctl', settings },
        { input, node: withSysctls(node, new Map(settings)) },
      ],
    ];
  }
  const { reason, table, chain, backend } = drop;
  if (reason === 'blackhole') return changesOfRouting({ node, input }, family, outcome);
  if (reason === 'policy' && table !== undefined && chain !== undefined)
    return [
      [
        { kind: 'policy', table, chain },
        { input, node: withPolicy(node, { table, backend, chain }, 'ACCEPT') },
      ],
    ];
  // ip_forward drops what is not above 1.
  if (reason === 'ttl')
    return [
      [
        { kind: 'ttl', ttl: 2 },
        { node, input: { ...input, ttl: 2 } },
      ],
    ];
  return settingsFor(node, family, outcome).map((settings) => [
    { kind: 'sysctl', settings },
    { input, node: withSysctls(node, new Map(settings)) },
  ]);
}

/** Do both walks end by the same thing? */
function endsAlike(one: Outcome, other: Outcome): boolean {
  const [first, second] = [refusalOf(one), refusalOf(other)];
  return (
    endingRule(one) === endingRule(other) &&
    one.drop?.reason === other.drop?.reason &&
    one.drop?.setting?.name === other.drop?.setting?.name &&
    one.unroutable?.setting?.name === other.unroutable?.setting?.name &&
    first?.route === second?.route &&
    first?.rule === second?.rule
  );
}

/**
 * What would let the packet pass: the rules that end it taken out, the policy of the chain set to ACCEPT, sysctls set, a
 * greater TTL, what refuses in the routing taken out; or several of these, where one alone brings it to the next thing that
 * ends it. Null when they do not, when they are more than four, or when the packet does not come to one certain end; of
 * what the routing refused, the end that is left without that.
 */
export function wouldPass(
  node: Node,
  input: PacketInput,
  family: Family,
  outcome: Outcome,
  options: TraceOptions = {},
): Passes | null {
  const walk = (attempt: Attempt): Outcome | null => {
    const { outcomes } = trace(attempt.node, attempt.input, { ...options, steps: true });
    const [only] = outcomes;
    if (only === undefined) return null;
    const passed = outcomes.filter(({ verdict }) => PASSED.has(verdict));
    return passed.length === outcomes.length || passed.length === 0 ? only : null;
  };
  const remedies: Remedy[] = [];
  const started = refusalOf(outcome) !== null;
  let attempt: Attempt = { node, input };
  let at = outcome;
  while (remedies.length < MOST_CHANGES) {
    const before = at;
    const walked = changesAgainst(attempt, family, before)
      // That another policy rule selects the packet is said alone.
      .filter(([{ kind }]) => kind !== 'selecting' || remedies.length === 0)
      .map(([remedy, next]) => [remedy, next, walk(next)] as const);
    const best =
      walked.find(([, , end]) => end !== null && PASSED.has(end.verdict)) ??
      walked.find(([{ kind }, , end]) => kind !== 'selecting' && end !== null && !endsAlike(before, end));
    if (best === undefined) return started && remedies.length > 0 ? { remedies, outcome: at } : null;
    const [remedy, next, end] = best;
    if (end === null) return null;
    remedies.push(remedy);
    if (PASSED.has(end.verdict)) return { remedies, outcome: end };
    attempt = next;
    at = end;
  }
  return null;
}
