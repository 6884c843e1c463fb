import { type Ternary, invertIf, unsure } from '../../chooser/question.js';
import { BadValue, type MatchExtension, type ValueType, defineMatch } from '../extension.js';
import { HEADER } from '../values/extension-header.js';
import { type NumberSpan, parseNumber } from '../values/number.js';

const LAST = 255;

/** Long and short names of the types, in the order of their numbers. */
const NAMES: readonly (readonly [string, string])[] = [
  ['binding-refresh-request', 'brr'],
  ['home-test-init', 'hoti'],
  ['careof-test-init', 'coti'],
  ['home-test', 'hot'],
  ['careof-test', 'cot'],
  ['binding-update', 'bu'],
  ['binding-acknowledgement', 'ba'],
  ['binding-error', 'be'],
];

/** A number, or a name that may be cut short: the first that begins so is meant, unless one is just so. */
function typeOf(word: string): number | null {
  const typed = word.toLowerCase();
  const exact = NAMES.findIndex((names) => names.includes(typed));
  const type = exact >= 0 ? exact : NAMES.findIndex((names) => names.some((name) => name.startsWith(typed)));
  if (type >= 0) return type;
  const number = parseNumber(word);
  return number !== null && number <= LAST ? number : null;
}

/** `TYPE`, `A:B`, `A:` or `:B`. */
const types: ValueType<NumberSpan> = {
  words: 1,
  parse([word = '']) {
    const colon = word.indexOf(':');
    const left = colon < 0 ? word : word.slice(0, colon);
    const right = colon < 0 ? word : word.slice(colon + 1);
    const from = left === '' && colon >= 0 ? 0 : typeOf(left);
    const to = right === '' && colon >= 0 ? LAST : typeOf(right);
    if (from === null || to === null)
      return new BadValue('VAL_ONE_OF', { text: word, names: `0-255, ${NAMES.flat().join(', ')}` });
    return from <= to ? { from, to } : new BadValue('VAL_SPAN_ORDER', { text: word });
  },
  print: ({ from, to }) => (from === to ? String(from) : `${String(from)}:${String(to)}`),
};

/** Mobile IPv6. */
const match: MatchExtension = defineMatch({
  name: 'mh',
  families: [6],
  kernel: 'net/ipv6/netfilter/ip6t_mh.c mh_mt6',
  protocols: [HEADER.mobility],
  missing: 'a packet is described without the type of its mobility header',
  options: { type: { flag: '--mh-type', value: types, invert: true } },
  evaluate({ type }): Ternary {
    if (type === undefined) return true;
    const { from, to } = type.value;
    if (from === 0 && to === LAST) return !type.inverted;
    const wanted = types.print(type.value, 6);
    return invertIf(type.inverted, unsure(`mobility header ${wanted}`, 'UNK_MOBILITY', { wanted }));
  },
  explain: () => ({ code: 'NO_MOBILITY', option: 'type', params: {} }),
  print: ({ type }) =>
    type === undefined || (type.value.from === 0 && type.value.to === LAST)
      ? ''
      : `${type.inverted ? '! ' : ''}--mh-type ${types.print(type.value, 6)}`,
});
export default match;
