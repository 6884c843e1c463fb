import { type TargetExtension, defineTarget } from '../extension.js';

/** The old name of `CT --notrack`; iptables keeps the name that was given. */
const target: TargetExtension = defineTarget({
  name: 'NOTRACK',
  kernel: 'net/netfilter/xt_CT.c notrack_tg',
  placement: { tables: ['raw'] },
  options: {},
  apply(_values, _packet, _world, effects) {
    effects.setTracking({ notrack: true, zone: null, helper: null });
    return 'continue';
  },
});
export default target;
