import { type Ternary, invertIf, unsure } from '../../chooser/question.js';
import { BadValue, type MatchExtension, type Values, defineMatch, printOptions } from '../extension.js';
import { hostMask } from '../values/host-mask.js';
import { parsePort } from '../values/port.js';
import { protocolValue } from '../values/protocol.js';
import { flag, oneOf } from '../values/text.js';
import type { PacketView, World } from '../view.js';

const port = {
  words: 1,
  parse: ([word = '']: readonly string[]) => parsePort(word) ?? new BadValue('VAL_PORT', { text: word }),
  print: String,
};

const options = {
  ipvs: { flag: '--ipvs', value: flag, invert: true },
  protocol: { flag: '--vproto', value: protocolValue, invert: true },
  address: { flag: '--vaddr', value: hostMask, invert: true },
  port: { flag: '--vport', value: port, invert: true },
  direction: { flag: '--vdir', value: oneOf(['ORIGINAL', 'REPLY'], { ignoreCase: true }) },
  method: { flag: '--vmethod', value: oneOf(['GATE', 'IPIP', 'MASQ'], { ignoreCase: true }), invert: true },
  control: { flag: '--vportctl', value: port, invert: true },
} as const;

type Options = Values<typeof options>;

/** Beside others, --ipvs goes without saying. */
function print(values: Options, family: 4 | 6): string {
  const { ipvs, ...others } = values;
  const rest = printOptions(options, others, family);
  return rest === '' && ipvs !== undefined ? printOptions(options, { ipvs }, family) : rest;
}

/** IPVS sees packets first at INPUT, FORWARD and OUTPUT: what has just come in from outside it has not handled. */
const untouched = ({ inInterface }: PacketView, { hook }: World): boolean =>
  hook === 'PREROUTING' && inInterface !== 'lo';

const match: MatchExtension = defineMatch({
  name: 'ipvs',
  kernel: 'net/netfilter/xt_ipvs.c ipvs_mt',
  missing: 'what IPVS does with a packet is an open question',
  options,
  check(values) {
    const others = Object.keys(values).filter((key) => key !== 'ipvs');
    if (Object.keys(values).length === 0)
      return new BadValue('VAL_ONE_REQUIRED', {
        flags: Object.values(options)
          .map((option) => option.flag)
          .join(', '),
      });
    return values.ipvs?.inverted === true && others.length > 0
      ? new BadValue('VAL_EXCLUDES', { flag: '! --ipvs', other: '--vproto' })
      : null;
  },
  print,
  evaluate(values, packet, world): Ternary {
    const { ipvs, ...others } = values;
    const alone = Object.keys(others).length === 0;
    if (untouched(packet, world)) return alone && ipvs?.inverted === true;
    const wanted = alone ? '--ipvs' : print(values, packet.family);
    const open = unsure(`ipvs ${wanted} at ${world.hook}`, 'UNK_IPVS', { wanted });
    return invertIf(alone && ipvs?.inverted === true, open);
  },
  explain: () => ({ code: 'NO_IPVS', option: null, params: {} }),
});
export default match;
