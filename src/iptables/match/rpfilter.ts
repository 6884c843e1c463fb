import { invertIf } from '../../chooser/question.js';
import { type MatchExtension, defineMatch } from '../extension.js';
import { flag } from '../values/text.js';

const match: MatchExtension = defineMatch({
  name: 'rpfilter',
  kernel: 'net/ipv4/netfilter/ipt_rpfilter.c, net/ipv6/netfilter/ip6t_rpfilter.c rpfilter_mt',
  placement: { tables: ['raw', 'mangle'], hooks: ['PREROUTING'] },
  options: {
    loose: { flag: '--loose', value: flag },
    validMark: { flag: '--validmark', value: flag },
    acceptLocal: { flag: '--accept-local', value: flag },
    invert: { flag: '--invert', value: flag },
  },
  evaluate: ({ loose, validMark, acceptLocal, invert }, packet, world) =>
    invertIf(
      invert !== undefined,
      world.reversePath(
        {
          loose: loose !== undefined,
          validMark: validMark !== undefined,
          acceptLocal: acceptLocal !== undefined,
        },
        packet,
      ),
    ),
  explain: ({ invert }, { inInterface }) => ({
    code: invert === undefined ? 'NO_REVERSE_PATH' : 'NO_REVERSE_PATH_PASSED',
    option: invert === undefined ? null : 'invert',
    params: { device: inInterface },
  }),
});
export default match;
