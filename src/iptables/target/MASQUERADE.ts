import { type TargetExtension, defineTarget } from '../extension.js';
import { dashedPorts, natRange, portDemands } from '../values/nat.js';
import { flag } from '../values/text.js';

const target: TargetExtension = defineTarget({
  name: 'MASQUERADE',
  kernel: 'net/netfilter/nf_nat_masquerade.c nf_nat_masquerade_ipv4, nf_nat_masquerade_ipv6',
  placement: { tables: ['nat'], hooks: ['POSTROUTING'] },
  needsConntrack: true,
  options: {
    ports: { flag: '--to-ports', aliases: ['--to-port', '--to'], value: dashedPorts },
    random: { flag: '--random', value: flag },
    randomFully: { flag: '--random-fully', value: flag },
  },
  demands: ({ ports }) => portDemands(ports?.value),
  apply: (values) => ({
    kind: 'nat',
    target: 'MASQUERADE',
    range: natRange(values.ports === undefined ? {} : { ports: values.ports.value }, values),
    network: null,
  }),
});
export default target;
