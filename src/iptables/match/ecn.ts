import {
  BadValue,
  type Given,
  type MatchExtension,
  type Reason,
  type Values,
  defineMatch,
} from '../extension.js';
import { integer } from '../values/number.js';
import { flag } from '../values/text.js';
import type { PacketView } from '../view.js';

const TCP = 6;
const ECE = 64;
const CWR = 128;

const options = {
  ece: { flag: '--ecn-tcp-ece', value: flag, invert: true },
  cwr: { flag: '--ecn-tcp-cwr', value: flag, invert: true },
  ect: { flag: '--ecn-ip-ect', value: integer(0, 3), invert: true },
} as const;

/** What does not fit, in the kernel's order; null when all does. */
function misfit({ ece, cwr, ect }: Values<typeof options>, packet: PacketView): Reason | null {
  const codepoint = packet.tos & 3;
  const fails = (given: Given<unknown> | undefined, holds: boolean): given is Given<unknown> =>
    given?.inverted === holds;
  if (fails(ect, codepoint === ect?.value)) {
    const wanted = `${ect.inverted ? 'not ' : ''}${String(ect.value)}`;
    return { code: 'NO_ECN', option: 'ect', params: { has: codepoint, wanted } };
  }
  const missing = (option: 'ece' | 'cwr', { inverted }: Given<unknown>): Reason => ({
    code: 'NO_ECN_FLAG',
    option,
    params: { flag: option.toUpperCase(), wanted: inverted ? 'clear' : 'set' },
  });
  if (fails(ece, (packet.tcpFlags & ECE) !== 0)) return missing('ece', ece);
  return fails(cwr, (packet.tcpFlags & CWR) !== 0) ? missing('cwr', cwr) : null;
}

const match: MatchExtension = defineMatch({
  name: 'ecn',
  kernel: 'net/netfilter/xt_ecn.c ecn_mt4, ecn_mt6',
  options,
  demands: ({ ece, cwr }) => ((ece ?? cwr) === undefined ? {} : { protocols: [TCP] }),
  check: ({ ece, cwr, ect }) =>
    (ece ?? cwr ?? ect) === undefined
      ? new BadValue('VAL_ONE_REQUIRED', { flags: '--ecn-tcp-ece, --ecn-tcp-cwr, --ecn-ip-ect' })
      : null,
  evaluate: (values, packet) => misfit(values, packet) === null,
  explain: (values, packet) => misfit(values, packet) ?? { code: 'NO_ECN', option: null, params: {} },
});
export default match;
