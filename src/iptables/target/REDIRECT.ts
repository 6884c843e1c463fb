import { type TargetExtension, defineTarget } from '../extension.js';
import { dashedPorts, natRange, portDemands } from '../values/nat.js';
import { flag } from '../values/text.js';

const target: TargetExtension = defineTarget({
  name: 'REDIRECT',
  kernel: 'net/netfilter/nf_nat_redirect.c nf_nat_redirect_ipv4, nf_nat_redirect_ipv6',
  placement: { tables: ['nat'], hooks: ['PREROUTING', 'OUTPUT'] },
  needsConntrack: true,
  options: {
    ports: { flag: '--to-ports', aliases: ['--to-port', '--to'], value: dashedPorts },
    random: { flag: '--random', value: flag },
  },
  demands: ({ ports }) => portDemands(ports?.value),
  apply: ({ ports, ...flags }) => ({
    kind: 'nat',
    target: 'REDIRECT',
    range: natRange(ports === undefined ? {} : { ports: ports.value }, flags),
    network: null,
  }),
});
export default target;
