/** Why a packet leaves by its device: policy rule, table, route, and who set the mark that decided. */
import { formatAddress } from '../address/address.js';
import { type AnyRule, isNative } from '../packet/any-rule.js';
import type { Outcome } from '../packet/result.js';
import type { Step } from '../packet/steps.js';
import type { PolicyRule } from '../routing/model.js';
import { withoutDecider } from './counterfactual.js';
import { restoresMark } from './native-rule.js';
import { actionOf, routeWords, selectorOf } from './policy-rule.js';
import { type Reasoned, ruleWithPlace } from './reason.js';
import { wayOut } from './route-row.js';
import type { StepOf } from './row.js';
import { targetOf } from './rule-ref.js';
import type { View } from './view.js';

/** The last FIB lookup with that result; null takes any. */
export function lastRoute(
  outcome: Outcome,
  result: StepOf<'route'>['result'] | null,
): StepOf<'route'> | null {
  for (let i = outcome.steps.length - 1; i >= 0; i -= 1) {
    const step = outcome.steps[i];
    if (step?.kind === 'route' && (result === null || step.result === result)) return step;
  }
  return null;
}

/** `policy rule 1024, fwmark 0x80/0x80 -> table main`. */
function policyRuleWords(rule: PolicyRule, view: View): string {
  const selector = selectorOf(rule);
  return view.say('WHY_POLICY_RULE', {
    priority: rule.priority,
    selector: selector === '' ? view.say('ANY_PACKET') : selector,
    action: rule.action.kind === 'lookup' ? view.say('TO_TABLE', { table: actionOf(rule) }) : actionOf(rule),
  });
}

/** The policy rule of a lookup and the route that it led to. */
export function policyRuleReason(step: StepOf<'route'>, view: View): string {
  const route = step.route === null ? '' : view.say('WHY_ROUTE', { route: routeWords(step.route) });
  if (step.rule === null) return route === '' ? view.say('NO_POLICY_RULE') : route;
  const rule = policyRuleWords(step.rule, view);
  return route === '' ? rule : `${rule}, ${route}`;
}

/** The rule that gave `field` its last value before a step. */
function lastWriter(
  steps: readonly Step[],
  before: number,
  field: 'mark' | 'ctmark',
): { rule: AnyRule; at: number; to: string } | null {
  for (let i = before - 1; i >= 0; i -= 1) {
    const step = steps[i];
    if (step?.kind !== 'rule') continue;
    const change = step.changes.find((one) => one.field === field && one.from !== one.to);
    if (change !== undefined) return { rule: step.rule, at: i, to: change.to };
  }
  return null;
}

/** The rule that set the mark which the policy rule looked at; null where none did, or the rule looks at no mark. */
function markWriter(outcome: Outcome, route: StepOf<'route'>): ReturnType<typeof lastWriter> {
  if ((route.rule?.fwmark ?? null) === null) return null;
  return lastWriter(outcome.steps, outcome.steps.indexOf(route), 'mark');
}

/** The rules that decided where the packet leaves and with which addresses. */
export function decidingRules(outcome: Outcome): readonly AnyRule[] {
  const route = lastRoute(outcome, 'forward');
  const mark = route === null ? null : markWriter(outcome, route);
  const rules = [mark?.rule ?? null, outcome.dnat?.rule ?? null, outcome.snat?.rule ?? null];
  return rules.flatMap((rule) => rule ?? []);
}

/** Who set the mark that the policy rule looked at, back through the connection's mark. */
function markReasons(outcome: Outcome, route: StepOf<'route'>, view: View): Reasoned[] {
  const reasons: Reasoned[] = [];
  const mark = markWriter(outcome, route);
  if (mark === null) return [];
  const line = (label: string, rule: AnyRule): Reasoned => ({
    label,
    text: `${targetOf(rule)}, ${ruleWithPlace(rule, view)}`,
    meaning: null,
  });
  reasons.push(line(view.say('WHO_MARK', { mark: mark.to }), mark.rule));
  const restores = isNative(mark.rule) ? restoresMark(mark.rule) : targetOf(mark.rule) === 'CONNMARK';
  const entry = restores ? lastWriter(outcome.steps, mark.at, 'ctmark') : null;
  if (entry !== null) reasons.push(line(view.say('WHO_CTMARK', { mark: entry.to }), entry.rule));
  return reasons;
}

function wayWithoutMark(
  { errno, device, via }: NonNullable<StepOf<'route'>['withoutMark']>,
  view: View,
): string {
  if (errno !== null) return view.say('ROW_NO_ROUTE', { errno });
  if (device === null && via === null) return view.say('ROW_NOT_SHOWN');
  return wayOut(device, via === null ? null : formatAddress(via), view);
}

/** Why this device, who set the mark, and what would be without it. */
export function egressReasons(outcome: Outcome, view: View): Reasoned[] {
  const route = lastRoute(outcome, 'forward');
  if (route === null) return [];
  const device = outcome.egress?.iface ?? route.device ?? '?';
  const without = withoutDecider(outcome, route, view);
  const decided = policyRuleReason(route, view);
  const text = without === null ? decided : `${decided}; ${without}`;
  const reasons: Reasoned[] = [{ label: view.say('WHY', { what: device }), text, meaning: null }];
  reasons.push(...markReasons(outcome, route, view));
  const other = route.withoutMark;
  // A second walk has said more than that lookup alone.
  if (other !== null && without === null) {
    const way = wayWithoutMark(other, view);
    const text =
      other.rule === null
        ? way
        : view.say('WITHOUT_MARK_TEXT', { rule: policyRuleWords(other.rule, view), way });
    reasons.push({ label: view.say('WITHOUT_MARK'), text, meaning: null });
  }
  return reasons;
}
