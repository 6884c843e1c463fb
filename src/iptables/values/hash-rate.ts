/** Rates and bursts of -m hashlimit: packets per unit, or bytes per second. */
import { BadValue, type ValueType } from '../extension.js';
import { parseNumber } from './number.js';
import { type Count, parseCount } from './rate.js';

const U32_MAX = 0xffffffff;
/** XT_HASHLIMIT_SCALE_v2: the time between two packets is kept in microseconds. */
export const RATE_SCALE = 1_000_000;

/** `N/UNIT`, or bytes as the kernel keeps them: the cost of 16 bytes, in parts of 2^32. */
export type HashRate =
  ({ readonly kind: 'packets' } & Count) | { readonly kind: 'bytes'; readonly cost: number };

const BYTE_UNITS = [
  { name: 'm', bytes: 1024 * 1024 },
  { name: 'k', bytes: 1024 },
  { name: '', bytes: 1 },
] as const;
const ONE_BYTE = BYTE_UNITS[2];

function costOf(bytes: number): number {
  return Math.floor(U32_MAX / (Math.floor(bytes / 16) + 1));
}

/** Bytes per second of a cost: what is left of the number that was typed. */
export function bytesOf(cost: number): number {
  return (Math.floor(U32_MAX / cost) - 1) * 16;
}

function parseBytes(word: string): HashRate | null {
  const [, digits, unit] = /^(\d{1,12})([^/]*?)b\/s/.exec(word) ?? [];
  if (digits === undefined || unit === undefined) return null;
  const factor = unit.endsWith('m') ? 1024 * 1024 : unit.endsWith('k') ? 1024 : 1;
  const cost = costOf(Number(digits) * factor);
  // Less than 16 bytes print as 0, which only the printing tool writes.
  return cost === 0 ? null : { kind: 'bytes', cost };
}

function printBytes(cost: number): string {
  const bytes = bytesOf(cost);
  const whole = (unit: number): number => Math.floor(bytes / unit);
  // The largest unit that reads back as the same cost.
  const unit =
    BYTE_UNITS.find((one) => bytes >= one.bytes && costOf(whole(one.bytes) * one.bytes) === cost) ?? ONE_BYTE;
  return `${String(whole(unit.bytes))}${unit.name}b/s`;
}

/** How many bytes, in the largest unit that they reach. */
export function printByteCount(bytes: number): string {
  const unit = BYTE_UNITS.find((one) => bytes >= one.bytes) ?? ONE_BYTE;
  return `${String(Math.floor(bytes / unit.bytes))}${unit.name}b`;
}

/** Only for bytes: packets print by their period, which the rate match changes. */
export const hashRate: ValueType<HashRate> = {
  words: 1,
  parse([word = '']) {
    const bytes = parseBytes(word);
    if (bytes !== null) return bytes;
    const count = word.includes('b/s') ? null : parseCount(word);
    const fits = count !== null && count.count <= count.seconds * RATE_SCALE;
    return fits ? { kind: 'packets', ...count } : new BadValue('VAL_RATE', { text: word });
  },
  print: (rate) =>
    rate.kind === 'bytes' ? printBytes(rate.cost) : `${String(rate.count)}/${String(rate.seconds)}s`,
};

/** `N`, `Nb`, `Nkb` or `Nmb`: packets, or bytes when the rate is in bytes. */
export const hashBurst: ValueType<number> = {
  words: 1,
  parse([word = '']) {
    const [, digits = '', unit] = /^([0-9a-fA-FxX]+?)([km]?b)?$/.exec(word) ?? [];
    const count = parseNumber(digits);
    const factor = unit === 'mb' ? 1024 * 1024 : unit === 'kb' ? 1024 : 1;
    const value = (count ?? 0) * factor;
    return value >= 1 && value <= U32_MAX
      ? value
      : new BadValue('VAL_BOUNDS', { text: word, min: 1, max: U32_MAX });
  },
  print: String,
};
