/**
 * Functions of one priority, in the orders that make a difference to the packet at hand.
 *
 * What lets a packet pass and changes nothing may stand before or behind anything else, as long as nothing has changed.
 * So each function is tried on a copy of the walk. Of those that do something, which comes first is a question; of the
 * others it is one only when they would do something behind it. What no order changes is not asked at all.
 */
import { enumerate } from '../chooser/enumerate.js';
import type { Choice, Chooser } from '../chooser/question.js';
import type { Hook } from '../iptables/view.js';
import type { Precedence } from './precedence.js';
import type { Assumption } from './result.js';
import { differing } from './orders.js';
import type { Walk } from './walk.js';

/** What came of trying a function on a copy: the packet goes on, it ends here, or what follows cannot be seen on a copy. */
export interface Attempt {
  readonly kind: 'goes-on' | 'ends' | 'unseen';
  /** What ended it, to tell two ends apart. */
  readonly by: unknown;
}

/** A function that shares its priority with others. */
export interface Member {
  readonly label: string;
  /** Tries it on a copy of the walk; null for what must not run on one. */
  readonly attempt: ((copy: Walk, hook: Hook) => Attempt) | null;
}

/** What a function does to the packet as it is now. */
interface Trial {
  /** It changes something, ends the packet, or rests on a question. */
  readonly active: boolean;
  readonly entries: readonly string[];
  readonly assumptions: readonly Assumption[];
}

/** More than any real order needs; what goes beyond is taken to make a difference. */
const LOCAL_LIMIT = 32;

/** Answers with what comes first, and notes that there was a question. */
class Watcher implements Chooser {
  #asked = false;

  /** Was anything asked since this was last called? */
  takeAsked(): boolean {
    const asked = this.#asked;
    this.#asked = false;
    return asked;
  }

  choose(_key: string, choices: readonly Choice[]): number {
    if (choices.length > 1) this.#asked = true;
    return Math.max(
      0,
      choices.findIndex(({ probability }) => probability !== 0),
    );
  }
}

/** Tries functions on the walk as it is. A copy serves until something happens to it. */
function tryAll<T extends Member>(walk: Walk, hook: Hook, members: readonly T[]): ReadonlyMap<T, Trial> {
  const watcher = new Watcher();
  let copy = walk.fork(watcher);
  let isUsed = false;
  const trials = new Map<T, Trial>();
  for (const member of members) {
    if (member.attempt === null) {
      trials.set(member, { active: true, entries: [], assumptions: [] });
      continue;
    }
    if (isUsed) copy = walk.fork(watcher);
    const [path, maybe, assumed] = [copy.path.length, copy.pathMaybe.length, copy.assumptions.length];
    const { kind } = member.attempt(copy, hook);
    const active = watcher.takeAsked() || kind !== 'goes-on' || !copy.isLike(walk);
    const entries = [...copy.path.slice(path), ...copy.pathMaybe.slice(maybe)];
    trials.set(member, { active, entries, assumptions: copy.assumptions.slice(assumed) });
    isUsed = active;
  }
  return trials;
}

/** What stands behind a function that does something. */
interface Ahead<T> {
  readonly mayEnd: boolean;
  readonly surelyEnds: boolean;
  /** Those that would do something behind it. */
  readonly sensitive: ReadonlySet<T>;
  readonly trials: readonly (readonly [T, Trial])[];
}

function lookAhead<T extends Member>(walk: Walk, hook: Hook, first: T, others: readonly T[]): Ahead<T> {
  const unseen: Ahead<T> = { mayEnd: true, surelyEnds: false, sensitive: new Set(others), trials: [] };
  const { attempt } = first;
  if (attempt === null) return unseen;
  const { branches, truncated } = enumerate((chooser) => {
    const copy = walk.fork(chooser);
    return { copy, ...attempt(copy, hook) };
  }, LOCAL_LIMIT);
  if (truncated || branches.some(({ value }) => value.kind === 'unseen')) return unseen;
  const going = branches.filter(({ value }) => value.kind === 'goes-on');
  const trials = going.flatMap(({ value }) => [...tryAll(value.copy, hook, others)]);
  return {
    mayEnd: going.length < branches.length,
    surelyEnds: going.length === 0,
    sensitive: new Set(trials.flatMap(([member, { active }]) => (active ? [member] : []))),
    trials,
  };
}

