/**
 * JSON that acts on no terminal: `JSON.stringify` leaves C1 controls, bidirectional overrides and zero-width characters as
 * they are. As `\u....` they are the same to every reader of JSON.
 */

/** Nearly all output: nothing in it needs to be looked at more closely. */
const PLAIN = /^[\n\x20-\x7e]*$/;

const UNSAFE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');

/** JSON text, or lines of it, with what might act on a terminal escaped. */
export function jsonSafe(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNSAFE, escaped);
}

/** A value as a line of JSON. Ends with a line feed. */
export function jsonLine(value: unknown): string {
  return `${jsonSafe(JSON.stringify(value))}\n`;
}
