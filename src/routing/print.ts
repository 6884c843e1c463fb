/** Policy rules as `ip rule` prints them (iproute2 ip/iprule.c print_rule, without a table of tos names). */
import { formatNetwork } from '../address/prefix.js';
import { protocolName } from '../address/protocols.js';
import type { PolicyRule } from './model.js';

function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}

function range({ from, to }: { readonly from: number; readonly to: number }): string {
  return from === to ? String(from) : `${String(from)}-${String(to)}`;
}

/** Words by keyword: `iif [detached]` and `oif [detached]` belong to the devices, the others end the line. */
function endWords(words: readonly string[]): {
  readonly detached: ReadonlySet<string>;
  readonly realms: string[];
  readonly rest: string[];
} {
  const detached = new Set<string>();
  const realms: string[] = [];
  const rest: string[] = [];
  for (let at = 0; at < words.length; at += 2) {
    const [word = '', value = ''] = words.slice(at, at + 2);
    if (value === '[detached]') detached.add(word);
    else (word === 'realms' ? realms : rest).push(word, value);
  }
  return { detached, realms, rest };
}

function selectors(rule: PolicyRule, detached: ReadonlySet<string>): string[] {
  const { to, tos, fwmark, iif, oif, uidRange, ipproto, sport, dport, action } = rule;
  const device = (word: 'iif' | 'oif', name: string | null): string[] =>
    name === null ? [] : [word, name, ...(detached.has(word) ? ['[detached]'] : [])];
  return [
    ...(to === null ? [] : ['to', formatNetwork(to)]),
    ...(tos === null ? [] : ['tos', `0x${tos.toString(16).padStart(2, '0')}`]),
    ...(fwmark === null
      ? []
      : [
          'fwmark',
          fwmark.mask >>> 0 === 0xffffffff ? hex(fwmark.value) : `${hex(fwmark.value)}/${hex(fwmark.mask)}`,
        ]),
    ...device('iif', iif),
    ...device('oif', oif),
    ...(action.kind === 'l3mdev' ? ['lookup', '[l3mdev-table]'] : []),
    ...(uidRange === null ? [] : ['uidrange', `${String(uidRange.from)}-${String(uidRange.to)}`]),
    ...(ipproto === null ? [] : ['ipproto', protocolName(ipproto)]),
    ...(sport === null ? [] : ['sport', range(sport)]),
    ...(dport === null ? [] : ['dport', range(dport)]),
    ...rule.opaque.filter((words) => !words.startsWith('suppress_')),
  ];
}

function suppressors(rule: PolicyRule): string[] {
  const { suppressPrefixLength, suppressGroup, opaque } = rule;
  return [
    ...(suppressPrefixLength === null ? [] : ['suppress_prefixlength', String(suppressPrefixLength)]),
    ...(suppressGroup === null
      ? []
      : ['suppress_ifgroup', suppressGroup === 0 ? 'default' : String(suppressGroup)]),
    ...opaque.filter((words) => words.startsWith('suppress_')),
  ];
}

function actionWords({ action }: PolicyRule): string[] {
  if (action.kind === 'lookup') return ['lookup', action.name];
  if (action.kind === 'l3mdev') return [];
  if (action.kind === 'goto')
    return ['goto', String(action.priority), ...(action.unresolved ? ['[unresolved]'] : [])];
  return [action.kind];
}

/** One line of `ip rule`: a tab follows the priority. */
export function printPolicyRule(rule: PolicyRule): string {
  const { detached, realms, rest } = endWords(rule.words);
  const isLookup = rule.action.kind === 'lookup';
  const words = [
    ...(rule.not ? ['not'] : []),
    'from',
    rule.from === null ? 'all' : formatNetwork(rule.from),
    ...selectors(rule, detached),
    ...(isLookup ? actionWords(rule) : []),
    ...suppressors(rule),
    ...realms,
    ...(isLookup ? [] : actionWords(rule)),
    ...rest,
  ];
  return `${String(rule.priority)}:\t${words.join(' ')}`;
}
