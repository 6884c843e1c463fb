import { type Ternary, invertIf, unsure } from '../../chooser/question.js';
import { type MatchExtension, defineMatch } from '../extension.js';
import { PacketBytes } from '../packet-bytes.js';
import { looseSpan } from '../values/number.js';

const span = looseSpan(0, 65_535);

/** The whole IP packet, header included; for IPv6 the payload length and 40. */
const match: MatchExtension = defineMatch({
  name: 'length',
  kernel: 'net/netfilter/xt_length.c length_mt',
  options: { length: { flag: '--length', value: span, invert: true, required: true } },
  evaluate({ length: { value, inverted } }, packet): Ternary {
    // A packet that was given without a length has at least its headers.
    const { shortest, longest } = new PacketBytes(packet);
    if (value.from > value.to || longest < value.from || shortest > value.to) return inverted;
    if (shortest >= value.from && longest <= value.to) return !inverted;
    const wanted = span.print(value, 4);
    return invertIf(inverted, unsure(`length is ${wanted}`, 'UNK_LENGTH', { wanted }));
  },
  explain: ({ length: { value, inverted } }, { length }) => ({
    code: 'NO_LENGTH',
    option: 'length',
    params: { has: length ?? 'not given', wanted: `${inverted ? 'not ' : ''}${span.print(value, 4)}` },
  }),
});
export default match;
