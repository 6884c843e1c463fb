/** Why the packet has the addresses that it has at the end. */
import type { AnyRule } from '../packet/any-rule.js';
import type { Outcome, Translation } from '../packet/result.js';
import { finalDestinationAddress, finalSourceAddress, outcomeSourceAddress } from './endpoint.js';
import { type Reasoned, ruleName, ruleWithPlace } from './reason.js';
import { commentOf, conditionOf, placeOf, targetOf } from './rule-ref.js';
import type { View } from './view.js';

function commentAfter(rule: AnyRule): string {
  const comment = commentOf(rule);
  return comment === '' ? '' : ` ${comment}`;
}

/** The rule that translated an address, or that conntrack remembers it: from the first packet, or by the dump. */
export function translationReason(
  { rule }: Translation,
  address: string,
  { entry }: Outcome,
  view: View,
): Reasoned {
  const remembered =
    entry === undefined ? view.say('BY_ENTRY') : view.say('BY_DUMP', { place: placeOf(entry.span) });
  const text =
    rule === null
      ? remembered
      : `${targetOf(rule)}, ${ruleName(rule, view)}${commentAfter(rule)} (${placeOf(rule.span)})`;
  return { label: view.say('WHY', { what: address }), text, meaning: null };
}

/** The last rule of a nat chain in POSTROUTING that sent the packet back without translation, if one did. */
function returnedBy(outcome: Outcome): AnyRule | null {
  let found: AnyRule | null = null;
  let nat = false;
  for (const step of outcome.steps) {
    if (step.kind === 'table') nat = step.type === 'nat' && step.hook === 'POSTROUTING';
    if (step.kind !== 'rule' || !nat) continue;
    if (step.outcome === 'return' || step.outcome === 'accept') found = step.rule;
  }
  return found;
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

/** Why this source: translated, kept, or chosen by the kernel. */
export function sourceReasons(outcome: Outcome, view: View): Reasoned[] {
  const source = outcomeSourceAddress(outcome);
  if (outcome.snat !== null) return [translationReason(outcome.snat, source, outcome, view)];
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
export function foreignSource(outcome: Outcome, view: View): Reasoned[] {
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

/** The entry of the dump that the packet belongs to, or that it is about. */
export function entryReasons(outcome: Outcome, view: View): Reasoned[] {
  const { entry } = outcome;
  if (entry === undefined) return [];
  const about = outcome.steps.some((step) => step.kind === 'conntrack' && step.state === 'RELATED');
  const text = view.say(about ? 'ABOUT_DUMP' : 'OF_DUMP', { place: placeOf(entry.span) });
  return [{ label: view.say('CONNTRACK'), text, meaning: null }];
}

/** Why this destination, when it was translated. */
export function dnatReasons(outcome: Outcome, view: View): Reasoned[] {
  return outcome.dnat === null
    ? []
    : [translationReason(outcome.dnat, finalDestinationAddress(outcome.final), outcome, view)];
}
