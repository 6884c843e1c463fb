import { type MatchExtension, defineMatch } from '../extension.js';
import { text } from '../values/text.js';

/** XT_MAX_COMMENT_LEN less the closing NUL, in bytes. */
const MAX = 255;

const match: MatchExtension = defineMatch({
  name: 'comment',
  kernel: 'net/netfilter/xt_comment.c comment_mt (always yes)',
  options: {
    comment: { flag: '--comment', value: text(MAX), required: true },
  },
  evaluate: () => true,
  explain: () => ({ code: 'NO_BY_ASSUMPTION', option: null, params: {} }),
});
export default match;
