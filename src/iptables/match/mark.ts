import { invertIf } from '../../chooser/question.js';
import { markIs } from '../decide.js';
import { type MatchExtension, defineMatch } from '../extension.js';
import { markMatch } from '../values/mark.js';
import { hex } from '../values/number.js';

const match: MatchExtension = defineMatch({
  name: 'mark',
  kernel: 'net/netfilter/xt_mark.c mark_mt',
  options: {
    mark: { flag: '--mark', value: markMatch, invert: true, required: true },
  },
  evaluate: ({ mark: { value, inverted } }, packet) =>
    invertIf(inverted, markIs(packet.mark, packet.markUnknown, value.value, value.mask)),
  explain: ({ mark: { value, inverted } }, packet) => ({
    code: 'NO_MARK',
    option: 'mark',
    params: { wanted: `${inverted ? 'not ' : ''}${markMatch.print(value, 4)}`, has: hex(packet.mark) },
  }),
});
export default match;
