import { type TargetExtension, defineTarget } from '../extension.js';

/** A process decides; without one that listens on queue 0 the packet is dropped. iptables-nft does not take it. */
const target: TargetExtension = defineTarget({
  name: 'QUEUE',
  kernel: 'net/netfilter/nf_queue.c nf_queue',
  missing: 'what the listening process decides is not known: the walk goes each way',
  options: {},
  apply: () => ({ kind: 'opaque', name: 'QUEUE' }),
});
export default target;
