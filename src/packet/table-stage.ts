/** A table at a hook: runs its chains for a walk, and turns what happens into steps and the TRACE path. */
import {
  type ChainListener,
  type ChainRun,
  type ChainWatch,
  type Misses,
  type RuleOutcome,
  type TableVerdict,
  walkChains,
} from '../iptables/chain-walk.js';
import type { Chooser, Unsure } from '../chooser/question.js';
import { sizeOf } from '../iptables/digest.js';
import type { Chain, Rule, RuleSet } from '../iptables/model.js';
import { type PreparedChain, type PreparedRule, preparedTable } from '../iptables/prepared.js';
import { tagOf } from '../iptables/trace-name.js';
import type { Effects } from '../iptables/verdict.js';
import type { Hook, PacketView, TableName, World } from '../iptables/view.js';
import { type Place, conclude } from './conclude.js';
import type { HookEvent } from './hooks.js';
import { watchChains } from './passing.js';
import type { Walk } from './walk.js';
import { WalkWorld } from './world.js';

interface Whose {
  readonly backend?: 'legacy' | 'nft';
}

/** A table of a rule set at a hook; what holds for every packet is found out once. */
export class HookedTable {
  readonly hook: Hook;
  readonly name: TableName;
  readonly backend: 'legacy' | 'nft' | null;
  /** Whose table it is, where the kernel runs tables of both iptables. */
  readonly whose: Whose;
  /** The same before a table's name. */
  readonly tag: string;
  /** The table, as results name it. */
  readonly place: Place;
  /** Null when the node has no such table: nothing is registered at the hook. */
  readonly #base: PreparedChain | null;
  readonly #isThere: boolean;
  /** The snapshot does not show the table, or not all of it. */
  readonly #isUnknown: boolean;

  constructor(hook: Hook, name: TableName, ruleSet: RuleSet, isOneOfTwo: boolean) {
    const { backend } = ruleSet;
    const table = ruleSet.tables.get(name);
    this.hook = hook;
    this.name = name;
    this.backend = backend;
    this.whose = isOneOfTwo && backend !== null ? { backend } : {};
    this.tag = tagOf(this.whose);
    this.place = { table: name, ...this.whose };
    this.#isThere = table !== undefined;
    this.#base = table === undefined ? null : (preparedTable(table).chain(hook) ?? null);
    this.#isUnknown = ruleSet.unknown.has(name);
  }

  /** Runs the table's chains; null when nothing is registered at the hook. */
  run(walk: Walk): TableVerdict | null {
    const { name, hook } = this;
    if (this.#isUnknown)
      walk.assume(this.#isThere ? 'ASM_TABLE_PART' : 'ASM_NO_TABLE', {
        table: `${this.tag.replace(':', ' ')}${name}`,
      });
    if (!this.#isThere) return null;
    if (walk.options.steps) {
      const type = name === 'nat' ? 'nat' : name === 'mangle' && hook === 'OUTPUT' ? 'route' : 'filter';
      walk.report({ kind: 'table', hook, table: name, chain: hook, type, ...this.whose });
    }
    const base = this.#base;
    if (base === null) return { kind: 'accept', rule: null };
    const verdict = walkChains(base, new TableWalk(walk, this));
    if (verdict.kind === 'drop' && verdict.reason === 'jump-loop') walk.assume('ASM_BUDGET', { table: name });
    if (base.chain.policy === null && verdict.rule === null)
      // A chain without rules of which no policy is known is not in the listing at all.
      walk.assume(sizeOf(base.chain) === 0 ? 'ASM_NO_CHAIN' : 'ASM_NO_POLICY', { table: name, chain: hook });
    return verdict;
  }

  /** Runs a table whose verdicts only let pass or end: raw, mangle, filter, security. */
  filter(walk: Walk): HookEvent {
    const verdict = this.run(walk);
    if (verdict === null || verdict.kind === 'accept') return 'PASS';
    return verdict.kind === 'tproxy' ? this.#proxy(walk, verdict) : conclude(walk, this.place, verdict);
  }

  /** TPROXY hands the packet to a listening transparent socket, which no dump shows; without one it is dropped. */
  #proxy(walk: Walk, { proxy, rule }: Extract<TableVerdict, { kind: 'tproxy' }>): HookEvent {
    const choices = (['yes', 'no'] as const).map((answer) => ({
      probability: null,
      assumption: { code: 'UNK_TPROXY_SOCKET', params: { port: proxy.port, answer } },
    }));
    const key = `tproxy socket ${String(proxy.address)}:${String(proxy.port)}`;
    if (walk.chooserFor(rule).choose(key, choices) !== 0)
      return conclude(walk, this.place, { kind: 'drop', rule, chain: null, reason: 'rule' });
    walk.effects.setMark(proxy.mark, proxy.mask);
    return 'PASS';
  }
}

/** The way of one walk through a table: what its chains ask for, and who is told what happens. */
class TableWalk implements ChainRun, ChainListener {
  readonly hook: Hook;
  readonly packet: PacketView;
  readonly typesKnown: boolean;
  readonly wantMisses: boolean;
  readonly watch: ChainWatch | null;
  readonly #walk: Walk;
  readonly #table: HookedTable;
  readonly #world: WalkWorld;

  constructor(walk: Walk, table: HookedTable) {
    const { hook, backend } = table;
    this.#walk = walk;
    this.#table = table;
    this.#world = new WalkWorld(walk, hook, backend);
    this.hook = hook;
    this.packet = walk.packet;
    this.typesKnown = this.#world.typesKnown;
    this.wantMisses = walk.options.misses;
    this.watch = watchChains(walk, hook, () => new WalkWorld(walk, hook, backend));
  }

  get listener(): ChainListener {
    return this;
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
    this.#walk.report({
      kind: 'rule',
      hook: this.hook,
      rule: prepared.rule,
      total: sizeOf(chain),
      depth,
      outcome,
      changes: this.#walk.changes(),
      open,
      missed: misses.list,
      missedCount: misses.count,
    });
  }

  maybe({ rule, name }: PreparedRule, depth: number, question: Unsure): void {
    const { code, params } = question;
    this.#walk.pathMaybe.push(name);
    this.#walk.report({ kind: 'maybe', hook: this.hook, rule, depth, code, params });
  }

  #end(chain: Chain, depth: number, matched: number, misses: Misses): void {
    this.#walk.report({
      kind: 'chain-end',
      hook: this.hook,
      table: this.#table.name,
      ...this.#table.whose,
      chain: chain.name,
      base: chain.name === this.hook,
      total: sizeOf(chain),
      depth,
      matched,
      missed: misses.list,
      missedCount: misses.count,
    });
  }

  chainEnd(chain: PreparedChain, depth: number, matched: number, misses: Misses): void {
    this.#walk.path.push(chain.returnName(this.#table.tag));
    if (this.#walk.options.steps) this.#end(chain.chain, depth, matched, misses);
  }

  policy(prepared: PreparedChain, matched: number, misses: Misses): void {
    this.#walk.path.push(prepared.policyName(this.#table.tag));
    if (!this.#walk.options.steps) return;
    const { chain } = prepared;
    if (misses.count > 0 || matched > 0) this.#end(chain, 0, matched, misses);
    this.#walk.report({
      kind: 'policy',
      hook: this.hook,
      table: this.#table.name,
      ...this.#table.whose,
      chain: chain.name,
      policy: chain.policy ?? 'ACCEPT',
      total: sizeOf(chain),
      matched,
      known: chain.policy !== null,
    });
  }
}
