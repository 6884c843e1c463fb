/** Words, names from a list, and flags. */
import { BadValue, type ValueType } from '../extension.js';
import { quote } from '../quoting.js';
import { byteLength } from './bytes.js';

/** A flag without a value. */
export const flag: ValueType<true> = { words: 0, parse: () => true, print: () => '' };

/** Free text of at most `max` bytes (UTF-8), quoted where iptables quotes. */
export function text(max: number): ValueType<string> {
  return {
    words: 1,
    parse([word = '']) {
      return byteLength(word) <= max ? word : new BadValue('VAL_LENGTH', { max });
    },
    print: quote,
  };
}

/** A word printed exactly as given, never quoted (interface names, set names in some extensions). */
export function bare(max: number): ValueType<string> {
  return { ...text(max), print: (value) => value };
}

/** How the input may spell a name. */
export interface Spelling {
  readonly ignoreCase?: boolean;
  /** The first name that the word begins is meant (strncasecmp in the tool), `REL` for `RELATED`. */
  readonly prefix?: boolean;
}

/** One of a list of names. */
export function oneOf<const N extends string>(names: readonly N[], options: Spelling = {}): ValueType<N> {
  const fold = (name: string): string => (options.ignoreCase === true ? name.toLowerCase() : name);
  return {
    words: 1,
    parse([word = '']) {
      const typed = fold(word);
      const meant = (name: string): boolean =>
        options.prefix === true && word !== '' ? fold(name).startsWith(typed) : fold(name) === typed;
      return names.find(meant) ?? new BadValue('VAL_ONE_OF', { text: word, names: names.join(', ') });
    },
    print: (value) => value,
  };
}

/** A comma list of names from a list, kept in the list's own order and printed with commas. */
export function someOf<const N extends string>(
  names: readonly N[],
  options: Spelling = {},
): ValueType<readonly N[]> {
  const one = oneOf(names, options);
  return {
    words: 1,
    parse([word = ''], family) {
      const found = new Set<N>();
      for (const part of word.split(',')) {
        const name = one.parse([part], family);
        if (name instanceof BadValue) return name;
        found.add(name);
      }
      return names.filter((name) => found.has(name));
    },
    print: (value) => value.join(','),
  };
}
