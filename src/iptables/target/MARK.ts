import { type TargetExtension, BadValue, defineTarget } from '../extension.js';
import { markSet } from '../values/mark.js';
import { markBits, setMark } from '../values/mark-change.js';

const others = (own: string): string[] => ['xmark', 'set', 'and', 'or', 'xor'].filter((key) => key !== own);

const target: TargetExtension = defineTarget({
  name: 'MARK',
  kernel: 'net/netfilter/xt_mark.c mark_tg',
  options: {
    xmark: { flag: '--set-xmark', value: markSet, excludes: others('xmark') },
    set: { flag: '--set-xmark', aliases: ['--set-mark'], value: setMark, excludes: others('set') },
    and: {
      flag: '--set-xmark',
      aliases: ['--and-mark'],
      value: markBits((bits) => ({ value: 0, mask: ~bits >>> 0 })),
      excludes: others('and'),
    },
    or: {
      flag: '--set-xmark',
      aliases: ['--or-mark'],
      value: markBits((bits) => ({ value: bits, mask: bits })),
      excludes: others('or'),
    },
    xor: {
      flag: '--set-xmark',
      aliases: ['--xor-mark'],
      value: markBits((bits) => ({ value: bits, mask: 0 })),
      excludes: others('xor'),
    },
  },
  check: ({ xmark, set, and, or, xor }) =>
    (xmark ?? set ?? and ?? or ?? xor) === undefined
      ? new BadValue('VAL_REQUIRED', { flag: '--set-xmark' })
      : null,
  apply({ xmark, set, and, or, xor }, _packet, _world, effects) {
    const given = xmark ?? set ?? and ?? or ?? xor;
    if (given !== undefined) effects.setMark(given.value.value, given.value.mask);
    return 'continue';
  },
});
export default target;
