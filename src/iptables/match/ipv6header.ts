import { type Ternary, unsure } from '../../chooser/question.js';
import { protocolName } from '../../address/protocols.js';
import { BadValue, type MatchExtension, type ValueType, defineMatch } from '../extension.js';
import { HEADER, isFollowed } from '../values/extension-header.js';
import { parseNumber } from '../values/number.js';
import { flag } from '../values/text.js';
import type { PacketView } from '../view.js';

/** What is no extension header; its number stands for it. */
const PROTOCOL = 255;

/** The headers with their bits (IP6T_IPV6HEADER.h MASK_…), in the order of printing. */
const HEADERS: readonly (readonly [number: number, bit: number, name: string])[] = [
  [HEADER.hop, 128, 'hop-by-hop'],
  [HEADER.destination, 64, 'dst'],
  [HEADER.routing, 32, 'route'],
  [HEADER.fragment, 16, 'frag'],
  [HEADER.authentication, 8, 'auth'],
  [HEADER.esp, 4, 'esp'],
  [HEADER.none, 2, 'none'],
  [PROTOCOL, 1, 'protocol'],
];
const BITS: ReadonlyMap<number, number> = new Map(HEADERS.map(([number, bit]) => [number, bit]));
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ...HEADERS.map(([number, , name]): [string, number] => [name, number]),
  ...HEADERS.map(([number]): [string, number] => [protocolName(number), number]),
  ...(['hopopt', 'hop'] as const).map((name): [string, number] => [name, HEADER.hop]),
  ['prot', PROTOCOL],
]);

/** Names or numbers, as bits. */
const headers: ValueType<number> = {
  words: 1,
  parse([word = '']) {
    let bits = 0;
    for (const name of word.split(',').filter((part) => part !== '')) {
      const number = NUMBERS.get(name.toLowerCase()) ?? parseNumber(name);
      const bit = number === null ? undefined : BITS.get(number);
      if (bit === undefined)
        return new BadValue('VAL_ONE_OF', { text: name, names: HEADERS.map(([, , one]) => one).join(', ') });
      bits |= bit;
    }
    return bits === 0 ? new BadValue('VAL_EMPTY') : bits;
  },
  print: (bits) =>
    HEADERS.filter(([, bit]) => (bits & bit) !== 0)
      .map(([number, , name]) => (number === HEADER.hop || number === PROTOCOL ? name : protocolName(number)))
      .join(','),
};

/** The headers that the packet is known to have, and whether there may be more. */
function headersOf({ protocol }: PacketView): { readonly bits: number; readonly more: boolean } {
  return { bits: protocol === PROTOCOL ? 1 : (BITS.get(protocol) ?? 1), more: isFollowed(protocol) };
}

const match: MatchExtension = defineMatch({
  name: 'ipv6header',
  families: [6],
  kernel: 'net/ipv6/netfilter/ip6t_ipv6header.c ipv6header_mt6',
  missing: 'what follows an extension header is an open question',
  options: {
    headers: { flag: '--header', value: headers, invert: true, required: true },
    soft: { flag: '--soft', value: flag },
  },
  evaluate({ headers: { value: wanted, inverted }, soft }, packet): Ternary {
    const { bits, more } = headersOf(packet);
    const text = `${inverted ? '! ' : ''}${headers.print(wanted, 6)}${soft === undefined ? '' : ' --soft'}`;
    const open = unsure(`headers ${text}`, 'UNK_HEADERS', { wanted: text });
    if (soft !== undefined) {
      // Every header of the list must be there, or with `!`, none.
      if (inverted) return (bits & wanted) !== 0 ? false : more ? open : true;
      return (bits & wanted) === wanted ? true : more ? open : false;
    }
    if (!more) return (bits === wanted) !== inverted;
    // A chain of headers ends in something that is none of them.
    const possible = (wanted & bits) === bits && wanted !== bits;
    return possible ? open : inverted;
  },
  explain: ({ headers: { value, inverted }, soft }) => ({
    code: 'NO_HEADERS',
    option: 'headers',
    params: {
      wanted: `${inverted ? 'not ' : ''}${headers.print(value, 6)}${soft === undefined ? ' alone' : ''}`,
    },
  }),
});
export default match;
