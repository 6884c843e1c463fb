import { type TargetExtension, defineTarget } from '../extension.js';
import { natRange, natTo, portDemands } from '../values/nat.js';
import { flag } from '../values/text.js';

const target: TargetExtension = defineTarget({
  name: 'DNAT',
  kernel: 'net/netfilter/xt_nat.c xt_dnat_target_v2',
  placement: { tables: ['nat'], hooks: ['PREROUTING', 'OUTPUT'] },
  needsConntrack: true,
  options: {
    to: { flag: '--to-destination', aliases: ['--to'], value: natTo(true), required: true },
    random: { flag: '--random', value: flag },
    persistent: { flag: '--persistent', value: flag },
  },
  demands: ({ to }) => portDemands(to.value.ports),
  apply: (values) => ({
    kind: 'nat',
    target: 'DNAT',
    range: natRange(values.to.value, values),
    network: null,
  }),
});
export default target;
