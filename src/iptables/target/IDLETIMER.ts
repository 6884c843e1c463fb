import { type TargetExtension, defineTarget } from '../extension.js';
import { clippedBare } from '../values/clipped.js';
import { integer } from '../values/number.js';
import { flag } from '../values/text.js';

/** Seconds: the kernel counts milliseconds in an int. */
const LONGEST = 2147482;

const target: TargetExtension = defineTarget({
  name: 'IDLETIMER',
  kernel: 'net/netfilter/xt_IDLETIMER.c idletimer_tg_target',
  inert: true,
  options: {
    timeout: { flag: '--timeout', value: integer(1, LONGEST), required: true },
    label: { flag: '--label', value: clippedBare(27), required: true },
    alarm: { flag: '--alarm', value: flag },
  },
  apply: () => 'continue',
});
export default target;
