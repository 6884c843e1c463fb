import { type MatchExtension, defineMatch } from '../extension.js';
import { type IcmpNames, icmpType, printIcmpType } from '../values/icmp.js';

/** The type that means "any" to kernel and tool; its code is neither tested nor printed. */
const ANY = 255;

// prettier-ignore
const NAMES: IcmpNames = {
  any: [ANY], 'echo-reply': [0], pong: [0],
  'destination-unreachable': [3], 'network-unreachable': [3, 0], 'host-unreachable': [3, 1], 'protocol-unreachable': [3, 2],
  'port-unreachable': [3, 3], 'fragmentation-needed': [3, 4], 'source-route-failed': [3, 5], 'network-unknown': [3, 6],
  'host-unknown': [3, 7], 'network-prohibited': [3, 9], 'host-prohibited': [3, 10], 'TOS-network-unreachable': [3, 11],
  'TOS-host-unreachable': [3, 12], 'communication-prohibited': [3, 13], 'host-precedence-violation': [3, 14],
  'precedence-cutoff': [3, 15], 'source-quench': [4], redirect: [5], 'network-redirect': [5, 0], 'host-redirect': [5, 1],
  'TOS-network-redirect': [5, 2], 'TOS-host-redirect': [5, 3], 'echo-request': [8], ping: [8], 'router-advertisement': [9],
  'router-solicitation': [10], 'time-exceeded': [11], 'ttl-exceeded': [11], 'ttl-zero-during-transit': [11, 0],
  'ttl-zero-during-reassembly': [11, 1], 'parameter-problem': [12], 'ip-header-bad': [12, 0],
  'required-option-missing': [12, 1], 'timestamp-request': [13], 'timestamp-reply': [14], 'address-mask-request': [17],
  'address-mask-reply': [18],
};

const type = icmpType(NAMES, (value) => (value.type === ANY ? 'any' : printIcmpType(value)));

const match: MatchExtension = defineMatch({
  name: 'icmp',
  families: [4],
  kernel: 'net/netfilter/xt_tcpudp.c icmp_match',
  protocols: [1],
  options: {
    type: { flag: '--icmp-type', value: type, invert: true, required: true },
  },
  evaluate({ type: { value, inverted } }, packet) {
    const same = packet.icmpType === value.type && (value.code === null || packet.icmpCode === value.code);
    return (value.type === ANY || same) !== inverted;
  },
  explain: ({ type: { value, inverted } }, packet) => ({
    code: 'NO_ICMP_TYPE',
    option: 'type',
    params: {
      wanted: `${inverted ? 'not ' : ''}${type.print(value, 4)}`,
      has: printIcmpType({ type: packet.icmpType, code: packet.icmpCode }),
    },
  }),
});
export default match;
