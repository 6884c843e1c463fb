/** One pass over the policy rules: those that select the flow, and the tables that they name. */
import { formatAddress } from '../address/address.js';
import { decide } from '../chooser/enumerate.js';
import { type Chooser, type Unsure, unsure } from '../chooser/question.js';
import type { Params } from '../source/diagnostic.js';
import { type FoundRoute, searchTable, tableShown } from './fib.js';
import type { Flow, Found, LookupOptions, PolicyRuleTried } from './lookup.js';
import { type Network, type PolicyRule, TABLE_ID } from './model.js';
import { chooseNexthop } from './multipath.js';
import { assumedLocalRoute, isCertainlyOwn } from './own.js';
import { PolicyIndex } from './policy-index.js';
import { matchPolicyRule, selects, selectsBy } from './policy-rule.js';
import { rulesOf } from './policy-rules.js';
import { perNetwork } from './remember.js';

const INDEX = perNetwork((network) => new PolicyIndex(rulesOf(network)));

type Decision = Found | 'next' | { readonly goto: number };

/** Nothing is ever put into it. */
const NOT_TOLD: PolicyRuleTried[] = [];

/** One pass over the policy rules. */
export class RuleWalk {
  readonly #network: Network;
  readonly #flow: Flow;
  readonly #chooser: Chooser;
  readonly #options: LookupOptions;
  readonly #rules: readonly PolicyRule[];
  readonly #tried: PolicyRuleTried[];

  constructor(network: Network, flow: Flow, chooser: Chooser, options: LookupOptions) {
    this.#network = network;
    this.#flow = flow;
    this.#chooser = chooser;
    this.#options = options;
    this.#rules = rulesOf(network);
    this.#tried = options.untold === true ? NOT_TOLD : [];
  }

  run(): Found {
    const found = this.#options.untold === true ? this.#runIndexed() : this.#runAll();
    return found ?? { kind: 'error', errno: 'ENETUNREACH', rule: null, route: null, tried: this.#tried };
  }

  #runAll(): Found | null {
    let at = 0;
    for (let rule = this.#rules[at]; rule !== undefined; rule = this.#rules[at]) {
      const decision = this.#try(rule);
      if (decision === 'next') at += 1;
      else if ('goto' in decision) at = decision.goto;
      else return decision;
    }
    return null;
  }

  /** Rules that cannot select the flow are not looked at. */
  #runIndexed(): Found | null {
    let least = 0;
    for (const { place, rule, selectors } of INDEX(this.#network).of(this.#flow)) {
      if (place < least) continue;
      if (!decide(this.#chooser, selectsBy(selectors, rule, this.#flow, this.#network))) continue;
      const decision = this.#act(rule);
      if (decision === 'next') continue;
      if (!('goto' in decision)) return decision;
      least = decision.goto;
    }
    return null;
  }

  #note(rule: PolicyRule, matched: boolean, code: string, params: Params): 'next' {
    if (this.#options.untold !== true) this.#tried.push({ rule, matched, code, params });
    return 'next';
  }

  #noteMatch(rule: PolicyRule): 'next' {
    if (this.#options.untold === true) return 'next';
    const { code, params } = matchPolicyRule(rule, this.#flow, this.#network);
    return this.#note(rule, true, code, params);
  }

  #noteMiss(rule: PolicyRule): 'next' {
    const { result, code, params } = matchPolicyRule(rule, this.#flow, this.#network);
    return this.#note(rule, false, typeof result === 'boolean' ? code : 'PR_ASSUMED_NOT', params);
  }

  #try(rule: PolicyRule): Decision {
    const selected = decide(this.#chooser, selects(rule, this.#flow, this.#network));
    return selected ? this.#act(rule) : this.#noteMiss(rule);
  }

  #act(rule: PolicyRule): Decision {
    const { action } = rule;
    switch (action.kind) {
      case 'goto':
        return this.#goto(rule, action.priority, action.unresolved);
      case 'nop':
        return this.#note(rule, true, 'PR_NOP', {});
      case 'blackhole':
        return this.#refuse(rule, 'EINVAL');
      case 'unreachable':
        return this.#refuse(rule, 'ENETUNREACH');
      case 'prohibit':
        return this.#refuse(rule, 'EACCES');
      case 'l3mdev':
        this.#noteMatch(rule);
        return { kind: 'unseen', rule, table: 0, tried: this.#tried };
      case 'lookup':
        return this.#search(rule, action.table, action.name);
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

  #search(rule: PolicyRule, table: number, name: string): Decision {
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
    this.#noteMatch(rule);
    if (hit.kind === 'route') return foundBy(hit, rule, this.#tried);
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

/** A route that was found in a table, with the rule that named the table. */
export function foundBy(
  { route, usable, rivals }: FoundRoute,
  rule: PolicyRule,
  tried: readonly PolicyRuleTried[],
): Found {
  return { kind: 'route', route, usable, rivals, rule, tried };
}
