import { type MatchExtension, defineMatch } from '../extension.js';
import { printByte, tosMasked } from '../values/tos.js';

/** The whole byte is compared; a wanted bit outside the mask is never there. */
const match: MatchExtension = defineMatch({
  name: 'tos',
  kernel: 'net/netfilter/xt_dscp.c tos_mt',
  options: { tos: { flag: '--tos', value: tosMasked, invert: true, required: true } },
  evaluate: ({ tos: { value, inverted } }, { tos }) => ((tos & value.mask) === value.value) !== inverted,
  explain: ({ tos: { value, inverted } }, { tos, family }) => ({
    code: 'NO_TOS',
    option: 'tos',
    params: { has: printByte(tos), wanted: `${inverted ? 'not ' : ''}${tosMasked.print(value, family)}` },
  }),
});
export default match;
