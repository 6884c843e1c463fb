/** One base chain at one hook, as nft_do_chain walks it (net/netfilter/nf_tables_core.c). */
import { decide } from '../chooser/enumerate.js';
import type { Chooser, Ternary, Unsure } from '../chooser/question.js';
import type { Reason } from '../iptables/extension.js';
import type { Nat, Reject, Taken } from '../iptables/verdict.js';
import type { PacketView, World } from '../iptables/view.js';
import { explainMatch } from './match.js';
import type { NftChain, NftRule, NftTable, Statement } from './model.js';
import { type Acted, act, conditionHolds, isCondition, isInert } from './statement.js';
import type { NftContext, NftEffects, NftWorld } from './world.js';

/**
 * What a rule led to, for those who listen. `break`: a statement changed something, and a later one ended the rule; the
 * kernel's trace does not show such a rule.
 */
export type NftOutcome =
  'continue' | 'accept' | 'drop' | 'return' | 'jump' | 'goto' | 'reject' | 'nat' | 'break';

/** A rule that did not match, with the reason. */
export interface NftMissedRule {
  readonly rule: NftRule;
  readonly reason: Reason;
  /** Index of the statement that ended it. */
  readonly statement: number;
}

/** The rules of a chain that were tried in vain since the last report about that chain. */
export interface NftMisses {
  readonly count: number;
  /** Filled only when `wantMisses`. */
  readonly list: readonly NftMissedRule[];
}

/** What a statement of a watched rule said of the packet. */
export interface NftInspected {
  readonly statement: number;
  readonly answer: Ternary;
  readonly reason: Reason | null;
}

/** Told of the tests of some rules, whatever comes of them. */
export interface NftWatch {
  readonly rules: ReadonlySet<object>;
  /** One of them is about to be tested. */
  testing(rule: NftRule): void;
  /** It was tested; what stands before a condition that failed has happened. */
  tested(
    rule: NftRule,
    depth: number,
    matched: boolean,
    conditions: readonly NftInspected[],
    /** The chain that it jumps to; null when it does not. */
    to: string | null,
  ): void;
}

/** Told of everything that happens in a chain walk. */
export interface NftListener {
  readonly wantMisses: boolean;
  /** Rules of which every test is told; null: none. */
  readonly watch: NftWatch | null;
  rule(
    rule: NftRule,
    chain: NftChain,
    depth: number,
    outcome: NftOutcome,
    open: boolean,
    misses: NftMisses,
    /** The chain that it jumps to; null when it does not. */
    to: string | null,
  ): void;
  /** A rule that changes nothing from here on may or may not have matched. */
  maybe(rule: NftRule, depth: number, question: Unsure): void;
  chainEnd(chain: NftChain, depth: number, matched: number, misses: NftMisses): void;
  policy(chain: NftChain, matched: number, misses: NftMisses): void;
}

/** What the walk needs beside the table. */
export interface NftRun {
  readonly packet: PacketView;
  readonly node: NftWorld;
  /** The world as the rule with this key sees it. */
  worldOf(ruleKey: string): World;
  readonly effects: NftEffects;
  /** Answers open questions; the rule is the one that asked. */
  chooserFor(rule: NftRule): Chooser;
  readonly listener: NftListener;
}

/** How a base chain ended. `rule` decided it; null for the policy. */
export type NftChainVerdict =
  | { readonly kind: 'accept'; readonly rule: NftRule | null }
  | {
      readonly kind: 'drop';
      readonly rule: NftRule | null;
      readonly chain: NftChain;
      readonly reason: 'rule' | 'policy' | 'jump-loop' | Taken['reason'];
    }
  | { readonly kind: 'reject'; readonly rule: NftRule; readonly reject: Reject }
  | { readonly kind: 'nat'; readonly rule: NftRule; readonly nat: Nat };

interface Frame {
  readonly chain: NftChain;
  next: number;
  matched: number;
  missed: NftMissedRule[];
  missedCount: number;
}

/** More rules than any real walk visits: rules that jump in circles (the kernel would not load them) end here. */
const RULE_BUDGET = 2_000_000;
/** NFT_JUMP_STACK_SIZE: the kernel loads no rules that jump deeper. */
const JUMP_STACK = 16;

const frame = (chain: NftChain): Frame => ({ chain, next: 0, matched: 0, missed: [], missedCount: 0 });

function takeMisses(at: Frame): NftMisses {
  const misses = { count: at.missedCount, list: at.missed };
  at.missed = [];
  at.missedCount = 0;
  return misses;
}

/** Identity of a rule within its node: keys the state that a rule keeps for itself. */
export function nftRuleKey({ family, table, chain, number }: NftRule): string {
  return `${family} ${table} ${chain} ${String(number)}`;
}

type Ended =
  | { readonly kind: 'done'; readonly acted: Exclude<Acted, 'next' | 'break'>; readonly open: boolean }
  | { readonly kind: 'missed'; readonly at: number; readonly open: boolean; readonly changed: boolean }
  | { readonly kind: 'maybe'; readonly question: Unsure };

