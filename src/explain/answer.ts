/** The answer to "what becomes of this packet, and why": a headline and the reasons under it. */
import type { AnyRule } from '../packet/any-rule.js';
import type { CompletedPacket, Outcome } from '../packet/result.js';
import { refusedDevice } from '../packet/steps.js';
import {
  dnatReasons,
  entryReasons,
  foreignSource,
  sourceReasons,
  translationReason,
} from './address-reasons.js';
import type { Meaning } from './colour.js';
import { finalDestination, finalDestinationAddress, finalSourceAddress, outcomeSource } from './endpoint.js';
import { passReasons } from './counterfactual.js';
import { ownerText, ownersText } from './owner.js';
import { refusalOf } from '../why/refusal.js';
import { printPolicyRule } from '../routing/print.js';
import type { Setting } from '../routing/decisive-setting.js';
import { type Reasoned, ruleName } from './reason.js';
import { decidingRules, egressReasons, lastRoute, policyRuleReason } from './route-reasons.js';
import { reversePathText, wayOut } from './route-row.js';
import { placeOf, ruleRef, tableLabel } from './rule-ref.js';
import { senderSees } from './sender.js';
import type { View } from './view.js';

export interface Answer {
  /** LEAVES, DROPPED … */
  readonly word: string;
  readonly meaning: Meaning;
  /** The rest of the headline. */
  readonly rest: string;
  readonly reasons: readonly Reasoned[];
}

function ruleReasons(rule: AnyRule, view: View): Reasoned[] {
  return [
    { label: placeOf(rule.span), text: ruleRef(rule).text, meaning: null },
    { label: view.say('OWNER'), text: ownerText(rule, view), meaning: null },
  ];
}

/** The line that gives the chain its policy, as the tools print it. */
function declaredReason({ declared, table = '', chain = '' }: NonNullable<Outcome['drop']>): Reasoned[] {
  if (declared === undefined) return [];
  const text = table.includes(' ') ? `chain ${chain} { policy drop; }` : `-P ${chain} DROP`;
  return [{ label: placeOf(declared), text, meaning: null }];
}

/** The sysctl that forbids it, as its line in the dump has it. */
function settingReasons(setting: Setting | undefined, view: View): Reasoned[] {
  if (setting === undefined) return [];
  const { name, value, span } = setting;
  const text = value === null ? view.say('SETTING_UNSEEN', { name }) : `${name} = ${value}`;
  return [{ label: span === null ? view.say('SETTING') : placeOf(span), text, meaning: null }];
}

/** The line of the route, or of the policy rule, that refused the packet. */
function refuserReasons(outcome: Outcome): Reasoned[] {
  const step = refusalOf(outcome);
  const refuser = step?.route ?? step?.rule ?? null;
  const span = refuser?.span ?? null;
  if (refuser === null || span === null) return [];
  const text = 'text' in refuser ? refuser.text : printPolicyRule(refuser).replace('\t', ' ');
  return [{ label: placeOf(span), text, meaning: null }];
}

function dropReasons(outcome: Outcome, view: View): Reasoned[] {
  const drop = outcome.drop;
  if (drop === null) return [];
  if (drop.rule !== null) return ruleReasons(drop.rule, view);
  if (refusalOf(outcome) !== null) return unroutableReasons(outcome, view);
  const why = view.say('REASON');
  const set = settingReasons(drop.setting, view);
  for (let i = outcome.steps.length - 1; i >= 0; i -= 1) {
    const step = outcome.steps[i];
    if (step?.kind === 'rp-filter' && !step.passed)
      return [...set, { label: why, text: reversePathText(step, view), meaning: null }];
    if (drop.reason === 'policy' && step?.kind === 'policy') {
      const id = step.matched === 0 ? 'POLICY_NO_MATCH' : 'POLICY_REACHED';
      const text = view.say(id, { total: step.total, policy: step.policy });
      return [...declaredReason(drop), { label: why, text, meaning: null }];
    }
  }
  return [...set, { label: why, text: view.tell(`DROP_${drop.reason}`), meaning: null }];
}

function dropHead(outcome: Outcome, view: View): string {
  const drop = outcome.drop;
  if (drop === null) return '';
  if (drop.rule !== null) return view.say('IN_RULE', { rule: ruleName(drop.rule, view) });
  if (drop.reason === 'policy')
    return view.say('BY_POLICY', {
      table: drop.table === undefined ? '?' : tableLabel({ ...drop, table: drop.table }),
      chain: drop.chain ?? '?',
    });
  return view.tell(`DROP_BY_${drop.reason}`);
}

function rejectRule(outcome: Outcome): AnyRule | null {
  const step = outcome.steps.findLast((one) => one.kind === 'reject');
  return step?.kind === 'reject' ? step.rule : null;
}

