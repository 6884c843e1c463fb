/** The answer to "what becomes of this packet, and why": a headline and the reasons under it. */
import type { Rule } from '../iptables/model.js';
import type { CompletedPacket, Outcome } from '../packet/result.js';
import { dnatReasons, foreignSource, sourceReasons, translationReason } from './address-reasons.js';
import type { Meaning } from './colour.js';
import { finalDestination, finalDestinationAddress, finalSource, finalSourceAddress } from './endpoint.js';
import { type Reasoned, ruleName } from './reason.js';
import { egressReasons, lastRoute, policyRuleReason } from './route-reasons.js';
import { reversePathText, wayOut } from './route-row.js';
import { placeOf, ruleRef } from './rule-ref.js';
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

function ruleReasons(rule: Rule): Reasoned[] {
  return [{ label: placeOf(rule.span), text: ruleRef(rule).text, meaning: null }];
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
