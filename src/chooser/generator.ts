/** Numbers that look random and follow from a seed alone. */

const MASK = (1n << 64n) - 1n;

/**
 * SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014): a counter that grows by the golden
 * ratio, mixed. A number is the upper 53 bits of an output, divided by 2^53.
 */
export class SplitMix64 {
  #state: bigint;

  constructor(seed: bigint) {
    this.#state = seed & MASK;
  }

  /** The generator of one of many that share a seed: its numbers are none of the others'. @param nth a whole number from 0 on */
  static nth(seed: bigint, nth: number): SplitMix64 {
    // Seeds that differ in the upper half are far from each other on the counter's way.
    return new SplitMix64(seed ^ (BigInt(nth) << 32n));
  }

  /** The next number, at least 0 and below 1. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b97f4a7c15n) & MASK;
    let mixed = this.#state;
    mixed = ((mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
    mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) & MASK;
    mixed ^= mixed >> 31n;
    return Number(mixed >> 11n) / 2 ** 53;
  }
}
