/**
 * Questions that a snapshot leaves open. The engine asks a chooser and goes on as if the answer were known; the
 * enumerator replays the walk over all answers. Nothing in the engine guesses.
 */
import type { Params } from '../source/diagnostic.js';

/** A yes-or-no fact that neither the packet nor the snapshot settles. */
export interface Unsure {
  readonly unsure: true;
  /** Identity of the fact: two questions with one key have one answer within a walk. */
  readonly key: string;
  /** Probability of "yes" when chance decides (statistic, multipath); null when somebody else's state does. */
  readonly probability: number | null;
  /** Message id of the assumption that an answer makes (UNK…). */
  readonly code: string;
  readonly params: Params;
  /** The answer is used inverted (`! --option`). */
  readonly negated: boolean;
}

/** Decided, or not. */
export type Ternary = boolean | Unsure;

/** Builds an open question about state that the snapshot does not show. */
export function unsure(key: string, code: string, params: Params = {}): Unsure {
  return { unsure: true, key, probability: null, code, params, negated: false };
}

/** Builds a question that chance decides, with the exact probability of "yes". */
export function chance(key: string, probability: number, code: string, params: Params = {}): Unsure {
  return { unsure: true, key, probability, code, params, negated: false };
}

/** Inverts when `inverted`: a boolean at once, an open question by its later answer. */
export function invertIf(inverted: boolean, value: Ternary): Ternary {
  if (!inverted) return value;
  return typeof value === 'boolean' ? !value : { ...value, negated: !value.negated };
}

/**
 * Logical and over facts in the kernel's order: the first "no" ends it. Several open ones become one joint question,
 * so that "yes" means that all of them hold.
 */
export function allOf(values: Iterable<Ternary>): Ternary {
  let open: Unsure | null = null;
  for (const value of values) {
    if (value === false) return false;
    if (value !== true) open = open === null ? value : both(open, value);
  }
  return open ?? true;
}

function both(a: Unsure, b: Unsure): Unsure {
  const name = (u: Unsure): string => (u.negated ? `!${u.key}` : u.key);
  return { ...a, key: `${name(a)} & ${name(b)}`, probability: null, negated: false };
}

/** One of several ways a walk can go on at an open question. */
export interface Choice {
  /** Probability, or null when the answer is an assumption. */
  readonly probability: number | null;
  /** Message id and parameters of what this answer takes for true; null where chance decides. */
  readonly assumption: { readonly code: string; readonly params: Params } | null;
}

/** Who answers: the enumerator, or a user that pins an answer. Returns the index of the choice. */
export interface Chooser {
  choose(key: string, choices: readonly Choice[]): number;
  /** Whether a fact holds, its negation applied, where the user has said so of the rule that asks; null: he has not. */
  settled?(fact: Unsure): boolean | null;
  /** The user has said whether the rule that asks matches. */
  readonly settles?: boolean;
}
