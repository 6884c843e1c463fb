/** Ratios of contenders that take turns within one run, so that what else the machine does meets all alike. */

export interface Summary {
  readonly median: number;
  /** Half of the figures lie within these. */
  readonly half: readonly [number, number];
}

/** Of figures in any order; of none, not a number. */
export function summaryOf(figures: readonly number[]): Summary {
  const sorted = figures.toSorted((a, b) => a - b);
  const at = (share: number): number => {
    const place = (sorted.length - 1) * share;
    const [low, high] = [sorted[Math.floor(place)] ?? NaN, sorted[Math.ceil(place)] ?? NaN];
    return low + (high - low) * (place - Math.floor(place));
  };
  return { median: at(0.5), half: [at(0.25), at(0.75)] };
}

type Contenders = Readonly<Record<string, () => unknown>>;

/** What each contender of a round returned. */
export type Results<T extends Contenders> = { readonly [Name in keyof T]: ReturnType<T[Name]> };

/** Runs contenders in turn, A B C A B C. @returns their results, round by round; rounds to warm up are left out */
export function rounds<T extends Contenders>(
  contenders: T,
  count: number,
  warmUp = 1,
): readonly Results<T>[] {
  const round = (): Results<T> => {
    const results = Object.entries(contenders).map(([name, run]) => [name, run()] as const);
    return Object.fromEntries(results) as Results<T>;
  };
  return Array.from({ length: warmUp + count }, round).slice(warmUp);
}
