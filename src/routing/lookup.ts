/** A FIB lookup: policy rules in order, then tables. net/core/fib_rules.c fib_rules_lookup, net/ipv4/fib_rules.c. */
import type { Address } from '../address/address.js';
import { decide } from '../chooser/enumerate.js';
import { type Chooser, type Unsure, unsure } from '../chooser/question.js';
import { type FoundRoute, MERGED, type SearchOptions, searchTable, tableShown } from './fib.js';
import { type Network, type Nexthop, type PolicyRule, type Route, TABLE_ID } from './model.js';
import { chooseNexthop } from './multipath.js';
import { hasDefaultRules, rulesOf, tableOf } from './policy-rules.js';
import { RuleWalk, foundBy } from './rule-walk.js';

export { assumptionsOf, defaultRules, hasDefaultRules, rulesOf, rulesShown } from './policy-rules.js';

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

/** What a FIB lookup comes to. */
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

/** How a FIB lookup is done. */
export interface LookupOptions extends SearchOptions {
  /** Nobody asks which policy rules were passed over: `tried` stays empty. */
  readonly untold?: boolean;
}

const NO_OPTIONS: LookupOptions = {};

/** For lookups of which only the result counts. */
export const UNTOLD: LookupOptions = { untold: true };

/**
 * Routes a flow: policy rules in order, longest prefix in the chosen table, one nexthop.
 * What the snapshot leaves open is asked of the chooser.
 */
export function lookup(
  network: Network,
  flow: Flow,
  chooser: Chooser,
  options: LookupOptions = NO_OPTIONS,
): Lookup {
  const found = findRoute(network, flow, chooser, options);
  if (found.kind !== 'route') return found;
  const { route, nexthop } = chooseNexthop(network, found, flow, chooser);
  return { kind: 'route', rule: found.rule, route, nexthop, tried: found.tried };
}

/** fib_lookup: the route that takes a flow, with all its usable nexthops. */
export function findRoute(
  network: Network,
  flow: Flow,
  chooser: Chooser,
  options: LookupOptions = NO_OPTIONS,
): Found {
  const walked = new RuleWalk(network, flow, chooser, options).run();
  const merged = hasDefaultRules(network) ? mergedResult(network, flow, options) : null;
  if (merged === null || sameResult(walked, merged)) return walked;
  return decide(chooser, rulesEverAdded()) ? walked : merged;
}

/** Was a policy rule ever added? It splits tables local and main for good, and no dump shows it afterwards. */
export function rulesEverAdded(): Unsure {
  return unsure('a policy rule was ever added', 'UNK_RULES_EVER_ADDED');
}

/**
 * What the shared trie says (include/net/ip_fib.h fib_lookup without custom rules): local and main as one table, then
 * default when nothing in it matches.
 * @returns null when the tries cannot be one, or are not shown
 */
function mergedResult(network: Network, flow: Flow, options: SearchOptions): Found | null {
  if (network.family !== 4) return null;
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
  if (hit.kind === 'route') return foundBy(hit, rule, tried);
  return { kind: 'error', errno: hit.errno, rule, route: hit.route, tried };
}

function sameResult(a: Found, b: Found): boolean {
  if (a.kind === 'route') return b.kind === 'route' && a.route === b.route;
  if (a.kind === 'unseen') return false;
  return b.kind === 'error' && a.errno === b.errno;
}
