import { type Family, bitsOf } from '../../address/address.js';
import {
  type TargetExtension,
  type ValueType,
  type Values,
  BadValue,
  defineTarget,
  printOptions,
} from '../extension.js';
import { maskLength } from '../values/mask-length.js';
import { integer } from '../values/number.js';
import { type Hashing, anyMark, hashMark } from '../values/packet-hash.js';

const PORT = 0xffff;
const WORD = 0xffffffff;
const PARTS = ['ct', 'src', 'dst', 'sport', 'dport', 'proto', 'spi'] as const;
type Part = (typeof PARTS)[number];

/** `src,dst,…`: each may be cut short, and the first that begins so is meant. Only `ct` is printed under this flag. */
const parts: ValueType<ReadonlySet<Part>> = {
  words: 1,
  parse([word = '']) {
    const given = new Set<Part>();
    for (const typed of word.split(',')) {
      const name = PARTS.find((one) => typed !== '' && one.startsWith(typed.toLowerCase()));
      if (name === undefined) return new BadValue('VAL_ONE_OF', { text: typed, names: PARTS.join(', ') });
      given.add(name);
    }
    return given;
  },
  print: () => 'ct',
};

const bits = (digits: number, max: number): ValueType<number> =>
  integer(0, max, (value) => `0x${value.toString(16).padStart(digits, '0')}`);

const options = {
  src: { flag: '--hmark-src-prefix', value: maskLength },
  dst: { flag: '--hmark-dst-prefix', value: maskLength },
  sportMask: { flag: '--hmark-sport-mask', value: bits(4, PORT) },
  dportMask: { flag: '--hmark-dport-mask', value: bits(4, PORT) },
  spiMask: { flag: '--hmark-spi-mask', value: bits(8, WORD) },
  sport: { flag: '--hmark-sport', value: bits(4, PORT), excludes: ['spi'] },
  dport: { flag: '--hmark-dport', value: bits(4, PORT), excludes: ['spi'] },
  spi: { flag: '--hmark-spi', value: bits(8, WORD) },
  protoMask: { flag: '--hmark-proto-mask', value: bits(2, PORT) },
  seed: { flag: '--hmark-rnd', value: bits(8, WORD), required: true },
  modulus: { flag: '--hmark-mod', value: integer(1, WORD), required: true },
  offset: { flag: '--hmark-offset', value: integer(0, WORD) },
  tuple: { flag: '--hmark-tuple', value: parts },
} as const;

type Options = Values<typeof options>;

/** Parts of the tuple become the masks that they stand for: all ones. */
function unfolded(values: Options, family: Family): Options {
  const given = values.tuple?.value;
  if (given === undefined) return values;
  const { tuple, ...rest } = values;
  const all = (part: Part, key: string, ones: number): Partial<Options> =>
    given.has(part) ? { [key]: { value: ones, inverted: false } } : {};
  return {
    ...rest,
    ...all('src', 'src', bitsOf(family)),
    ...all('dst', 'dst', bitsOf(family)),
    ...all('sport', 'sportMask', PORT),
    ...all('dport', 'dportMask', PORT),
    ...all('spi', 'spiMask', WORD),
    ...all('proto', 'protoMask', PORT),
    ...(tuple !== undefined && given.has('ct') ? { tuple } : {}),
  };
}

function hashingOf(values: Options, family: Family): Hashing {
  const own = unfolded(values, family);
  const pair = (source: number | undefined, destination: number | undefined): number =>
    (((source ?? 0) << 16) | (destination ?? 0)) >>> 0;
  return {
    connection: own.tuple !== undefined,
    sourceLength: own.src?.value,
    destinationLength: own.dst?.value,
    portMask: own.spiMask?.value ?? pair(own.sportMask?.value, own.dportMask?.value),
    portSet: own.spi?.value ?? pair(own.sport?.value, own.dport?.value),
    protocolMask: own.protoMask?.value ?? 0,
    seed: own.seed.value,
    modulus: own.modulus.value,
    offset: own.offset?.value ?? 0,
  };
}

function check(values: Options, family: Family): BadValue | null {
  const { src, dst, sportMask, dportMask, spiMask, sport, dport, spi, protoMask, tuple } = unfolded(
    values,
    family,
  );
  if (spiMask !== undefined && (sportMask ?? dportMask) !== undefined)
    return new BadValue('VAL_EXCLUDES', { flag: '--hmark-spi-mask', other: '--hmark-sport-mask' });
  const some = src ?? dst ?? sportMask ?? dportMask ?? spiMask ?? sport ?? dport ?? spi ?? protoMask ?? tuple;
  return some === undefined ? new BadValue('VAL_REQUIRED', { flag: '--hmark-tuple' }) : null;
}

const target: TargetExtension = defineTarget({
  name: 'HMARK',
  kernel: 'net/netfilter/xt_HMARK.c hmark_tg_v4, hmark_tg_v6',
  missing: 'the mark of an ICMP error, and of ESP and AH by their SPI, is not known',
  options,
  check,
  print: (values, family) => printOptions(options, unfolded(values, family), family),
  apply(values, packet, world, effects) {
    const hashing = hashingOf(values, packet.family);
    const mark = hashMark(hashing, packet, world);
    if (mark === 'none') return 'continue';
    const { value, open } = anyMark(hashing);
    effects.setMark(mark ?? value, 0xffffffff);
    if (mark === null && open !== 0) effects.forgetMark(open, 'packet');
    return 'continue';
  },
});
export default target;
