import { type Ternary, invertIf, unsure } from '../../chooser/question.js';
import { type Given, type MatchExtension, type Values, defineMatch } from '../extension.js';
import type { NumberSpan } from '../values/number.js';
import { printSpi, spiSpan } from '../values/spi.js';
import { flag } from '../values/text.js';

/** A CPI has 16 bits; the options take 32. */
const LAST = 0xffff;

const options = {
  cpi: { flag: '--ipcompspi', value: spiSpan, invert: true },
  reserved: { flag: '--compres', value: flag },
} as const;

/** Without the option it asks for 0. */
const UNSAID: Given<NumberSpan> = { value: { from: 0, to: 0 }, inverted: false };

const wanted = ({ cpi = UNSAID }: Values<typeof options>): string => printSpi('--ipcompspi', cpi);

/** The kernel does not look at --compres. */
const match: MatchExtension = defineMatch({
  name: 'ipcomp',
  kernel: 'net/netfilter/xt_ipcomp.c comp_mt',
  protocols: [108],
  missing: 'a packet is described without its CPI',
  options,
  evaluate({ cpi = UNSAID }): Ternary {
    const { from, to } = cpi.value;
    if (from > to || from > LAST) return cpi.inverted;
    if (from === 0 && to >= LAST) return !cpi.inverted;
    return invertIf(cpi.inverted, unsure(`cpi in ${String(from)}-${String(to)}`, 'UNK_SPI', { from, to }));
  },
  explain: (values) => ({ code: 'NO_SPI', option: 'cpi', params: { wanted: wanted(values) } }),
  print: (values) =>
    [wanted(values), values.reserved === undefined ? '' : '--compres']
      .filter((part) => part !== '')
      .join(' '),
});
export default match;
