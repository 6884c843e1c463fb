/** One table at one hook, as ipt_do_table walks it (net/ipv4/netfilter/ip_tables.c). */
import { decide } from '../chooser/enumerate.js';
import type { Chooser, Unsure } from '../chooser/question.js';
import { type Candidates, candidates } from './chain-index.js';
import type { Reason } from './extension.js';
import { explainHeader, headerConditions } from './header.js';
import { settleInterfaces } from './listed.js';
import type { Chain, Rule } from './model.js';
import { type PreparedChain, type PreparedRule, ruleKey } from './prepared.js';
import type { Effects, Nat, OpaqueTarget, Reject, Taken, TransparentProxy } from './verdict.js';
import type { Hook, PacketView, World } from './view.js';

/** What a rule led to, for those who listen. */
export type RuleOutcome =
  'continue' | 'accept' | 'drop' | 'return' | 'jump' | 'goto' | 'reject' | 'nat' | 'tproxy';

/** A rule that did not match, with the reason. */
export interface MissedRule {
  readonly rule: Rule;
  readonly reason: Reason;
  /** Index of the failed match; null when the header failed. */
  readonly match: number | null;
}

/** The rules of a chain that were tried in vain since the last report about that chain. */
export interface Misses {
  readonly count: number;
  /** Filled only when `wantMisses`. */
  readonly list: readonly MissedRule[];
}

/** A rule, of whatever table: those of others are never come to. */
interface Watched {
  readonly table: string;
  readonly chain: string;
  readonly number: number;
}

/** Told of the tests of some rules, whatever comes of them. */
export interface ChainWatch {
  readonly rules: ReadonlySet<Watched>;
  /** One of them was tested, and has not acted yet. */
  tested(rule: PreparedRule, depth: number, matched: boolean): void;
}

/** Told of everything that happens in a table. */
export interface ChainListener {
  /** Rules that did not match are told too, each with its reason. */
  readonly wantMisses: boolean;
  /** Rules of which every test is told; null: none. */
  readonly watch: ChainWatch | null;
  rule(
    rule: PreparedRule,
    chain: Chain,
    depth: number,
    outcome: RuleOutcome,
    open: boolean,
    misses: Misses,
  ): void;
  /** A rule that changes nothing may or may not have matched. */
  maybe(rule: PreparedRule, depth: number, question: Unsure): void;
  chainEnd(chain: PreparedChain, depth: number, matched: number, misses: Misses): void;
  policy(chain: PreparedChain, matched: number, misses: Misses): void;
}

/** What the walk needs beside the table. */
export interface ChainRun {
  readonly hook: Hook;
  readonly packet: PacketView;
  /** What the world says of the types of addresses rests on nothing: asking leaves no trace. */
  readonly typesKnown: boolean;
  /** The world as the rule sees it. */
  worldOf(rule: PreparedRule): World;
  readonly effects: Effects;
  /** Answers open questions; the rule is the one that asked. */
  chooserFor(rule: Rule): Chooser;
  readonly listener: ChainListener;
}

/** How a table ended. `rule` decided it; null for the policy. */
export type TableVerdict =
  | { readonly kind: 'accept'; readonly rule: Rule | null }
  | {
      readonly kind: 'drop';
      readonly rule: Rule | null;
      readonly chain: Chain | null;
      readonly reason: 'rule' | 'policy' | 'jump-loop' | Taken['reason'];
    }
  | { readonly kind: 'reject'; readonly rule: Rule; readonly reject: Reject }
  | { readonly kind: 'nat'; readonly rule: Rule; readonly nat: Nat }
  | { readonly kind: 'tproxy'; readonly rule: Rule; readonly proxy: TransparentProxy };

/** A chain on the way of the packet. The rules that were tried in vain since the last report stand in it. */
interface Frame extends Misses {
  readonly chain: PreparedChain;
  /** Where RETURN and the end of the chain lead. */
  readonly caller: Frame | null;
  readonly depth: number;
  /** The rules to try; null: all of them. */
  readonly candidates: Candidates | null;
  /** Index of the rule behind the last one that was tried. */
  next: number;
  matched: number;
  /** How many gotos led on from the chain that was jumped to. */
  readonly gone: number;
  list: MissedRule[];
  count: number;
}

/** More rules than any real walk visits: a rule set that jumps in circles (the kernel would not load it) ends here. */
const RULE_BUDGET = 2_000_000;

const NO_MISSES: Misses = { count: 0, list: [] };
const NO_RULES: MissedRule[] = [];

const NO_PLACES: readonly number[] = [];

