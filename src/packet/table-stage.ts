/** A table at a hook: runs its chains for a walk, and turns what happens into steps and the TRACE path. */
import type { ChainListener, ChainRun, Misses, RuleOutcome, TableVerdict } from '../iptables/chain-walk.js';
import { walkTable } from '../iptables/chain-walk.js';
import type { Chooser, Unsure } from '../chooser/question.js';
import type { Chain, Rule, RuleSet } from '../iptables/model.js';
import type { PreparedChain, PreparedRule } from '../iptables/prepared.js';
import { tagOf } from '../iptables/trace-name.js';
import type { Effects } from '../iptables/verdict.js';
import type { Hook, PacketView, TableName, World } from '../iptables/view.js';
import { type Place, conclude } from './conclude.js';
import type { HookEvent } from './hooks.js';
import type { Walk } from './walk.js';
import { WalkWorld } from './world.js';

interface Whose {
  readonly backend?: 'legacy' | 'nft';
}

const NOT_SAID: Whose = {};

function whoseOf(walk: Walk, { backend }: RuleSet): Whose {
  return walk.ruleSet.other === undefined || backend === null ? NOT_SAID : { backend };
}

/** A table of a rule set, as results name it. */
export function placeOf(walk: Walk, table: TableName, ruleSet: RuleSet): Place {
  return { table, ...whoseOf(walk, ruleSet) };
}

class TableListener implements ChainListener {
  readonly wantMisses: boolean;
  readonly #walk: Walk;
  readonly #hook: Hook;
  readonly #table: TableName;
  /** Before a table's name, and beside it in steps. */
  readonly #tag: string;
  readonly whose: Whose;

  constructor(walk: Walk, hook: Hook, table: TableName, ruleSet: RuleSet) {
    this.wantMisses = walk.options.misses;
    this.#walk = walk;
    this.#hook = hook;
    this.#table = table;
    this.whose = whoseOf(walk, ruleSet);
    this.#tag = tagOf(this.whose);
  }

  rule(
    prepared: PreparedRule,
    chain: Chain,
    depth: number,
    outcome: RuleOutcome,
    open: boolean,
    misses: Misses,
  ): void {
    this.#walk.path.push(prepared.name);
    if (!this.#walk.options.steps) return;
    const { rule } = prepared;
    const { count, list } = misses;
    this.#walk.report({
      kind: 'rule',
      hook: this.#hook,
      rule,
      total: chain.rules.length,
      depth,
      outcome,
      changes: this.#walk.changes(),
      open,
      missed: list,
      missedCount: count,
    });
  }

  maybe({ rule, name }: PreparedRule, depth: number, question: Unsure): void {
    this.#walk.pathMaybe.push(name);
    this.#walk.report({
      kind: 'maybe',
      hook: this.#hook,
      rule,
      depth,
      code: question.code,
      params: question.params,
    });
  }

  #chainEnd(chain: Chain, depth: number, matched: number, { count, list }: Misses): void {
    this.#walk.report({
      kind: 'chain-end',
      hook: this.#hook,
      table: this.#table,
      ...this.whose,
      chain: chain.name,
      base: chain.name === this.#hook,
      total: chain.rules.length,
      depth,
      matched,
      missed: list,
      missedCount: count,
    });
  }

  chainEnd(chain: PreparedChain, depth: number, matched: number, misses: Misses): void {
    this.#walk.path.push(chain.returnName(this.#tag));
    if (this.#walk.options.steps) this.#chainEnd(chain.chain, depth, matched, misses);
  }

  policy(prepared: PreparedChain, matched: number, misses: Misses): void {
    this.#walk.path.push(prepared.policyName(this.#tag));
    if (!this.#walk.options.steps) return;
    const { chain } = prepared;
    if (misses.count > 0 || matched > 0) this.#chainEnd(chain, 0, matched, misses);
    this.#walk.report({
      kind: 'policy',
      hook: this.#hook,
      table: this.#table,
      ...this.whose,
      chain: chain.name,
      policy: chain.policy ?? 'ACCEPT',
      total: chain.rules.length,
      matched,
      known: chain.policy !== null,
    });
  }
}