/** Conditions from `from` on, up to the next statement that does something. */
interface Block {
  readonly open: readonly { readonly at: number; readonly question: Unsure }[];
  /** The condition that fails whatever the open ones are; null when none does. */
  readonly failed: number | null;
  /** The statement that does something; the number of statements when there is none. */
  readonly end: number;
}

/** Takes what each condition says; null when nobody asks. */
type Note = ((statement: number, answer: Ternary) => void) | null;

function testBlock({ statements }: NftRule, from: number, context: NftContext, note: Note): Block {
  const open: { at: number; question: Unsure }[] = [];
  for (let at = from; at < statements.length; at += 1) {
    const statement = statements[at];
    if (statement === undefined || isInert(statement)) continue;
    if (!isCondition(statement)) return { open, failed: null, end: at };
    const holds = conditionHolds(statement, context);
    note?.(at, holds);
    if (holds === false) return { open: [], failed: at, end: at };
    if (holds === true) continue;
    context.world.doubt?.();
    open.push({ at, question: holds });
  }
  return { open, failed: null, end: statements.length };
}

/** Runs the statements from left to right: what stands before a condition that fails has happened. */
function runRule(rule: NftRule, context: NftContext, run: NftRun, note: Note): Ended {
  const { statements } = rule;
  let open = false;
  let changed = false;
  for (let from = 0; ;) {
    const block = testBlock(rule, from, context, note);
    if (block.failed !== null) return { kind: 'missed', at: block.failed, open, changed };
    const [first] = block.open;
    if (first !== undefined) {
      // Whether the rest holds changes nothing: there is no need to know.
      const chooser = run.chooserFor(rule);
      if (block.end === statements.length && chooser.settles !== true)
        return { kind: 'maybe', question: first.question };
      open = true;
      for (const { at, question } of block.open)
        if (!decide(chooser, question)) return { kind: 'missed', at, open, changed };
    }
    const statement = statements[block.end];
    if (statement === undefined) return { kind: 'done', acted: { kind: 'continue' }, open };
    const acted = act(statement, context, run.effects, (fact) => {
      if (typeof fact !== 'boolean') open = true;
      return decide(run.chooserFor(rule), fact);
    });
    if (acted === 'break') return { kind: 'missed', at: block.end, open, changed };
    if (acted !== 'next') return { kind: 'done', acted, open };
    changed = true;
    from = block.end + 1;
  }
}

function nameOf(statement: Statement): string {
  return statement.kind === 'object' ? statement.type : statement.kind;
}

function explain(rule: NftRule, at: number, context: NftContext): NftMissedRule {
  const statement = rule.statements[at];
  // Nothing is asked any more for the sake of a reason.
  const quiet: NftContext = { ...context, choose: () => 0 };
  if (statement?.kind === 'match') return { rule, reason: explainMatch(statement, quiet), statement: at };
  const breaks =
    statement !== undefined && (!isCondition(statement) || conditionHolds(statement, quiet) === false);
  const reason: Reason = breaks
    ? { code: 'NO_NFT_BREAK', option: null, params: { statement: nameOf(statement) } }
    : { code: 'NO_BY_ASSUMPTION', option: null, params: {} };
  return { rule, reason, statement: at };
}

type Final = Exclude<Acted, 'next' | 'break'>;

function outcomeOf({ kind }: Final): NftOutcome {
  return kind === 'taken' ? 'drop' : kind;
}

function end(acted: Final, rule: NftRule, chain: NftChain): NftChainVerdict | null {
  switch (acted.kind) {
    case 'accept':
      return { kind: 'accept', rule };
    case 'drop':
      return { kind: 'drop', rule, chain, reason: 'rule' };
    case 'taken':
      return { kind: 'drop', rule, chain, reason: acted.reason };
    case 'reject':
      return { kind: 'reject', rule, reject: acted };
    case 'nat':
      return { kind: 'nat', rule, nat: acted };
    default:
      return null;
  }
}

/** A chain that the listing does not show may do anything. */
function hiddenChain(name: string, rule: NftRule, run: NftRun): Final {
  const ways = ['continue', 'accept', 'drop'] as const;
  const choices = ways.map((answer) => ({
    probability: null,
    assumption: { code: 'UNK_TARGET', params: { name, answer } },
  }));
  const at = run.chooserFor(rule).choose(`chain ${name} of ${nftRuleKey(rule)}`, choices);
  return { kind: ways[at] ?? 'continue' };
}

/** The walk of one base chain under way. */
class ChainWalk {
  readonly #table: NftTable;
  readonly #base: NftChain;
  readonly #run: NftRun;
  readonly #stack: Frame[] = [];
  #at: Frame;
  #baseMatched = 0;

  constructor(table: NftTable, base: NftChain, run: NftRun) {
    this.#table = table;
    this.#base = base;
    this.#run = run;
    this.#at = frame(base);
  }

  /** Goes on by one rule, or to the end of a chain. @returns null while nothing is decided */
  step(): NftChainVerdict | null {
    const { chain, next } = this.#at;
    const rule = chain.rules[next];
    if (rule === undefined) return this.#chainEnd(chain);
    this.#at.next += 1;
    const context = this.#contextFor(rule);
    const ended = this.#runRule(rule, context);
    if (ended.kind === 'done') return this.#matched(rule, chain, ended.acted, ended.open);
    this.#missed(rule, chain, ended, context);
    return null;
  }

