/** A FIB lookup: policy rules in order, then tables. net/core/fib_rules.c fib_rules_lookup, net/ipv4/fib_rules.c. */
import { type Address, type Family, formatAddress } from '../address/address.js';
import { decide } from '../chooser/enumerate.js';
import { type Chooser, type Unsure, unsure } from '../chooser/question.js';
import type { Params } from '../source/diagnostic.js';
import { type FoundRoute, MERGED, type SearchOptions, searchTable, tableShown } from './fib.js';
import { type Network, type Nexthop, type PolicyRule, type Route, TABLE_ID } from './model.js';
import { chooseNexthop } from './multipath.js';
import { assumedLocalRoute, isCertainlyOwn } from './own.js';
import { type PolicyRuleMatch, matchPolicyRule } from './policy-rule.js';

/** struct flowi4 / flowi6: the fields of a packet that routing looks at. */
export interface Flow {
  readonly destination: Address;
  /** The all-zero address when a socket has not chosen one yet. */
  readonly source: Address;
  /** Input device; 'lo' for what this node sends. */
  readonly inInterface: string;
  /** Device a socket is bound to, or null; never the result of routing. */
  readonly outInterface: string | null;
  readonly mark: number;
  /** Bits of the mark that are not known. */
  readonly markUnknown: number;
  readonly tos: number;
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Socket owner; 0 for forwarded packets; null when a local packet was given without one. */
  readonly uid: number | null;
}

/**
 * Why a policy rule was passed over, or that it matched. `code` is a message id (PR_…). The selectors of a rule that
 * `matched` hold; when it is not the rule that decided, the code says why the lookup went on (an empty table, a throw
 * route, suppress_prefixlength …).
 */
export interface PolicyRuleTried {
  readonly rule: PolicyRule;
  readonly matched: boolean;
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
}

export type Lookup =
  | {
      readonly kind: 'route';
      readonly rule: PolicyRule;
      readonly route: Route;
      readonly nexthop: Nexthop;
      readonly tried: readonly PolicyRuleTried[];
    }
  /** A rule or a route refuses (blackhole EINVAL, unreachable, prohibit EACCES), or nothing matched (ENETUNREACH). */
  | {
      readonly kind: 'error';
      readonly errno: 'ENETUNREACH' | 'EHOSTUNREACH' | 'EACCES' | 'EINVAL';
      readonly rule: PolicyRule | null;
      readonly route: Route | null;
      readonly tried: readonly PolicyRuleTried[];
    }
  /** The walk assumed that a table which the snapshot does not show has a route; where it leads is not known. */
  | {
      readonly kind: 'unseen';
      readonly rule: PolicyRule;
      readonly table: number;
      readonly tried: readonly PolicyRuleTried[];
    };

/** The result of the rule walk before a nexthop of a multipath route is chosen (fib_lookup). */
export type Found =
  | (FoundRoute & { readonly rule: PolicyRule; readonly tried: readonly PolicyRuleTried[] })
  | Exclude<Lookup, { readonly kind: 'route' }>;

