import { type MatchExtension, defineMatch } from '../extension.js';
import { type IcmpNames, icmpType, printIcmpType } from '../values/icmp.js';

// prettier-ignore
const NAMES: IcmpNames = {
  'destination-unreachable': [1], 'no-route': [1, 0], 'communication-prohibited': [1, 1], 'beyond-scope': [1, 2],
  'address-unreachable': [1, 3], 'port-unreachable': [1, 4], 'failed-policy': [1, 5], 'reject-route': [1, 6],
  'packet-too-big': [2], 'time-exceeded': [3], 'ttl-exceeded': [3], 'ttl-zero-during-transit': [3, 0],
  'ttl-zero-during-reassembly': [3, 1], 'parameter-problem': [4], 'bad-header': [4, 0], 'unknown-header-type': [4, 1],
  'unknown-option': [4, 2], 'echo-request': [128], ping: [128], 'echo-reply': [129], pong: [129],
  'router-solicitation': [133], 'router-advertisement': [134], 'neighbour-solicitation': [135],
  'neighbor-solicitation': [135], 'neighbour-advertisement': [136], 'neighbor-advertisement': [136], redirect: [137],
};

const type = icmpType(NAMES, printIcmpType);

const match: MatchExtension = defineMatch({
  name: 'icmp6',
  families: [6],
  kernel: 'net/netfilter/xt_tcpudp.c icmp6_match',
  protocols: [58],
  options: {
    type: { flag: '--icmpv6-type', value: type, invert: true, required: true },
  },
  // Type 255 is a type like any other here: only ICMP for IPv4 has an "any".
  evaluate({ type: { value, inverted } }, packet) {
    const same = packet.icmpType === value.type && (value.code === null || packet.icmpCode === value.code);
    return same !== inverted;
  },
  explain: ({ type: { value, inverted } }, packet) => ({
    code: 'NO_ICMP_TYPE',
    option: 'type',
    params: {
      wanted: `${inverted ? 'not ' : ''}${type.print(value, 6)}`,
      has: printIcmpType({ type: packet.icmpType, code: packet.icmpCode }),
    },
  }),
});
export default match;
