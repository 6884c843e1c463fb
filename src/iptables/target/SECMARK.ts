import { type TargetExtension, defineTarget } from '../extension.js';
import { clippedBare } from '../values/clipped.js';

const target: TargetExtension = defineTarget({
  name: 'SECMARK',
  kernel: 'net/netfilter/xt_SECMARK.c secmark_tg_v1',
  placement: { tables: ['mangle', 'security'] },
  missing: 'what the security module does with the label',
  inert: true,
  options: { context: { flag: '--selctx', value: clippedBare(255), required: true } },
  apply: () => 'continue',
});
export default target;
