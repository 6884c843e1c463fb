import { type TargetExtension, type ValueType, BadValue, defineTarget } from '../extension.js';
import { type Masked, markSet, parseMasked } from '../values/mark.js';
import { hex, parseNumber } from '../values/number.js';

function spelled(toXmark: (value: number) => Masked): ValueType<Masked> {
  return {
    words: 1,
    parse([word = '']) {
      const value = parseNumber(word);
      return value === null || value > 0xffffffff ? new BadValue('VAL_MARK', { text: word }) : toXmark(value);
    },
    print: ({ value, mask }) => `${hex(value)}/${hex(mask)}`,
  };
}

/** `--set-mark V/M` sets the bits of V too: the mask becomes V|M (extensions/libxt_MARK.c). */
const setMark: ValueType<Masked> = {
  words: 1,
  parse([word = '']) {
    const masked = parseMasked(word);
    return masked instanceof BadValue ? masked : { value: masked.value, mask: (masked.value | masked.mask) >>> 0 };
  },
  print: markSet.print.bind(markSet),
};

const others = (own: string): string[] => ['xmark', 'set', 'and', 'or', 'xor'].filter((key) => key !== own);

const target: TargetExtension = defineTarget({
  name: 'MARK',
  kernel: 'net/netfilter/xt_mark.c mark_tg',
  options: {
    xmark: { flag: '--set-xmark', value: markSet, excludes: others('xmark') },
    set: { flag: '--set-xmark', aliases: ['--set-mark'], value: setMark, excludes: others('set') },
    and: { flag: '--set-xmark', aliases: ['--and-mark'], value: spelled((bits) => ({ value: 0, mask: ~bits >>> 0 })), excludes: others('and') },
    or: { flag: '--set-xmark', aliases: ['--or-mark'], value: spelled((bits) => ({ value: bits, mask: bits })), excludes: others('or') },
    xor: { flag: '--set-xmark', aliases: ['--xor-mark'], value: spelled((bits) => ({ value: bits, mask: 0 })), excludes: others('xor') },
  },
  check: ({ xmark, set, and, or, xor }) =>
    (xmark ?? set ?? and ?? or ?? xor) === undefined ? new BadValue('VAL_REQUIRED', { flag: '--set-xmark' }) : null,
  apply({ xmark, set, and, or, xor }, _packet, _world, effects) {
    const given = xmark ?? set ?? and ?? or ?? xor;
    if (given !== undefined) effects.setMark(given.value.value, given.value.mask);
    return 'continue';
  },
});
export default target;
