import { type TargetExtension, defineTarget } from '../extension.js';
import { natRange, natTo, portDemands } from '../values/nat.js';
import { flag } from '../values/text.js';

const target: TargetExtension = defineTarget({
  name: 'SNAT',
  kernel: 'net/netfilter/xt_nat.c xt_snat_target_v2',
  placement: { tables: ['nat'], hooks: ['POSTROUTING', 'INPUT'] },
  needsConntrack: true,
  options: {
    to: { flag: '--to-source', aliases: ['--to'], value: natTo(false), required: true },
    random: { flag: '--random', value: flag },
    randomFully: { flag: '--random-fully', value: flag },
    persistent: { flag: '--persistent', value: flag },
  },
  demands: ({ to }) => portDemands(to.value.ports),
  apply: (values) => ({
    kind: 'nat',
    target: 'SNAT',
    range: natRange(values.to.value, values),
    network: null,
  }),
});
export default target;