/** Where a function that changes nothing may have met the packet, and what it then adds to the path. */
class Doubts<T> {
  readonly #ways = new Map<T, (readonly string[])[]>();
  readonly #assumptions: Assumption[] = [];
  /** Those that do not meet the packet at all when the function at work ends it. */
  #missed: readonly T[] = [];

  note(member: T, { entries, assumptions }: Trial): void {
    this.#ways.set(member, [...(this.#ways.get(member) ?? []), entries]);
    this.#assumptions.push(...assumptions);
  }

  /** The same, for one that is in doubt already. */
  noteAgain(member: T, trial: Trial | undefined): void {
    if (trial !== undefined && this.#ways.has(member)) this.note(member, trial);
  }

  /** It does something after all, and its place is known. */
  drop(member: T): void {
    this.#ways.delete(member);
  }

  mayMiss(members: readonly T[]): void {
    this.#missed = members;
  }

  /** Says of the path what is not certain. */
  settle(walk: Walk, ended: boolean): void {
    if (ended) for (const member of this.#missed) this.note(member, { active: false, ...NOTHING });
    for (const ways of this.#ways.values()) sayMaybe(walk, ways);
    for (const { code, params, rule } of this.#assumptions) walk.assume(code, params, rule);
  }
}

const NOTHING = { entries: [], assumptions: [] } as const;

/** Of several ways to go, what not all of them meet is perhaps on the path. */
function sayMaybe(walk: Walk, ways: readonly (readonly string[])[]): void {
  for (const name of differing(...ways)) if (!walk.pathMaybe.includes(name)) walk.pathMaybe.push(name);
}

/** The functions of one priority on the way of one packet. */
export class PassingOrder<T extends Member> {
  readonly #walk: Walk;
  readonly #hook: Hook;
  readonly #precedence: Precedence;
  /** As the snapshot lists them. */
  readonly #listed: readonly T[];
  readonly #isCopy: boolean;
  readonly #doubts = new Doubts<T>();
  #left: readonly T[];

  constructor(walk: Walk, hook: Hook, members: readonly T[], precedence: Precedence, isCopy = false) {
    this.#walk = walk;
    this.#hook = hook;
    this.#listed = members;
    this.#left = members;
    this.#precedence = precedence;
    this.#isCopy = isCopy;
  }

  /** The functions one after the other; each must have run before the next is asked for. */
  *run(): Generator<T, void> {
    let finished = false;
    try {
      while (this.#left.length > 0) yield* this.#round();
      finished = true;
    } finally {
      this.#doubts.settle(this.#walk, !finished);
    }
  }

  *#round(): Generator<T, void> {
    const left = this.#left;
    const trials = tryAll(this.#walk, this.#hook, left);
    const active = left.filter((one) => trials.get(one)?.active === true);
    for (const one of active) this.#doubts.drop(one);
    if (active.length === 0 || this.#comesToTheSame(active)) {
      for (const one of left) this.#doubts.noteAgain(one, trials.get(one));
      this.#left = [];
      yield* this.#sorted(left);
      return;
    }
    const first = this.#firstOf(active);
    const passive = left.filter((one) => !active.includes(one));
    const open = passive.filter((one) => this.#isBefore(one, first) === null);
    const ahead = lookAhead(this.#walk, this.#hook, first, open);
    for (const one of open) if (ahead.sensitive.has(one)) this.#ask(one, first);
    const undecided = passive.filter((one) => this.#isBefore(one, first) === null);
    for (const one of undecided) this.#note(one, trials.get(one));
    const alone = active.length === 1 && ahead.sensitive.size === 0;
    if (alone) for (const [one, trial] of ahead.trials) this.#note(one, trial);
    const place = this.#listed.indexOf(first);
    const before = passive.filter((one) => {
      const known = this.#isBefore(one, first);
      // Where nothing depends on it, they stay as they are listed.
      return known ?? ((alone || ahead.surelyEnds) && this.#listed.indexOf(one) < place);
    });
    for (const one of before) if (!undecided.includes(one)) this.#doubts.noteAgain(one, trials.get(one));
    this.#left = left.filter((one) => one !== first && !before.includes(one));
    this.#doubts.mayMiss(ahead.mayEnd ? undecided : []);
    yield* this.#sorted(before);
    yield first;
    this.#doubts.mayMiss([]);
  }

  #note(member: T, trial: Trial | undefined): void {
    if (trial !== undefined) this.#doubts.note(member, trial);
  }

  #isBefore(one: T, two: T): boolean | null {
    return this.#precedence.of(one.label, two.label);
  }

  /** Does the first come before the second? The question is the same whichever is asked about. */
  #ask(one: T, two: T): boolean {
    const inverted = this.#listed.indexOf(one) > this.#listed.indexOf(two);
    const [first, second] = inverted ? [two, one] : [one, two];
    return this.#precedence.ask(this.#walk, first.label, second.label) !== inverted;
  }

  /** Of those that do something, the one that comes first. */
  #firstOf(active: readonly T[]): T {
    const ways = active.filter((one) =>
      active.every((two) => two === one || this.#isBefore(two, one) !== true),
    );
    const labels = ways.map(({ label }) => label);
    const chosen = this.#precedence.askFirst(this.#walk, labels);
    return ways.reduce((first, one, at) => (at === chosen ? one : first));
  }

  /** As listed, but for what is known to come earlier. */
  #sorted(members: readonly T[]): readonly T[] {
    const sorted: T[] = [];
    for (const member of members) {
      let at = sorted.length;
      for (let place = sorted.length - 1; place >= 0; place -= 1) {
        const other = sorted[place];
        if (other !== undefined && this.#isBefore(member, other) === true) at = place;
      }
      sorted.splice(at, 0, member);
    }
    return sorted;
  }

  /** Do all orders of what is left do the same? They are walked on copies. */
  #comesToTheSame(active: readonly T[]): boolean {
    if (this.#isCopy || active.length < 2 || active.some(({ attempt }) => attempt === null)) return false;
    const { branches, truncated } = enumerate((chooser) => this.#walkCopy(chooser), LOCAL_LIMIT);
    const [first, ...others] = branches.map(({ value }) => value);
    if (first === undefined || truncated || first.attempt.kind === 'unseen') return false;
    const same = others.every(
      ({ copy, attempt }) =>
        attempt.kind === first.attempt.kind && attempt.by === first.attempt.by && copy.isLike(first.copy),
    );
    if (same) this.#tellPaths([first.copy, ...others.map(({ copy }) => copy)]);
    return same;
  }

  /** What only some of the orders meet is perhaps on the path. */
  #tellPaths(copies: readonly Walk[]): void {
    const { pathMaybe } = this.#walk;
    sayMaybe(
      this.#walk,
      copies.map(({ path }) => path),
    );
    const open = new Set(copies.flatMap((copy) => copy.pathMaybe));
    pathMaybe.push(...[...open].filter((name) => !pathMaybe.includes(name)));
  }

  #walkCopy(chooser: Chooser): { readonly copy: Walk; readonly attempt: Attempt } {
    const copy = this.#walk.fork(chooser);
    const order = new PassingOrder(copy, this.#hook, this.#left, this.#precedence.copy(), true);
    let attempt: Attempt = { kind: 'goes-on', by: null };
    for (const member of order.run()) {
      attempt = member.attempt?.(copy, this.#hook) ?? { kind: 'unseen', by: null };
      if (attempt.kind !== 'goes-on') break;
    }
    return { copy, attempt };
  }
}
