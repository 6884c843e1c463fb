/**
 * Keeps text of dumps from acting on the terminal: a comment or an interface name may hold escape sequences, carriage
 * returns or bidirectional overrides that would hide or reorder what is shown.
 */

/** Nearly all text: nothing in it needs to be looked at more closely. */
const PLAIN = /^[\x20-\x7e]*$/;

/** Controls, formats (bidirectional overrides, zero-width characters, tags), line separators, lone surrogates. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** `text` on one line, each unsafe character as a visible `\u{…}` (a tab as a blank). */
export function sanitize(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(UNSAFE, (character) =>
    character === '\t' ? ' ' : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** The same for text of many lines: line feeds stay. */
export function sanitizeLines(text: string): string {
  return text.split('\n').map(sanitize).join('\n');
}
