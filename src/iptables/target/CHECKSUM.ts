import { type TargetExtension, defineTarget } from '../extension.js';
import { flag } from '../values/text.js';

const target: TargetExtension = defineTarget({
  name: 'CHECKSUM',
  kernel: 'net/netfilter/xt_CHECKSUM.c checksum_tg',
  placement: { tables: ['mangle'] },
  inert: true,
  options: { fill: { flag: '--checksum-fill', value: flag, required: true } },
  apply: () => 'continue',
});
export default target;
