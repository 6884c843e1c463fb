import { invertIf, unsure } from '../../chooser/question.js';
import { type MatchExtension, defineMatch } from '../extension.js';
import { namedMask } from '../values/named-mask.js';
import { assumedNo } from '../values/unseen.js';
import { hex } from '../values/number.js';

const realm = namedMask('cosmos');

const match: MatchExtension = defineMatch({
  name: 'realm',
  families: [4],
  kernel: 'net/netfilter/xt_realm.c realm_mt',
  missing: 'names of realms are not followed: open questions',
  placement: { hooks: ['INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] },
  options: { realm: { flag: '--realm', value: realm, invert: true, required: true } },
  evaluate({ realm: { value, inverted } }, _packet, world) {
    const has = world.realm?.() ?? null;
    if (has !== null && typeof value !== 'string')
      return ((has & value.mask) >>> 0 === value.value) !== inverted;
    const wanted = realm.print(value, 4);
    return invertIf(inverted, unsure(`realm ${wanted}`, 'UNK_REALM', { wanted }));
  },
  explain({ realm: { value, inverted } }, _packet, world) {
    const has = world.realm?.() ?? null;
    if (has === null || typeof value === 'string') return assumedNo;
    const wanted = `${inverted ? 'not ' : ''}${realm.print(value, 4)}`;
    return { code: 'NO_REALM', option: 'realm', params: { has: hex(has), wanted } };
  },
});
export default match;
