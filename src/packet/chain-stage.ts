/** A base chain of a native nftables table at a hook: runs it for a walk, and turns what happens into steps and the path. */
import type { Unsure } from '../chooser/question.js';
import type { Hook } from '../iptables/view.js';
import {
  type NftChainVerdict,
  type NftListener,
  type NftMisses,
  type NftOutcome,
  type NftWatch,
  walkNftChain,
} from '../nft/chain-walk.js';
import type { NftChain, NftRule, NftTable } from '../nft/model.js';
import { type Place, conclude } from './conclude.js';
import type { HookEvent } from './hooks.js';
import { WalkNftWorld } from './nft-world.js';
import { watchNative } from './passing.js';
import type { Miss } from './steps.js';
import type { Walk } from './walk.js';
import { WalkWorld } from './world.js';

/** A base chain with the table that it is of. */
export interface NativeChain {
  readonly table: NftTable;
  readonly chain: NftChain;
}

/** `ip aws-cni`. */
export function nativeTableName({ family, name }: NftTable): string {
  return `${family} ${name}`;
}

/** The table as results name it. */
export function nativePlace({ table }: NativeChain): Place {
  return { table: nativeTableName(table) };
}

/** A rule as the kernel's nft trace names it: by its handle, or by its number where the listing shows none. */
export function nftTraceName({ family, table, chain, handle, number }: NftRule): string {
  const name = handle === null ? String(number) : `handle ${String(handle)}`;
  return `${family} ${table} ${chain} rule ${name}`;
}

const missesOf = ({ list }: NftMisses): readonly Miss[] =>
  list.map(({ rule, reason, statement }) => ({ rule, reason, match: statement }));

class NativeListener implements NftListener {
  readonly wantMisses: boolean;
  readonly watch: NftWatch | null;
  readonly #walk: Walk;
  readonly #hook: Hook;
  readonly #base: NftChain;
  readonly #table: string;

  constructor(walk: Walk, hook: Hook, { table, chain }: NativeChain) {
    this.wantMisses = walk.options.misses;
    this.watch = watchNative(walk, hook);
    this.#walk = walk;
    this.#hook = hook;
    this.#base = chain;
    this.#table = nativeTableName(table);
  }

  rule(
    rule: NftRule,
    chain: NftChain,
    depth: number,
    outcome: NftOutcome,
    open: boolean,
    misses: NftMisses,
    to: string | null,
  ): void {
    // The kernel does not trace a rule that ended early, though it may have changed something.
    if (outcome !== 'break') this.#walk.path.push(nftTraceName(rule));
    if (!this.#walk.options.steps) return;
    this.#walk.report({
      kind: 'rule',
      hook: this.#hook,
      rule,
      total: chain.rules.length,
      depth,
      outcome,
      ...(to === null ? {} : { to }),
      changes: this.#walk.changes(),
      open,
      missed: missesOf(misses),
      missedCount: misses.count,
    });
  }

  maybe(rule: NftRule, depth: number, { code, params }: Unsure): void {
    this.#walk.pathMaybe.push(nftTraceName(rule));
    this.#walk.report({ kind: 'maybe', hook: this.#hook, rule, depth, code, params });
  }

  chainEnd(chain: NftChain, depth: number, matched: number, misses: NftMisses): void {
    this.#walk.path.push(`${this.#table} ${chain.name} return`);
    this.#end(chain, false, depth, matched, misses);
  }

  policy(chain: NftChain, matched: number, misses: NftMisses): void {
    const policy = chain.policy === 'drop' ? 'DROP' : 'ACCEPT';
    this.#walk.path.push(`${this.#table} ${chain.name} policy ${policy.toLowerCase()}`);
    if (misses.count > 0 || matched > 0) this.#end(chain, true, 0, matched, misses);
    this.#walk.report({
      kind: 'policy',
      hook: this.#hook,
      table: this.#table,
      chain: chain.name,
      policy,
      total: chain.rules.length,
      matched,
      known: true,
    });
  }

  #end(chain: NftChain, base: boolean, depth: number, matched: number, misses: NftMisses): void {
    // What stood behind the end of the listing might have done anything.
    if (chain.cut) this.#walk.assume('ASM_NFT_CUT', { table: this.#table, chain: chain.name });
    this.#walk.report({
      kind: 'chain-end',
      hook: this.#hook,
      table: this.#table,
      chain: chain.name,
      base: base || chain === this.#base,
      total: chain.rules.length,
      depth,
      matched,
      missed: missesOf(misses),
      missedCount: misses.count,
    });
  }
}

/** Runs a base chain. */
export function runNativeChain(walk: Walk, hook: Hook, native: NativeChain): NftChainVerdict {
  const { table, chain } = native;
  const listener = new NativeListener(walk, hook, native);
  walk.report({
    kind: 'table',
    hook,
    table: nativeTableName(table),
    chain: chain.name,
    type: chain.base?.type ?? 'filter',
    ...(chain.base === null ? {} : { priority: chain.base.priority }),
  });
  if (table.disputed === true) walk.assume('ASM_NFT_DISPUTED', { table: nativeTableName(table) });
  if (table.managed && chain.rules.length > 0)
    walk.assume('ASM_NFT_MANAGED', { table: nativeTableName(table) });
  const world = new WalkWorld(walk, hook);
  const verdict = walkNftChain(table, chain, {
    packet: walk.packet,
    node: new WalkNftWorld(walk),
    worldOf(ruleKey) {
      world.enter({ key: ruleKey });
      return world;
    },
    effects: walk.effects,
    chooserFor: (rule) => walk.chooserFor(rule),
    listener,
  });
  if (verdict.kind === 'drop' && verdict.reason === 'jump-loop')
    walk.assume('ASM_BUDGET', { table: nativeTableName(table) });
  return verdict;
}

/** A base chain of type filter or route: it lets pass or ends the packet. */
export function nativeStage(walk: Walk, hook: Hook, native: NativeChain): HookEvent {
  return conclude(walk, nativePlace(native), runNativeChain(walk, hook, native));
}
