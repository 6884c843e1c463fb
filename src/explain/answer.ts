/** The answer to "what becomes of this packet, and why": a headline and the reasons under it. */
import type { Rule } from '../iptables/model.js';
import type { CompletedPacket, Outcome, Translation } from '../packet/result.js';
import type { Step } from '../packet/steps.js';
import type { PolicyRule } from '../routing/model.js';
import { formatAddress } from '../address/address.js';
import type { Meaning } from './colour.js';
import { finalDestination, finalDestinationAddress, finalSource, finalSourceAddress } from './endpoint.js';
import { actionOf, routeWords, selectorOf } from './policy-rule.js';
import { reversePathText, wayOut } from './route-row.js';
import { commentOf, conditionOf, placeOf, ruleRef, targetOf } from './rule-ref.js';
import { senderSees } from './sender.js';
import type { View } from './view.js';

export interface Reasoned {
  readonly label: string;
  readonly text: string;
  readonly meaning: Meaning | null;
}

export interface Answer {
  /** LEAVES, DROPPED … */
  readonly word: string;
  readonly meaning: Meaning;
  /** The rest of the headline. */
  readonly rest: string;
  readonly reasons: readonly Reasoned[];
}

type StepOf<K extends Step['kind']> = Extract<Step, { readonly kind: K }>;

/** `nat AWS-SNAT-CHAIN-0 rule 2`. */
export function ruleName(rule: Rule, view: View): string {
  return view.say('RULE_NAME', { table: rule.table, chain: rule.chain, number: rule.number });
}

function ruleWithPlace(rule: Rule, view: View): string {
  return `${ruleName(rule, view)} (${placeOf(rule.span)})`;
}

function lastRoute(outcome: Outcome, result: StepOf<'route'>['result'] | null): StepOf<'route'> | null {
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
    action: actionOf(rule),
  });
}

function policyRuleReason(step: StepOf<'route'>, view: View): string {
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
): { rule: Rule; at: number; to: string } | null {
  for (let i = before - 1; i >= 0; i -= 1) {
    const step = steps[i];
    if (step?.kind !== 'rule') continue;
    const change = step.changes.find((one) => one.field === field && one.from !== one.to);
    if (change !== undefined) return { rule: step.rule, at: i, to: change.to };
  }
  return null;
}

/** Who set the mark that the policy rule looked at, back through the connection's mark. */
function markReasons(outcome: Outcome, route: StepOf<'route'>, view: View): Reasoned[] {
  if ((route.rule?.fwmark ?? null) === null) return [];
  const reasons: Reasoned[] = [];
  const mark = lastWriter(outcome.steps, outcome.steps.indexOf(route), 'mark');
  if (mark === null) return [];
  const line = (label: string, rule: Rule): Reasoned => ({
    label,
    text: `${targetOf(rule)}, ${ruleWithPlace(rule, view)}`,
    meaning: null,
  });
  reasons.push(line(view.say('WHO_MARK', { mark: mark.to }), mark.rule));
  const entry = targetOf(mark.rule) === 'CONNMARK' ? lastWriter(outcome.steps, mark.at, 'ctmark') : null;
  if (entry !== null) reasons.push(line(view.say('WHO_CTMARK', { mark: entry.to }), entry.rule));
  return reasons;
}

function egressReasons(outcome: Outcome, view: View): Reasoned[] {
  const route = lastRoute(outcome, 'forward');
  if (route === null) return [];
  const device = outcome.egress?.iface ?? route.device ?? '?';
  const reasons: Reasoned[] = [
    { label: view.say('WHY', { what: device }), text: policyRuleReason(route, view), meaning: null },
  ];
  reasons.push(...markReasons(outcome, route, view));
  const other = route.withoutMark;
  if (other !== null) {
    const way =
      other.errno === null
        ? wayOut(other.device, other.via === null ? null : formatAddress(other.via), view)
        : view.say('ROW_NO_ROUTE', { errno: other.errno });
    const text =
      other.rule === null
        ? way
        : view.say('WITHOUT_MARK_TEXT', { rule: policyRuleWords(other.rule, view), way });
    reasons.push({ label: view.say('WITHOUT_MARK'), text, meaning: null });
  }
  return reasons;
}