/** The policy rules that a new namespace has. */
export function defaultRules(family: Family): readonly PolicyRule[] {
  const rule = (priority: number, table: number, name: string): PolicyRule => ({
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
    action: { kind: 'lookup', table, name },
    suppressPrefixLength: null,
    suppressGroup: null,
    words: [],
    span: null,
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
export function assumptionsOf(
  network: Network,
): readonly { readonly code: string; readonly params: Params }[] {
  const family = network.family;
  const missing: { code: string; params: Params }[] = [];
  if (!network.known.rules)
    missing.push({ code: rulesShown(network) ? 'UNK_RULES_PART' : 'UNK_NO_RULES', params: { family } });
  if (!tableShown(network, TABLE_ID.local)) missing.push({ code: 'UNK_NO_LOCAL', params: { family } });
  if (!tableShown(network, TABLE_ID.main)) missing.push({ code: 'UNK_NO_MAIN', params: { family } });
  return missing;
}

/**
 * Routes a flow: policy rules in order, longest prefix in the chosen table, one nexthop.
 * What the snapshot leaves open is asked of the chooser.
 */
export function lookup(network: Network, flow: Flow, chooser: Chooser): Lookup {
  const found = findRoute(network, flow, chooser);
  if (found.kind !== 'route') return found;
  const { route, nexthop } = chooseNexthop(network, found, flow, chooser);
  return { kind: 'route', rule: found.rule, route, nexthop, tried: found.tried };
}

/** fib_lookup: the route that takes a flow, with all its usable nexthops. */
export function findRoute(
  network: Network,
  flow: Flow,
  chooser: Chooser,
  options: SearchOptions = {},
): Found {
  const walked = new RuleWalk(network, flow, chooser, options).run();
  const merged = mergedResult(network, flow, options);
  if (merged === null || sameResult(walked, merged)) return walked;
  return decide(chooser, rulesEverAdded()) ? walked : merged;
}

/** Was a policy rule ever added? It splits tables local and main for good, and no dump shows it afterwards. */
export function rulesEverAdded(): Unsure {
  return unsure('a policy rule was ever added', 'UNK_RULES_EVER_ADDED');
}

/** Are these the rules of a new namespace? Only then may local and main still be one trie. */
export function hasDefaultRules(network: Network): boolean {
  const rules = rulesOf(network);
  const wanted = DEFAULT_RULES[network.family];
  return (
    rules.length === wanted.length &&
    wanted.every((rule, i) => {
      const other = rules[i];
      return other?.priority === rule.priority && isBare(other) && tableOf(other) === tableOf(rule);
    })
  );
}

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

function tableOf(rule: PolicyRule): number | null {
  return rule.action.kind === 'lookup' ? rule.action.table : null;
}

/**
 * What the shared trie says (include/net/ip_fib.h fib_lookup without custom rules): local and main as one table, then
 * default when nothing in it matches.
 * @returns null when the tries cannot be one, or are not shown
 */
function mergedResult(network: Network, flow: Flow, options: SearchOptions): Found | null {
  if (network.family !== 4 || !hasDefaultRules(network)) return null;
  const rules = rulesOf(network);
  if (rules.some((rule) => !tableShown(network, tableOf(rule) ?? 0) && tableOf(rule) !== TABLE_ID.default))
    return null;
  const [local, main, last] = rules;
  if (local === undefined || main === undefined || last === undefined) return null;
  let hit = searchTable(network, MERGED, flow, options);
  if (hit === null || hit.kind === 'throw') hit = searchTable(network, TABLE_ID.default, flow, options);
  const ruleOf = (route: Route): PolicyRule =>
    route.table === TABLE_ID.local ? local : route.table === TABLE_ID.main ? main : last;
  const tried: PolicyRuleTried[] = [];
  if (hit === null || hit.kind === 'throw')
    return { kind: 'error', errno: 'ENETUNREACH', rule: null, route: null, tried };
  const rule = ruleOf(hit.route);
  tried.push({ rule, matched: true, code: 'PR_MERGED', params: {} });
  if (hit.kind === 'route') return { ...hit, rule, tried };
  return { kind: 'error', errno: hit.errno, rule, route: hit.route, tried };
}

function sameResult(a: Found, b: Found): boolean {
  if (a.kind === 'route') return b.kind === 'route' && a.route === b.route;
  if (a.kind === 'unseen') return false;
  return b.kind === 'error' && a.errno === b.errno;
}

type Decision = Found | 'next' | { readonly goto: number };

/** One pass over the policy rules. */
class RuleWalk {
  readonly #network: Network;
  readonly #flow: Flow;
  readonly #chooser: Chooser;
  readonly #options: SearchOptions;
  readonly #rules: readonly PolicyRule[];
  readonly #tried: PolicyRuleTried[] = [];

  constructor(network: Network, flow: Flow, chooser: Chooser, options: SearchOptions) {
    this.#network = network;
    this.#flow = flow;
    this.#chooser = chooser;
    this.#options = options;
    this.#rules = rulesOf(network);
  }

  run(): Found {
    let at = 0;
    for (let rule = this.#rules[at]; rule !== undefined; rule = this.#rules[at]) {
      const decision = this.#try(rule);
      if (decision === 'next') at += 1;
      else if ('goto' in decision) at = decision.goto;
      else return decision;
    }
    return { kind: 'error', errno: 'ENETUNREACH', rule: null, route: null, tried: this.#tried };
  }

  #note(rule: PolicyRule, matched: boolean, code: string, params: Params = {}): 'next' {
    this.#tried.push({ rule, matched, code, params });
    return 'next';
  }

  #try(rule: PolicyRule): Decision {
    const match = matchPolicyRule(rule, this.#flow, this.#network);
    if (!decide(this.#chooser, match.result)) return this.#note(rule, false, missCode(match), match.params);
    const { action } = rule;
    switch (action.kind) {
      case 'goto':
        return this.#goto(rule, action.priority, action.unresolved);
      case 'nop':
        return this.#note(rule, true, 'PR_NOP');
      case 'blackhole':
        return this.#refuse(rule, 'EINVAL');
      case 'unreachable':
        return this.#refuse(rule, 'ENETUNREACH');
      case 'prohibit':
        return this.#refuse(rule, 'EACCES');
      case 'l3mdev':
        this.#note(rule, true, match.code, match.params);
        return { kind: 'unseen', rule, table: 0, tried: this.#tried };
      case 'lookup':
        return this.#search(rule, match, action.table);
    }
  }

  #goto(rule: PolicyRule, priority: number, unresolved: boolean): Decision {
    const target = this.#rules.findIndex((other) => other.priority === priority);
    const here = this.#rules.indexOf(rule);
    if (unresolved || target <= here) return this.#note(rule, true, 'PR_GOTO_UNRESOLVED', { priority });
    this.#note(rule, true, 'PR_GOTO', { priority });
    return { goto: target };
  }

  #refuse(rule: PolicyRule, errno: 'EINVAL' | 'ENETUNREACH' | 'EACCES'): Found {
    this.#note(rule, true, 'PR_REFUSES', { action: rule.action.kind });
    return { kind: 'error', errno, rule, route: null, tried: this.#tried };
  }

  #search(rule: PolicyRule, match: PolicyRuleMatch, table: number): Decision {
    const name = rule.action.kind === 'lookup' ? rule.action.name : String(table);
    if (!tableShown(this.#network, table)) {
      const unseen = this.#unseen(rule, table, name);
      // Of a table that is shown in part, the shown routes count unless the part that is missing decides.
      if (unseen !== 'next' || !this.#network.tables.has(table)) return unseen;
    }
    const hit = searchTable(this.#network, table, this.#flow, this.#options);
    if (hit === null) {
      const empty = (this.#network.tables.get(table)?.length ?? 0) === 0;
      return this.#note(rule, true, empty ? 'PR_TABLE_EMPTY' : 'PR_NO_ROUTE', { table: name });
    }
    if (hit.kind === 'throw')
      return this.#note(rule, true, 'PR_THROW', { table: name, route: hit.route.text });
    if (hit.kind === 'route') {
      const suppressed = this.#suppress(rule, hit);
      if (suppressed !== null) return suppressed;
    }
    this.#note(rule, true, match.code, match.params);
    if (hit.kind === 'route') return { ...hit, rule, tried: this.#tried };
    return { kind: 'error', errno: hit.errno, rule, route: hit.route, tried: this.#tried };
  }

  /**
   * Table local is made of own addresses: the ones that the snapshot implies lead to local delivery, and no others are
   * taken for granted (UNK_NO_LOCAL says so). Any other table may have a route, and leads nowhere that is known.
   */
  #unseen(rule: PolicyRule, table: number, name: string): Decision {
    const { destination } = this.#flow;
    const to = formatAddress(destination);
    const isLocal = table === TABLE_ID.local;
    const fact = isLocal ? isCertainlyOwn(this.#network, destination) : this.#mayHaveRoute(table, name, to);
    if (!decide(this.#chooser, fact)) return this.#note(rule, true, 'PR_TABLE_UNSEEN', { table: name });
    this.#note(rule, true, 'PR_TABLE_ASSUMED', { table: name });
    if (!isLocal) return { kind: 'unseen', rule, table, tried: this.#tried };
    const route = assumedLocalRoute(this.#network, destination);
    return { kind: 'route', route, usable: route.nexthops, rivals: [], rule, tried: this.#tried };
  }

  /** Does a table that is not shown, or only in part, have a route to an address that is not shown? */
  #mayHaveRoute(table: number, name: string, to: string): Unsure {
    const code = this.#network.tables.has(table) ? 'UNK_TABLE_PART' : 'UNK_TABLE';
    return unsure(`table ${String(table)} has a route to ${to}`, code, { table: name, to });
  }

  /** fib4_rule_suppress looks at the device of the route's first nexthop, fib6_rule_suppress at that of the chosen one. */
  #suppress(rule: PolicyRule, hit: FoundRoute): 'next' | null {
    const length = hit.route.destination.length ?? 0;
    if (rule.suppressPrefixLength !== null && length <= rule.suppressPrefixLength)
      return this.#note(rule, true, 'PR_SUPPRESS_PREFIX', { length, limit: rule.suppressPrefixLength });
    if (rule.suppressGroup === null) return null;
    const nexthop =
      this.#network.family === 4
        ? hit.route.nexthops[0]
        : chooseNexthop(this.#network, hit, this.#flow, this.#chooser).nexthop;
    const device = nexthop?.device ?? null;
    if (device === null) return null;
    const group = this.#network.links.get(device)?.group ?? null;
    const params = { device, group: rule.suppressGroup };
    const inGroup =
      group === null
        ? unsure(`${device} in group ${String(rule.suppressGroup)}`, 'UNK_GROUP', params)
        : group === rule.suppressGroup;
    return decide(this.#chooser, inGroup) ? this.#note(rule, true, 'PR_SUPPRESS_GROUP', params) : null;
  }
}

function missCode(match: PolicyRuleMatch): string {
  return typeof match.result === 'boolean' ? match.code : 'PR_ASSUMED_NOT';
}
