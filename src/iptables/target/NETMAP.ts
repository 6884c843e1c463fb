import { familyOf } from '../../address/address.js';
import { type Prefix, formatPrefix, parsePrefix } from '../../address/prefix.js';
import { type TargetExtension, type ValueType, BadValue, defineTarget } from '../extension.js';
import { natRange } from '../values/nat.js';

/** A network of the rule's family. A mask with holes is refused: iptables takes it, and then maps to the one host. */
const network: ValueType<Prefix> = {
  words: 1,
  parse([word = ''], family) {
    const refused = new BadValue('VAL_NETWORK', { text: word });
    const prefix = parsePrefix(word);
    if (prefix === null || familyOf(prefix.address) !== family) return refused;
    return prefix.length === null ? refused : prefix;
  },
  print: formatPrefix,
};

const target: TargetExtension = defineTarget({
  name: 'NETMAP',
  kernel: 'net/netfilter/xt_NETMAP.c netmap_tg4, netmap_tg6',
  placement: { tables: ['nat'] },
  needsConntrack: true,
  options: { to: { flag: '--to', value: network, required: true } },
  apply: ({ to }) => ({ kind: 'nat', target: 'NETMAP', range: natRange({}, {}), network: to.value }),
});
export default target;
