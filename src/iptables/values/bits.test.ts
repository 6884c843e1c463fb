import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Bits,
  above,
  add,
  and,
  between,
  equal,
  exact,
  hasBit,
  known,
  or,
  shiftLeft,
  shiftRight,
  smallestFrom,
  subtract,
  xor,
} from './bits.js';

const word = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }),
  fc.constantFrom(0, 1, 0xff, 0x80000000, 0xffffffff),
);
/** A partly known number, and one that it may be. */
const partly = fc
  .tuple(word, word, word)
  .map(([value, unknown, drawn]): readonly [Bits, number] => [
    { value: (value & ~unknown) >>> 0, unknown },
    ((value & ~unknown) | (drawn & unknown)) >>> 0,
  ]);
const may = ({ value, unknown }: Bits, number: number): boolean => ((number ^ value) & ~unknown) === 0;

describe('numbers of which some bits are not known', () => {
  it('hold the result of an operation on any numbers that they may be', () => {
    const operations = [
      [and, (a: number, b: number) => a & b],
      [or, (a: number, b: number) => a | b],
      [xor, (a: number, b: number) => a ^ b],
      [add, (a: number, b: number) => a + b],
      [subtract, (a: number, b: number) => a - b],
    ] as const;
    fc.assert(
      fc.property(
        partly,
        partly,
        fc.constantFrom(...operations),
        ([a, one], [b, other], [partial, plain]) => {
          expect(may(partial(a, b), plain(one, other))).toBe(true);
          expect(exact(partial(known(one), known(other)))).toBe(plain(one, other) >>> 0);
        },
      ),
    );
  });

  it('are shifted with what is known of them', () => {
    fc.assert(
      fc.property(partly, fc.integer({ min: 0, max: 31 }), ([a, one], by) => {
        expect(may(shiftLeft(a, by), one << by)).toBe(true);
        expect(may(shiftRight(a, by), one >>> by)).toBe(true);
      }),
    );
  });

  it('compare as any numbers that they may be, or say that it is open', () => {
    fc.assert(
      fc.property(partly, partly, ([a, one], [b, other]) => {
        expect([one === other, null]).toContain(equal(a, b));
        expect([one > other, null]).toContain(above(a, b));
        expect([(one & other) !== 0, null]).toContain(hasBit(a, b));
        expect(above(known(one), known(other))).toBe(one > other);
      }),
    );
  });

  it('know the smallest that they may be from a number on', () => {
    fc.assert(
      fc.property(partly, word, ([a, one], from) => {
        const found = smallestFrom(a, from);
        if (found !== null) expect([may(a, found), found >= from]).toEqual([true, true]);
        if (one >= from) expect(found ?? Infinity).toBeLessThanOrEqual(one);
      }),
    );
    expect(smallestFrom({ value: 0x10, unknown: 0x05 }, 0x12)).toBe(0x14);
    expect(smallestFrom({ value: 0x10, unknown: 0x05 }, 0x16)).toBeNull();
  });

  it('of a range know what both ends begin with', () => {
    expect(between(80, 90)).toEqual({ value: 0x50, unknown: 0xf });
    expect(between(7, 7)).toEqual(known(7));
    fc.assert(
      fc.property(word, word, fc.float({ min: 0, max: 1, noNaN: true }), (a, b, share) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(may(between(low, high), low + Math.floor((high - low) * share))).toBe(true);
      }),
    );
  });
});
