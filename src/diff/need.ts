/** What a rule, a policy rule or a route asks of one field, with values inside and just outside of it. */
import { type Address, allOnes, familyOf } from '../address/address.js';
import { type AddressRange, type Prefix, contains, inRange } from '../address/prefix.js';
import type { Field, Value } from './field.js';

export interface Need {
  readonly field: Field;
  /** Values that are asked for, the most ordinary first. */
  readonly inside: readonly Value[];
  /** Neighbours of the constants that are not. */
  readonly outside: readonly Value[];
  accepts(value: Value): boolean;
}

/** The same, for everything else. */
export function negated(need: Need): Need {
  const { field, inside, outside } = need;
  return { field, inside: outside, outside: inside, accepts: (value) => !need.accepts(value) };
}

function inverted(need: Need, isInverted: boolean): Need {
  return isInverted ? negated(need) : need;
}

/** The address that is `by` away, within the family; null beyond its ends. */
export function moved(address: Address, by: 1 | -1): Address | null {
  if (by < 0 && (address === 0 || address === 0n)) return null;
  if (by > 0 && address === allOnes(familyOf(address))) return null;
  return typeof address === 'bigint' ? address + BigInt(by) : (address + by) | 0;
}

function lastOf({ address, mask }: Prefix): Address {
  return typeof address === 'bigint' || typeof mask === 'bigint'
    ? BigInt(address) | (BigInt(mask) ^ ((1n << 128n) - 1n))
    : address | ~mask;
}

const present = <T>(values: readonly (T | null)[]): T[] =>
  values.filter((value): value is T => value !== null);

function isAddress(value: Value): value is Address {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** First and last address, and one well within; one beyond each end. */
export function prefixNeed(field: 'src' | 'dst', prefix: Prefix, isInverted = false): Need {
  const first = prefix.address;
  const last = lastOf(prefix);
  const isHost = first === last;
  const within = isHost ? null : moved(first, 1);
  const inside = isHost ? [first] : present([within, last, first]);
  const outside = prefix.length === 0 ? [] : present([moved(last, 1), moved(first, -1)]);
  const accepts = (value: Value): boolean => isAddress(value) && contains(prefix, value);
  return inverted({ field, inside, outside, accepts }, isInverted);
}

/** The same of a range of addresses. */
export function addressRangeNeed(field: 'src' | 'dst', range: AddressRange, isInverted = false): Need {
  const inside = range.from === range.to ? [range.from] : [range.from, range.to];
  const outside = present([moved(range.to, 1), moved(range.from, -1)]);
  const accepts = (value: Value): boolean => isAddress(value) && inRange(range, value);
  return inverted({ field, inside, outside, accepts }, isInverted);
}

export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

/** Numbers up to `max`, in any of the ranges. */
export function numbersNeed(
  field: Field,
  ranges: readonly NumberRange[],
  max: number,
  isInverted = false,
): Need {
  const within = (value: number): boolean => ranges.some(({ from, to }) => value >= from && value <= to);
  const inside = ranges.flatMap(({ from, to }) => (from === to ? [from] : [from, to]));
  const beyond = ranges.flatMap(({ from, to }) => [to + 1, from - 1]);
  const outside = beyond.filter((value) => value >= 0 && value <= max && !within(value));
  const accepts = (value: Value): boolean => typeof value === 'number' && within(value);
  return inverted({ field, inside, outside, accepts }, isInverted);
}

/** A number of which only the bits of the mask count. */
export function maskedNeed(field: Field, value: number, mask: number, isInverted = false): Need {
  const bits = mask >>> 0;
  const wanted = value >>> 0;
  const lowest = (bits & -bits) >>> 0;
  const outside = [0, (wanted ^ lowest) >>> 0].filter((one) => (one & bits) >>> 0 !== wanted);
  const accepts = (one: Value): boolean => typeof one === 'number' && (one & bits) >>> 0 === wanted;
  return inverted({ field, inside: [wanted], outside, accepts }, isInverted);
}

/** One of a few values. */
export function oneOf(
  field: Field,
  inside: readonly Value[],
  outside: readonly Value[],
  isInverted = false,
): Need {
  const values = new Set(inside);
  return inverted(
    {
      field,
      inside,
      outside: outside.filter((value) => !values.has(value)),
      accepts: (value) => values.has(value),
    },
    isInverted,
  );
}

/** Worth a try: no neighbours are. */
export function hint(field: Field, inside: readonly Value[]): Need {
  return oneOf(field, inside, []);
}
