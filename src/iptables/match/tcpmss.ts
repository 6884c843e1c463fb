import { type Ternary, invertIf, unsure } from '../../chooser/question.js';
import { BadValue, type MatchExtension, type ValueType, defineMatch } from '../extension.js';
import { type NumberSpan, looseSpan } from '../values/number.js';

const SYN = 2;

const loose = looseSpan(0, 0xffff);
const span: ValueType<NumberSpan> = {
  ...loose,
  parse(words, family) {
    const read = loose.parse(words, family);
    return read instanceof BadValue || read.from <= read.to
      ? read
      : new BadValue('VAL_SPAN_ORDER', { text: words[0] ?? '' });
  },
};

/** Only a segment with SYN may carry the option (RFC 9293, 3.2), and without it there is nothing in the span. */
const match: MatchExtension = defineMatch({
  name: 'tcpmss',
  kernel: 'net/netfilter/xt_tcpmss.c tcpmss_mt',
  protocols: [6],
  missing: 'a packet is described without its TCP options',
  options: { mss: { flag: '--mss', value: span, invert: true, required: true } },
  evaluate({ mss: { value, inverted } }, { tcpFlags }): Ternary {
    if ((tcpFlags & SYN) === 0) return inverted;
    const wanted = span.print(value, 4);
    return invertIf(inverted, unsure(`mss ${wanted}`, 'UNK_MSS', { wanted }));
  },
  explain: () => ({ code: 'NO_MSS', option: 'mss', params: {} }),
});
export default match;
