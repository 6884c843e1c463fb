import { invertIf, unsure } from '../../chooser/question.js';
import { type MatchExtension, defineMatch } from '../extension.js';
import { namedMask } from '../values/named-mask.js';
import { assumedNo } from '../values/unseen.js';

const realm = namedMask('cosmos');

const match: MatchExtension = defineMatch({
  name: 'realm',
  families: [4],
  kernel: 'net/netfilter/xt_realm.c realm_mt',
  missing: 'the realms of routes are not followed: an open question',
  placement: { hooks: ['INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] },
  options: { realm: { flag: '--realm', value: realm, invert: true, required: true } },
  evaluate({ realm: { value, inverted } }) {
    const wanted = realm.print(value, 4);
    return invertIf(inverted, unsure(`realm ${wanted}`, 'UNK_REALM', { wanted }));
  },
  explain: () => assumedNo,
});
export default match;