/** Where in a chain the watched rules stand, in ascending order. */
function placesIn({ name, table }: Chain, { rules }: ChainWatch): readonly number[] {
  const places: number[] = [];
  for (const rule of rules) if (rule.table === table && rule.chain === name) places.push(rule.number - 1);
  return places.sort((a, b) => a - b);
}

function enter(
  chain: PreparedChain,
  caller: Frame | null,
  depth: number,
  gone: number,
  run: ChainRun,
): Frame {
  const { packet, listener } = run;
  const index = chain.index(run.typesKnown);
  const watched = listener.watch === null ? NO_PLACES : placesIn(chain.chain, listener.watch);
  const merged =
    index === null || listener.wantMisses ? null : candidates(index, packet, chain.length, watched);
  return { chain, caller, depth, candidates: merged, next: 0, matched: 0, gone, list: NO_RULES, count: 0 };
}

/** The next rule to try; undefined at the end of the chain. Those that are passed over failed. */
function nextRule(at: Frame, { packet, listener }: ChainRun): PreparedRule | undefined {
  let place = at.candidates === null ? at.next : at.candidates.next();
  // A failed source leaves no trace, so that the rule need not be there to fail.
  if (at.candidates === null && !listener.wantMisses && listener.watch === null)
    while (at.chain.passesOver(place, packet)) place += 1;
  at.count += place - at.next;
  at.next = place + 1;
  return at.chain.at(place);
}

/** They have been told of. */
function forgetMisses(at: Frame): void {
  at.list = NO_RULES;
  at.count = 0;
}

function explain({ rule }: PreparedRule, run: ChainRun, world: World): MissedRule {
  // Asked once more, the conditions may leave no further traces.
  world.doubt?.();
  for (const condition of headerConditions(rule.header)) {
    if (condition.evaluate(run.packet, world) === false)
      return { rule, reason: explainHeader(rule.header, run.packet), match: null };
  }
  for (const [index, match] of rule.matches.entries()) {
    if ('opaque' in match) continue;
    if (match.evaluate(run.packet, world) === false)
      return { rule, reason: match.explain(run.packet, world), match: index };
  }
  return { rule, reason: { code: 'NO_BY_ASSUMPTION', option: null, params: {} }, match: null };
}

/** An unknown target may let the packet go on, accept it or drop it. */
function opaqueVerdict(name: string, rule: Rule, run: ChainRun): 'continue' | 'accept' | 'drop' {
  const ways = ['continue', 'accept', 'drop'] as const;
  const choices = ways.map((way) => ({
    probability: null,
    // A line that could not be read whole has no target's name.
    assumption:
      name === ''
        ? { code: 'UNK_ACTION', params: { answer: way } }
        : { code: 'UNK_TARGET', params: { name, answer: way } },
  }));
  return ways[run.chooserFor(rule).choose(`-j ${name} of ${ruleKey(rule)}`, choices)] ?? 'continue';
}

type Acted = ReturnType<typeof opaqueVerdict> | 'return' | Reject | Nat | TransparentProxy | Taken;

function act(rule: Rule, run: ChainRun, world: World): Acted {
  if (rule.action.kind === 'none') return 'continue';
  if (rule.action.kind === 'opaque') return opaqueVerdict(rule.action.name, rule, run);
  // A chain that the dump does not show: what it does is as open as an unknown target.
  if (rule.action.kind === 'chain') return opaqueVerdict(rule.action.chain, rule, run);
  const verdict: Acted | OpaqueTarget = rule.action.target.apply(run.packet, world, run.effects);
  return typeof verdict === 'object' && verdict.kind === 'opaque'
    ? opaqueVerdict(verdict.name, rule, run)
    : verdict;
}

function outcomeOf(acted: Acted): RuleOutcome {
  if (typeof acted === 'string') return acted;
  return acted.kind === 'taken' ? 'drop' : acted.kind;
}

function end(acted: Exclude<Acted, 'continue' | 'return'>, rule: Rule, chain: Chain): TableVerdict {
  if (acted === 'accept') return { kind: 'accept', rule };
  if (acted === 'drop') return { kind: 'drop', rule, chain, reason: 'rule' };
  if (acted.kind === 'taken') return { kind: 'drop', rule, chain, reason: acted.reason };
  if (acted.kind === 'reject') return { kind: 'reject', rule, reject: acted };
  if (acted.kind === 'nat') return { kind: 'nat', rule, nat: acted };
  return { kind: 'tproxy', rule, proxy: acted };
}

