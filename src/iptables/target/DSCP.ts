import { type TargetExtension, type ValueType, BadValue, defineTarget } from '../extension.js';
import { integer } from '../values/number.js';

const code = (value: number): string => `0x${value.toString(16).padStart(2, '0')}`;

/** Classes of RFC 2474, 2597 and 3246: CSn is n<<3, AFxy is x<<3 | y<<1. */
function classCode(name: string): number | null {
  const upper = name.toUpperCase();
  if (upper === 'BE') return 0;
  if (upper === 'EF') return 0x2e;
  const selector = /^CS([0-7])$/.exec(upper)?.[1];
  if (selector !== undefined) return Number(selector) << 3;
  const [, level, drop] = /^AF([1-4])([1-3])$/.exec(upper) ?? [];
  return level === undefined || drop === undefined ? null : (Number(level) << 3) | (Number(drop) << 1);
}

const dscpClass: ValueType<number> = {
  words: 1,
  parse: ([word = '']) => classCode(word) ?? new BadValue('VAL_DSCP_CLASS', { text: word }),
  print: code,
};

/** The six bits above the two of ECN. */
const MASK = 0xfc;

const target: TargetExtension = defineTarget({
  name: 'DSCP',
  kernel: 'net/netfilter/xt_DSCP.c dscp_tg, dscp_tg6',
  placement: { tables: ['mangle'] },
  options: {
    dscp: { flag: '--set-dscp', value: integer(0, 63, code), excludes: ['class'] },
    class: { flag: '--set-dscp', aliases: ['--set-dscp-class'], value: dscpClass },
  },
  check: ({ dscp, class: named }) =>
    (dscp ?? named) === undefined ? new BadValue('VAL_REQUIRED', { flag: '--set-dscp' }) : null,
  apply({ dscp, class: named }, _packet, _world, effects) {
    const given = dscp ?? named;
    if (given !== undefined) effects.setTos(given.value << 2, MASK);
    return 'continue';
  },
});
export default target;
