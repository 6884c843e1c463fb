import { invertIf, unsure } from '../../chooser/question.js';
import { BadValue, type MatchExtension, type ValueType, defineMatch } from '../extension.js';

const mac: ValueType<string> = {
  words: 1,
  parse([word = '']) {
    const parts = word.split(':');
    const valid = parts.length === 6 && parts.every((part) => /^[0-9a-f]{1,2}$/i.test(part));
    return valid
      ? parts.map((part) => part.toLowerCase().padStart(2, '0')).join(':')
      : new BadValue('VAL_MAC', { text: word });
  },
  print: (value) => value,
};

/** Without an Ethernet header it says no, inverted or not: packets of local processes, and all that came through lo. */
const match: MatchExtension = defineMatch({
  name: 'mac',
  kernel: 'net/netfilter/xt_mac.c mac_mt',
  missing: 'a packet is described without its MAC addresses',
  placement: { hooks: ['PREROUTING', 'INPUT', 'FORWARD'] },
  options: { source: { flag: '--mac-source', value: mac, invert: true, required: true } },
  evaluate({ source }, { inInterface }) {
    if (inInterface === '' || inInterface === 'lo') return false;
    return invertIf(source.inverted, unsure(`source MAC ${source.value}`, 'UNK_MAC', { mac: source.value }));
  },
  explain: (_values, { inInterface }) => ({
    code: 'NO_ETHERNET',
    option: 'source',
    params: { device: inInterface },
  }),
});
export default match;
