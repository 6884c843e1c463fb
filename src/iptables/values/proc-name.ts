/** Names of objects that the kernel shows as a file below /proc/net. */
import { BadValue, type ValueType } from '../extension.js';

/** A file name of at most `max` bytes, never quoted: neither empty nor `.` nor `..`, and without a slash. */
export function procName(max: number): ValueType<string> {
  return {
    words: 1,
    parse([word = '']) {
      if (word === '' || word === '.' || word === '..' || word.includes('/'))
        return new BadValue('VAL_FILE_NAME', { text: word });
      return new TextEncoder().encode(word).length <= max ? word : new BadValue('VAL_LENGTH', { max });
    },
    print: (value) => value,
  };
}