  #runRule(rule: NftRule, context: NftContext): Ended {
    const { watch } = this.#run.listener;
    if (watch?.rules.has(rule) !== true) return runRule(rule, context, this.#run, null);
    const noted: NftInspected[] = [];
    watch.testing(rule);
    const ended = runRule(rule, context, this.#run, (statement, answer) => {
      const reason = answer === false ? explain(rule, statement, context).reason : null;
      noted.push({ statement, answer, reason });
    });
    // A statement that does something may have nothing for the packet: a map without an element for it.
    if (ended.kind === 'missed' && noted.at(-1)?.answer !== false && !ended.open) {
      const { reason } = explain(rule, ended.at, context);
      noted.push({ statement: ended.at, answer: false, reason });
    }
    const { acted } = ended.kind === 'done' ? ended : { acted: null };
    const to = acted !== null && 'chain' in acted ? acted.chain : null;
    watch.tested(rule, this.#stack.length, ended.kind === 'done', noted, to);
    return ended;
  }

  #contextFor(rule: NftRule): NftContext {
    const run = this.#run;
    const ruleKey = nftRuleKey(rule);
    return {
      packet: run.packet,
      world: run.worldOf(ruleKey),
      node: run.node,
      family: this.#table.family,
      table: this.#table,
      ruleKey,
      statements: rule.statements,
      choose: (key, choices) => run.chooserFor(rule).choose(key, choices),
    };
  }

  #missed(
    rule: NftRule,
    chain: NftChain,
    ended: Exclude<Ended, { kind: 'done' }>,
    context: NftContext,
  ): void {
    const { listener } = this.#run;
    const depth = this.#stack.length;
    if (ended.kind === 'missed' && ended.changed) {
      listener.rule(rule, chain, depth, 'break', ended.open, takeMisses(this.#at), null);
      return;
    }
    this.#at.missedCount += 1;
    if (ended.kind === 'maybe') listener.maybe(rule, depth, ended.question);
    else if (listener.wantMisses && !ended.open) this.#at.missed.push(explain(rule, ended.at, context));
  }

  #matched(rule: NftRule, chain: NftChain, given: Final, open: boolean): NftChainVerdict | null {
    const at = this.#at;
    at.matched += 1;
    if (chain === this.#base) this.#baseMatched += 1;
    const depth = this.#stack.length;
    const acted =
      'chain' in given && given.inline === undefined && !this.#table.chains.has(given.chain)
        ? hiddenChain(given.chain, rule, this.#run)
        : given;
    const to = 'chain' in acted ? acted.chain : null;
    this.#run.listener.rule(rule, chain, depth, outcomeOf(acted), open, takeMisses(at), to);
    if ('chain' in acted) return this.#jump(acted, rule, chain);
    const verdict = end(acted, rule, chain);
    if (verdict !== null || acted.kind === 'continue') return verdict;
    return this.#back();
  }

  #jump(
    { kind, chain: name, inline }: Extract<Final, { chain: string }>,
    rule: NftRule,
    chain: NftChain,
  ): NftChainVerdict | null {
    const target = inline ?? this.#table.chains.get(name);
    if (target === undefined) return null;
    if (kind === 'jump') {
      if (this.#stack.length >= JUMP_STACK) return { kind: 'drop', rule, chain, reason: 'jump-loop' };
      this.#stack.push(this.#at);
    }
    this.#at = frame(target);
    return null;
  }

  #chainEnd(chain: NftChain): NftChainVerdict | null {
    if (chain === this.#base) return this.#policy(takeMisses(this.#at));
    this.#run.listener.chainEnd(chain, this.#stack.length, this.#at.matched, takeMisses(this.#at));
    return this.#back();
  }

  /** Behind the last jump; with none, the policy decides. */
  #back(): NftChainVerdict | null {
    const caller = this.#stack.pop();
    if (caller === undefined) return this.#policy({ count: 0, list: [] });
    this.#at = caller;
    return null;
  }

  #policy(misses: NftMisses): NftChainVerdict {
    const base = this.#base;
    this.#run.listener.policy(base, this.#baseMatched, misses);
    return base.policy === 'drop'
      ? { kind: 'drop', rule: null, chain: base, reason: 'policy' }
      : { kind: 'accept', rule: null };
  }
}

/**
 * Walks `base`, and the chains that its rules jump to, to a verdict. `return` and the end of a chain go back behind the
 * last jump (a goto leaves no way back); with nothing to go back to, the policy decides.
 */
export function walkNftChain(table: NftTable, base: NftChain, run: NftRun): NftChainVerdict {
  const walk = new ChainWalk(table, base, run);
  for (let budget = RULE_BUDGET; budget > 0; budget -= 1) {
    const verdict = walk.step();
    if (verdict !== null) return verdict;
  }
  return { kind: 'drop', rule: null, chain: base, reason: 'jump-loop' };
}
