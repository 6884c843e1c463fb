/** One table at one hook, as ipt_do_table walks it (net/ipv4/netfilter/ip_tables.c). */
import { decide } from '../chooser/enumerate.js';
import { type Chooser, type Ternary, type Unsure, unsure } from '../chooser/question.js';
import { type Candidates, candidates } from './chain-index.js';
import type { Reason } from './extension.js';
import { explainHeader, headerConditions } from './header.js';
import { askListed, isListed, settleInterfaces } from './listed.js';
import type { Chain, Rule, RuleMatch, Table } from './model.js';
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

/** Told of everything that happens in a table. */
export interface ChainListener {
  readonly wantMisses: boolean;
  rule(rule: Rule, chain: Chain, depth: number, outcome: RuleOutcome, open: boolean, misses: Misses): void;
  /** A rule that changes nothing may or may not have matched. */
  maybe(rule: Rule, depth: number, question: Unsure): void;
  chainEnd(chain: Chain, depth: number, matched: number, misses: Misses): void;
  policy(chain: Chain, matched: number, misses: Misses): void;
}

/** What the walk needs beside the table. */
export interface ChainRun {
  readonly hook: Hook;
  readonly packet: PacketView;
  /** The world as the rule with this key sees it. */
  worldOf(ruleKey: string): World;
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

interface Frame {
  readonly chain: Chain;
  readonly candidates: Candidates;
  /** Index of the rule behind the last one that was tried. */
  next: number;
  matched: number;
  missed: MissedRule[];
  missedCount: number;
}

/** More rules than any real walk visits: a rule set that jumps in circles (the kernel would not load it) ends here. */
const RULE_BUDGET = 2_000_000;
/** Deeper than the kernel's own jump stack can be for a rule set that loads. */
const DEPTH_BUDGET = 4096;

function frame(chain: Chain, { packet, listener }: ChainRun): Frame {
  return {
    ...{ chain, candidates: candidates(chain, packet, listener.wantMisses) },
    ...{ next: 0, matched: 0, missed: [], missedCount: 0 },
  };
}

/** The next rule to try; undefined at the end of the chain. Those that are passed over failed. */
function nextRule(at: Frame): Rule | undefined {
  const place = at.candidates.next();
  at.missedCount += place - at.next;
  at.next = place + 1;
  return at.chain.rules[place];
}

function takeMisses(at: Frame): Misses {
  const misses = { count: at.missedCount, list: at.missed };
  at.missed = [];
  at.missedCount = 0;
  return misses;
}

function matchResult(match: RuleMatch, run: ChainRun, world: World): Ternary {
  if ('opaque' in match) {
    if (isListed(match)) return askListed(match, run.hook, world.ruleKey);
    const { name, text } = match;
    return name === ''
      ? unsure(`${run.hook} ${text}`, 'UNK_CONDITION', { text })
      : unsure(`${run.hook} -m ${name} ${text}`, 'UNK_MATCH', { name, text });
  }
  return match.evaluate(run.packet, world);
}

/** A rule tests its header, then its matches in order; the first that fails ends it. */
function* conditions(rule: Rule, run: ChainRun, world: World): Iterable<Ternary> {
  yield* headerConditions(rule.header, run.packet);
  for (const [at, match] of rule.matches.entries()) {
    if (at > 0) world.ordinal = ordinalOf(rule, at);
    yield matchResult(match, run, world);
  }
}

/** How many matches of the same extension stand before this one. */
function ordinalOf({ matches }: Rule, at: number): number {
  const match = matches[at];
  if (match === undefined || 'opaque' in match) return 0;
  let before = 0;
  for (let other = 0; other < at; other += 1) {
    const one = matches[other];
    if (one !== undefined && !('opaque' in one) && one.extension === match.extension) before += 1;
  }
  return before;
}

function explain(rule: Rule, run: ChainRun, world: World): MissedRule {
  // Asked once more, the conditions may leave no further traces.
  world.doubt?.();
  for (const condition of headerConditions(rule.header, run.packet)) {
    if (condition === false) return { rule, reason: explainHeader(rule.header, run.packet), match: null };
  }
  for (const [index, match] of rule.matches.entries()) {
    if ('opaque' in match) continue;
    if (match.evaluate(run.packet, world) === false)
      return { rule, reason: match.explain(run.packet, world), match: index };
  }
  return { rule, reason: { code: 'NO_BY_ASSUMPTION', option: null, params: {} }, match: null };
}

/** A rule whose match changes neither the packet nor the verdict. */
function isInert(rule: Rule): boolean {
  return rule.action.kind === 'none' || (rule.action.kind === 'target' && rule.action.target.extension.inert);
}

/** Identity of a rule within its node: keys the state that a rule keeps for itself. */
export function ruleKey(rule: Rule): string {
  const { backend, table, chain, number } = rule;
  return `${backend === undefined ? '' : `${backend}:`}${table}:${chain}:${String(number)}`;
}

/** An unknown target may let the packet go on, accept it or drop it. */
function opaqueVerdict(name: string, rule: Rule, run: ChainRun): 'continue' | 'accept' | 'drop' {
  const ways = ['continue', 'accept', 'drop'] as const;
  const choices = ways.map((way) => ({
    probability: null,
    assumption: { code: 'UNK_TARGET', params: { name, answer: way } },
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

/** The conditions that are open; null when some condition fails, so that the open ones do not matter. */
function openConditions(rule: Rule, run: ChainRun, world: World): readonly Unsure[] | null {
  const open: Unsure[] = [];
  for (const condition of conditions(rule, run, world)) {
    if (condition === false) return null;
    if (condition === true) continue;
    open.push(condition);
    world.doubt?.();
  }
  return open;
}

/** Tests one rule. Open conditions are asked one by one, so that each fact has one answer in the whole walk. */
function test(
  rule: Rule,
  chain: Chain,
  run: ChainRun,
  world: World,
  depth: number,
): { matched: boolean; open: boolean } {
  const open = openConditions(rule, run, world);
  const [question] = open ?? [];
  if (open === null || question === undefined) return { matched: open !== null, open: false };
  if (isInert(rule)) {
    run.listener.maybe(rule, depth, question);
    return { matched: false, open: true };
  }
  const chooser = run.chooserFor(rule);
  return { matched: open.every((one) => settle(one, rule, chain, chooser)), open: true };
}

function settle(question: Unsure, rule: Rule, chain: Chain, chooser: Chooser): boolean {
  return question.code === 'UNK_LISTED_INTERFACES'
    ? settleInterfaces(question, rule, chain, chooser)
    : decide(chooser, question);
}

/**
 * Walks the chains of `table` from the built-in chain of the hook to a verdict. A table without that chain accepts.
 * RETURN and the end of a user chain go back to the rule after the last jump (a goto leaves no way back); in a
 * built-in chain, or with nothing to go back to, the policy decides.
 */
export function walkTable(table: Table, run: ChainRun): TableVerdict {
  const base = table.chains.get(run.hook);
  if (base === undefined) return { kind: 'accept', rule: null };
  const stack: Frame[] = [];
  let at = frame(base, run);
  let baseMatched = 0;
  const policy = (misses: Misses): TableVerdict => {
    run.listener.policy(base, baseMatched, misses);
    return base.policy === 'DROP'
      ? { kind: 'drop', rule: null, chain: base, reason: 'policy' }
      : { kind: 'accept', rule: null };
  };
  for (let budget = RULE_BUDGET; budget > 0; budget -= 1) {
    const rule = nextRule(at);
    if (rule === undefined) {
      if (at.chain === base) return policy(takeMisses(at));
      run.listener.chainEnd(at.chain, stack.length, at.matched, takeMisses(at));
      const caller = stack.pop();
      if (caller === undefined) return policy({ count: 0, list: [] });
      at = caller;
      continue;
    }
    const world = run.worldOf(ruleKey(rule));
    const { matched, open } = test(rule, at.chain, run, world, stack.length);
    if (!matched) {
      at.missedCount += 1;
      if (run.listener.wantMisses && !open) at.missed.push(explain(rule, run, world));
      continue;
    }
    at.matched += 1;
    if (at.chain === base) baseMatched += 1;
    const { chain } = at;
    const report = (outcome: RuleOutcome): void => {
      run.listener.rule(rule, chain, stack.length, outcome, open, takeMisses(at));
    };
    if (rule.action.kind === 'chain') {
      const target = table.chains.get(rule.action.chain);
      if (stack.length >= DEPTH_BUDGET) {
        report('drop');
        return { kind: 'drop', rule, chain, reason: 'jump-loop' };
      }
      if (target !== undefined) {
        report(rule.action.goto ? 'goto' : 'jump');
        if (!rule.action.goto) stack.push(at);
        at = frame(target, run);
        continue;
      }
    }
    const acted = act(rule, run, world);
    report(outcomeOf(acted));
    if (acted === 'continue') continue;
    if (acted !== 'return') return end(acted, rule, chain);
    const caller = chain === base ? undefined : stack.pop();
    if (caller === undefined) return policy({ count: 0, list: [] });
    at = caller;
  }
  return { kind: 'drop', rule: null, chain: base, reason: 'jump-loop' };
}
