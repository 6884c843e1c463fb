import { invertIf, unsure } from '../../chooser/question.js';
import { type MatchExtension, defineMatch } from '../extension.js';
import { integer } from '../values/number.js';
import { assumedNo } from '../values/unseen.js';

const match: MatchExtension = defineMatch({
  name: 'cpu',
  kernel: 'net/netfilter/xt_cpu.c cpu_mt',
  missing: 'which CPU handles a packet is an open question',
  options: { cpu: { flag: '--cpu', value: integer(0, 0xffffffff), invert: true, required: true } },
  evaluate: ({ cpu }) =>
    invertIf(cpu.inverted, unsure(`CPU ${String(cpu.value)}`, 'UNK_CPU', { cpu: cpu.value })),
  explain: () => assumedNo,
});
export default match;