function commentAfter(rule: Rule): string {
  const comment = commentOf(rule);
  return comment === '' ? '' : ` ${comment}`;
}

function translationReason(translation: Translation, address: string, view: View): Reasoned {
  const { rule } = translation;
  const text =
    rule === null
      ? view.say('BY_ENTRY')
      : `${targetOf(rule)}, ${ruleName(rule, view)}${commentAfter(rule)} (${placeOf(rule.span)})`;
  return { label: view.say('WHY', { what: address }), text, meaning: null };
}

/** The last rule of nat POSTROUTING that sent the packet back without translation, if one did. */
function returnedBy(outcome: Outcome): Rule | null {
  for (let i = outcome.steps.length - 1; i >= 0; i -= 1) {
    const step = outcome.steps[i];
    if (step?.kind === 'rule' && step.rule.table === 'nat' && step.hook === 'POSTROUTING') {
      if (step.outcome === 'return' || step.outcome === 'accept') return step.rule;
    }
  }
  return null;
}

const CHOSEN = {
  'route-src': 'SOURCE_ROUTE',
  device: 'SOURCE_DEVICE',
  'any-device': 'SOURCE_ANY_DEVICE',
  local: 'SOURCE_LOCAL',
} as const;

/** How the kernel chose the source of a local packet that came without one. */
function chosenSource(outcome: Outcome, view: View): string | null {
  const step = outcome.steps.findLast((one) => one.kind === 'source');
  return step?.kind !== 'source' || step.why === 'given' ? null : view.say(CHOSEN[step.why]);
}

function sourceReasons(outcome: Outcome, view: View): Reasoned[] {
  const source = finalSourceAddress(outcome.final);
  if (outcome.snat !== null) return [translationReason(outcome.snat, source, view)];
  const label = view.say('WHY', { what: source });
  const chosen = chosenSource(outcome, view);
  const rule = returnedBy(outcome);
  if (rule !== null) {
    const text = view.say('SOURCE_RETURNED', {
      rule: ruleWithPlace(rule, view),
      condition: conditionOf(rule) || view.say('ANY_PACKET'),
    });
    return [{ label, text: chosen === null ? text : `${chosen}; ${text}`, meaning: null }];
  }
  return [{ label, text: chosen ?? view.say('SOURCE_KEPT'), meaning: null }];
}

/** A source that belongs to another device of this node: a network that checks sources will not carry it. */
function foreignSource(outcome: Outcome, view: View): Reasoned[] {
  const device = outcome.egress?.iface ?? null;
  const source = finalSourceAddress(outcome.final);
  if (device === null) return [];
  const owner = view.facts.deviceOfAddress(source);
  if (owner === null || owner === device || owner === 'lo' || !view.facts.hasAddressLike(device, source))
    return [];
  return [
    {
      label: view.say('WARNING'),
      text: view.say('FOREIGN_SOURCE', { device, source, owner }),
      meaning: 'bad',
    },
  ];
}

function ruleReasons(rule: Rule): Reasoned[] {
  return [{ label: placeOf(rule.span), text: ruleRef(rule).text, meaning: null }];
}

function dnatReasons(outcome: Outcome, view: View): Reasoned[] {
  return outcome.dnat === null
    ? []
    : [translationReason(outcome.dnat, finalDestinationAddress(outcome.final), view)];
}

function dropReasons(outcome: Outcome, view: View): Reasoned[] {
  const drop = outcome.drop;
  if (drop === null) return [];
  if (drop.rule !== null) return ruleReasons(drop.rule);
  const why = view.say('REASON');
  for (let i = outcome.steps.length - 1; i >= 0; i -= 1) {
    const step = outcome.steps[i];
    if (step?.kind === 'rp-filter' && !step.passed)
      return [{ label: why, text: reversePathText(step, view), meaning: null }];
    if (drop.reason === 'policy' && step?.kind === 'policy') {
      const id = step.matched === 0 ? 'POLICY_NO_MATCH' : 'POLICY_REACHED';
      return [{ label: why, text: view.say(id, { total: step.total, policy: step.policy }), meaning: null }];
    }
  }
  return [{ label: why, text: view.tell(`DROP_${drop.reason}`), meaning: null }];
}

