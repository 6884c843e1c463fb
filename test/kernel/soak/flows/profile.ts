/** Flows of packets through nodes whose rules are about connections. */
import * as fc from 'fast-check';
import type { Profile } from '../profile.js';
import { scripts } from './script.js';
import { nodes } from './snapshot.js';
import { FOUR, SIX } from './vocabulary.js';

export const flows: Profile = {
  name: 'flows',
  families: [4, 6],
  case: (setting) => {
    const words = setting.family === 4 ? FOUR : SIX;
    return fc.record({
      files: nodes(words, setting),
      packets: fc.constant([]),
      scripts: fc.array(scripts(words), { minLength: 8, maxLength: 12 }),
    });
  },
};
