import { type TargetExtension, defineTarget } from '../extension.js';
import { oneOf } from '../values/text.js';

/** It writes an audit record and decides nothing, whatever its type says. */
const target: TargetExtension = defineTarget({
  name: 'AUDIT',
  kernel: 'net/netfilter/xt_AUDIT.c audit_tg',
  inert: true,
  options: {
    type: {
      flag: '--type',
      value: oneOf(['accept', 'drop', 'reject'], { ignoreCase: true }),
      required: true,
    },
  },
  apply: () => 'continue',
});
export default target;
