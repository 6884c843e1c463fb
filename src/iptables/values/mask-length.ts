/** A mask that options take as a prefix length or written out. */
import { bitsOf, familyOf, parseAddress } from '../../address/address.js';
import { lengthOfMask } from '../../address/prefix.js';
import { BadValue, type ValueType } from '../extension.js';

/** `24` or `255.255.255.0`; prints the length. */
export const maskLength: ValueType<number> = {
  words: 1,
  parse([word = ''], family) {
    const mask = parseAddress(word);
    const length = /^\d{1,3}$/.test(word)
      ? Number(word)
      : mask !== null && familyOf(mask) === family
        ? lengthOfMask(mask)
        : null;
    return length !== null && length <= bitsOf(family)
      ? length
      : new BadValue('VAL_MASK_LENGTH', { text: word, max: bitsOf(family) });
  },
  print: String,
};
