import { type TargetExtension, defineTarget } from '../extension.js';
import { integer } from '../values/number.js';
import { flag } from '../values/text.js';

const [FIN, SYN, RST, ACK] = [1, 2, 4, 16];
const ALL = FIN | SYN | RST | ACK;

const target: TargetExtension = defineTarget({
  name: 'SYNPROXY',
  kernel: 'net/ipv4/netfilter/ipt_SYNPROXY.c synproxy_tg4, net/ipv6/netfilter/ip6t_SYNPROXY.c synproxy_tg6',
  protocols: [6],
  placement: { hooks: ['INPUT', 'FORWARD'] },
  needsConntrack: true,
  missing: 'the connection that it opens itself when the client has answered',
  options: {
    sack: { flag: '--sack-perm', value: flag },
    timestamp: { flag: '--timestamp', value: flag },
    wscale: { flag: '--wscale', value: integer(0, 255) },
    mss: { flag: '--mss', value: integer(0, 65535) },
    ecn: { flag: '--ecn', value: flag },
  },
  // It answers a SYN with a SYN,ACK of its own; the ACK behind it has the right cookie or not, and ends here either way.
  apply(_values, { tcpFlags }) {
    const flags = tcpFlags & ALL;
    return flags === SYN || flags === ACK ? { kind: 'taken', reason: 'synproxy' } : 'continue';
  },
});
export default target;
