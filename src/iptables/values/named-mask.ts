/** Numbers that a file below /etc/iproute2 may give names to: device groups and realms. */
import { BadValue, type ValueType } from '../extension.js';
import type { Masked } from './mark.js';
import { hex, parseNumber } from './number.js';

const MAX = 0xffffffff;

/** A number with its mask, or a name that only the node can turn into one. */
export type NamedMask = Masked | string;

/** `VALUE[/MASK]` or a name. A whole 0 prints as the name that it has everywhere. */
export function namedMask(zero: string): ValueType<NamedMask> {
  return {
    words: 1,
    parse([word = '']) {
      if (word === zero) return { value: 0, mask: MAX };
      const slash = word.indexOf('/');
      const value = parseNumber(slash < 0 ? word : word.slice(0, slash));
      const mask = slash < 0 ? MAX : parseNumber(word.slice(slash + 1));
      if (value !== null && mask !== null && value <= MAX && mask <= MAX) return { value, mask };
      return /^[A-Za-z][\w.-]*$/.test(word) ? word : new BadValue('VAL_NAME_OR_NUMBER', { text: word });
    },
    print(wanted) {
      if (typeof wanted === 'string') return wanted;
      if (wanted.mask !== MAX) return `${hex(wanted.value)}/${hex(wanted.mask)}`;
      return wanted.value === 0 ? zero : hex(wanted.value);
    },
  };
}
