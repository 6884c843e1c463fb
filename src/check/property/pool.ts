/** A set of numbers that packets draw a field from: ranges, of addresses or ports, in the order of simplicity. */
import type { Random } from './random.js';

/** `low..high`, both in it. */
export interface Range {
  readonly low: bigint;
  readonly high: bigint;
}

const sizeOf = ({ low, high }: Range): bigint => high - low + 1n;

/** Ranges in the order in which they were named; what comes first is simplest. */
export class Pool {
  readonly size: bigint;
  readonly #ranges: readonly Range[];

  constructor(ranges: readonly Range[]) {
    this.#ranges = ranges.filter(({ low, high }) => low <= high);
    this.size = this.#ranges.reduce((sum, range) => sum + sizeOf(range), 0n);
  }

  /** The value at a place, from 0. */
  at(place: bigint): bigint {
    let rest = place;
    for (const range of this.#ranges) {
      const size = sizeOf(range);
      if (rest < size) return range.low + rest;
      rest -= size;
    }
    return this.#ranges[0]?.low ?? 0n;
  }

  /** A place: every third time an end of a range, where faults of prefixes are, else anywhere. */
  draw(random: Random): bigint {
    if (random.below(3) > 0) return random.belowBig(this.size);
    const chosen = random.below(this.#ranges.length);
    const before = this.#ranges.slice(0, chosen).reduce((sum, range) => sum + sizeOf(range), 0n);
    const range = this.#ranges[chosen];
    return range === undefined || random.below(2) === 0 ? before : before + sizeOf(range) - 1n;
  }

  /** Simpler places than this one, the simplest first: halfway to the first, then halfway to that, and the next one. */
  simpler(place: bigint): readonly bigint[] {
    const found: bigint[] = [];
    for (let step = place; step > 0n; step /= 2n) found.push(place - step);
    return found;
  }
}

/** The ranges of `whole` without those of `holes`. */
export function without(whole: Range, holes: readonly Range[]): readonly Range[] {
  const sorted = [...holes].sort((a, b) => (a.low < b.low ? -1 : a.low > b.low ? 1 : 0));
  const left: Range[] = [];
  let low = whole.low;
  for (const hole of sorted) {
    if (hole.low > low) left.push({ low, high: hole.low - 1n < whole.high ? hole.low - 1n : whole.high });
    if (hole.high >= low) low = hole.high + 1n;
  }
  if (low <= whole.high) left.push({ low, high: whole.high });
  return left.filter((range) => range.low <= range.high);
}
