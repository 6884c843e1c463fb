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

interface Taken {
  readonly choices: readonly Choice[];
  /** Indices of the choices that can happen at all (probability above zero). */
  readonly possible: readonly number[];
  at: number;
}

/** A chooser that answers from a script and takes the first possible choice beyond its end. */
class ScriptedChooser implements Chooser {
  readonly taken: Taken[] = [];
  readonly #script: readonly number[];
  readonly #memo = new Map<string, number>();

  constructor(script: readonly number[]) {
    this.#script = script;
  }

  choose(key: string, choices: readonly Choice[]): number {
    const known = this.#memo.get(key);
    if (known !== undefined) return known;
    const possible = choices.map((_, index) => index).filter((index) => choices[index]?.probability !== 0);
    const at = this.#script[this.taken.length] ?? 0;
    this.taken.push({ choices, possible, at });
    const answer = possible[at] ?? 0;
    this.#memo.set(key, answer);
    return answer;
  }

  /** The chances of what was taken; null for each assumption. */
  #shares(): readonly (number | null)[] {
    return this.taken.map(({ choices, possible, at }) => choices[possible[at] ?? 0]?.probability ?? null);
  }

  chances(): number {
    return this.#shares().reduce<number>((product, share) => product * (share ?? 1), 1);
  }

  probability(): number | null {
    return this.#shares().includes(null) ? null : this.chances();
  }

  /** The script of the next run in order, or null after the last. */
  next(): readonly number[] | null {
    for (let depth = this.taken.length - 1; depth >= 0; depth -= 1) {
      const { possible, at } = this.taken[depth] ?? { possible: [], at: 0 };
      if (at + 1 < possible.length) return [...this.taken.slice(0, depth).map((one) => one.at), at + 1];
    }
    return null;
  }
}

/**
 * Runs `computation` once per combination of answers. It must be a pure function of the chooser: replays start afresh.
 * @param limit the greatest number of runs (at least 1)
 */
export function enumerate<T>(computation: (chooser: Chooser) => T, limit: number): Enumeration<T> {
  const branches: Branch<T>[] = [];
  let script: readonly number[] | null = [];
  while (script !== null && branches.length < limit) {
    const chooser: ScriptedChooser = new ScriptedChooser(script);
    const value = computation(chooser);
    branches.push({ value, probability: chooser.probability(), chances: chooser.chances() });
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
