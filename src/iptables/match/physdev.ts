import { type Ternary, allOf, invertIf, unsure } from '../../chooser/question.js';
import { BadValue, type MatchExtension, type Values, defineMatch } from '../extension.js';
import { bare, flag } from '../values/text.js';
import type { PacketView, World } from '../view.js';

/** IFNAMSIZ without its end. */
const NAME_LENGTH = 15;

const options = {
  isIn: { flag: '--physdev-is-in', value: flag, invert: true },
  in: { flag: '--physdev-in', value: bare(NAME_LENGTH), invert: true },
  isOut: { flag: '--physdev-is-out', value: flag, invert: true },
  out: { flag: '--physdev-out', value: bare(NAME_LENGTH), invert: true },
  isBridged: { flag: '--physdev-is-bridged', value: flag, invert: true },
} as const;

type Options = Values<typeof options>;
const KEYS = ['isBridged', 'isIn', 'isOut', 'in', 'out'] as const;

/** Whether the packet may carry the ports of a bridge; what a local process sends never does. */
function mayBeBridged({ isLocal, inInterface, outInterface }: PacketView, world: World): boolean {
  if (isLocal) return false;
  return [inInterface, outInterface].some((device) => device !== '' && world.isBridge?.(device) !== false);
}

function* questions(values: Options): Iterable<Ternary> {
  for (const key of KEYS) {
    const given = values[key];
    if (given === undefined) continue;
    const test = `${options[key].flag}${given.value === true ? '' : ` ${given.value}`}`;
    yield invertIf(given.inverted, unsure(`bridge port ${test}`, 'UNK_PHYSDEV', { test }));
  }
}

const plain = (values: Options): (typeof KEYS)[number] | undefined =>
  KEYS.find((key) => values[key]?.inverted === false);

/** Without bridge information it says yes only when every option given is inverted. */
const match: MatchExtension = defineMatch({
  name: 'physdev',
  kernel: 'net/netfilter/xt_physdev.c physdev_mt',
  missing: 'bridging is not walked: behind a bridge each option is an open question',
  options,
  check: (values) =>
    KEYS.every((key) => values[key] === undefined)
      ? new BadValue('VAL_ONE_REQUIRED', { flags: KEYS.map((key) => options[key].flag).join(', ') })
      : null,
  evaluate: (values, packet, world) =>
    mayBeBridged(packet, world) ? allOf(questions(values)) : plain(values) === undefined,
  explain: (values) => ({ code: 'NO_PHYSDEV', option: plain(values) ?? null, params: {} }),
});
export default match;
