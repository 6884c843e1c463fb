import { type TargetExtension, defineTarget } from '../extension.js';

const target: TargetExtension = defineTarget({
  name: 'RETURN',
  kernel: 'net/ipv4/netfilter/ip_tables.c ipt_do_table',
  options: {},
  apply: () => 'return',
});
export default target;
