/** The policy rules in force, and what is taken for granted where the snapshot does not show them all. */
import type { Family } from '../address/address.js';
import type { Params } from '../source/diagnostic.js';
import { tableShown } from './fib.js';
import { type Network, type PolicyRule, TABLE_ID } from './model.js';
import { perNetwork } from './remember.js';

/** A policy rule for every packet, but for what it does. */
export function ruleForAll(family: Family, priority: number): Omit<PolicyRule, 'action'> {
  return {
    family,
    priority,
    not: false,
    from: null,
    to: null,
    tos: null,
    fwmark: null,
    iif: null,
    oif: null,
    ipproto: null,
    sport: null,
    dport: null,
    uidRange: null,
    opaque: [],
    suppressPrefixLength: null,
    suppressGroup: null,
    words: [],
    span: null,
  };
}

/** The policy rules that a new namespace has. */
export function defaultRules(family: Family): readonly PolicyRule[] {
  const rule = (priority: number, table: number, name: string): PolicyRule => ({
    ...ruleForAll(family, priority),
    action: { kind: 'lookup', table, name },
  });
  const local = rule(0, TABLE_ID.local, 'local');
  const main = rule(32766, TABLE_ID.main, 'main');
  return family === 4 ? [local, main, rule(32767, TABLE_ID.default, 'default')] : [local, main];
}

const DEFAULT_RULES: Readonly<Record<Family, readonly PolicyRule[]>> = {
  4: defaultRules(4),
  6: defaultRules(6),
};

const COMPLETED = new WeakMap<readonly PolicyRule[], readonly PolicyRule[]>();

/**
 * The policy rules in force: the snapshot's. Of a list that is not whole what it shows counts, and at the priorities
 * that it does not show stand the rules of a new namespace; assumptionsOf says so.
 */
export function rulesOf({ rules, known, family }: Network): readonly PolicyRule[] {
  if (known.rules) return rules;
  let completed = COMPLETED.get(rules);
  if (completed === undefined) {
    const shown = new Set(rules.map(({ priority }) => priority));
    const added = DEFAULT_RULES[family].filter(({ priority }) => !shown.has(priority));
    completed = [...rules, ...added].toSorted((a, b) => a.priority - b.priority);
    COMPLETED.set(rules, completed);
  }
  return completed;
}

/** Does the snapshot show policy rules, if not all of them? */
export function rulesShown({ rules }: Network): boolean {
  return rules.some(({ span }) => span !== null);
}

/** What every lookup in this network takes for granted, to be added to each outcome that rests on one. */
export function assumptionsOf(network: Network): readonly TakenForGranted[] {
  return ASSUMPTIONS(network);
}

export interface TakenForGranted {
  readonly code: string;
  readonly params: Params;
}

const ASSUMPTIONS = perNetwork((network): readonly TakenForGranted[] => {
  const family = network.family;
  const missing: TakenForGranted[] = [];
  if (!network.known.rules)
    missing.push({ code: rulesShown(network) ? 'UNK_RULES_PART' : 'UNK_NO_RULES', params: { family } });
  if (!tableShown(network, TABLE_ID.local)) missing.push({ code: 'UNK_NO_LOCAL', params: { family } });
  if (!tableShown(network, TABLE_ID.main)) missing.push({ code: 'UNK_NO_MAIN', params: { family } });
  return missing;
});

/** Are these the rules of a new namespace? Only then may local and main still be one trie. */
export function hasDefaultRules(network: Network): boolean {
  return HAS_DEFAULT_RULES(network);
}

const HAS_DEFAULT_RULES = perNetwork((network): boolean => {
  const rules = rulesOf(network);
  const wanted = DEFAULT_RULES[network.family];
  return (
    rules.length === wanted.length &&
    wanted.every((rule, i) => {
      const other = rules[i];
      return other?.priority === rule.priority && isBare(other) && tableOf(other) === tableOf(rule);
    })
  );
});

function isBare(rule: PolicyRule): boolean {
  const { from, to, tos, fwmark, iif, oif, ipproto, sport, dport, uidRange } = rule;
  const selectors = [to, tos, fwmark, iif, oif, ipproto, sport, dport, uidRange];
  return (
    !rule.not &&
    (from === null || from.length === 0) &&
    selectors.every((s) => s === null) &&
    rule.opaque.length === 0
  );
}

export function tableOf(rule: PolicyRule): number | null {
  return rule.action.kind === 'lookup' ? rule.action.table : null;
}
