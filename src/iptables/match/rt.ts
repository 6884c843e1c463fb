import { type Address, formatAddress, parseAddress6 } from '../../address/address.js';
import { BadValue, type MatchExtension, type ValueType, type Values, defineMatch } from '../extension.js';
import { HEADER } from '../values/extension-header.js';
import { headerFits, lacksHeader } from '../values/header-match.js';
import { integer, looseSpan } from '../values/number.js';
import { flag } from '../values/text.js';

const MAX = 0xffffffff;
/** IP6T_RT_HOPS. */
const MAX_ADDRESSES = 16;

const addresses: ValueType<readonly Address[]> = {
  words: 1,
  parse([word = '']) {
    const list: Address[] = [];
    for (const part of word.split(',')) {
      const address = parseAddress6(part);
      if (address === null) return new BadValue('VAL_ADDRESS', { text: part });
      if (list.length === MAX_ADDRESSES) return new BadValue('VAL_TOO_MANY', { max: MAX_ADDRESSES });
      list.push(address);
    }
    return list;
  },
  print: (list) => list.map(formatAddress).join(','),
};

const segments = looseSpan(0, MAX);

const options = {
  type: { flag: '--rt-type', value: integer(0, MAX), invert: true },
  segments: { flag: '--rt-segsleft', value: segments, invert: true },
  length: { flag: '--rt-len', value: integer(0, MAX), invert: true },
  reserved: { flag: '--rt-0-res', value: flag },
  addresses: { flag: '--rt-0-addrs', value: addresses },
  notStrict: { flag: '--rt-0-not-strict', value: flag, needs: ['addresses'] },
} as const;

type Options = Values<typeof options>;

function print(values: Options): string {
  const { type, segments: left, length, reserved, addresses: list, notStrict } = values;
  const not = (inverted: boolean): string => (inverted ? '! ' : '');
  const all = left?.value.from === 0 && left.value.to === MAX;
  return [
    type === undefined ? '' : `${not(type.inverted)}--rt-type ${String(type.value)}`,
    left === undefined || all ? '' : `${not(left.inverted)}--rt-segsleft ${segments.print(left.value, 6)}`,
    length === undefined ? '' : `${not(length.inverted)}--rt-len ${String(length.value)}`,
    reserved === undefined ? '' : '--rt-0-res',
    list === undefined ? '' : `--rt-0-addrs ${addresses.print(list.value, 6)}`,
    notStrict === undefined ? '' : '--rt-0-not-strict',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

const ROUTING = { name: 'routing', number: HEADER.routing };

/** The IPv6 routing header. */
const match: MatchExtension = defineMatch({
  name: 'rt',
  families: [6],
  kernel: 'net/ipv6/netfilter/ip6t_rt.c rt_mt6',
  missing: 'what is in a routing header is an open question',
  options,
  check({ type, reserved, addresses: list }) {
    if ((reserved ?? list) === undefined || (type?.value === 0 && !type.inverted)) return null;
    const given = reserved === undefined ? '--rt-0-addrs' : '--rt-0-res';
    return new BadValue('VAL_NEEDS', { flag: given, other: '--rt-type 0' });
  },
  evaluate: (values, packet) => headerFits(ROUTING, print(values), packet),
  explain: () => lacksHeader(ROUTING),
  print,
});
export default match;
