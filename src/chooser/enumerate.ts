/** Replays a computation over all answers to the questions it asks, in order, up to a bound. */
import type { Choice, Chooser, Ternary } from './question.js';

/** One run of the computation, with the answers it was given. */
export interface Branch<T> {
  readonly value: T;
  /** Product of the chances taken; null when some answer is an assumption. */
  readonly probability: number | null;
  /** Product of the chances taken, whatever was assumed beside. */
  readonly chances: number;
}

export interface Enumeration<T> {
  readonly branches: readonly Branch<T>[];
  /** The bound was reached: there are branches that were not run. */
  readonly truncated: boolean;
}

/** A question that was answered by its script, or by what comes first. */
interface Taken {
  readonly key: string;
  readonly choices: readonly Choice[];
  /** How many of its choices that can happen at all (probability above zero) come before the answer. */
  readonly at: number;
  readonly answer: number;
}

/** The place of the choice before which `at` others can happen; the first choice when there are not so many. */
function possibleAt(choices: readonly Choice[], at: number): number {
  let before = 0;
  for (let place = 0; place < choices.length; place += 1) {
    if (choices[place]?.probability === 0) continue;
    if (before === at) return place;
    before += 1;
  }
  return 0;
}

function isPossible({ choices, at }: Taken): boolean {
  let possible = 0;
  for (const { probability } of choices) if (probability !== 0) possible += 1;
  return at + 1 < possible;
}

/** Beyond so many questions they are found by a map. */
const FEW = 8;

/** A chooser that answers from a script and takes the first possible choice beyond its end. */
class ScriptedChooser implements Chooser {
  readonly taken: Taken[] = [];
  readonly #script: readonly number[];
  #memo: Map<string, number> | null = null;

  constructor(script: readonly number[]) {
    this.#script = script;
  }

  #known(key: string): number | undefined {
    if (this.#memo !== null) return this.#memo.get(key);
    for (const one of this.taken) if (one.key === key) return one.answer;
    return undefined;
  }

  choose(key: string, choices: readonly Choice[]): number {
    const known = this.#known(key);
    if (known !== undefined) return known;
    const at = this.#script[this.taken.length] ?? 0;
    const answer = possibleAt(choices, at);
    this.taken.push({ key, choices, at, answer });
    if (this.#memo !== null) this.#memo.set(key, answer);
    else if (this.taken.length > FEW) this.#memo = new Map(this.taken.map((one) => [one.key, one.answer]));
    return answer;
  }

  /** Product of the chances taken, whatever was assumed beside. */
  chances(): number {
    let product = 1;
    for (const { choices, answer } of this.taken) product *= choices[answer]?.probability ?? 1;
    return product;
  }

  /** Does any answer rest on an assumption? */
  assumes(): boolean {
    for (const { choices, answer } of this.taken)
      if ((choices[answer]?.probability ?? null) === null) return true;
    return false;
  }

  /** The script of the next run in order, or null after the last. */
  next(): readonly number[] | null {
    for (let depth = this.taken.length - 1; depth >= 0; depth -= 1) {
      const one = this.taken[depth];
      if (one !== undefined && isPossible(one))
        return [...this.taken.slice(0, depth).map(({ at }) => at), one.at + 1];
    }
    return null;
  }
}

const FROM_THE_START: readonly number[] = [];

/**
 * Runs `computation` once per combination of answers. It must be a pure function of the chooser: replays start afresh.
 * @param limit the greatest number of runs (at least 1)
 */
export function enumerate<T>(computation: (chooser: Chooser) => T, limit: number): Enumeration<T> {
  const branches: Branch<T>[] = [];
  let script: readonly number[] | null = FROM_THE_START;
  while (script !== null && branches.length < limit) {
    const chooser: ScriptedChooser = new ScriptedChooser(script);
    const value = computation(chooser);
    const chances = chooser.chances();
    branches.push({ value, probability: chooser.assumes() ? null : chances, chances });
    script = chooser.next();
  }
  return { branches, truncated: script !== null };
}

/** Answers every question with its first choice: for side questions whose forks would say nothing new. */
export const FIRST_CHOICE: Chooser = {
  choose: (_key, choices) =>
    Math.max(
      0,
      choices.findIndex((choice) => choice.probability !== 0),
    ),
};

/** Settles a fact: a boolean at once, an open one by asking whether it holds. */
export function decide(chooser: Chooser, fact: Ternary): boolean {
  if (typeof fact === 'boolean') return fact;
  const settled = chooser.settled?.(fact) ?? null;
  if (settled !== null) return settled;
  const { probability, code, params, negated } = fact;
  const answers: readonly Choice[] =
    probability === null
      ? [
          { probability: null, assumption: { code, params: { ...params, answer: 'yes' } } },
          { probability: null, assumption: { code, params: { ...params, answer: 'no' } } },
        ]
      : [
          { probability, assumption: null },
          { probability: 1 - probability, assumption: null },
        ];
  return (chooser.choose(fact.key, answers) === 0) !== negated;
}