function unroutableReasons(outcome: Outcome, view: View): Reasoned[] {
  const set = settingReasons(outcome.unroutable?.setting, view);
  const route = lastRoute(outcome, null);
  if (route === null) return set;
  const way = route.rule === null ? view.say('NO_RULE_HAS_ROUTE') : policyRuleReason(route, view);
  const device = refusedDevice(route);
  const source = finalSourceAddress(outcome.final);
  const text =
    device === null || !source.startsWith('127.')
      ? way
      : view.say('REFUSED_LOOPBACK', { source, device, way });
  return [...refuserReasons(outcome), ...set, { label: view.say('REASON'), text, meaning: null }];
}

function flowText(outcome: Outcome, view: View): string {
  const { final } = outcome;
  return view.say('AS_FLOW', { source: outcomeSource(outcome), destination: finalDestination(final) });
}

/** Whose rules decided; nothing where no rule did. */
function ownerReasons(outcome: Outcome, view: View): Reasoned[] {
  const rules = decidingRules(outcome);
  return rules.length === 0
    ? []
    : [{ label: view.say('OWNER'), text: ownersText(rules, view), meaning: null }];
}

function leaves(outcome: Outcome, view: View): Answer {
  const { say } = view;
  const way = wayOut(null, outcome.egress?.via ?? null, view);
  const by = say('BY', { device: outcome.egress?.iface ?? say('UNKNOWN_DEVICE') });
  return {
    word: say('LEAVES'),
    meaning: 'good',
    rest: [by, way, flowText(outcome, view)].filter((part) => part !== '').join(' '),
    reasons: [
      ...foreignSource(outcome, view),
      ...egressReasons(outcome, view),
      ...sourceReasons(outcome, view),
      ...dnatReasons(outcome, view),
      ...ownerReasons(outcome, view),
    ],
  };
}

function delivered(outcome: Outcome, view: View): Answer {
  const { snat } = outcome;
  const local = lastRoute(outcome, 'local');
  const why =
    local === null
      ? []
      : [{ label: view.say('WHY_HERE'), text: policyRuleReason(local, view), meaning: null }];
  const source =
    snat === null ? [] : [translationReason(snat, finalSourceAddress(outcome.final), outcome, view)];
  return {
    word: view.say('DELIVERED'),
    meaning: 'good',
    rest: `${view.say('TO_SOCKET')} ${flowText(outcome, view)}`,
    reasons: [...why, ...source, ...dnatReasons(outcome, view), ...ownerReasons(outcome, view)],
  };
}

/** An end at which the packet goes no further: what the sender sees comes first. */
function ended(
  word: string,
  rest: string,
  reasons: readonly Reasoned[],
  seen: string | null,
  outcome: Outcome,
  view: View,
): Answer {
  const sees: Reasoned[] =
    seen === null ? [] : [{ label: view.say('SENDER_SEES'), text: seen, meaning: null }];
  const passes = passReasons(outcome, view);
  return {
    word,
    meaning: 'bad',
    rest,
    reasons: [...sees, ...reasons, ...passes, ...dnatReasons(outcome, view)],
  };
}

function rejectHead(outcome: Outcome, rule: AnyRule | null, view: View): string {
  const what = view.say('WITH', { what: outcome.reject?.with ?? '?' });
  return rule === null ? what : `${what} ${view.say('IN_RULE', { rule: ruleName(rule, view) })}`;
}

function unroutableHead(outcome: Outcome, view: View): string {
  const address = finalDestinationAddress(outcome.final);
  return view.say('TO_ADDRESS', { address, errno: outcome.unroutable?.errno ?? '?' });
}

/** The answer of one outcome. */
export function answerOf(packet: CompletedPacket, outcome: Outcome, view: View): Answer {
  const answer = withoutEntry(packet, outcome, view);
  return { ...answer, reasons: [...answer.reasons, ...entryReasons(outcome, view)] };
}

function withoutEntry(packet: CompletedPacket, outcome: Outcome, view: View): Answer {
  const seen = senderSees(packet, outcome, view);
  switch (outcome.verdict) {
    case 'forwarded':
    case 'sent':
      return leaves(outcome, view);
    case 'delivered':
      return delivered(outcome, view);
    case 'dropped':
      return ended(
        view.say('DROPPED'),
        dropHead(outcome, view),
        dropReasons(outcome, view),
        seen,
        outcome,
        view,
      );
    case 'rejected': {
      const rule = rejectRule(outcome);
      const reasons = rule === null ? [] : ruleReasons(rule, view);
      return ended(view.say('REJECTED'), rejectHead(outcome, rule, view), reasons, seen, outcome, view);
    }
    case 'unroutable':
      return ended(
        view.say('UNROUTABLE'),
        unroutableHead(outcome, view),
        unroutableReasons(outcome, view),
        seen,
        outcome,
        view,
      );
  }
}
