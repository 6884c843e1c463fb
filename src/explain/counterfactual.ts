/** "Without it, …": what a second walk said, beside an answer. */
import type { Outcome } from '../packet/result.js';
import type { PolicyRule } from '../routing/model.js';
import { type Passes, type Remedy, passesThen } from '../why/passes.js';
import { searchedFor } from '../why/refusal.js';
import { answerOf } from './answer.js';
import { finalDestinationAddress } from './endpoint.js';
import { actionOf, policyRuleWithPlace, routeWithPlace } from './policy-rule.js';
import type { Reasoned } from './reason.js';
import { ruleWithPlace } from './reason.js';
import type { StepOf } from './row.js';
import type { View } from './view.js';

/** A packet of which only the way out is told. */
const NO_PACKET = {
  in: null,
  inferred: 'given',
  proto: '',
  src: '',
  dst: '',
  mark: '0x0',
  ttl: 64,
  tos: 0,
} as const;

/** The headline of an outcome, without its reasons. */
export function headline(outcome: Outcome, view: View): string {
  const { again: _none, ...rest } = view;
  const { word, rest: more } = answerOf(NO_PACKET, outcome, rest);
  return view.say('WAY_END', { word, rest: more });
}

/** `rule 1536 -> ens6`, or the headline of an end of another kind. */
function wayOf(outcome: Outcome, view: View): string {
  const { egress, verdict } = outcome;
  const leaves = verdict === 'forwarded' || verdict === 'sent';
  const priority = egress?.policyRule ?? null;
  if (!leaves || priority === null) return headline(outcome, view);
  return view.say('WAY_RULE', { priority, device: egress?.iface ?? view.say('UNKNOWN_DEVICE') });
}

function differs(outcome: Outcome, other: Outcome): boolean {
  return (
    other.verdict !== outcome.verdict ||
    other.egress?.iface !== outcome.egress?.iface ||
    other.egress?.via !== outcome.egress?.via
  );
}

/** Rules that every namespace has say nothing about this node. */
function isOrdinary({ priority }: PolicyRule): boolean {
  return priority === 0 || priority === 32766 || priority === 32767;
}

/** What would be without the mark, or without the policy rule, that decided the way out; null where it makes no difference. */
export function withoutDecider(outcome: Outcome, route: StepOf<'route'>, view: View): string | null {
  const { again } = view;
  if (again === undefined || route.rule === null) return null;
  if (route.withoutMark !== null) {
    const mark = route.rule.fwmark;
    const other = again.withoutMark(outcome, route);
    if (other === null || mark === null || !differs(outcome, other)) return null;
    return view.say('WITHOUT_THE_MARK', {
      mark: `0x${mark.value.toString(16)}`,
      way: wayOf(other, view),
    });
  }
  if (isOrdinary(route.rule)) return null;
  const other = again.withoutPolicyRule(route.rule);
  if (other === null || !differs(outcome, other)) return null;
  return view.say('WITHOUT_THE_RULE', { way: wayOf(other, view) });
}

/** What is taken out, by the place that it has in the dump; null of another remedy. */
function withoutText(remedy: Remedy, view: View): string | null {
  switch (remedy.kind) {
    case 'without':
      return ruleWithPlace(remedy.rule, view);
    case 'without-route':
      return routeWithPlace(remedy.route, view);
    case 'without-policy-rule':
      return policyRuleWithPlace(remedy.policyRule, view);
    default:
      return null;
  }
}

function remedyTexts(remedies: readonly Remedy[], view: View): string {
  const { say } = view;
  const joined = (texts: readonly string[]): string =>
    texts.reduce((first, second) => say('AND', { first, second }));
  const texts: string[] = [];
  // Rules that follow one another are named under one "without".
  let rules: string[] = [];
  const close = (): void => {
    if (rules.length > 0) texts.push(say('PASSES_WITHOUT', { rules: joined(rules) }));
    rules = [];
  };
  for (const remedy of remedies) {
    const without = withoutText(remedy, view);
    if (without !== null) {
      rules.push(without);
      continue;
    }
    close();
    if (remedy.kind === 'policy')
      texts.push(say('PASSES_POLICY', { table: remedy.table, chain: remedy.chain }));
    else if (remedy.kind === 'selecting')
      texts.push(say('PASSES_SELECTING', { rule: policyRuleWithPlace(remedy.policyRule, view) }));
    else if (remedy.kind === 'ttl') texts.push(say('PASSES_TTL', { ttl: remedy.ttl }));
    else if (remedy.kind === 'sysctl')
      texts.push(
        say('PASSES_SYSCTL', {
          settings: joined(remedy.settings.map(([name, value]) => `${name}=${value}`)),
        }),
      );
  }
  close();
  return texts.reduce((first, second) => say('PASSES_ALL', { first, second }));
}

/** The route that a lookup looked for in vain. */
function missingReasons(outcome: Outcome, view: View): Reasoned[] {
  const rules = searchedFor(outcome);
  if (rules === null || rules.length === 0) return [];
  const tables = [...new Set(rules.map(actionOf))].join(', ');
  const text = view.say('MISSING_ROUTE', { to: finalDestinationAddress(outcome.final), tables });
  return [{ label: view.say('MISSING'), text, meaning: null }];
}

/** What would let the packet pass, found by walking again; nothing where that is not sure. */
export function passReasons(outcome: Outcome, view: View): Reasoned[] {
  const found: Passes | null = view.again?.wouldPass(outcome) ?? null;
  const missing = missingReasons(outcome, view);
  if (found === null) return missing;
  const passes = passesThen(found);
  const text = view.say(passes ? 'PASSES_THEN' : 'PASSES_NOT_THEN', {
    remedy: remedyTexts(found.remedies, view),
    end: headline(found.outcome, view),
  });
  const reason = { label: view.say(passes ? 'WOULD_PASS' : 'OTHERWISE'), text, meaning: null };
  return [...missing, reason, ...(passes ? [] : missingReasons(found.outcome, view))];
}
