/** Drawing from fast-check one value after the other: what is drawn later may hang on what was drawn before. */
import * as fc from 'fast-check';

type Generate = fc.GeneratorValue;

/** A source of seeded values. */
export class Draw {
  readonly #generate: Generate;

  constructor(generate: Generate) {
    this.#generate = generate;
  }

  /** An integer from `min` to `max`, both included. */
  integer(min: number, max: number): number {
    return this.#generate(fc.integer, { min, max });
  }

  /** True in about `percent` of a hundred. */
  chance(percent: number): boolean {
    return this.integer(0, 99) >= 100 - percent;
  }

  pick<T>(from: readonly T[]): T {
    const item = from[this.integer(0, from.length - 1)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** Between `min` and `max` values. */
  list<T>(min: number, max: number, make: (at: number) => T): T[] {
    return Array.from({ length: this.integer(min, max) }, (_, at) => make(at));
  }

  /** A value in `percent` of a hundred, else what stands for "not given". */
  maybe<T, U>(percent: number, make: () => T, otherwise: U): T | U {
    return this.chance(percent) ? make() : otherwise;
  }
}

/** An arbitrary of what `build` makes of its draws. */
export function drawn<T>(build: (draw: Draw) => T): fc.Arbitrary<T> {
  return fc.gen().map((generate) => build(new Draw(generate)));
}
