import { invertIf, unsure } from '../../chooser/question.js';
import { type MatchExtension, defineMatch } from '../extension.js';
import { counter64 } from '../values/counter.js';
import { ownState } from '../values/unseen.js';

/** A budget of bytes of the rule's own: it says yes while the packet fits into what is left. */
const match: MatchExtension = defineMatch({
  name: 'quota',
  kernel: 'net/netfilter/xt_quota.c quota_mt',
  missing: 'how much of the quota is left is an open question',
  options: { quota: { flag: '--quota', value: counter64, invert: true, required: true } },
  evaluate({ quota }, { length }, world) {
    if (quota.value === 0n || (length !== null && quota.value < BigInt(length))) return quota.inverted;
    const bytes = String(quota.value);
    return invertIf(quota.inverted, unsure(`quota of ${ownState(world)}`, 'UNK_QUOTA', { quota: bytes }));
  },
  explain: ({ quota }) => ({ code: 'NO_QUOTA', option: 'quota', params: { quota: String(quota.value) } }),
});
export default match;
