import { type MatchExtension, type ValueType, defineMatch } from '../extension.js';
import { quote } from '../quoting.js';
import { clipped } from '../values/clipped.js';
import { assumedNo } from '../values/unseen.js';

/** NFACCT_NAME_MAX without its end: what is longer is cut off. */
const NAME_LENGTH = 31;

const name: ValueType<string> = {
  ...clipped(NAME_LENGTH),
  // The tool prints two blanks: one belongs to the flag, one to the quoting.
  print: (value) => ` ${quote(value)}`,
};

/** It counts, and always says yes. */
const match: MatchExtension = defineMatch({
  name: 'nfacct',
  kernel: 'net/netfilter/xt_nfacct.c nfacct_mt',
  missing:
    'an accounting object with a quota, which says yes only beyond it, is not in any dump and is not assumed',
  options: { name: { flag: '--nfacct-name', value: name, required: true } },
  evaluate: () => true,
  explain: () => assumedNo,
});
export default match;