function dropHead(outcome: Outcome, view: View): string {
  const drop = outcome.drop;
  if (drop === null) return '';
  if (drop.rule !== null) return view.say('IN_RULE', { rule: ruleName(drop.rule, view) });
  if (drop.reason === 'policy')
    return view.say('BY_POLICY', { table: drop.table ?? '?', chain: drop.chain ?? '?' });
  return view.tell(`DROP_BY_${drop.reason}`);
}

function rejectRule(outcome: Outcome): Rule | null {
  const step = outcome.steps.findLast((one) => one.kind === 'reject');
  return step?.kind === 'reject' ? step.rule : null;
}

function unroutableReasons(outcome: Outcome, view: View): Reasoned[] {
  const route = lastRoute(outcome, null);
  return route === null
    ? []
    : [
        {
          label: view.say('REASON'),
          text: route.rule === null ? view.say('NO_RULE_HAS_ROUTE') : policyRuleReason(route, view),
          meaning: null,
        },
      ];
}

/** The answer of one outcome. */
export function answerOf(packet: CompletedPacket, outcome: Outcome, view: View): Answer {
  const { say } = view;
  const flow = say('AS_FLOW', {
    source: finalSource(outcome.final),
    destination: finalDestination(outcome.final),
  });
  const seen = senderSees(packet, outcome, view);
  const sees: Reasoned[] = seen === null ? [] : [{ label: say('SENDER_SEES'), text: seen, meaning: null }];
  switch (outcome.verdict) {
    case 'forwarded':
    case 'sent': {
      const way = wayOut(null, outcome.egress?.via ?? null, view);
      const by = outcome.egress?.iface ?? say('UNKNOWN_DEVICE');
      return {
        word: say('LEAVES'),
        meaning: 'good',
        rest: `${say('BY', { device: by })} ${way === '' ? '' : `${way} `}${flow}`,
        reasons: [
          ...foreignSource(outcome, view),
          ...egressReasons(outcome, view),
          ...sourceReasons(outcome, view),
          ...dnatReasons(outcome, view),
        ],
      };
    }
    case 'delivered': {
      const translated =
        outcome.snat === null
          ? []
          : [translationReason(outcome.snat, finalSourceAddress(outcome.final), view)];
      const local = lastRoute(outcome, 'local');
      const why: Reasoned[] =
        local === null
          ? []
          : [{ label: say('WHY_HERE'), text: policyRuleReason(local, view), meaning: null }];
      return {
        word: say('DELIVERED'),
        meaning: 'good',
        rest: `${say('TO_SOCKET')} ${flow}`,
        reasons: [...why, ...translated, ...dnatReasons(outcome, view)],
      };
    }
    case 'dropped':
      return {
        word: say('DROPPED'),
        meaning: 'bad',
        rest: dropHead(outcome, view),
        reasons: [...sees, ...dropReasons(outcome, view), ...dnatReasons(outcome, view)],
      };
    case 'rejected': {
      const rule = rejectRule(outcome);
      const where = rule === null ? '' : ` ${say('IN_RULE', { rule: ruleName(rule, view) })}`;
      return {
        word: say('REJECTED'),
        meaning: 'bad',
        rest: `${say('WITH', { what: outcome.reject?.with ?? '?' })}${where}`,
        reasons: [...sees, ...(rule === null ? [] : ruleReasons(rule)), ...dnatReasons(outcome, view)],
      };
    }
    case 'unroutable':
      return {
        word: say('UNROUTABLE'),
        meaning: 'bad',
        rest: say('TO_ADDRESS', {
          address: finalDestinationAddress(outcome.final),
          errno: outcome.unroutable?.errno ?? '?',
        }),
        reasons: [...sees, ...unroutableReasons(outcome, view), ...dnatReasons(outcome, view)],
      };
  }
}
