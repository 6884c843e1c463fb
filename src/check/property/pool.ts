/** A set of numbers that packets draw a field from: ranges, of addresses or ports, in the order of simplicity. */
import type { Random } from './random.js';

/** `low..high`, both in it. */
export interface Range {
  readonly low: bigint;
  readonly high: bigint;
}

const sizeOf = ({ low, high }: Range): bigint => high - low + 1n;

const total = (ranges: readonly Range[]): bigint => ranges.reduce((sum, range) => sum + sizeOf(range), 0n);

/** Ranges in the order in which they were named, those of each set together; what comes first is simplest. */
export class Pool {
  readonly size: bigint;
  readonly #sets: readonly (readonly Range[])[];
  readonly #ranges: readonly Range[];

  constructor(sets: readonly (readonly Range[])[]) {
    this.#sets = sets
      .map((ranges) => ranges.filter(({ low, high }) => low <= high))
      .filter(({ length }) => length > 0);
    this.#ranges = this.#sets.flat();
    this.size = total(this.#ranges);
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

  /** A place: in every set as often, however large; every third time at an end of a range, where faults of prefixes are. */
  draw(random: Random): bigint {
    const chosen = random.below(this.#sets.length);
    const before = this.#sets.slice(0, chosen).reduce((sum, ranges) => sum + total(ranges), 0n);
    const ranges = this.#sets[chosen] ?? [];
    if (random.below(3) > 0) return before + random.belowBig(total(ranges));
    const end = random.below(ranges.length);
    const start = before + total(ranges.slice(0, end));
    const range = ranges[end];
    return range === undefined || random.below(2) === 0 ? start : start + sizeOf(range) - 1n;
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
