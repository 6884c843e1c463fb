/** The ways of MARK and CONNMARK to say how a mark changes (extensions/libxt_MARK.c, libxt_CONNMARK.c). */
import { BadValue, type ValueType } from '../extension.js';
import { type Masked, markSet, parseMasked } from './mark.js';
import { parseNumber } from './number.js';

/** `--set-mark VALUE[/MASK]` sets the bits of VALUE whatever the mask says: the mask becomes VALUE|MASK. */
export const setMark: ValueType<Masked> = {
  words: 1,
  parse([word = '']) {
    const masked = parseMasked(word);
    return masked instanceof BadValue
      ? masked
      : { value: masked.value, mask: (masked.value | masked.mask) >>> 0 };
  },
  print: markSet.print.bind(markSet),
};

/** `--and-mark BITS`, `--or-mark BITS`, `--xor-mark BITS`: one number that becomes a value and a mask. */
export function markBits(toXmark: (bits: number) => Masked): ValueType<Masked> {
  return {
    words: 1,
    parse([word = '']) {
      const value = parseNumber(word);
      return value === null || value > 0xffffffff ? new BadValue('VAL_MARK', { text: word }) : toXmark(value);
    },
    print: markSet.print.bind(markSet),
  };
}
