import { type MatchExtension, defineMatch } from '../extension.js';
import { hasState, stateBits, stateList } from '../values/state.js';

const match: MatchExtension = defineMatch({
  name: 'state',
  kernel: 'net/netfilter/xt_state.c state_mt (an alias of xt_conntrack.c since 3.8)',
  needsConntrack: true,
  options: {
    state: { flag: '--state', value: stateList, invert: true, required: true },
  },
  evaluate: ({ state: { value, inverted } }, _packet, world) => hasState(world, value) !== inverted,
  explain: ({ state: { value, inverted } }, _packet, world) => ({
    code: 'NO_STATE',
    option: 'state',
    params: {
      wanted: `${inverted ? 'not ' : ''}${stateList.print(value, 4)}`,
      has: stateBits(world).join(','),
    },
  }),
});
export default match;
