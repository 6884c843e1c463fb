/**
 * Numbers of 32 bits of which some bits are not known. What follows from the known bits stays known, so that a machine
 * that reads a packet's bytes can be run although some bytes are not described.
 */

/** An unsigned number; bits of `unknown` may be either, and are 0 in `value`. */
export interface Bits {
  readonly value: number;
  readonly unknown: number;
}

/** Yes, no, or (null) both are possible. */
export type Maybe = boolean | null;

const MAX = 0xffffffff;

const bits = (value: number, unknown: number): Bits => ({
  value: (value & ~unknown) >>> 0,
  unknown: unknown >>> 0,
});

/** A number that is known. */
export const known = (value: number): Bits => bits(value, 0);

/** Any number of the lowest `width` bits. */
export const anyBits = (width = 32): Bits => bits(0, width === 32 ? MAX : (1 << width) - 1);

/** A number somewhere from `low` to `high`: what both ends have in common above their first difference is known. */
export function between(low: number, high: number): Bits {
  const differ = (low ^ high) >>> 0;
  const unknown = differ === 0 ? 0 : MAX >>> Math.clz32(differ);
  return bits(low, unknown);
}

/** The number, or null when some bit of it is not known. */
export const exact = ({ value, unknown }: Bits): number | null => (unknown === 0 ? value : null);

/** The smallest number that it may be. */
export const least = ({ value }: Bits): number => value;

/** The greatest number that it may be. */
export const most = ({ value, unknown }: Bits): number => (value | unknown) >>> 0;

export const and = (a: Bits, b: Bits): Bits => {
  const sure = a.value & b.value;
  return bits(sure, (a.value | a.unknown) & (b.value | b.unknown) & ~sure);
};

export const or = (a: Bits, b: Bits): Bits => {
  const sure = a.value | b.value;
  return bits(sure, (a.unknown | b.unknown) & ~sure);
};

export const xor = (a: Bits, b: Bits): Bits => bits(a.value ^ b.value, a.unknown | b.unknown);

/** Shifts by 0 to 31 bits. */
export const shiftLeft = (a: Bits, by: number): Bits => bits(a.value << by, a.unknown << by);
export const shiftRight = (a: Bits, by: number): Bits => bits(a.value >>> by, a.unknown >>> by);

/** A bit of the sum is known when both bits and the carry into it are. */
export function add(a: Bits, b: Bits): Bits {
  const lowest = a.value + b.value;
  const highest = lowest + a.unknown + b.unknown;
  // Sums beyond 2^53 do not occur; `^` takes both modulo 2^32.
  return bits(lowest, (lowest ^ highest) | a.unknown | b.unknown);
}

export function subtract(a: Bits, b: Bits): Bits {
  const difference = a.value - b.value;
  const lowest = difference - b.unknown;
  const highest = difference + a.unknown;
  return bits(difference, (lowest ^ highest) | a.unknown | b.unknown);
}

/** An operation that is not followed bit by bit: known when both numbers are. */
export function whole(a: Bits, b: Bits, operation: (a: number, b: number) => number): Bits {
  const [left, right] = [exact(a), exact(b)];
  return left === null || right === null ? anyBits() : known(operation(left, right));
}

export function equal(a: Bits, b: Bits): Maybe {
  const unknown = a.unknown | b.unknown;
  if (((a.value ^ b.value) & ~unknown) !== 0) return false;
  return unknown === 0 ? true : null;
}

export function above(a: Bits, b: Bits): Maybe {
  if (least(a) > most(b)) return true;
  return most(a) <= least(b) ? false : null;
}

/** Has the number one of the bits? */
export function hasBit(a: Bits, b: Bits): Maybe {
  if ((a.value & b.value) !== 0) return true;
  return (most(a) & most(b)) === 0 ? false : null;
}

/** The smallest number not below `from` that it may be, or null when there is none. */
export function smallestFrom({ value, unknown }: Bits, from: number): number | null {
  let found: number | null = null;
  let same = 0;
  for (let at = 31; at >= 0; at -= 1) {
    const bit = (1 << at) >>> 0;
    // What is below this bit is then as small as can be.
    const rest = value & (bit - 1);
    const wanted = (from & bit) !== 0;
    const free = (unknown & bit) !== 0;
    if (free && !wanted) found = (same | bit | rest) >>> 0;
    if (free || ((value & bit) !== 0) === wanted) {
      if (wanted) same |= bit;
      continue;
    }
    return wanted ? found : (same | bit | rest) >>> 0;
  }
  return same >>> 0;
}
