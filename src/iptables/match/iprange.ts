import { type Address, familyOf, formatAddress, parseAddress } from '../../address/address.js';
import type { AddressRange } from '../../address/prefix.js';
import { type Ternary, allOf, invertIf } from '../../chooser/question.js';
import { addressWithin } from '../decide.js';
import { type Given, type MatchExtension, type ValueType, BadValue, defineMatch } from '../extension.js';

/** `A-B`, or `A` for one address. The tool also takes ends in the wrong order: a range that holds nothing. */
const range: ValueType<AddressRange> = {
  words: 1,
  parse([word = ''], family) {
    const dash = word.indexOf('-');
    const from = parseAddress(dash < 0 ? word : word.slice(0, dash));
    const to = dash < 0 ? from : parseAddress(word.slice(dash + 1));
    if (from === null || to === null || familyOf(from) !== family || familyOf(to) !== family)
      return new BadValue('VAL_ADDRESS_RANGE', { text: word });
    return { from, to };
  },
  print: ({ from, to }) => `${formatAddress(from)}-${formatAddress(to)}`,
};

function within(given: Given<AddressRange> | undefined, low: Address, high: Address): Ternary {
  return given === undefined || invertIf(given.inverted, addressWithin(low, high, given.value));
}

const match: MatchExtension = defineMatch({
  name: 'iprange',
  kernel: 'net/netfilter/xt_iprange.c iprange_mt4',
  options: {
    src: { flag: '--src-range', value: range, invert: true },
    dst: { flag: '--dst-range', value: range, invert: true },
  },
  check: ({ src, dst }) =>
    src === undefined && dst === undefined
      ? new BadValue('VAL_ONE_REQUIRED', { flags: '--src-range, --dst-range' })
      : null,
  evaluate: ({ src, dst }, packet) =>
    allOf([
      within(src, packet.source, packet.sourceTo),
      within(dst, packet.destination, packet.destinationTo),
    ]),
  explain({ src, dst }, packet) {
    const bySource = within(src, packet.source, packet.sourceTo) === false;
    const given = bySource ? src : dst;
    const wanted =
      given === undefined ? '' : `${given.inverted ? 'not ' : ''}${range.print(given.value, packet.family)}`;
    return bySource
      ? { code: 'NO_SRC_RANGE', option: 'src', params: { wanted, has: formatAddress(packet.source) } }
      : { code: 'NO_DST_RANGE', option: 'dst', params: { wanted, has: formatAddress(packet.destination) } };
  },
});
export default match;
