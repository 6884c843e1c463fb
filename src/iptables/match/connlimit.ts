import { bitsOf, formatAddress } from '../../address/address.js';
import { prefixOf } from '../../address/prefix.js';
import { invertIf, unsure } from '../../chooser/question.js';
import { BadValue, type MatchExtension, type Values, defineMatch } from '../extension.js';
import { maskLength } from '../values/mask-length.js';
import { integer } from '../values/number.js';
import { flag } from '../values/text.js';
import { ownState } from '../values/unseen.js';

const MAX = 0xffffffff;

const options = {
  upto: { flag: '--connlimit-upto', value: integer(0, MAX), invert: true, excludes: ['above'] },
  above: { flag: '--connlimit-above', value: integer(0, MAX), invert: true },
  mask: { flag: '--connlimit-mask', value: maskLength },
  source: { flag: '--connlimit-saddr', value: flag, excludes: ['destination'] },
  destination: { flag: '--connlimit-daddr', value: flag },
} as const;

type Options = Values<typeof options>;

/** `! --connlimit-above` is `--connlimit-upto`, and the other way round. */
function isAbove({ upto, above }: Options): boolean {
  return upto === undefined ? above?.inverted === false : upto.inverted;
}

const match: MatchExtension = defineMatch({
  name: 'connlimit',
  kernel: 'net/netfilter/xt_connlimit.c connlimit_mt',
  needsConntrack: true,
  missing: 'how many connections a network has is an open question',
  options,
  check: ({ upto, above }) =>
    (upto ?? above) === undefined
      ? new BadValue('VAL_ONE_REQUIRED', { flags: '--connlimit-upto, --connlimit-above' })
      : null,
  evaluate(values, packet, world) {
    const limit = (values.upto ?? values.above)?.value ?? 0;
    const upto = !isAbove(values);
    // The packet's own connection counts.
    if (limit === 0) return !upto;
    if (limit === MAX) return upto;
    const own = values.destination === undefined ? packet.source : packet.destination;
    const network = prefixOf(own, values.mask?.value ?? bitsOf(packet.family));
    const text = `${formatAddress(network.address)}/${String(network.length)}`;
    const key = `connections of ${text} above ${String(limit)} by ${ownState(world)}`;
    return invertIf(upto, unsure(key, 'UNK_CONNLIMIT', { network: text, limit }));
  },
  explain: (values) => ({
    code: 'NO_CONNLIMIT',
    option: values.upto === undefined ? 'above' : 'upto',
    params: { limit: (values.upto ?? values.above)?.value ?? 0 },
  }),
  print(values, family) {
    const limit = (values.upto ?? values.above)?.value ?? 0;
    const side = values.destination === undefined ? '--connlimit-saddr' : '--connlimit-daddr';
    const test = isAbove(values) ? '--connlimit-above' : '--connlimit-upto';
    return `${test} ${String(limit)} --connlimit-mask ${String(values.mask?.value ?? bitsOf(family))} ${side}`;
  },
});
export default match;
