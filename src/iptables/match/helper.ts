import { invertIf, unsure } from '../../chooser/question.js';
import { type MatchExtension, defineMatch } from '../extension.js';
import { quote } from '../quoting.js';
import { clipped } from '../values/clipped.js';

/** The helper's name, of which 29 bytes are kept; an empty one stands for any helper. */
const kept = clipped(29);
const helperName = {
  ...kept,
  parse: (words: readonly string[], family: 4 | 6) => (words[0] === '' ? '' : kept.parse(words, family)),
  print: quote,
};

/** Asks for the helper of the connection that this one was expected by, not for the connection's own. */
const match: MatchExtension = defineMatch({
  name: 'helper',
  kernel: 'net/netfilter/xt_helper.c helper_mt',
  needsConntrack: true,
  missing: 'which helper expected a connection is an open question',
  options: { helper: { flag: '--helper', value: helperName, invert: true, required: true } },
  evaluate({ helper: { value, inverted } }, _packet, { connection }) {
    if (connection?.expected !== true) return inverted;
    return invertIf(inverted, unsure(`expected by helper ${quote(value)}`, 'UNK_HELPER', { helper: value }));
  },
  explain: () => ({ code: 'NO_HELPER', option: 'helper', params: {} }),
});
export default match;
