import { type TargetExtension, type Values, type ValueType, BadValue, defineTarget } from '../extension.js';
import type { Effects } from '../verdict.js';
import type { PacketView, World } from '../view.js';
import { type Masked, mark32, markSet } from '../values/mark.js';
import { markBits, setMark } from '../values/mark-change.js';
import { hex, integer } from '../values/number.js';
import { flag } from '../values/text.js';

const ALL = 0xffffffff;
const ACTIONS = ['xmark', 'set', 'and', 'or', 'xor', 'save', 'restore'] as const;
const others = (own: (typeof ACTIONS)[number]): string[] => ACTIONS.filter((key) => key !== own);

/** How far a mark is shifted: 0 prints nothing, and the kernel takes no more than 31. */
const bits: ValueType<number> = integer(0, 31);

const options = {
  xmark: { flag: '--set-xmark', value: markSet, excludes: others('xmark') },
  set: { flag: '--set-xmark', aliases: ['--set-mark'], value: setMark, excludes: others('set') },
  and: {
    flag: '--set-xmark',
    aliases: ['--and-mark'],
    value: markBits((value) => ({ value: 0, mask: ~value >>> 0 })),
    excludes: others('and'),
  },
  or: {
    flag: '--set-xmark',
    aliases: ['--or-mark'],
    value: markBits((value) => ({ value, mask: value })),
    excludes: others('or'),
  },
  xor: {
    flag: '--set-xmark',
    aliases: ['--xor-mark'],
    value: markBits((value) => ({ value, mask: 0 })),
    excludes: others('xor'),
  },
  save: { flag: '--save-mark', value: flag, excludes: others('save') },
  restore: { flag: '--restore-mark', value: flag, excludes: others('restore') },
  mask: { flag: '--mask', value: mark32, excludes: ['nfmask', 'ctmask'] },
  nfmask: { flag: '--nfmask', value: mark32 },
  ctmask: { flag: '--ctmask', value: mark32 },
  left: { flag: '--left-shift-mark', value: bits, excludes: ['right'] },
  right: { flag: '--right-shift-mark', value: bits },
} as const;

type Given = Values<typeof options>;

/** How the mark is made: the masks of the two marks, and the shift, to the left when positive. */
interface Copy {
  readonly nfmask: number;
  readonly ctmask: number;
  readonly shift: number;
}

function setOf({ xmark, set, and, or, xor }: Given): Masked | null {
  return (xmark ?? set ?? and ?? or ?? xor)?.value ?? null;
}

function copyOf({ mask, nfmask, ctmask, left, right }: Given): Copy {
  return {
    nfmask: (nfmask ?? mask)?.value ?? ALL,
    ctmask: (ctmask ?? mask)?.value ?? ALL,
    shift: (left?.value ?? 0) - (right?.value ?? 0),
  };
}

/** A 32-bit value shifted as the kernel does: what leaves the word is lost, and zeros come in. */
function shifted(value: number, by: number): number {
  return (by >= 0 ? value << by : value >>> -by) >>> 0;
}

/** The new ct mark of a shifting --set-xmark (connmark_tg_shift): masked and set first, then shifted as a whole. */
function shiftSet({ value, mask }: Masked, by: number, world: World, effects: Effects): void {
  if (world.connection === null) return;
  const { mark, markUnknown } = world.connection;
  effects.setConnectionMark(shifted((mark & ~mask) ^ value, by), ALL);
  const unknown = shifted(markUnknown & ~mask, by);
  if (unknown !== 0) effects.forgetMark(unknown, 'connection');
}

/** Save and restore with a shift: the masked mark is shifted before it is mixed into the other. */
function shiftCopy(
  kind: 'save' | 'restore',
  { nfmask, ctmask, shift }: Copy,
  packet: PacketView,
  world: World,
  effects: Effects,
): void {
  if (world.connection === null) return;
  const save = kind === 'save';
  const [from, to] = save ? [packet, world.connection] : [world.connection, packet];
  const [taken, replaced] = save ? [nfmask, ctmask] : [ctmask, nfmask];
  const value = (to.mark & ~replaced) ^ shifted(from.mark & taken, shift);
  const unknown = ((to.markUnknown & ~replaced) | shifted(from.markUnknown & taken, shift)) >>> 0;
  if (save) effects.setConnectionMark(value >>> 0, ALL);
  else effects.setMark(value >>> 0, ALL);
  if (unknown !== 0) effects.forgetMark(unknown, save ? 'connection' : 'packet');
}

function check(values: Given): BadValue | null {
  const copies = values.save !== undefined || values.restore !== undefined;
  if (!copies && setOf(values) === null) return new BadValue('VAL_REQUIRED', { flag: '--set-xmark' });
  const masked = values.mask !== undefined || values.nfmask !== undefined || values.ctmask !== undefined;
  // iptables takes them beside --set-mark too, with a meaning that depends on their order; no dump has that.
  return masked && !copies ? new BadValue('VAL_NEEDS', { flag: '--mask', other: '--save-mark' }) : null;
}

function print(values: Given): string {
  const { nfmask, ctmask, shift } = copyOf(values);
  const tail = shift === 0 ? '' : ` --${shift > 0 ? 'left' : 'right'}-shift-mark ${String(Math.abs(shift))}`;
  const set = setOf(values);
  if (set !== null) return `--set-xmark ${hex(set.value)}/${hex(set.mask)}${tail}`;
  const action = values.save === undefined ? '--restore-mark' : '--save-mark';
  return `${action} --nfmask ${hex(nfmask)} --ctmask ${hex(ctmask)}${tail}`;
}

const target: TargetExtension = defineTarget({
  name: 'CONNMARK',
  kernel: 'net/netfilter/xt_connmark.c connmark_tg_shift',
  needsConntrack: true,
  options,
  check,
  print,
  apply(values, packet, world, effects) {
    const copy = copyOf(values);
    const set = setOf(values);
    if (copy.shift !== 0) {
      if (set !== null) shiftSet(set, copy.shift, world, effects);
      else shiftCopy(values.save === undefined ? 'restore' : 'save', copy, packet, world, effects);
    } else if (set !== null) effects.setConnectionMark(set.value, set.mask);
    else if (values.save !== undefined) effects.saveMark(copy.nfmask, copy.ctmask);
    else effects.restoreMark(copy.nfmask, copy.ctmask);
    return 'continue';
  },
});
export default target;
