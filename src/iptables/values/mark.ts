/** `VALUE[/MASK]` of 32 bits, in hexadecimal (libxtables `xtparse_markmask`). */
import { BadValue, type ValueType } from '../extension.js';
import { hex, parseNumber } from './number.js';

/** A value and the bits of it that count; both unsigned 32 bits. */
export interface Masked {
  readonly value: number;
  readonly mask: number;
}

const MAX = 0xffffffff;

/** Reads `VALUE[/MASK]`; the mask is all ones when absent. */
export function parseMasked(word: string): Masked | BadValue {
  const slash = word.indexOf('/');
  const value = parseNumber(slash < 0 ? word : word.slice(0, slash));
  const mask = slash < 0 ? MAX : parseNumber(word.slice(slash + 1));
  if (value === null || mask === null || value > MAX || mask > MAX)
    return new BadValue('VAL_MARK', { text: word });
  return { value, mask };
}

/** For matches: the mask is printed only when some bit is left out. */
export const markMatch: ValueType<Masked> = {
  words: 1,
  parse: ([word = '']) => parseMasked(word),
  print: ({ value, mask }) => (mask === MAX ? hex(value) : `${hex(value)}/${hex(mask)}`),
};

/** For targets: the mask is always printed. */
export const markSet: ValueType<Masked> = {
  words: 1,
  parse: ([word = '']) => parseMasked(word),
  print: ({ value, mask }) => `${hex(value)}/${hex(mask)}`,
};

/** One 32-bit number in hexadecimal. */
export const mark32: ValueType<number> = {
  words: 1,
  parse([word = '']) {
    const value = parseNumber(word);
    return value === null || value > MAX ? new BadValue('VAL_MARK', { text: word }) : value;
  },
  print: hex,
};
