/** Policy rules in words. */
import { formatNetwork } from '../address/prefix.js';
import { protocolName } from '../address/protocols.js';
import type { PolicyRule, Route } from '../routing/model.js';
import type { Span } from '../source/source.js';
import { placeOf } from './rule-ref.js';
import type { View } from './view.js';

function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}

function range({ from, to }: { readonly from: number; readonly to: number }): string {
  return from === to ? String(from) : `${String(from)}-${String(to)}`;
}

/** What a policy rule asks of a packet, as `ip rule` words it; '' when it takes every packet. */
export function selectorOf(rule: PolicyRule): string {
  const words: string[] = [];
  if (rule.from !== null) words.push(`from ${formatNetwork(rule.from)}`);
  if (rule.to !== null) words.push(`to ${formatNetwork(rule.to)}`);
  if (rule.tos !== null) words.push(`tos ${hex(rule.tos)}`);
  if (rule.fwmark !== null)
    words.push(
      `fwmark ${hex(rule.fwmark.value)}${rule.fwmark.mask === 0xffffffff ? '' : `/${hex(rule.fwmark.mask)}`}`,
    );
  if (rule.iif !== null) words.push(`iif ${rule.iif}`);
  if (rule.oif !== null) words.push(`oif ${rule.oif}`);
  if (rule.ipproto !== null) words.push(`ipproto ${protocolName(rule.ipproto)}`);
  if (rule.sport !== null) words.push(`sport ${range(rule.sport)}`);
  if (rule.dport !== null) words.push(`dport ${range(rule.dport)}`);
  if (rule.uidRange !== null) words.push(`uidrange ${range(rule.uidRange)}`);
  words.push(...rule.opaque);
  const text = words.join(' ');
  return rule.not && text !== '' ? `not ${text}` : text;
}

/** What a policy rule does when it matches: `main`, which is the table that it looks up, `goto 32766`, `blackhole`. */
export function actionOf({ action }: PolicyRule): string {
  if (action.kind === 'lookup') return action.name;
  if (action.kind === 'goto') return `goto ${String(action.priority)}`;
  return action.kind;
}

/** A route by its destination: `default`, `10.0.0.0/16`, `local 10.0.0.1`. */
export function routeWords(route: Route): string {
  const { destination, type } = route;
  const to = destination.length === 0 ? 'default' : formatNetwork(destination);
  return type === 'unicast' ? to : `${type} ${to}`;
}

const placed = (text: string, span: Span | null): string =>
  span === null ? text : `${text} (${placeOf(span)})`;

/** `policy rule 1024 (ip-rule.txt:3)`. */
export function policyRuleWithPlace(rule: PolicyRule, view: View): string {
  return placed(view.say('POLICY_RULE', { priority: rule.priority }), rule.span);
}

/** `route blackhole default (ip-route.txt:3)`. */
export function routeWithPlace(route: Route, view: View): string {
  return placed(view.say('WHY_ROUTE', { route: routeWords(route) }), route.span);
}
