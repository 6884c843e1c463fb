import { type TargetExtension, BadValue, defineTarget } from '../extension.js';
import { integer } from '../values/number.js';

const target: TargetExtension = defineTarget({
  name: 'TTL',
  families: [4],
  kernel: 'net/netfilter/xt_HL.c ttl_tg',
  placement: { tables: ['mangle'] },
  options: {
    set: { flag: '--ttl-set', value: integer(0, 255), excludes: ['decrease', 'increase'] },
    decrease: { flag: '--ttl-dec', value: integer(1, 255), excludes: ['set', 'increase'] },
    increase: { flag: '--ttl-inc', value: integer(1, 255), excludes: ['set', 'decrease'] },
  },
  check: ({ set, decrease, increase }) =>
    (set ?? decrease ?? increase) === undefined ? new BadValue('VAL_REQUIRED', { flag: '--ttl-set' }) : null,
  apply({ set, decrease, increase }, { ttl }, _world, effects) {
    const changed = set?.value ?? ttl - (decrease?.value ?? 0) + (increase?.value ?? 0);
    effects.setTtl(Math.max(0, Math.min(255, changed)));
    return 'continue';
  },
});
export default target;
