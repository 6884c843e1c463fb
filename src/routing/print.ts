/** Policy rules and routes as iproute2 prints them. */
import { bitsOf, formatAddress } from '../address/address.js';
import { type Prefix, formatPrefix } from '../address/prefix.js';
import type { PolicyRule, Route } from './model.js';

function prefixText(prefix: Prefix, family: 4 | 6): string {
  return prefix.length === bitsOf(family) ? formatAddress(prefix.address) : formatPrefix(prefix);
}

function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}

function rangeText(range: { readonly from: number; readonly to: number }): string {
  return range.from === range.to ? String(range.from) : `${String(range.from)}-${String(range.to)}`;
}

function actionText(rule: PolicyRule): string {
  const { action } = rule;
  switch (action.kind) {
    case 'lookup':
      return `lookup ${action.name}${suppressText(rule)}`;
    case 'l3mdev':
      return `lookup [l3mdev-table]${suppressText(rule)}`;
    case 'goto':
      return `goto ${String(action.priority)}${action.unresolved ? ' [unresolved]' : ''}`;
    default:
      return action.kind;
  }
}

function suppressText(rule: PolicyRule): string {
  const length =
    rule.suppressPrefixLength === null ? '' : ` suppress_prefixlength ${String(rule.suppressPrefixLength)}`;
  return rule.suppressGroup === null ? length : `${length} suppress_ifgroup ${String(rule.suppressGroup)}`;
}

const PROTOCOLS: Readonly<Record<number, string>> = {
  1: 'icmp',
  2: 'igmp',
  6: 'tcp',
  17: 'udp',
  33: 'dccp',
  47: 'gre',
  50: 'esp',
  51: 'ah',
  58: 'ipv6-icmp',
  132: 'sctp',
  136: 'udplite',
};

/**
 * A policy rule as `ip rule` prints it (iproute2 ip/iprule.c print_rule), between the priority and the selectors a
 * tab. `words` (protocol, realms) end the line.
 */
export function printPolicyRule(rule: PolicyRule): string {
  const parts = [
    `${String(rule.priority)}:\t${rule.not ? 'not ' : ''}from ${rule.from === null ? 'all' : prefixText(rule.from, rule.family)}`,
  ];
  if (rule.to !== null) parts.push(`to ${prefixText(rule.to, rule.family)}`);
  if (rule.tos !== null && rule.tos !== 0) parts.push(`tos ${TOS_NAMES[rule.tos] ?? hex(rule.tos)}`);
  if (rule.fwmark !== null) {
    const whole = rule.fwmark.mask >>> 0 === 0xffffffff;
    parts.push(`fwmark ${hex(rule.fwmark.value)}${whole ? '' : `/${hex(rule.fwmark.mask)}`}`);
  }
  if (rule.iif !== null) parts.push(`iif ${rule.iif}`);
  if (rule.oif !== null) parts.push(`oif ${rule.oif}`);
  if (rule.uidRange !== null)
    parts.push(`uidrange ${String(rule.uidRange.from)}-${String(rule.uidRange.to)}`);
  if (rule.ipproto !== null) parts.push(`ipproto ${PROTOCOLS[rule.ipproto] ?? String(rule.ipproto)}`);
  if (rule.sport !== null) parts.push(`sport ${rangeText(rule.sport)}`);
  if (rule.dport !== null) parts.push(`dport ${rangeText(rule.dport)}`);
  parts.push(...rule.opaque, actionText(rule), ...rule.words);
  return parts.join(' ');
}

/** The names that iproute2 has for tos values without /etc/iproute2/rt_dsfield entries of the user's. */
const TOS_NAMES: Readonly<Record<number, string>> = {};

/** A route as `ip route` prints it: the line that was read, which iproute2 already made canonical. */
export function printRoute(route: Route): string {
  return route.text;
}
