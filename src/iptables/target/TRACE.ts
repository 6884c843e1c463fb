import { type TargetExtension, defineTarget } from '../extension.js';

const target: TargetExtension = defineTarget({
  name: 'TRACE',
  kernel: 'net/netfilter/xt_TRACE.c trace_tg',
  inert: true,
  options: {},
  apply: () => 'continue',
});
export default target;
