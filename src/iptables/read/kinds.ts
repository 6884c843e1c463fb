/** Kinds of rules: which extensions a rule has, what they demand, and what sort of action it takes. */
import type { RuleKind } from '../digest.js';

/** A step on the way to a kind: one match more, or the action. */
interface Step {
  readonly next: Map<object, Step>;
  kind: number;
}

const newStep = (): Step => ({ next: new Map(), kind: -1 });

const JUMPS = {};
const GOTOS = {};
const NOTHING = {};

/** Gives rules of one kind one number. A dump of 100,000 rules has some dozens of kinds. */
export class Kinds {
  /** A rule of each kind, by its number. */
  readonly list: RuleKind[] = [];
  readonly #root = newStep();

  /** A kind of its own for rules that are alike in more than that. */
  add({ matches, action }: RuleKind): number {
    return this.list.push({ matches, action }) - 1;
  }

  /** The number of a rule's kind. It must have no part that could not be read. */
  of({ matches, action }: RuleKind): number {
    let step = this.#root;
    for (const match of matches) step = follow(step, 'opaque' in match ? match : match.demands);
    step = follow(step, wayOf(action));
    if (step.kind < 0) {
      step.kind = this.list.length;
      this.list.push({ matches, action });
    }
    return step.kind;
  }
}

function wayOf(action: RuleKind['action']): object {
  if (action.kind === 'target') return action.target.demands;
  if (action.kind !== 'chain') return NOTHING;
  return action.goto ? GOTOS : JUMPS;
}

function follow(step: Step, by: object): Step {
  let next = step.next.get(by);
  if (next === undefined) {
    next = newStep();
    step.next.set(by, next);
  }
  return next;
}
