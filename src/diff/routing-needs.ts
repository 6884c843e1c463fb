/** What policy rules and routes ask of a packet. */
import type { PolicyRule, Route } from '../routing/model.js';
import { TABLE_ID } from '../routing/model.js';
import { type Need, maskedNeed, negated, numbersNeed, oneOf, prefixNeed } from './need.js';
import type { Terrain } from './terrain.js';
import type { Alternatives } from './rule-needs.js';

const PORT_MAX = 65535;

function selectors(rule: PolicyRule, terrain: Terrain): Need[] {
  const { from, to, fwmark, iif, oif, ipproto, sport, dport, tos, uidRange } = rule;
  const needs: Need[] = [];
  if (from !== null) needs.push(prefixNeed('src', from));
  if (to !== null) needs.push(prefixNeed('dst', to));
  if (fwmark !== null) needs.push(maskedNeed('mark', fwmark.value, fwmark.mask));
  if (iif !== null) needs.push(oneOf('in', [iif === 'lo' ? null : iif], terrain.devices.slice(0, 3)));
  if (oif !== null) needs.push(oneOf('in', [null], []), oneOf('oif', [oif], []));
  if (ipproto !== null) needs.push(oneOf('proto', [ipproto], [6, 17, 1]));
  if (sport !== null) needs.push(numbersNeed('sport', [sport], PORT_MAX));
  if (dport !== null) needs.push(numbersNeed('dport', [dport], PORT_MAX));
  if (tos !== null) needs.push(oneOf('tos', [tos], [0]));
  if (uidRange !== null) needs.push(oneOf('in', [null], []), numbersNeed('uid', [uidRange], 0xffffffff));
  return needs;
}

/** What a policy rule asks; of an inverted one any single selector that fails is a way. */
export function policyNeeds(rule: PolicyRule, terrain: Terrain): Alternatives {
  const needs = selectors(rule, terrain);
  return rule.not ? needs.map((need) => [negated(need)]) : [needs];
}

/** At most so many policy rules lead to a table. */
const WAYS = 6;

/**
 * What a route asks: a packet to it, by each policy rule that looks its table up, and one from it, whose way back it is.
 */
export function routeNeeds(route: Route, rules: readonly PolicyRule[], terrain: Terrain): Alternatives {
  const to = prefixNeed('dst', route.destination);
  const from = prefixNeed('src', route.destination);
  const leading = rules.filter(
    ({ action }) => action.kind === 'lookup' && action.table === route.table && !isCommon(action.table),
  );
  const ways = leading.slice(0, WAYS).flatMap((rule) => policyNeeds(rule, terrain));
  const devices = route.nexthops.flatMap(({ device }) => device ?? []);
  return [
    [to],
    ...ways.map((way) => [...way, to]),
    [from],
    ...devices.map((device) => [from, oneOf('in', [device], terrain.devices)]),
  ];
}

const isCommon = (table: number): boolean => table === TABLE_ID.main || table === TABLE_ID.local;
