import { type TargetExtension, BadValue, defineTarget } from '../extension.js';
import { integer } from '../values/number.js';

const target: TargetExtension = defineTarget({
  name: 'HL',
  families: [6],
  kernel: 'net/netfilter/xt_HL.c hl_tg6',
  placement: { tables: ['mangle'] },
  options: {
    set: { flag: '--hl-set', value: integer(0, 255), excludes: ['decrease', 'increase'] },
    decrease: { flag: '--hl-dec', value: integer(1, 255), excludes: ['set', 'increase'] },
    increase: { flag: '--hl-inc', value: integer(1, 255), excludes: ['set', 'decrease'] },
  },
  check: ({ set, decrease, increase }) =>
    (set ?? decrease ?? increase) === undefined ? new BadValue('VAL_REQUIRED', { flag: '--hl-set' }) : null,
  apply({ set, decrease, increase }, { ttl }, _world, effects) {
    const changed = set?.value ?? ttl - (decrease?.value ?? 0) + (increase?.value ?? 0);
    effects.setTtl(Math.max(0, Math.min(255, changed)));
    return 'continue';
  },
});
export default target;
