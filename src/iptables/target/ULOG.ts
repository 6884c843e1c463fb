import { type TargetExtension, defineTarget, printOptions } from '../extension.js';
import { clipped } from '../values/clipped.js';
import { integer } from '../values/number.js';

const options = {
  prefix: { flag: '--ulog-prefix', value: clipped(31) },
  group: { flag: '--ulog-nlgroup', value: integer(1, 32) },
  range: { flag: '--ulog-cprange', value: integer(0, Number.MAX_SAFE_INTEGER) },
  threshold: { flag: '--ulog-qthreshold', value: integer(1, 50) },
} as const;

/** The forerunner of NFLOG; kernels since 3.17 do not have it. */
const target: TargetExtension = defineTarget({
  name: 'ULOG',
  families: [4],
  kernel: 'net/ipv4/netfilter/ipt_ULOG.c ulog_tg',
  inert: true,
  options,
  print({ prefix, group, range, threshold }, family) {
    return printOptions(
      options,
      {
        ...(prefix === undefined ? {} : { prefix }),
        ...(group === undefined || group.value === 1 ? {} : { group }),
        ...(range === undefined || range.value === 0 ? {} : { range }),
        ...(threshold === undefined || threshold.value === 1 ? {} : { threshold }),
      },
      family,
    );
  },
  apply: () => 'continue',
});
export default target;
