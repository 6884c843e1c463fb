/** What runs at the hooks of one namespace, and in which order: the tables of one iptables, or of both. */
import { decide } from '../chooser/enumerate.js';
import { unsure } from '../chooser/question.js';
import type { Chain, Rule, RuleSet, Table } from '../iptables/model.js';
import type { Hook, TableName } from '../iptables/view.js';
import { confirmStage, conntrackStage } from './conntrack-stage.js';
import {
  type HookEvent,
  type HookFunction,
  type HookPlan,
  HookTable,
  hookConfig,
  plainPlan,
} from './hooks.js';
import { natStage } from './nat-stage.js';
import { rerouteStage } from './route-stage.js';
import { filterStage } from './table-stage.js';
import type { Walk } from './walk.js';

/** Runs one function of a hook. */
export type Work = (walk: Walk, hook: Hook) => HookEvent;

/** A plan with the functions themselves. */
export interface NodePlan {
  readonly plan: HookPlan;
  readonly table: HookTable;
  readonly works: ReadonlyMap<string, Work>;
}

/**
 * mangle in OUTPUT: a changed address, mark or tos means another route, in IPv6 also a changed hop limit
 * (iptable_mangle.c ipt_mangle_out, ip6table_mangle.c ip6t_mangle_out).
 */
function rerouting(run: Work): Work {
  return (walk, hook) => {
    const { source, destination, mark, markUnknown, tos, ttl } = walk.packet;
    const event = run(walk, hook);
    const now = walk.packet;
    const changed =
      now.source !== source ||
      now.destination !== destination ||
      now.mark !== mark ||
      now.markUnknown !== markUnknown ||
      now.tos !== tos ||
      (walk.family === 6 && now.ttl !== ttl);
    return event === 'PASS' && changed && hook === 'OUTPUT' ? 'REROUTE' : event;
  };
}

/** The chains that a hook's chain can come to, itself included. */
function reached(table: Table, hook: Hook): Set<Chain> {
  const found = new Set<Chain>();
  const todo = [table.chains.get(hook)];
  for (let chain = todo.pop(); chain !== undefined; chain = todo.pop()) {
    if (found.has(chain)) continue;
    found.add(chain);
    for (const { action } of chain.rules)
      if (action.kind === 'chain') todo.push(table.chains.get(action.chain));
  }
  return found;
}

const PLAIN = new Set(['ACCEPT', 'DROP', 'RETURN']);

/** Does the rule do no more than let pass or drop? */
function isPlain({ action }: Rule): boolean {
  if (action.kind !== 'target') return action.kind !== 'opaque';
  return PLAIN.has(action.target.extension.name) || action.target.extension.inert;
}

/** Does it make a difference which of two tables sees the packet first? Not when both only let pass or drop. */
function orderMatters(one: Table, two: Table, hook: Hook): boolean {
  const chains = [one, two].map((table) => [...reached(table, hook)]);
  const busy = chains.every((list) =>
    list.some(({ rules, policy }) => rules.length > 0 || policy === 'DROP'),
  );
  return busy && !chains.flat().every(({ rules }) => rules.every(isPlain));
}

/**
 * The rule sets in the order in which their tables of one name run at a hook. Both have the same priority: the one that
 * was registered last runs first (net/netfilter/core.c nf_hook_entries_grow), and no dump says which that was.
 */
function inOrder(walk: Walk, hook: Hook, name: TableName): readonly RuleSet[] {
  const { ruleSet } = walk;
  const { other } = ruleSet;
  if (other === undefined) return [ruleSet];
  const [one, two] = [ruleSet.tables.get(name), other.tables.get(name)];
  if (one === undefined || two === undefined || !orderMatters(one, two, hook)) return [ruleSet, other];
  const params = { table: name, first: `iptables-${ruleSet.backend ?? 'legacy'}` };
  const first = decide(walk.chooserFor(null), unsure(`order of ${name}`, 'UNK_TABLE_ORDER', params));
  return first ? [ruleSet, other] : [other, ruleSet];
}

/** The table of that name which is first, or second, at this hook. */
function tableWork(name: TableName, place: number): Work {
  return (walk, hook) => {
    const ruleSet = inOrder(walk, hook, name)[place];
    return ruleSet === undefined ? 'PASS' : filterStage(walk, hook, name, ruleSet);
  };
}

const security = (backend: RuleSet['backend']): Work => {
  return (walk, hook) => {
    const ruleSet = [walk.ruleSet, walk.ruleSet.other].find((one) => one?.backend === backend);
    return filterStage(walk, hook, 'security', ruleSet ?? walk.ruleSet);
  };
};

const SHARED: readonly (readonly [string, Work])[] = [
  ['raw', tableWork('raw', 0)],
  ['conntrack', conntrackStage],
  ['mangle', rerouting(tableWork('mangle', 0))],
  ['nat', (walk, hook) => natStage(walk, hook, inOrder(walk, hook, 'nat'))],
  ['filter', tableWork('filter', 0)],
  ['confirm', confirmStage],
  ['reroute-mangle', rerouteStage],
  ['reroute-nat', rerouteStage],
];

const single = (backend: 'legacy' | 'nft'): NodePlan => {
  const plan = plainPlan(backend);
  const works = new Map([...SHARED, ['security', security(backend)] as const]);
  return { plan, table: new HookTable(hookConfig(plan)), works };
};

/** With both variants, every table stands twice; nat is one function that asks the chains of both. */
function double(): NodePlan {
  const [legacy, nft] = [plainPlan('legacy'), plainPlan('nft')];
  const twice = (one: HookFunction, hook: Hook): HookFunction[] => {
    if (one.work === 'security') {
      const late = nft.hooks[hook].find(({ work }) => work === 'security');
      return late === undefined ? [one] : [one, { ...late, work: 'security-nft' }];
    }
    const tables = ['raw', 'mangle', 'filter'];
    return tables.includes(one.work) ? [one, { ...one, work: `${one.work}-2` }] : [one];
  };
  const hooks = (['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] as const).map((hook) => [
    hook,
    legacy.hooks[hook].flatMap((one) => twice(one, hook)),
  ]);
  const plan: HookPlan = { id: 'netfilter-both', hooks: Object.fromEntries(hooks) as HookPlan['hooks'] };
  const works = new Map([
    ...SHARED,
    ['raw-2', tableWork('raw', 1)] as const,
    ['mangle-2', rerouting(tableWork('mangle', 1))] as const,
    ['reroute-mangle-2', rerouteStage] as const,
    ['filter-2', tableWork('filter', 1)] as const,
    ['security', security('legacy')] as const,
    ['security-nft', security('nft')] as const,
  ]);
  return { plan, table: new HookTable(hookConfig(plan)), works };
}

const PLANS = { legacy: single('legacy'), nft: single('nft'), both: double() } as const;

/** The plan of a rule set. */
export function planOf({ backend, other }: RuleSet): NodePlan {
  return PLANS[other === undefined ? (backend ?? 'legacy') : 'both'];
}
