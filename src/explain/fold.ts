/** Outcomes that differ in nothing but what they assume, told as one. */
import type { Outcome } from '../packet/result.js';
import { assumptionText } from './assumption.js';
import { outcomeJson } from './json.js';

/** An outcome with its place among those of the result, from 0. */
export interface Numbered {
  readonly index: number;
  readonly outcome: Outcome;
}

/**
 * What a reader would see of an outcome beside its assumptions. A way out of which not even the device is known is one
 * whichever table it is in: the assumptions name that.
 */
function shape({ reply, ...outcome }: Outcome, known: ReadonlySet<string>): unknown {
  const { egress } = outcome;
  const way = egress?.iface === null ? { ...egress, table: '', policyRule: null } : egress;
  const own = new Set([...known, ...outcome.assumptions.map((one) => assumptionText(one))]);
  return [
    outcomeJson({ ...outcome, egress: way, probability: null, assumptions: [], steps: [] }),
    reply?.assumptions.map((one) => assumptionText(one)).filter((text) => !own.has(text)),
    reply === undefined ? null : shape(reply, own),
  ];
}

/** How outcomes are alike; null of one that the kernel draws, whose chance is its own. */
function likeness(outcome: Outcome): string | null {
  return outcome.probability === null ? JSON.stringify(shape(outcome, new Set())) : null;
}

/** The outcomes in groups of those alike, in the order of the first of each. */
export function alike(outcomes: readonly Outcome[]): readonly (readonly [Numbered, ...Numbered[]])[] {
  const groups: [Numbered, ...Numbered[]][] = [];
  const byLikeness = new Map<string, Numbered[]>();
  for (const [index, outcome] of outcomes.entries()) {
    const key = outcomes.length > 1 ? likeness(outcome) : null;
    const group = key === null ? undefined : byLikeness.get(key);
    if (group !== undefined) group.push({ index, outcome });
    else {
      const made: [Numbered, ...Numbered[]] = [{ index, outcome }];
      groups.push(made);
      if (key !== null) byLikeness.set(key, made);
    }
  }
  return groups;
}

/** `1, 3-5`: the numbers by which outcomes are told, from 1. */
export function numbersOf(group: readonly Numbered[]): string {
  const runs: [number, number][] = [];
  for (const { index } of group) {
    const last = runs.at(-1);
    if (last?.[1] === index) last[1] = index + 1;
    else runs.push([index + 1, index + 1]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${String(from)}-${String(to)}`)).join(', ');
}
