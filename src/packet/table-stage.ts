/** A table at a hook: runs its chains for a walk, and turns what happens into steps and the TRACE path. */
import type { ChainListener, ChainRun, Misses, RuleOutcome, TableVerdict } from '../iptables/chain-walk.js';
import { walkTable } from '../iptables/chain-walk.js';
import type { Unsure } from '../chooser/question.js';
import type { Chain, Rule } from '../iptables/model.js';
import { BUILTIN_CHAINS } from '../iptables/model.js';
import type { Hook, TableName } from '../iptables/view.js';
import type { HookEvent } from './hooks.js';
import { answersReject } from './reject.js';
import type { Walk } from './walk.js';
import { WalkWorld } from './world.js';

/**
 * A rule as the kernel's TRACE names it. A rule without conditions whose target is a plain verdict looks like the end
 * of its chain to trace_packet (net/ipv4/netfilter/ip_tables.c get_chainname_rulenum), and is named so.
 */
export function traceName(rule: Rule): string {
  const { header, matches, action } = rule;
  const bare = matches.length === 0 && Object.values(header).every((condition) => condition === null);
  const verdict =
    action.kind === 'target' && ['ACCEPT', 'DROP', 'RETURN', 'QUEUE'].includes(action.target.extension.name);
  const builtin = BUILTIN_CHAINS[rule.table].some((hook) => hook === rule.chain);
  const word = bare && verdict ? (builtin ? 'policy' : 'return') : 'rule';
  return `${rule.table}:${rule.chain}:${word}:${String(rule.number)}`;
}

class TableListener implements ChainListener {
  readonly wantMisses: boolean;
  readonly #walk: Walk;
  readonly #hook: Hook;
  readonly #table: TableName;

  constructor(walk: Walk, hook: Hook, table: TableName) {
    this.wantMisses = walk.options.misses;
    this.#walk = walk;
    this.#hook = hook;
    this.#table = table;
  }

  rule(rule: Rule, chain: Chain, depth: number, outcome: RuleOutcome, open: boolean, misses: Misses): void {
    this.#walk.path.push(traceName(rule));
    if (!this.#walk.options.steps) return;
    this.#walk.report({
      kind: 'rule',
      hook: this.#hook,
      rule,
      total: chain.rules.length,
      depth,
      outcome,
      changes: this.#walk.changes(),
      open,
      missed: misses.list,
      missedCount: misses.count,
    });
  }

  maybe(rule: Rule, depth: number, question: Unsure): void {
    this.#walk.pathMaybe.push(traceName(rule));
    this.#walk.report({
      kind: 'maybe',
      hook: this.#hook,
      rule,
      depth,
      code: question.code,
      params: question.params,
    });
  }

  chainEnd(chain: Chain, depth: number, matched: number, misses: Misses): void {
    this.#walk.path.push(`${this.#table}:${chain.name}:return:${String(chain.rules.length + 1)}`);
    this.#walk.report({
      kind: 'chain-end',
      hook: this.#hook,
      table: this.#table,
      chain: chain.name,
      total: chain.rules.length,
      depth,
      matched,
      missed: misses.list,
      missedCount: misses.count,
    });
  }

  policy(chain: Chain, matched: number, misses: Misses): void {
    this.#walk.path.push(`${this.#table}:${chain.name}:policy:${String(chain.rules.length + 1)}`);
    if (misses.count > 0 || matched > 0) {
      this.#walk.report({
        kind: 'chain-end',
        hook: this.#hook,
        table: this.#table,
        chain: chain.name,
        total: chain.rules.length,
        depth: 0,
        matched,
        missed: misses.list,
        missedCount: misses.count,
      });
    }
    this.#walk.report({
      kind: 'policy',
      hook: this.#hook,
      table: this.#table,
      policy: chain.policy ?? 'ACCEPT',
      total: chain.rules.length,
      matched,
      known: chain.policy !== null,
    });
  }
}

/** Runs a table's chains; null when the node has no such table (nothing is registered at the hook). */
export function runTable(walk: Walk, hook: Hook, name: TableName): TableVerdict | null {
  const table = walk.ruleSet.tables.get(name);
  if (walk.ruleSet.unknown.has(name))
    walk.assume(table === undefined ? 'ASM_NO_TABLE' : 'ASM_TABLE_PART', { table: name });
  if (table === undefined) return null;
  walk.report({ kind: 'table', hook, table: name });
  const world = new WalkWorld(walk, hook);
  const run: ChainRun = {
    hook,
    packet: walk.packet,
    worldOf(ruleKey) {
      world.ruleKey = ruleKey;
      return world;
    },
    effects: walk.effects,
    chooserFor: (rule) => walk.chooserFor(rule),
    listener: new TableListener(walk, hook, name),
  };
  const verdict = walkTable(table, run);
  if (verdict.kind === 'drop' && verdict.reason === 'jump-loop') walk.assume('ASM_BUDGET', { table: name });
  const base = table.chains.get(hook);
  if (base?.policy === null && verdict.rule === null)
    walk.assume('ASM_NO_POLICY', { table: name, chain: hook });
  return verdict;
}

/** Ends the walk when the table dropped or rejected the packet; otherwise the packet passes. */
export function conclude(walk: Walk, table: TableName, verdict: TableVerdict | null): HookEvent {
  if (verdict?.kind === 'drop') {
    const chain = verdict.rule?.chain ?? verdict.chain?.name;
    walk.ending = {
      drop: { reason: verdict.reason, rule: verdict.rule, table, ...(chain === undefined ? {} : { chain }) },
    };
    walk.report({ kind: 'drop', reason: verdict.reason, rule: verdict.rule });
    return 'DROP';
  }
  if (verdict?.kind === 'reject' && !answersReject(walk, verdict.reject.with)) {
    const { rule } = verdict;
    walk.ending = { drop: { reason: 'unanswered', rule, table, chain: rule.chain } };
    walk.report({ kind: 'drop', reason: 'unanswered', rule });
    return 'DROP';
  }
  if (verdict?.kind === 'reject') {
    walk.ending = { reject: { with: verdict.reject.with, rule: verdict.rule, to: walk.packet.source } };
    walk.report({ kind: 'reject', with: verdict.reject.with, rule: verdict.rule });
    return 'REJECT';
  }
  return 'PASS';
}

/** TPROXY hands the packet to a listening transparent socket, which no dump shows; without one it is dropped. */
function applyProxy(walk: Walk, verdict: Extract<TableVerdict, { kind: 'tproxy' }>): HookEvent {
  const { proxy, rule } = verdict;
  const choices = (['yes', 'no'] as const).map((answer) => ({
    probability: null,
    assumption: { code: 'UNK_TPROXY_SOCKET', params: { port: proxy.port, answer } },
  }));
  const listens =
    walk.chooserFor(rule).choose(`tproxy socket ${String(proxy.address)}:${String(proxy.port)}`, choices) ===
    0;
  if (!listens) return conclude(walk, rule.table, { kind: 'drop', rule, chain: null, reason: 'rule' });
  walk.effects.setMark(proxy.mark, proxy.mask);
  return 'PASS';
}

/** A table whose verdicts only let pass or end: raw, mangle, filter, security. */
export function filterStage(walk: Walk, hook: Hook, name: TableName): HookEvent {
  const verdict = runTable(walk, hook, name);
  return verdict?.kind === 'tproxy' ? applyProxy(walk, verdict) : conclude(walk, name, verdict);
}
