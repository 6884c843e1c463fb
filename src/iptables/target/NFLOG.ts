import { type TargetExtension, defineTarget, printOptions } from '../extension.js';
import { clipped } from '../values/clipped.js';
import { integer } from '../values/number.js';

const MAX32 = 0xffffffff;

/** iptables-nft keeps prefixes of up to 127 bytes, iptables-legacy 63. */
const PREFIX = 127;

const options = {
  prefix: { flag: '--nflog-prefix', value: clipped(PREFIX) },
  group: { flag: '--nflog-group', value: integer(0, 65535) },
  range: { flag: '--nflog-range', value: integer(0, MAX32), excludes: ['size'] },
  size: { flag: '--nflog-size', value: integer(0, MAX32) },
  threshold: { flag: '--nflog-threshold', value: integer(0, 65535) },
} as const;

const target: TargetExtension = defineTarget({
  name: 'NFLOG',
  kernel: 'net/netfilter/xt_NFLOG.c nflog_tg',
  inert: true,
  options,
  /** Zeros are what is there without the option, and are not printed, except a size. */
  print({ prefix, group, range, size, threshold }, family) {
    return printOptions(
      options,
      {
        ...(prefix === undefined ? {} : { prefix }),
        ...(group === undefined || group.value === 0 ? {} : { group }),
        ...(range === undefined || range.value === 0 ? {} : { range }),
        ...(size === undefined ? {} : { size }),
        ...(threshold === undefined || threshold.value === 0 ? {} : { threshold }),
      },
      family,
    );
  },
  apply: () => 'continue',
});
export default target;