function settle(question: Unsure, rule: Rule, chain: Chain, chooser: Chooser): boolean {
  return question.code === 'UNK_LISTED_INTERFACES' && chooser.settles !== true
    ? settleInterfaces(question, rule, chain, chooser)
    : decide(chooser, question);
}

/** Whether a rule matched; `open` when that is not certain. */
type Tested = 'yes' | 'no' | 'open-yes' | 'open-no';

/**
 * Tests one rule: conditions in their order, the first that fails ends it. Open conditions are asked one by one when no
 * other fails, so that each fact has one answer in the whole walk.
 */
function test(prepared: PreparedRule, at: Frame, run: ChainRun, world: World): Tested {
  const { conditions, rule } = prepared;
  let open: Unsure[] | null = null;
  for (const condition of conditions) {
    const holds = condition.evaluate(run.packet, world);
    if (holds === true) continue;
    if (holds === false) return 'no';
    if (open === null) open = [holds];
    else open.push(holds);
    world.doubt?.();
  }
  if (open === null) return 'yes';
  const [question] = open;
  const chooser = run.chooserFor(rule);
  if (prepared.inert && question !== undefined && chooser.settles !== true) {
    run.listener.maybe(prepared, at.depth, question);
    return 'open-no';
  }
  return open.every((one) => settle(one, rule, at.chain.chain, chooser)) ? 'open-yes' : 'open-no';
}

function policy(base: PreparedChain, matched: number, misses: Misses, { listener }: ChainRun): TableVerdict {
  listener.policy(base, matched, misses);
  return base.chain.policy === 'DROP'
    ? { kind: 'drop', rule: null, chain: base.chain, reason: 'policy' }
    : ACCEPTED;
}

const ACCEPTED: TableVerdict = { kind: 'accept', rule: null };

/**
 * Walks the chains of a table from the built-in chain of the hook to a verdict. RETURN and the end of a user chain go
 * back to the rule after the last jump (a goto leaves no way back); in a built-in chain, or with nothing to go back to,
 * the policy decides.
 */
export function walkChains(base: PreparedChain, run: ChainRun): TableVerdict {
  const { listener } = run;
  const { watch } = listener;
  let at = enter(base, null, 0, 0, run);
  let baseMatched = 0;
  for (let budget = RULE_BUDGET; budget > 0; budget -= 1) {
    const prepared = nextRule(at, run);
    if (prepared === undefined) {
      if (at.chain === base) return policy(base, baseMatched, at, run);
      listener.chainEnd(at.chain, at.depth, at.matched, at);
      forgetMisses(at);
      if (at.caller === null) return policy(base, baseMatched, NO_MISSES, run);
      at = at.caller;
      continue;
    }
    const world = run.worldOf(prepared);
    const tested = test(prepared, at, run, world);
    if (watch?.rules.has(prepared.rule) === true)
      watch.tested(prepared, at.depth, tested === 'yes' || tested === 'open-yes');
    if (tested === 'no' || tested === 'open-no') {
      at.count += 1;
      if (listener.wantMisses && tested === 'no') note(at, explain(prepared, run, world));
      continue;
    }
    at.matched += 1;
    if (at.chain === base) baseMatched += 1;
    const { chain } = at.chain;
    const { rule, target } = prepared;
    const open = tested === 'open-yes';
    if (target !== null && rule.action.kind === 'chain') {
      const { goto } = rule.action;
      // The kernel's own stack has room for every chain of the table (xt_jumpstack_alloc): who goes deeper goes in a circle.
      const tooDeep = at.depth + at.gone >= base.room;
      listener.rule(prepared, chain, at.depth, tooDeep ? 'drop' : goto ? 'goto' : 'jump', open, at);
      forgetMisses(at);
      if (tooDeep) return { kind: 'drop', rule, chain, reason: 'jump-loop' };
      at = goto
        ? enter(target, at.caller, at.depth, at.gone + 1, run)
        : enter(target, at, at.depth + 1, at.gone, run);
      continue;
    }
    const acted = act(rule, run, world);
    listener.rule(prepared, chain, at.depth, outcomeOf(acted), open, at);
    forgetMisses(at);
    if (acted === 'continue') continue;
    if (acted !== 'return') return end(acted, rule, chain);
    if (at.chain === base || at.caller === null) return policy(base, baseMatched, NO_MISSES, run);
    at = at.caller;
  }
  return { kind: 'drop', rule: null, chain: base.chain, reason: 'jump-loop' };
}

function note(at: Frame, missed: MissedRule): void {
  if (at.list === NO_RULES) at.list = [missed];
  else at.list.push(missed);
}
