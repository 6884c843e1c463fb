import { type Ternary, unsure } from '../../chooser/question.js';
import { type MatchExtension, defineMatch } from '../extension.js';
import { clippedBare } from '../values/clipped.js';
import { integer } from '../values/number.js';

const SYN = 2;

/** The kernel keeps the `!` and never looks at it; with --log, any system that it knows will do. */
const match: MatchExtension = defineMatch({
  name: 'osf',
  families: [4],
  kernel: 'net/netfilter/nfnetlink_osf.c nf_osf_match',
  protocols: [6],
  placement: { hooks: ['PREROUTING', 'INPUT', 'FORWARD'] },
  missing: 'which system a SYN is of is an open question',
  options: {
    genre: { flag: '--genre', value: clippedBare(31), invert: true, required: true },
    ttl: { flag: '--ttl', value: integer(0, 2) },
    log: { flag: '--log', value: integer(0, 2) },
  },
  evaluate({ genre, ttl, log }, { tcpFlags }): Ternary {
    if ((tcpFlags & SYN) === 0) return false;
    const wanted = log === undefined ? genre.value : 'any';
    return unsure(`os ${wanted} by ttl ${String(ttl?.value ?? 0)}`, 'UNK_OS', { wanted });
  },
  explain: () => ({ code: 'NO_OS', option: 'genre', params: {} }),
});
export default match;
