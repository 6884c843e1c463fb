/** Answers that somebody gives to open questions: a rule that is open is said to match or not, chance is drawn by a seed. */
import { SplitMix64 } from '../chooser/generator.js';
import type { Choice, Unsure } from '../chooser/question.js';
import type { AnyRule } from './any-rule.js';

/** Whether the rule matches; of a rule whose target is not known, what that does. */
export type SettledAnswer = 'yes' | 'no' | 'continue' | 'accept' | 'drop';

/** What is settled, for all ways of a walk. */
export interface Settlement {
  readonly rules: ReadonlyMap<AnyRule, SettledAnswer>;
  /** Draws what chance decides; null leaves that open. */
  readonly seed: bigint | null;
  /** Which of many packets it is: each draws numbers of its own. */
  readonly nth?: number;
  /** Takes each settled rule that was indeed open. */
  used(rule: AnyRule): void;
}

/** Who gave an answer. */
export type SettledBy = '--assume' | '--pick' | '--seed';

/** An answer with who gave it. */
export interface Settled {
  readonly index: number;
  readonly by: '--assume' | '--seed';
}

/** The answers of one way of a walk, that of the answer packet included. */
export class SettledAnswers {
  readonly #settlement: Settlement;
  readonly #generator: SplitMix64 | null;
  readonly #known = new Map<string, { readonly index: number; readonly by: Settled['by'] | null }>();
  /** What was settled says of one fact both yes and no: this way cannot be. */
  contradicted = false;

  constructor(settlement: Settlement) {
    this.#settlement = settlement;
    const { seed, nth } = settlement;
    this.#generator =
      seed === null ? null : nth === undefined ? new SplitMix64(seed) : SplitMix64.nth(seed, nth);
  }

  get seed(): bigint | null {
    return this.#settlement.seed;
  }

  /** Whether the rule is said to match. */
  settles(rule: AnyRule | null): boolean {
    return rule !== null && this.#settlement.rules.has(rule);
  }

  #take(rule: AnyRule, key: string, index: number): Settled {
    const known = this.#known.get(key);
    if (known !== undefined && known.index !== index) this.contradicted = true;
    this.#known.set(key, { index, by: '--assume' });
    this.#settlement.used(rule);
    return { index, by: '--assume' };
  }

  /** The answer to a question of a rule that is settled as a whole: 0 when its fact holds. */
  ofFact(rule: AnyRule | null, fact: Unsure): Settled | null {
    const answer = rule === null ? undefined : this.#settlement.rules.get(rule);
    if (rule === null || (answer !== 'yes' && answer !== 'no')) return null;
    return this.#take(rule, fact.key, (answer === 'yes') !== fact.negated ? 0 : 1);
  }

  /** The answer to any other question; null when it stays open. */
  ofChoices(rule: AnyRule | null, key: string, choices: readonly Choice[]): Settled | null {
    const word = rule === null ? undefined : this.#settlement.rules.get(rule);
    const named =
      word === undefined ? -1 : choices.findIndex((one) => one.assumption?.params['answer'] === word);
    if (rule !== null && named >= 0) return this.#take(rule, key, named);
    const known = this.#known.get(key);
    if (known !== undefined) return known.by === null ? null : { index: known.index, by: known.by };
    if (this.#generator === null || choices.length < 2) return null;
    if (choices.some(({ probability }) => probability === null)) return null;
    const index = drawn(choices, this.#generator.next());
    this.#known.set(key, { index, by: '--seed' });
    return { index, by: '--seed' };
  }

  /** A question was answered otherwise. */
  remember(key: string, index: number): void {
    if (!this.#known.has(key)) this.#known.set(key, { index, by: null });
  }
}

/** The choice in whose share of 0..1 the number lies. */
function drawn(choices: readonly Choice[], at: number): number {
  let sum = 0;
  for (const [index, { probability }] of choices.entries()) {
    sum += probability ?? 0;
    if (at < sum) return index;
  }
  return choices.findLastIndex(({ probability }) => probability !== 0);
}
