import { type Ternary, invertIf, unsure } from '../../chooser/question.js';
import { BadValue, type MatchExtension, type Values, defineMatch, printOptions } from '../extension.js';
import { clipped } from '../values/clipped.js';
import { integer } from '../values/number.js';
import type { PacketView, World } from '../view.js';

const options = {
  path: { flag: '--path', value: clipped(511), invert: true, excludes: ['classId'] },
  classId: { flag: '--cgroup', value: integer(0, 0xffffffff), invert: true },
} as const;

/** Protocols whose packets find their socket before INPUT (early demux). */
const FOUND_EARLY: ReadonlySet<number> = new Set([6, 17]);

/** Has the packet no socket, so that nothing matches, `!` or not? */
function lacksSocket({ isLocal, inInterface, protocol }: PacketView, { hook }: World): boolean {
  if (hook !== 'INPUT') return !isLocal;
  return inInterface !== 'lo' && !FOUND_EARLY.has(protocol);
}

const wanted = ({ path, classId }: Values<typeof options>): string =>
  printOptions(
    options,
    path !== undefined
      ? { path: { ...path, inverted: false } }
      : classId === undefined
        ? {}
        : { classId: { ...classId, inverted: false } },
    4,
  );

/** The control group of the socket that a packet is of. */
const match: MatchExtension = defineMatch({
  name: 'cgroup',
  kernel: 'net/netfilter/xt_cgroup.c cgroup_mt_v2',
  placement: { hooks: ['INPUT', 'OUTPUT', 'POSTROUTING'] },
  missing: 'which control group a socket is in is an open question',
  options,
  check: ({ path, classId }) =>
    (path ?? classId) === undefined ? new BadValue('VAL_ONE_REQUIRED', { flags: '--path, --cgroup' }) : null,
  evaluate(values, packet, world): Ternary {
    if (lacksSocket(packet, world)) return false;
    const asked = wanted(values);
    const inverted = (values.path ?? values.classId)?.inverted === true;
    // At INPUT, a packet without a socket is a no for both questions.
    const key = `socket in ${asked}${world.hook === 'INPUT' && inverted ? ' not' : ''} at ${world.hook}`;
    const open = unsure(key, 'UNK_CGROUP', { wanted: `${inverted ? 'not ' : ''}${asked}` });
    return world.hook === 'INPUT' ? open : invertIf(inverted, unsure(key, 'UNK_CGROUP', { wanted: asked }));
  },
  explain: () => ({ code: 'NO_SOCKET_OWNER', option: null, params: {} }),
});
export default match;
