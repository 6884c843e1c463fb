/** 64-bit counters. */
import { BadValue, type ValueType } from '../extension.js';
import { parseBigNumber } from './number.js';

/** The largest unsigned number of 64 bits. */
export const COUNTER_MAX: bigint = (1n << 64n) - 1n;

/** Reads a counter. @returns null when it is none */
export function parseCounter(word: string): bigint | null {
  const value = parseBigNumber(word);
  return value === null || value > COUNTER_MAX ? null : value;
}

/** An unsigned number of 64 bits. */
export const counter64: ValueType<bigint> = {
  words: 1,
  parse: ([word = '']) => parseCounter(word) ?? new BadValue('VAL_COUNTER', { text: word }),
  print: String,
};
