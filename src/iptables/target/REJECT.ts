import type { Family } from '../../address/address.js';
import { type TargetExtension, type ValueType, BadValue, defineTarget } from '../extension.js';

/** Names and their second names, in the order in which iptables tries them (extensions/libipt_REJECT.c, libip6t_REJECT.c). */
const NAMES: Readonly<Record<Family, readonly (readonly [string, string])[]>> = {
  4: [
    ['icmp-net-unreachable', 'net-unreach'],
    ['icmp-host-unreachable', 'host-unreach'],
    ['icmp-proto-unreachable', 'proto-unreach'],
    ['icmp-port-unreachable', 'port-unreach'],
    ['icmp-net-prohibited', 'net-prohib'],
    ['icmp-host-prohibited', 'host-prohib'],
    ['tcp-reset', 'tcp-rst'],
    ['icmp-admin-prohibited', 'admin-prohib'],
  ],
  6: [
    ['icmp6-no-route', 'no-route'],
    ['icmp6-adm-prohibited', 'adm-prohibited'],
    ['icmp6-addr-unreachable', 'addr-unreach'],
    ['icmp6-port-unreachable', 'port-unreach'],
    ['tcp-reset', 'tcp-reset'],
    ['icmp6-policy-fail', 'policy-fail'],
    ['icmp6-reject-route', 'reject-route'],
  ],
};
const TCP_RESET = 'tcp-reset';

/** The first name that the word begins is meant, whatever its case. */
const rejectWith: ValueType<string> = {
  words: 1,
  parse([word = ''], family) {
    const typed = word.toLowerCase();
    const found = NAMES[family].find((names) => names.some((name) => name.startsWith(typed)));
    if (found !== undefined) return found[0];
    return new BadValue('VAL_ONE_OF', { text: word, names: NAMES[family].map(([name]) => name).join(', ') });
  },
  print: (value) => value,
};

/** Without --reject-with. The packet's family is the rule's. */
function fallback(family: Family): string {
  return family === 4 ? 'icmp-port-unreachable' : 'icmp6-port-unreachable';
}

const target: TargetExtension = defineTarget({
  name: 'REJECT',
  kernel: 'net/ipv4/netfilter/ipt_REJECT.c reject_tg, net/ipv6/netfilter/ip6t_REJECT.c reject_tg6',
  placement: { tables: ['filter'], hooks: ['INPUT', 'FORWARD', 'OUTPUT'] },
  options: { with: { flag: '--reject-with', value: rejectWith } },
  demands: (values) => (values.with?.value === TCP_RESET ? { protocols: [6] } : {}),
  print: (values, family) => `--reject-with ${values.with?.value ?? fallback(family)}`,
  apply: (values, packet) => ({ kind: 'reject', with: values.with?.value ?? fallback(packet.family) }),
});
export default target;
