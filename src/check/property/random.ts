/** Reproducible random numbers: the same seed draws the same packets on every machine. */

export interface Random {
  /** A whole number of `0..size-1`. `size` is at most 2^53. */
  below(size: number): number;
  /** The same for sets larger than that. */
  belowBig(size: bigint): bigint;
}

/** mulberry32 by Tommy Ettinger (public domain): 32 bits of state are plenty for packets. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const big = (size: bigint): bigint => {
    // 64 bits more than are asked for: the remainder favours nothing that anybody could notice.
    let value = 0n;
    for (let bits = 0; bits < size.toString(2).length + 64; bits += 32)
      value = (value << 32n) | BigInt(next());
    return value % size;
  };
  return {
    below: (size) => (size <= 1 ? 0 : Number(big(BigInt(size)))),
    belowBig: (size) => (size <= 1n ? 0n : big(size)),
  };
}
