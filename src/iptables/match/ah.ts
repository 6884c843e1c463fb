import { allOf, unsure } from '../../chooser/question.js';
import { type MatchExtension, type Values, BadValue, defineMatch, printOptions } from '../extension.js';
import { HEADER } from '../values/extension-header.js';
import { headerFits, lacksHeader } from '../values/header-match.js';
import { integer } from '../values/number.js';
import { printSpi, spiIs, spiSpan } from '../values/spi.js';
import { flag } from '../values/text.js';

const AH = { name: 'authentication', number: HEADER.authentication };

const options = {
  spi: { flag: '--ahspi', value: spiSpan, invert: true },
  length: { flag: '--ahlen', value: integer(0, 0xffffffff), invert: true },
  reserved: { flag: '--ahres', value: flag },
} as const;

type Options = Values<typeof options>;

/** A length of 0 is not tested, and printed only when it is inverted. */
function beyondSpi({ length, reserved }: Options): string {
  const kept = length === undefined || (length.value === 0 && !length.inverted) ? {} : { length };
  return printOptions(options, { ...kept, ...(reserved === undefined ? {} : { reserved }) }, 6);
}

/** iptables asks for the SPI of `-p ah`; ip6tables looks for the header, which no `-p` of its rules can ask for. */
const match: MatchExtension = defineMatch({
  name: 'ah',
  kernel: 'net/ipv4/netfilter/ipt_ah.c ah_mt, net/ipv6/netfilter/ip6t_ah.c ah_mt6',
  missing: 'a packet is described without its SPI: what is in the header is an open question',
  options,
  demands: (_values, family) => ({ protocols: family === 4 ? [HEADER.authentication] : [] }),
  check({ length, reserved }, family) {
    if (family === 6 || (length ?? reserved) === undefined) return null;
    return new BadValue('VAL_IPV6_ONLY', { flag: length === undefined ? '--ahres' : '--ahlen' });
  },
  evaluate(values, packet) {
    const header = packet.family === 4 ? true : headerFits(AH, '', packet);
    if (header === false) return false;
    const rest = values.length?.value === 0 && values.reserved === undefined ? '' : beyondSpi(values);
    return allOf([
      header,
      spiIs(values.spi),
      rest === '' || unsure(`authentication header ${rest}`, 'UNK_HEADER', { name: AH.name, wanted: rest }),
    ]);
  },
  explain: ({ spi }, packet) =>
    packet.family === 6 && headerFits(AH, '', packet) === false
      ? lacksHeader(AH)
      : { code: 'NO_SPI', option: 'spi', params: { wanted: printSpi('--ahspi', spi) } },
  print: (values) =>
    [printSpi('--ahspi', values.spi), beyondSpi(values)].filter((part) => part !== '').join(' '),
});
export default match;
