/** Outcomes of a node, told apart by what they do to the packet. */
import type { Outcome } from '../packet/result.js';

/** Ways of one node's walk that go on alike are one: ways of packets before it do not tell them apart any more. */
export function merged(outcomes: readonly Outcome[]): readonly Outcome[] {
  const kept = new Map<string, Outcome>();
  const sum = (a: number | null, b: number | null): number | null =>
    a === null || b === null ? null : a + b;
  for (const outcome of outcomes) {
    const { verdict, final, egress, path, assumptions } = outcome;
    const codes = assumptions.map(({ code, params }) => [code, params]);
    const key = JSON.stringify([verdict, final, egress, path, codes]);
    const known = kept.get(key);
    const probability =
      known === undefined ? outcome.probability : sum(known.probability, outcome.probability);
    kept.set(key, { ...outcome, probability });
  }
  const all = [...kept.values()];
  const total = all.reduce((of, { probability }) => of + (probability ?? 0), 0);
  if (total === 0 || all.some(({ probability }) => probability === null)) return all;
  return all.map((one) => ({ ...one, probability: (one.probability ?? 0) / total }));
}

/** The probability of both; null where one rests on an assumption. */
export const times = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : a * b;
