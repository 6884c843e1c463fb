/**
 * Values that differ from rule to rule where rules are otherwise alike, in the one form in which the tools print them. A
 * form is stricter than what an option takes: whatever is in it is read without a problem, and makes no other kind of rule.
 */
import { parseAddress6 } from '../../address/address.js';

/** @returns the end of the value that begins at `at`, before `end`; -1 when it is not of the form */
export type ValueForm = (text: string, at: number, end: number) => number;

const [QUOTE, APOSTROPHE, BACKSLASH, BLANK, DASH, BANG, DOT, ZERO, NINE, HASH] = [
  34, 39, 92, 32, 45, 33, 46, 48, 57, 35,
];

const isDigit = (unit: number): boolean => unit >= ZERO && unit <= NINE;

/** A decimal number without zeros before it. */
function numberEnd(text: string, at: number, end: number, most: number): number {
  let value = 0;
  let to = at;
  while (to < end && to - at < 6 && isDigit(text.charCodeAt(to))) {
    value = value * 10 + text.charCodeAt(to) - ZERO;
    to += 1;
  }
  return to === at || value > most || (to - at > 1 && text.charCodeAt(at) === ZERO) ? -1 : to;
}

function address4End(text: string, at: number, end: number): number {
  let to = at;
  for (let octet = 0; octet < 4; octet += 1) {
    if (octet > 0) {
      if (text.charCodeAt(to) !== DOT) return -1;
      to += 1;
    }
    to = numberEnd(text, to, end, 255);
    if (to < 0) return -1;
  }
  return to;
}

function address6End(text: string, at: number, stop: string): number {
  const to = text.indexOf(stop, at);
  return to < 0 || to - at > 39 || parseAddress6(text.slice(at, to)) === null ? -1 : to;
}

const host4: ValueForm = (text, at, end) => {
  const to = address4End(text, at, end);
  return to >= 0 && text.startsWith('/32', to) ? to + 3 : -1;
};

const host6: ValueForm = (text, at) => {
  const to = address6End(text, at, '/');
  return to >= 0 && text.startsWith('/128', to) ? to + 4 : -1;
};

const port: ValueForm = (text, at, end) => numberEnd(text, at, end, 65535);

const endpoint4: ValueForm = (text, at, end) => {
  const to = address4End(text, at, end);
  return to >= 0 && text[to] === ':' && text.charCodeAt(to + 1) !== ZERO
    ? numberEnd(text, to + 1, end, 65535)
    : -1;
};

const endpoint6: ValueForm = (text, at, end) => {
  const to = text[at] === '[' ? address6End(text, at + 1, ']') : -1;
  return to >= 0 && text[to + 1] === ':' && text.charCodeAt(to + 2) !== ZERO
    ? numberEnd(text, to + 2, end, 65535)
    : -1;
};

/** `0.33333333349`, as -m statistic prints it. */
const chance: ValueForm = (text, at, end) => {
  if (!text.startsWith('0.', at)) return -1;
  let to = at + 2;
  while (to < end && to - at < 14 && isDigit(text.charCodeAt(to))) to += 1;
  return to - at < 6 ? -1 : to;
};

/** A word of letters, digits, dashes and underscores. */
const name: ValueForm = (text, at, end) => {
  let to = at;
  for (; to < end; to += 1) {
    const unit = text.charCodeAt(to);
    const isLetter = (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122) || unit === 95;
    if (!isLetter && !isDigit(unit) && (unit !== DASH || to === at)) break;
  }
  return to === at || to - at > 100 ? -1 : to;
};

/** Longer comments, and those beyond ASCII, are looked at closely. */
const LONGEST = 255;

const comment: ValueForm = (text, at, end) => {
  const isQuoted = text.charCodeAt(at) === QUOTE;
  const from = isQuoted ? at + 1 : at;
  let to = from;
  for (; to < end; to += 1) {
    const unit = text.charCodeAt(to);
    if (unit === QUOTE || unit === BLANK) {
      if (!isQuoted || unit === QUOTE) break;
    } else if (unit < BLANK || unit > 126 || unit === BACKSLASH || (unit === APOSTROPHE && !isQuoted))
      return -1;
  }
  const first = text.charCodeAt(from);
  if (to === from || to - from > LONGEST || first === DASH || first === BANG || first === HASH) return -1;
  if (isQuoted) return text.charCodeAt(to) === QUOTE && to < end ? to + 1 : -1;
  return to < end && text.charCodeAt(to) === QUOTE ? -1 : to;
};

/** The form of the value after an option, by the option; null for options whose values make different rules. */
export function formAfter(option: string, family: 4 | 6): ValueForm | null {
  switch (option) {
    case '-s':
    case '-d':
      return family === 4 ? host4 : host6;
    case '--sport':
    case '--dport':
      return port;
    case '--to-destination':
      return family === 4 ? endpoint4 : endpoint6;
    case '--probability':
      return chance;
    case '--name':
      return name;
    case '--comment':
      return comment;
    default:
      return null;
  }
}
