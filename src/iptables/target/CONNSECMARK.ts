import { type TargetExtension, BadValue, defineTarget } from '../extension.js';
import { flag } from '../values/text.js';

const target: TargetExtension = defineTarget({
  name: 'CONNSECMARK',
  kernel: 'net/netfilter/xt_CONNSECMARK.c connsecmark_tg',
  placement: { tables: ['mangle', 'security'] },
  needsConntrack: true,
  missing: 'what the security module does with the label',
  inert: true,
  options: {
    save: { flag: '--save', value: flag, excludes: ['restore'] },
    restore: { flag: '--restore', value: flag },
  },
  check: ({ save, restore }) =>
    (save ?? restore) === undefined ? new BadValue('VAL_REQUIRED', { flag: '--save' }) : null,
  apply: () => 'continue',
});
export default target;
