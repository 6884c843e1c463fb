/** Which of the differing rules any packet met. */
import { traceName } from '../iptables/trace-name.js';
import { isNative } from '../packet/any-rule.js';
import { nftTraceName } from '../packet/chain-stage.js';
import type { Outcome, TraceResult } from '../packet/result.js';
import type { Difference, Side } from './difference.js';

export class Met {
  /** Differences by how the TRACE log of their side names their rules: those that no packet met yet. */
  readonly #waiting: Readonly<Record<Side, Map<string, Difference[]>>> = { a: new Map(), b: new Map() };
  readonly #met = new Set<Difference>();

  constructor(differences: readonly Difference[]) {
    for (const difference of differences) {
      if (difference.thing.kind !== 'rule') continue;
      const { rule } = difference.thing;
      const name = isNative(rule) ? nftTraceName(rule) : traceName(rule);
      const waiting = this.#waiting[difference.side];
      waiting.set(name, [...(waiting.get(name) ?? []), difference]);
    }
  }

  /** Notes what the outcomes of a side met. */
  note(side: Side, { outcomes }: TraceResult): void {
    if (this.#waiting[side].size > 0) for (const outcome of outcomes) this.#noteOutcome(side, outcome);
  }

  #noteOutcome(side: Side, { path, pathMaybe, reply }: Outcome): void {
    const waiting = this.#waiting[side];
    for (const names of [path, pathMaybe])
      for (const name of names) {
        for (const difference of waiting.get(name) ?? []) this.#met.add(difference);
        waiting.delete(name);
      }
    if (reply !== undefined) this.#noteOutcome(side, reply);
  }

  has(difference: Difference): boolean {
    return this.#met.has(difference);
  }
}
