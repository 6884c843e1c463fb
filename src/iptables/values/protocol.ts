/** An IP protocol as an option value: a name or a number, printed as a number (`--ctproto`). */
import { BadValue, type ValueType } from '../extension.js';
import { protocolNumber } from '../../address/protocols.js';
import { parseNumber } from './number.js';

/** A protocol number up to 255, or a name in any case. */
export const protocolValue: ValueType<number> = {
  words: 1,
  parse([word = '']) {
    const value = parseNumber(word) ?? protocolNumber(word);
    return value !== null && value <= 255 ? value : new BadValue('VAL_PROTOCOL', { text: word });
  },
  print: String,
};