/** What the chains of a table are walked with. */
class TableRun implements ChainRun {
  readonly hook: Hook;
  readonly packet: PacketView;
  readonly typesKnown: boolean;
  readonly listener: ChainListener;
  readonly #walk: Walk;
  readonly #world: WalkWorld;

  constructor(walk: Walk, world: WalkWorld, listener: ChainListener) {
    this.#walk = walk;
    this.#world = world;
    this.listener = listener;
    this.hook = world.hook;
    this.packet = walk.packet;
    this.typesKnown = world.typesKnown;
  }

  get effects(): Effects {
    return this.#walk.effects;
  }

  worldOf(rule: PreparedRule): World {
    this.#world.enter(rule);
    return this.#world;
  }

  chooserFor(rule: Rule): Chooser {
    return this.#walk.chooserFor(rule);
  }
}

/** Runs a table's chains; null when the node has no such table (nothing is registered at the hook). */
export function runTable(walk: Walk, hook: Hook, name: TableName, ruleSet: RuleSet): TableVerdict | null {
  const table = ruleSet.tables.get(name);
  if (ruleSet.unknown.has(name))
    walk.assume(table === undefined ? 'ASM_NO_TABLE' : 'ASM_TABLE_PART', {
      table: `${tagOf(whoseOf(walk, ruleSet)).replace(':', ' ')}${name}`,
    });
  if (table === undefined) return null;
  const listener = new TableListener(walk, hook, name, ruleSet);
  if (walk.options.steps) {
    const type = name === 'nat' ? 'nat' : name === 'mangle' && hook === 'OUTPUT' ? 'route' : 'filter';
    walk.report({ kind: 'table', hook, table: name, chain: hook, type, ...listener.whose });
  }
  const run = new TableRun(walk, new WalkWorld(walk, hook, ruleSet.backend), listener);
  const verdict = walkTable(table, run);
  if (verdict.kind === 'drop' && verdict.reason === 'jump-loop') walk.assume('ASM_BUDGET', { table: name });
  const base = table.chains.get(hook);
  if (base?.policy === null && verdict.rule === null)
    walk.assume('ASM_NO_POLICY', { table: name, chain: hook });
  return verdict;
}

/** TPROXY hands the packet to a listening transparent socket, which no dump shows; without one it is dropped. */
function applyProxy(
  walk: Walk,
  verdict: Extract<TableVerdict, { kind: 'tproxy' }>,
  ruleSet: RuleSet,
): HookEvent {
  const { proxy, rule } = verdict;
  const choices = (['yes', 'no'] as const).map((answer) => ({
    probability: null,
    assumption: { code: 'UNK_TPROXY_SOCKET', params: { port: proxy.port, answer } },
  }));
  const listens =
    walk.chooserFor(rule).choose(`tproxy socket ${String(proxy.address)}:${String(proxy.port)}`, choices) ===
    0;
  if (!listens)
    return conclude(walk, placeOf(walk, rule.table, ruleSet), {
      kind: 'drop',
      rule,
      chain: null,
      reason: 'rule',
    });
  walk.effects.setMark(proxy.mark, proxy.mask);
  return 'PASS';
}

/** A table whose verdicts only let pass or end: raw, mangle, filter, security. */
export function filterStage(walk: Walk, hook: Hook, name: TableName, ruleSet: RuleSet): HookEvent {
  const verdict = runTable(walk, hook, name, ruleSet);
  if (verdict === null || verdict.kind === 'accept') return 'PASS';
  return verdict.kind === 'tproxy'
    ? applyProxy(walk, verdict, ruleSet)
    : conclude(walk, placeOf(walk, name, ruleSet), verdict);
}
