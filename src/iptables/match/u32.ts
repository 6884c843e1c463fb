import { invertIf, unsure } from '../../chooser/question.js';
import { BadValue, type MatchExtension, type ValueType, defineMatch } from '../extension.js';
import { hex, parseNumber } from '../values/number.js';
import { assumedNo, ownState } from '../values/unseen.js';

/** XT_U32_MAXSIZE: so many numbers on either side of `=`, and so many tests. */
const MAX = 10;
const TOKEN = /\s*(?:(0[xX][0-9a-fA-F]{1,8}|\d{1,11})|(&&|<<|>>|[&@=:,]))\s*/y;

type Token = { readonly number: string } | { readonly sign: string };

function tokensOf(text: string): Token[] | null {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const [, number, sign] = TOKEN.exec(text) ?? [];
    if (number === undefined && sign === undefined) return null;
    const value = number === undefined ? null : parseNumber(number);
    if (number !== undefined && (value === null || value > 0xffffffff)) return null;
    tokens.push(value === null ? { sign: sign ?? '' } : { number: hex(value) });
  }
  return tokens;
}

/** Numbers with one of the given signs between two; ends at any other sign. */
function series(tokens: readonly Token[], from: number, signs: readonly string[]): number | null {
  for (let at = from; ; at += 2) {
    const number = tokens[at];
    if (number === undefined || 'sign' in number) return null;
    const next = tokens[at + 1];
    if (next === undefined || ('sign' in next && !signs.includes(next.sign))) return at + 1;
    if ('number' in next) return null;
  }
}

const isSign = (token: Token | undefined, sign: string): boolean =>
  token !== undefined && 'sign' in token && token.sign === sign;

/** TEST[&&TEST…], where a TEST is LOCATION=RANGES. @returns the expression in its printed form, or null */
function normal(text: string): string | null {
  const tokens = tokensOf(text);
  if (tokens === null) return null;
  let tests = 0;
  for (let at = 0; ;) {
    const equals = series(tokens, at, ['&', '<<', '>>', '@']);
    if (equals === null || !isSign(tokens[equals], '=')) return null;
    const end = series(tokens, equals + 1, [',', ':']);
    if (end === null || tests === MAX) return null;
    const ranges = tokens.slice(equals + 1, end);
    const doubled = ranges.some((token, index) => isSign(token, ':') && isSign(ranges[index + 2], ':'));
    const commas = ranges.filter((token) => isSign(token, ',')).length;
    if (doubled || (equals - at + 1) / 2 > MAX || commas >= MAX) return null;
    tests += 1;
    if (end === tokens.length) break;
    if (!isSign(tokens[end], '&&')) return null;
    at = end + 1;
  }
  return tokens.map((token) => ('number' in token ? token.number : token.sign)).join('');
}

const expression: ValueType<string> = {
  words: 1,
  parse: ([word = '']) => normal(word) ?? new BadValue('VAL_U32', { text: word }),
  print: (value) => `"${value}"`,
};

const match: MatchExtension = defineMatch({
  name: 'u32',
  kernel: 'net/netfilter/xt_u32.c u32_mt',
  missing: 'a packet is described without its bytes: an open question',
  options: { u32: { flag: '--u32', value: expression, invert: true, required: true } },
  evaluate: ({ u32: { value, inverted } }, _packet, world) =>
    invertIf(inverted, unsure(`u32 ${value} of ${ownState(world)}`, 'UNK_U32', { wanted: value })),
  explain: () => assumedNo,
});
export default match;
