import {
  type Demands,
  type TargetExtension,
  type ValueType,
  type Values,
  BadValue,
  defineTarget,
} from '../extension.js';
import { integer } from '../values/number.js';
import { flag } from '../values/text.js';

/** A set and the rule's `src,dst` list; the name is printed without quotes. */
interface SetName {
  readonly set: string;
  readonly directions: readonly ('src' | 'dst')[];
}

const setName: ValueType<SetName> = {
  words: 2,
  parse([set = '', list = '']) {
    if (set === '') return new BadValue('VAL_EMPTY');
    if (new TextEncoder().encode(set).length > 31) return new BadValue('VAL_LENGTH', { max: 31 });
    const words = list.split(',');
    const directions = words.filter((word) => word === 'src' || word === 'dst');
    if (directions.length !== words.length || words.length > 6)
      return new BadValue('VAL_DIRECTIONS', { text: list });
    return { set, directions };
  },
  print: ({ set, directions }) => `${set} ${directions.join(',')}`,
};

const options = {
  add: { flag: '--add-set', value: setName },
  exist: { flag: '--exist', value: flag, needs: ['add'], repeatable: true },
  timeout: { flag: '--timeout', value: integer(0, 0xfffffffe), needs: ['add'] },
  delete: { flag: '--del-set', value: setName },
  map: { flag: '--map-set', value: setName },
  mapMark: { flag: '--map-mark', value: flag, needs: ['map'], repeatable: true },
  mapPriority: { flag: '--map-prio', value: flag, needs: ['map'], repeatable: true },
  mapQueue: { flag: '--map-queue', value: flag, needs: ['map'], repeatable: true },
} as const;

type Given = Values<typeof options>;

function check(values: Given): BadValue | null {
  if ((values.add ?? values.delete ?? values.map) === undefined)
    return new BadValue('VAL_REQUIRED', { flag: '--add-set' });
  if (values.map === undefined || (values.mapMark ?? values.mapPriority ?? values.mapQueue) !== undefined)
    return null;
  return new BadValue('VAL_NEEDS', { flag: '--map-set', other: '--map-mark' });
}

/** Mapping is for mangle; the priority and the queue for packets that are on their way out. */
function demands(values: Given): Partial<Demands> {
  if (values.map === undefined) return {};
  if ((values.mapPriority ?? values.mapQueue) === undefined) return { placement: { tables: ['mangle'] } };
  return { placement: { tables: ['mangle'], hooks: ['FORWARD', 'OUTPUT', 'POSTROUTING'] } };
}

const target: TargetExtension = defineTarget({
  name: 'SET',
  kernel: 'net/netfilter/xt_set.c set_target_v3',
  missing: 'later questions about a changed set are open, and so is the mark after --map-mark',
  options,
  check,
  demands,
  apply(values, packet, world, effects) {
    for (const [given, action] of [
      [values.add, 'add'],
      [values.delete, 'delete'],
    ] as const)
      if (given !== undefined) effects.changeSet({ ...given.value, action });
    // The element's own mark and mask are not asked for: if there is an element, any bit may change.
    if (values.map !== undefined && values.mapMark !== undefined) {
      const { set, directions } = values.map.value;
      if (world.inSet(set, directions, packet) !== false) effects.forgetMark(0xffffffff, 'packet');
    }
    return 'continue';
  },
});
export default target;
