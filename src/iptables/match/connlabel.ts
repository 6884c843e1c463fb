import { type Ternary, invertIf, unsure } from '../../chooser/question.js';
import { BadValue, type MatchExtension, type ValueType, defineMatch } from '../extension.js';
import { parseNumber } from '../values/number.js';
import { flag } from '../values/text.js';

/** A connection has 128 labels. */
const LAST = 127;

/** A number, or a name of /etc/connlabel.conf; always printed in quotes. */
const label: ValueType<string> = {
  words: 1,
  parse([word = '']) {
    const number = parseNumber(word);
    if (number !== null)
      return number <= LAST ? String(number) : new BadValue('VAL_BOUNDS', { text: word, min: 0, max: LAST });
    return /^[^\d"-]/.test(word) ? word : new BadValue('VAL_LABEL', { text: word });
  },
  print: (value) => `"${value}"`,
};

/** With --set the label is there from then on, so that it says yes of any connection. */
const match: MatchExtension = defineMatch({
  name: 'connlabel',
  kernel: 'net/netfilter/xt_connlabel.c connlabel_mt',
  needsConntrack: true,
  options: {
    label: { flag: '--label', value: label, invert: true, required: true },
    set: { flag: '--set', value: flag },
  },
  evaluate({ label: { value, inverted }, set }, _packet, world): Ternary {
    if (world.connection === null) return inverted;
    const has = world.connectionLabel?.(value, set !== undefined) ?? null;
    if (has !== null) return has !== inverted;
    return invertIf(inverted, unsure(`connection has label ${value}`, 'UNK_LABEL', { label: value }));
  },
  explain: ({ label: { value, inverted } }, _packet, { connection }) =>
    connection === null
      ? { code: 'NO_CONNECTION', option: 'label', params: {} }
      : { code: inverted ? 'NO_LABEL_ABSENT' : 'NO_LABEL', option: 'label', params: { label: value } },
});
export default match;
