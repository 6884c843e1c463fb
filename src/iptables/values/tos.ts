/** The TOS and traffic-class byte in rules: DSCP classes, and values with a mask. */
import { BadValue, type ValueType } from '../extension.js';
import type { Masked } from './mark.js';
import { parseNumber } from './number.js';

/** `0x` and two digits, as iptables prints bytes. */
export function printByte(value: number): string {
  return `0x${value.toString(16).padStart(2, '0')}`;
}

/** The six bits of a DSCP class (RFC 2474, 2597, 3246): CSn is n<<3, AFxy is x<<3 | y<<1. */
function classBits(name: string): number | null {
  if (name === 'BE') return 0;
  if (name === 'EF') return 0x2e;
  const selector = /^CS([0-7])$/.exec(name)?.[1];
  if (selector !== undefined) return Number(selector) << 3;
  const [, level, drop] = /^AF([1-4])([1-3])$/.exec(name) ?? [];
  return level === undefined || drop === undefined ? null : (Number(level) << 3) | (Number(drop) << 1);
}

/** A class by name; prints as the number. */
export const dscpClass: ValueType<number> = {
  words: 1,
  parse: ([word = '']) => classBits(word.toUpperCase()) ?? new BadValue('VAL_DSCP_CLASS', { text: word }),
  print: printByte,
};

/** The names stand for the six upper bits of the old TOS field alone. */
const NAMES: ReadonlyMap<string, number> = new Map([
  ['minimize-delay', 0x10],
  ['maximize-throughput', 0x08],
  ['maximize-reliability', 0x04],
  ['minimize-cost', 0x02],
  ['normal-service', 0x00],
]);
const NAME_MASK = 0x3f;

/** `VALUE[/MASK]` of a byte, or a name; the mask is always printed. */
export const tosMasked: ValueType<Masked> = {
  words: 1,
  parse([word = '']) {
    const named = NAMES.get(word.toLowerCase());
    if (named !== undefined) return { value: named, mask: NAME_MASK };
    const slash = word.indexOf('/');
    const value = parseNumber(slash < 0 ? word : word.slice(0, slash));
    const mask = slash < 0 ? 255 : parseNumber(word.slice(slash + 1));
    const valid = value !== null && mask !== null && value <= 255 && mask <= 255;
    return valid ? { value, mask } : new BadValue('VAL_TOS', { text: word });
  },
  print: ({ value, mask }) => `${printByte(value)}/${printByte(mask)}`,
};
