/** Ports and port ranges, by number or by service name. */
import { BadValue, type ValueType } from '../extension.js';
import { type NumberSpan, parseNumber } from './number.js';
import { serviceNumber } from './services.js';

/** Reads a port: a number up to 65535, or a name of /etc/services. @returns null when it is neither */
export function parsePort(word: string): number | null {
  const value = parseNumber(word) ?? serviceNumber(word);
  return value !== null && value <= 65535 ? value : null;
}

/** `PORT`, `A:B`, `A:` or `:B`, as -m tcp and -m udp take it. */
export const portSpan: ValueType<NumberSpan> = {
  words: 1,
  parse([word = '']) {
    const [left = '', right, ...rest] = word.split(':');
    const from = left === '' && right !== undefined ? 0 : parsePort(left);
    const to = right === undefined ? from : right === '' ? 65535 : parsePort(right);
    if (from === null || to === null || rest.length > 0) return new BadValue('VAL_PORT', { text: word });
    return from <= to ? { from, to } : new BadValue('VAL_SPAN_ORDER', { text: word });
  },
  print: ({ from, to }) => (from === to ? String(from) : `${String(from)}:${String(to)}`),
};
