/** Measurements side by side: contenders take turns within one run, so that what else the machine does meets all alike. */

/** Something that is measured. */
export interface Contender {
  readonly name: string;
  /** One round of it. */
  run(): void;
}

export interface Measured {
  readonly name: string;
  /** Milliseconds of the middle round. */
  readonly median: number;
  /** Half of the rounds lie within these. */
  readonly quartiles: readonly [number, number];
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Runs all contenders in turn, round after round. @param warmUp rounds that do not count */
export function sideBySide(
  contenders: readonly Contender[],
  rounds: number,
  warmUp: number,
): readonly Measured[] {
  const times = contenders.map((): number[] => []);
  for (let round = -warmUp; round < rounds; round += 1)
    for (const [at, contender] of contenders.entries()) {
      const start = performance.now();
      contender.run();
      if (round >= 0) times[at]?.push(performance.now() - start);
    }
  return contenders.map(({ name }, at) => {
    const sorted = (times[at] ?? []).toSorted((a, b) => a - b);
    return {
      name,
      median: quantile(sorted, 0.5),
      quartiles: [quantile(sorted, 0.25), quantile(sorted, 0.75)],
    };
  });
}
