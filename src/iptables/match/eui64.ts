import { type Ternary, unsure } from '../../chooser/question.js';
import { type MatchExtension, defineMatch } from '../extension.js';

/** The two bytes in the middle of the host part of an address that was made of a MAC address. */
const MIDDLE = 0xfffen;

/** Is the source made of the MAC address that the frame came from? */
const match: MatchExtension = defineMatch({
  name: 'eui64',
  families: [6],
  kernel: 'net/ipv6/netfilter/ip6t_eui64.c eui64_mt6',
  missing: 'a packet is described without its MAC addresses',
  placement: { hooks: ['PREROUTING', 'INPUT', 'FORWARD'] },
  options: {},
  evaluate(_values, { source, sourceTo, inInterface }): Ternary {
    if (inInterface === '' || inInterface === 'lo') return false;
    if (source === sourceTo && ((BigInt(source) >> 24n) & 0xffffn) !== MIDDLE) return false;
    return unsure(`source ${String(source)} by its MAC`, 'UNK_EUI64');
  },
  explain: () => ({ code: 'NO_EUI64', option: null, params: {} }),
});
export default match;
