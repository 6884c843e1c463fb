/** The words of a rule in the one form in which iptables-save prints nearly all of them; the grammar knows all forms. */
import type { Words } from './words.js';

const [QUOTE, HASH, APOSTROPHE, BACKSLASH, TAB, BLANK] = [34, 35, 39, 92, 9, 32];

const LEAD = '-A ';

/** @returns the end of a quoted word without escapes that begins at `from`; -1 for any other */
function quotedEnd(text: string, from: number, end: number): number {
  for (let at = from + 1; at < end; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === BACKSLASH) return -1;
    if (unit === QUOTE) return at + 1;
  }
  return -1;
}

/** @returns the end of a bare word that begins at `from`; -1 where it holds what may be more than a character */
function bareEnd(text: string, from: number, end: number): number {
  if (text.charCodeAt(from) === HASH) return -1;
  let at = from;
  for (; at < end; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === BLANK) break;
    if (unit === QUOTE || unit === APOSTROPHE || unit === BACKSLASH || unit === TAB) return -1;
  }
  return at === from ? -1 : at;
}

/**
 * Finds the words of the line from `start` to `end`, which has no control characters: `-A CHAIN` and what is behind it,
 * one blank between words, quotation marks around whole words and no backslash.
 * @returns false, with no words, for a line in any other form: it may be read by the grammar alone
 */
export function canonicalWords(words: Words, start: number, end: number): boolean {
  const { text } = words;
  words.count = 0;
  if (!text.startsWith(LEAD, start)) return false;
  for (let at = start + LEAD.length; ; at += 1) {
    const to = text.charCodeAt(at) === QUOTE && at < end ? quotedEnd(text, at, end) : bareEnd(text, at, end);
    if (to < 0 || (to < end && text.charCodeAt(to) !== BLANK)) {
      words.count = 0;
      return false;
    }
    words.add(at, to);
    if (to === end) return true;
    at = to;
  }
}
