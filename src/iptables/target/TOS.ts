import { type TargetExtension, type ValueType, BadValue, defineTarget } from '../extension.js';
import type { Masked } from '../values/mark.js';
import { parseNumber } from '../values/number.js';

/** Names of whole TOS values. They leave the two ECN bits alone. */
const NAMES: ReadonlyMap<string, number> = new Map([
  ['minimize-delay', 0x10],
  ['maximize-throughput', 0x08],
  ['maximize-reliability', 0x04],
  ['minimize-cost', 0x02],
  ['normal-service', 0x00],
]);
const NAME_MASK = 0x3f;

const byte = (value: number): string => `0x${value.toString(16).padStart(2, '0')}`;

function readByte(text: string): number | null {
  const value = parseNumber(text);
  return value === null || value > 255 ? null : value;
}

const print = ({ value, mask }: Masked): string => `${byte(value)}/${byte(mask)}`;

const setTos: ValueType<Masked> = {
  words: 1,
  parse([word = '']) {
    const named = NAMES.get(word.toLowerCase());
    if (named !== undefined) return { value: named, mask: NAME_MASK };
    const slash = word.indexOf('/');
    const value = readByte(slash < 0 ? word : word.slice(0, slash));
    const mask = slash < 0 ? 255 : readByte(word.slice(slash + 1));
    return value === null || mask === null ? new BadValue('VAL_TOS', { text: word }) : { value, mask };
  },
  print,
};

function bits(toTos: (bits: number) => Masked): ValueType<Masked> {
  return {
    words: 1,
    parse([word = '']) {
      const value = readByte(word);
      return value === null ? new BadValue('VAL_BOUNDS', { text: word, min: 0, max: 255 }) : toTos(value);
    },
    print,
  };
}

const others = (own: string): string[] => ['set', 'and', 'or', 'xor'].filter((key) => key !== own);

const target: TargetExtension = defineTarget({
  name: 'TOS',
  kernel: 'net/netfilter/xt_DSCP.c tos_tg, tos_tg6',
  placement: { tables: ['mangle'] },
  options: {
    set: { flag: '--set-tos', value: setTos, excludes: others('set') },
    and: {
      flag: '--set-tos',
      aliases: ['--and-tos'],
      value: bits((b) => ({ value: 0, mask: 255 ^ b })),
      excludes: others('and'),
    },
    or: {
      flag: '--set-tos',
      aliases: ['--or-tos'],
      value: bits((b) => ({ value: b, mask: b })),
      excludes: others('or'),
    },
    xor: {
      flag: '--set-tos',
      aliases: ['--xor-tos'],
      value: bits((b) => ({ value: b, mask: 0 })),
      excludes: others('xor'),
    },
  },
  check: ({ set, and, or, xor }) =>
    (set ?? and ?? or ?? xor) === undefined ? new BadValue('VAL_REQUIRED', { flag: '--set-tos' }) : null,
  apply({ set, and, or, xor }, _packet, _world, effects) {
    const given = set ?? and ?? or ?? xor;
    if (given !== undefined) effects.setTos(given.value.value, given.value.mask);
    return 'continue';
  },
});
export default target;
