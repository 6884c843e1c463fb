import { type MatchExtension, type ValueType, defineMatch } from '../extension.js';
import { clipped } from '../values/clipped.js';

/** XT_MAX_COMMENT_LEN less the closing NUL, in bytes. */
const kept = clipped(255);

/** What is too long is cut off without a word; an empty comment is one too. */
const comment: ValueType<string> = {
  ...kept,
  parse: (words, family) => (words[0] === '' ? '' : kept.parse(words, family)),
};

const match: MatchExtension = defineMatch({
  name: 'comment',
  kernel: 'net/netfilter/xt_comment.c comment_mt (always yes)',
  options: {
    comment: { flag: '--comment', value: comment, required: true },
  },
  evaluate: () => true,
  explain: () => ({ code: 'NO_BY_ASSUMPTION', option: null, params: {} }),
});
export default match;
