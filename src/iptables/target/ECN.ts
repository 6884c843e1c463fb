import { type TargetExtension, type Values, BadValue, defineTarget, printOptions } from '../extension.js';
import { integer } from '../values/number.js';
import { flag } from '../values/text.js';

const ECE = 64;
const CWR = 128;

const options = {
  remove: { flag: '--ecn-tcp-remove', value: flag, excludes: ['ece', 'cwr'] },
  ece: { flag: '--ecn-tcp-ece', value: integer(0, 1) },
  cwr: { flag: '--ecn-tcp-cwr', value: integer(0, 1) },
  ect: { flag: '--ecn-ip-ect', value: integer(0, 3) },
} as const;

/** Alone, --ecn-tcp-remove is both TCP bits at 0; beside --ecn-ip-ect it prints as those. */
function print({ remove, ece, cwr, ect }: Values<typeof options>): string {
  const zero = { value: 0, inverted: false };
  const cleared = remove !== undefined || (ece?.value === 0 && cwr?.value === 0);
  if (cleared && ect === undefined) return '--ecn-tcp-remove';
  const bits = cleared
    ? { ece: zero, cwr: zero }
    : { ...(ece === undefined ? {} : { ece }), ...(cwr === undefined ? {} : { cwr }) };
  return printOptions(options, ect === undefined ? bits : { ...bits, ect }, 4);
}

const target: TargetExtension = defineTarget({
  name: 'ECN',
  families: [4],
  kernel: 'net/ipv4/netfilter/ipt_ECN.c ecn_tg',
  placement: { tables: ['mangle'] },
  options,
  demands: ({ remove, ece, cwr }) => ((remove ?? ece ?? cwr) === undefined ? {} : { protocols: [6] }),
  check: ({ remove, ece, cwr, ect }) =>
    (remove ?? ece ?? cwr ?? ect) === undefined
      ? new BadValue('VAL_REQUIRED', { flag: '--ecn-tcp-remove' })
      : null,
  print,
  apply({ remove, ece, cwr, ect }, _packet, _world, effects) {
    const bits = (given: typeof ece, bit: number): [value: number, mask: number] =>
      remove === undefined && given === undefined ? [0, 0] : [given?.value === 1 ? bit : 0, bit];
    const [eceValue, eceMask] = bits(ece, ECE);
    const [cwrValue, cwrMask] = bits(cwr, CWR);
    if ((eceMask | cwrMask) !== 0) effects.setTcpFlags(eceValue | cwrValue, eceMask | cwrMask);
    if (ect !== undefined) effects.setTos(ect.value, 3);
    return 'continue';
  },
});
export default target;
