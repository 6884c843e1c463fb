import { type Ternary, allOf, invertIf, unsure } from '../../chooser/question.js';
import { type MatchExtension, type ValueType, type Values, BadValue, defineMatch } from '../extension.js';
import { parseBigNumber } from '../values/number.js';
import { flag } from '../values/text.js';
import type { PacketView, World } from '../view.js';

type Direction = 'src' | 'dst';

interface SetName {
  readonly name: string;
  readonly directions: readonly Direction[];
}

/** IPSET_MAXNAMELEN less the closing NUL, in bytes. */
const NAME_MAX = 31;
/** The tool takes six directions, though no set type has more than three dimensions. */
const DIRECTIONS_MAX = 6;

const setName: ValueType<SetName> = {
  words: 2,
  parse([name = '', list = '']) {
    if (new TextEncoder().encode(name).length > NAME_MAX)
      return new BadValue('VAL_LENGTH', { max: NAME_MAX });
    if (name === '') return new BadValue('VAL_SET_NAME');
    const words = list.split(',');
    const directions = words.filter((word) => word === 'src' || word === 'dst');
    if (directions.length !== words.length || words.length > DIRECTIONS_MAX)
      return new BadValue('VAL_DIRECTIONS', { text: list });
    return { name, directions };
  },
  // The tool never quotes a set's name.
  print: ({ name, directions }) => `${name} ${directions.join(',')}`,
};

/** An unsigned 64-bit counter. */
const counter: ValueType<bigint> = {
  words: 1,
  parse([word = '']) {
    const value = parseBigNumber(word);
    return value === null || value >= 1n << 64n ? new BadValue('VAL_COUNTER', { text: word }) : value;
  },
  print: String,
};

const others = (own: string): string[] =>
  ['Eq', 'Lt', 'Gt'].map((test) => own.slice(0, -2) + test).filter((key) => key !== own);

const options = {
  set: { flag: '--match-set', aliases: ['--set'], value: setName, invert: true, required: true },
  nomatch: { flag: '--return-nomatch', value: flag },
  counters: { flag: '--update-counters', value: flag, invert: true, repeatable: true },
  subcounters: { flag: '--update-subcounters', value: flag, invert: true, repeatable: true },
  packetsEq: { flag: '--packets-eq', value: counter, invert: true, excludes: others('packetsEq') },
  packetsLt: { flag: '--packets-lt', value: counter, excludes: others('packetsLt') },
  packetsGt: { flag: '--packets-gt', value: counter, excludes: others('packetsGt') },
  bytesEq: { flag: '--bytes-eq', value: counter, invert: true, excludes: others('bytesEq') },
  bytesLt: { flag: '--bytes-lt', value: counter, excludes: others('bytesLt') },
  bytesGt: { flag: '--bytes-gt', value: counter, excludes: others('bytesGt') },
} as const;

type Options = Values<typeof options>;
const COUNTERS = ['packetsEq', 'packetsLt', 'packetsGt', 'bytesEq', 'bytesLt', 'bytesGt'] as const;

/** The tests of the element's own counters, as words. */
function counterTests(values: Options): string[] {
  return COUNTERS.flatMap((key) => {
    const given = values[key];
    return given === undefined
      ? []
      : [`${given.inverted ? '! ' : ''}${options[key].flag} ${String(given.value)}`];
  });
}

/** Is the packet in the set, all options but the leading `!` taken into account? */
function* conditions(values: Options, packet: PacketView, world: World): Iterable<Ternary> {
  const { name, directions } = values.set.value;
  yield world.inSet(name, directions, packet, values.nomatch !== undefined);
  for (const test of counterTests(values))
    yield unsure(`counter of ${name} ${test}`, 'UNK_SET_COUNTER', { set: name, test });
}

const match: MatchExtension = defineMatch({
  name: 'set',
  kernel: 'net/netfilter/xt_set.c set_match_v4',
  missing: 'the tests of element counters are open questions',
  options,
  evaluate: (values, packet, world) =>
    invertIf(values.set.inverted, allOf(conditions(values, packet, world))),
  explain({ set: { value, inverted } }) {
    const params = { set: value.name, directions: value.directions.join(',') };
    return { code: inverted ? 'NO_NOT_IN_SET' : 'NO_SET', option: 'set', params };
  },
  print(values) {
    const { set, nomatch, counters, subcounters } = values;
    return [
      `${set.inverted ? '! ' : ''}--match-set ${setName.print(set.value, 4)}`,
      nomatch === undefined ? '' : '--return-nomatch',
      counters?.inverted === true ? '! --update-counters' : '',
      subcounters?.inverted === true ? '! --update-subcounters' : '',
      ...counterTests(values),
    ]
      .filter((part) => part !== '')
      .join(' ');
  },
});
export default match;
