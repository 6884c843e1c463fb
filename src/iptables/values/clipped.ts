/** Text that iptables cuts off at the length of its field, instead of refusing it. */
import { BadValue, type ValueType } from '../extension.js';
import { quote } from '../quoting.js';
import { byteLength } from './bytes.js';

/** The first `max` bytes (UTF-8) of a text, at a character's border. */
function clip(text: string, max: number): string {
  // No unit of UTF-16 takes more than three bytes.
  if (text.length * 3 <= max || byteLength(text) <= max) return text;
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    bytes += byteLength(character);
    if (bytes > max) break;
    kept += character;
  }
  return kept;
}

/** Text of at least one byte, of which `max` bytes are kept; quoted where iptables quotes. */
export function clipped(max: number): ValueType<string> {
  return {
    words: 1,
    parse: ([word = '']) => (word === '' ? new BadValue('VAL_EMPTY') : clip(word, max)),
    print: quote,
  };
}

/** The same, printed without quotes, as some extensions do even where the text has blanks. */
export function clippedBare(max: number): ValueType<string> {
  return { ...clipped(max), print: (value) => value };
}
