import { describe, expect, it } from 'vitest';
import { SplitMix64 } from './generator.js';

describe('SplitMix64', () => {
  it('gives the first outputs of the reference implementation for seed 1234567', () => {
    const generator = new SplitMix64(1234567n);
    // Upper 53 bits of 6457827717110365317 and 3203168211198807973 (splitmix64.c, Vigna).
    for (const output of [6457827717110365317n, 3203168211198807973n])
      expect(generator.next()).toBe(Number(output >> 11n) / 2 ** 53);
  });

  it('stays below 1, and is even over many numbers', () => {
    const generator = new SplitMix64(2n ** 64n - 1n);
    let sum = 0;
    for (let i = 0; i < 10_000; i += 1) {
      const number = generator.next();
      expect(number).toBeGreaterThanOrEqual(0);
      expect(number).toBeLessThan(1);
      sum += number;
    }
    expect(sum / 10_000).toBeCloseTo(0.5, 1);
  });
});
