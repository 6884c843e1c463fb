import { invertIf, unsure } from '../../chooser/question.js';
import { BadValue, type MatchExtension, type ValueType, type Values, defineMatch } from '../extension.js';
import { COUNTER_MAX, parseCounter } from '../values/counter.js';
import { oneOf } from '../values/text.js';

interface Amounts {
  readonly from: bigint;
  readonly to: bigint;
}

const amounts: ValueType<Amounts> = {
  words: 1,
  parse([word = '']) {
    const [left = '', right = '', ...rest] = word.split(':');
    const from = left === '' && word !== '' ? 0n : parseCounter(left);
    const given = right === '' ? COUNTER_MAX : parseCounter(right);
    if (from === null || given === null || rest.length > 0)
      return new BadValue('VAL_COUNTER', { text: word });
    // An end of 0 is none.
    const to = given === 0n ? COUNTER_MAX : given;
    return from <= to ? { from, to } : new BadValue('VAL_SPAN_ORDER', { text: word });
  },
  print: ({ from, to }) => (to === COUNTER_MAX ? String(from) : `${String(from)}:${String(to)}`),
};

const options = {
  amounts: { flag: '--connbytes', value: amounts, invert: true, required: true },
  mode: { flag: '--connbytes-mode', value: oneOf(['packets', 'bytes', 'avgpkt']), required: true },
  direction: { flag: '--connbytes-dir', value: oneOf(['original', 'reply', 'both']), required: true },
} as const;

/** The kernel keeps the ends in turned order for `!`, which one number alone cannot show. */
function isInverted({ amounts: { value, inverted } }: Values<typeof options>): boolean {
  return inverted && value.from !== value.to;
}

/** Without a connection it says no, inverted or not. */
const match: MatchExtension = defineMatch({
  name: 'connbytes',
  kernel: 'net/netfilter/xt_connbytes.c connbytes_mt',
  needsConntrack: true,
  missing: 'what a connection has carried is an open question',
  options,
  evaluate(values, _packet, { connection }) {
    if (connection === null) return false;
    const wanted = `${amounts.print(values.amounts.value, 4)} ${values.mode.value} ${values.direction.value}`;
    return invertIf(isInverted(values), unsure(`connection carried ${wanted}`, 'UNK_CONNBYTES', { wanted }));
  },
  explain: () => ({ code: 'NO_CONNBYTES', option: null, params: {} }),
  print: (values, family) =>
    [
      `${isInverted(values) ? '! ' : ''}--connbytes ${amounts.print(values.amounts.value, family)}`,
      `--connbytes-mode ${values.mode.value}`,
      `--connbytes-dir ${values.direction.value}`,
    ].join(' '),
});
export default match;
