/** Policy rules as iproute2 prints them. */
import { bitsOf, formatAddress } from '../address/address.js';
import { type Prefix, formatPrefix } from '../address/prefix.js';
import type { PolicyRule } from './model.js';

/** /etc/protocols' names of the protocols that the kernel lets a policy rule name, and of a few more. */
const PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [2, 'igmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [33, 'dccp'],
  [47, 'gre'],
  [50, 'esp'],
  [51, 'ah'],
  [58, 'ipv6-icmp'],
  [132, 'sctp'],
  [136, 'udplite'],
]);

function network(prefix: Prefix): string {
  const host = prefix.length === bitsOf(typeof prefix.address === 'bigint' ? 6 : 4);
  return host ? formatAddress(prefix.address) : formatPrefix(prefix);
}

function hex(value: number, digits = 1): string {
  return `0x${(value >>> 0).toString(16).padStart(digits, '0')}`;
}

function range({ from, to }: { readonly from: number; readonly to: number }): string {
  return from === to ? String(from) : `${String(from)}-${String(to)}`;
}

function mark({ value, mask }: { readonly value: number; readonly mask: number }): string {
  return mask >>> 0 === 0xffffffff ? hex(value) : `${hex(value)}/${hex(mask)}`;
}

function actionText({ action }: PolicyRule): string {
  switch (action.kind) {
    case 'lookup':
      return `lookup ${action.name}`;
    case 'l3mdev':
      return 'lookup [l3mdev-table]';
    case 'goto':
      return `goto ${String(action.priority)}${action.unresolved ? ' [unresolved]' : ''}`;
    default:
      return action.kind;
  }
}

/** `detached` stands in the rule's words behind the selector it belongs to. */
function device(rule: PolicyRule, word: 'iif' | 'oif', name: string): string {
  const detached = rule.words.some((one, i) => one === word && rule.words[i + 1] === '[detached]');
  return `${word} ${name}${detached ? ' [detached]' : ''}`;
}

/** A policy rule as `ip rule` prints it (iproute2 ip/iprule.c print_rule), a tab behind the priority. */
export function printPolicyRule(rule: PolicyRule): string {
  const { to, tos, fwmark, iif, oif, uidRange, ipproto, sport, dport } = rule;
  const words = rule.not ? ['not'] : [];
  words.push(`from ${rule.from === null ? 'all' : network(rule.from)}`);
  if (to !== null) words.push(`to ${network(to)}`);
  if (tos !== null && tos !== 0) words.push(`tos ${hex(tos, 2)}`);
  if (fwmark !== null) words.push(`fwmark ${mark(fwmark)}`);
  if (iif !== null) words.push(device(rule, 'iif', iif));
  if (oif !== null) words.push(device(rule, 'oif', oif));
  if (uidRange !== null) words.push(`uidrange ${String(uidRange.from)}-${String(uidRange.to)}`);
  if (ipproto !== null) words.push(`ipproto ${PROTOCOLS.get(ipproto) ?? String(ipproto)}`);
  if (sport !== null) words.push(`sport ${range(sport)}`);
  if (dport !== null) words.push(`dport ${range(dport)}`);
  words.push(...rule.opaque, actionText(rule));
  if (rule.suppressPrefixLength !== null)
    words.push(`suppress_prefixlength ${String(rule.suppressPrefixLength)}`);
  if (rule.suppressGroup !== null)
    words.push(`suppress_ifgroup ${rule.suppressGroup === 0 ? 'default' : String(rule.suppressGroup)}`);
  const rest = rule.words.filter((word, i) => word !== '[detached]' && rule.words[i + 1] !== '[detached]');
  return `${String(rule.priority)}:\t${[...words, ...rest].join(' ')}`;
}
