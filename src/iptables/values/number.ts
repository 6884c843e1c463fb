/** Numbers as option values: decimal, `0x…` or `0…` octal on input, as strtoul takes them (libxtables `xtables_strtoul`). */
import { BadValue, type ValueType } from '../extension.js';

/** Reads an unsigned number in C notation. @returns null when it is none, or above 2^53 */
export function parseNumber(text: string): number | null {
  if (!/^(?:0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)$/.test(text)) return null;
  const value = /^0\d/.test(text) ? Number.parseInt(text, 8) : Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

/** The same for counters of 64 bits and more. */
export function parseBigNumber(text: string): bigint | null {
  if (text.length > 24 || !/^(?:0[xX][0-9a-fA-F]+|\d+)$/.test(text)) return null;
  if (!/^0\d/.test(text)) return BigInt(text);
  return /^[0-7]+$/.test(text) ? BigInt(`0o${text.slice(1)}`) : null;
}

/** Lower-case `0x…` as iptables prints marks. */
export function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}

/** An integer within inclusive bounds, printed in decimal (or by `print`). */
export function integer(
  min: number,
  max: number,
  print: (value: number) => string = String,
): ValueType<number> {
  return {
    words: 1,
    parse([word = '']) {
      const value = parseNumber(word);
      if (value === null) return new BadValue('VAL_NUMBER', { text: word, min, max });
      return value >= min && value <= max ? value : new BadValue('VAL_BOUNDS', { text: word, min, max });
    },
    print: (value) => print(value),
  };
}

/** An inclusive range `A:B` with open ends, printed `A` when both ends are equal. */
export interface NumberSpan {
  readonly from: number;
  readonly to: number;
}

/** `N`, `A:B`, `A:` or `:B` within bounds, both ends printed; a span `B:A` is taken too, and nothing lies in it. */
export function looseSpan(
  min: number,
  max: number,
  print: (value: number) => string = String,
): ValueType<NumberSpan> {
  return {
    words: 1,
    parse([word = '']) {
      const [left = '', right, ...rest] = word.split(':');
      if (rest.length > 0 || word === '') return new BadValue('VAL_SPAN', { text: word, min, max });
      const from = left === '' && right !== undefined ? min : parseNumber(left);
      const to = right === undefined ? from : right === '' ? max : parseNumber(right);
      if (from === null || to === null) return new BadValue('VAL_SPAN', { text: word, min, max });
      if (from < min || to > max || from > max || to < min)
        return new BadValue('VAL_BOUNDS', { text: word, min, max });
      return { from, to };
    },
    print: (value) =>
      value.from === value.to ? print(value.from) : `${print(value.from)}:${print(value.to)}`,
  };
}
