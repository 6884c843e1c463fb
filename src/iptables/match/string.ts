import { invertIf, unsure } from '../../chooser/question.js';
import { BadValue, type MatchExtension, type ValueType, type Values, defineMatch } from '../extension.js';
import { integer } from '../values/number.js';
import { flag, oneOf } from '../values/text.js';

/** XT_STRING_MAX_PATTERN_SIZE, in bytes. */
const MAX_PATTERN = 128;
const MAX_OFFSET = 65_535;

function checked(bytes: readonly number[], word: string): readonly number[] | BadValue {
  if (bytes.length > MAX_PATTERN) return new BadValue('VAL_LENGTH', { max: MAX_PATTERN });
  return bytes.length === 0 ? new BadValue('VAL_PATTERN', { text: word }) : bytes;
}

const printable = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;

function print(bytes: readonly number[]): string {
  if (!bytes.every(printable))
    return `"|${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}|"`;
  return `"${String.fromCharCode(...bytes).replace(/["\\]/g, (character) => `\\${character}`)}"`;
}

const plainText: ValueType<readonly number[]> = {
  words: 1,
  parse: ([word = '']) => checked([...new TextEncoder().encode(word)], word),
  print,
};

/** Pairs of digits, with at most one blank between two pairs. */
function hexBytes(block: string): number[] | null {
  if (!/^(?:[0-9a-f]{2} ?)+$/i.test(block)) return null;
  return [...block.matchAll(/[0-9a-f]{2}/gi)].map(([pair]) => Number.parseInt(pair, 16));
}

/** Text with `|61 62|` for bytes and `\c` for a character as it is. */
function mixedBytes(word: string): number[] | null {
  const text = new TextEncoder();
  const bytes: number[] = [];
  for (let at = 0; at < word.length; at += 1) {
    const character = String.fromCodePoint(word.codePointAt(at) ?? 0);
    if (character === '|') {
      const end = word.indexOf('|', at + 1);
      const block = end < 0 ? null : hexBytes(word.slice(at + 1, end));
      if (block === null) return null;
      bytes.push(...block);
      at = end;
    } else if (character === '\\') {
      at += 1;
      const next = word.codePointAt(at);
      if (next === undefined) return null;
      bytes.push(...text.encode(String.fromCodePoint(next)));
      if (next > 0xffff) at += 1;
    } else {
      bytes.push(...text.encode(character));
      at += character.length - 1;
    }
  }
  return bytes;
}

const hexText: ValueType<readonly number[]> = {
  words: 1,
  parse([word = '']) {
    // Each byte takes at least one character: what is longer is not looked at.
    if (word.length > MAX_PATTERN * 4) return new BadValue('VAL_LENGTH', { max: MAX_PATTERN });
    const bytes = mixedBytes(word);
    return bytes === null ? new BadValue('VAL_PATTERN', { text: word }) : checked(bytes, word);
  },
  print,
};

const options = {
  string: { flag: '--string', value: plainText, invert: true, excludes: ['hex'] },
  hex: { flag: '--hex-string', value: hexText, invert: true },
  algorithm: { flag: '--algo', value: oneOf(['bm', 'kmp']), required: true },
  from: { flag: '--from', value: integer(0, MAX_OFFSET) },
  to: { flag: '--to', value: integer(0, MAX_OFFSET) },
  ignoreCase: { flag: '--icase', value: flag },
} as const;

type Options = Values<typeof options>;

/** Which of the two printed forms fits the bytes decides the flag. */
function printed({ string, hex }: Options): string {
  const given = string ?? hex;
  if (given === undefined) return '';
  const name = given.value.every(printable) ? '--string' : '--hex-string';
  return `${given.inverted ? '! ' : ''}${name} ${print(given.value)}`;
}

/** The search sees the bytes from `from` up to `to` of the IP packet, its header included. */
const match: MatchExtension = defineMatch({
  name: 'string',
  kernel: 'net/netfilter/xt_string.c string_mt, net/core/skbuff.c skb_find_text',
  missing: 'a packet is described without its payload',
  options,
  check({ string, hex, from, to }) {
    if ((string ?? hex) === undefined)
      return new BadValue('VAL_ONE_REQUIRED', { flags: '--string, --hex-string' });
    const ordered = (from?.value ?? 0) <= (to?.value ?? MAX_OFFSET);
    return ordered
      ? null
      : new BadValue('VAL_SPAN_ORDER', { text: `--from ${String(from?.value)} --to ${String(to?.value)}` });
  },
  evaluate({ string, hex, from, to, ignoreCase }, { length }) {
    const { value = [], inverted = false } = string ?? hex ?? {};
    const start = from?.value ?? 0;
    const end = Math.min(to?.value ?? MAX_OFFSET, length ?? MAX_OFFSET);
    if (start + value.length > end) return inverted;
    const where = `${String(start)}-${String(to?.value ?? MAX_OFFSET)}${ignoreCase === undefined ? '' : ' any case'}`;
    const pattern = print(value);
    return invertIf(inverted, unsure(`bytes ${pattern} at ${where}`, 'UNK_STRING', { pattern }));
  },
  explain({ string, hex }, { length }) {
    const given = string ?? hex;
    return {
      code: 'NO_STRING',
      option: string === undefined ? 'hex' : 'string',
      params: { pattern: print(given?.value ?? []), length: length ?? 'not given' },
    };
  },
  print(values) {
    const { algorithm, from, to, ignoreCase } = values;
    return [
      printed(values),
      `--algo ${algorithm.value}`,
      from === undefined || from.value === 0 ? '' : `--from ${String(from.value)}`,
      to === undefined || to.value === MAX_OFFSET ? '' : `--to ${String(to.value)}`,
      ignoreCase === undefined ? '' : '--icase',
    ]
      .filter((part) => part !== '')
      .join(' ');
  },
});
export default match;
