import { type Address, type Family, bitsOf, formatAddress } from '../../address/address.js';
import { prefixOf } from '../../address/prefix.js';
import { unsure } from '../../chooser/question.js';
import { BadValue, type MatchExtension, type ValueType, type Values, defineMatch } from '../extension.js';
import { RATE_SCALE, bytesOf, hashBurst, hashRate, printByteCount } from '../values/hash-rate.js';
import { maskLength } from '../values/mask-length.js';
import { integer } from '../values/number.js';
import { printPeriod } from '../values/rate.js';
import { procName } from '../values/proc-name.js';
import { flag, someOf } from '../values/text.js';
import { assumedNo, ownState } from '../values/unseen.js';
import type { PacketView } from '../view.js';

const DEFAULT_BURST = 5;
const MAX_PACKETS_BURST = 1_000_000;
const DEFAULT_INTERVAL_MS = 1000;
/** XT_HASHLIMIT_BYTE_EXPIRE, and XT_HASHLIMIT_BYTE_EXPIRE_BURST when there is a burst; in seconds. */
const BYTE_EXPIRE = 15;
const BYTE_EXPIRE_BURST = 60;
const U32_MAX = 0xffffffff;

const modes = someOf(['srcip', 'srcport', 'dstip', 'dstport']);
const modeList: ValueType<readonly ('srcip' | 'srcport' | 'dstip' | 'dstport')[]> = {
  ...modes,
  parse: (words, family) => (words[0] === '' ? [] : modes.parse(words, family)),
};

const options = {
  upto: {
    flag: '--hashlimit-upto',
    aliases: ['--hashlimit'],
    value: hashRate,
    invert: true,
    excludes: ['above'],
  },
  above: { flag: '--hashlimit-above', value: hashRate, invert: true },
  burst: { flag: '--hashlimit-burst', value: hashBurst },
  mode: { flag: '--hashlimit-mode', value: modeList },
  name: { flag: '--hashlimit-name', value: procName(255), required: true },
  size: { flag: '--hashlimit-htable-size', value: integer(0, U32_MAX) },
  max: { flag: '--hashlimit-htable-max', value: integer(0, U32_MAX) },
  interval: { flag: '--hashlimit-htable-gcinterval', value: integer(1, U32_MAX) },
  expire: { flag: '--hashlimit-htable-expire', value: integer(1, U32_MAX) },
  sourceMask: { flag: '--hashlimit-srcmask', value: maskLength },
  destinationMask: { flag: '--hashlimit-dstmask', value: maskLength },
  rateMatch: { flag: '--hashlimit-rate-match', value: flag },
  rateInterval: { flag: '--hashlimit-rate-interval', value: integer(1, U32_MAX) },
} as const;

type Options = Values<typeof options>;

function period(count: number, seconds: number): number {
  return Math.floor((RATE_SCALE * seconds) / count);
}

/** `! --hashlimit-upto` is `--hashlimit-above`, and the other way round. */
function isAbove({ upto, above }: Options): boolean {
  return upto === undefined ? above?.inverted === false : upto.inverted;
}

/** How the rate prints, and after how many seconds an entry expires by default: as typed, and as read back. */
function rateOf(values: Options): {
  readonly text: string;
  readonly typed: number;
  readonly printed: number;
} {
  const rate = (values.upto ?? values.above)?.value;
  if (rate === undefined) return { text: '', typed: 1, printed: 1 };
  if (rate.kind === 'bytes') {
    const expire = values.burst === undefined ? BYTE_EXPIRE : BYTE_EXPIRE_BURST;
    return { text: hashRate.print(rate, 4), typed: expire, printed: expire };
  }
  const typed = rate.seconds;
  // With the rate match the count stands for itself, over an interval of its own.
  if (values.rateMatch !== undefined) return { text: `${String(rate.count)}/sec`, typed, printed: 1 };
  const { text, seconds } = printPeriod(period(rate.count, rate.seconds), RATE_SCALE);
  return { text, typed, printed: seconds };
}

function printBurst(values: Options): string {
  const rate = (values.upto ?? values.above)?.value;
  if (rate?.kind !== 'bytes') return `--hashlimit-burst ${String(values.burst?.value ?? DEFAULT_BURST)}`;
  if (values.burst === undefined) return '';
  const each = Math.max(1, bytesOf(rate.cost));
  return `--hashlimit-burst ${printByteCount(Math.ceil(values.burst.value / each) * each)}`;
}

function printRateMatch({ upto, above, rateMatch, rateInterval }: Options): string {
  if (rateMatch === undefined) return '';
  const rate = (upto ?? above)?.value;
  const own = rate?.kind === 'packets' ? rate.seconds : 1;
  const seconds = rateInterval?.value ?? own;
  return seconds === 1
    ? '--hashlimit-rate-match'
    : `--hashlimit-rate-match --hashlimit-rate-interval ${String(seconds)}`;
}

function print(values: Options, family: Family): string {
  const bits = bitsOf(family);
  const { text, typed, printed } = rateOf(values);
  const expire = values.expire?.value ?? typed * 1000;
  const shown = (flagName: string, value: number | undefined, hidden: number): string =>
    value === undefined || value === hidden ? '' : `${flagName} ${String(value)}`;
  const mode = values.mode?.value ?? [];
  return [
    `${isAbove(values) ? '--hashlimit-above' : '--hashlimit-upto'} ${text}`,
    printBurst(values),
    mode.length === 0 ? '' : `--hashlimit-mode ${mode.join(',')}`,
    `--hashlimit-name ${values.name.value}`,
    shown('--hashlimit-htable-size', values.size?.value, 0),
    shown('--hashlimit-htable-max', values.max?.value, 0),
    shown('--hashlimit-htable-gcinterval', values.interval?.value, DEFAULT_INTERVAL_MS),
    shown('--hashlimit-htable-expire', expire, printed * 1000),
    shown('--hashlimit-srcmask', values.sourceMask?.value, bits),
    shown('--hashlimit-dstmask', values.destinationMask?.value, bits),
    printRateMatch(values),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** The packet's own bucket, by the fields that the mode names. */
function bucket({ mode, sourceMask, destinationMask }: Options, packet: PacketView): string {
  const network = (address: Address, length: number | undefined): string =>
    formatAddress(prefixOf(address, length ?? bitsOf(packet.family)).address);
  const fields = {
    srcip: () => network(packet.source, sourceMask?.value),
    srcport: () => String(packet.sourcePort),
    dstip: () => network(packet.destination, destinationMask?.value),
    dstport: () => String(packet.destinationPort),
  };
  return (mode?.value ?? []).map((field) => `${field} ${fields[field]()}`).join(', ');
}

const match: MatchExtension = defineMatch({
  name: 'hashlimit',
  kernel: 'net/netfilter/xt_hashlimit.c hashlimit_mt_common',
  missing: 'how full the buckets are is an open question',
  options,
  check({ upto, above, burst }) {
    const rate = (upto ?? above)?.value;
    if (rate === undefined)
      return new BadValue('VAL_ONE_REQUIRED', { flags: '--hashlimit-upto, --hashlimit-above' });
    const [min, max] = rate.kind === 'bytes' ? [bytesOf(rate.cost), U32_MAX] : [1, MAX_PACKETS_BURST];
    const wrong = burst !== undefined && (burst.value < min || burst.value > max);
    return wrong ? new BadValue('VAL_BOUNDS', { text: String(burst.value), min, max }) : null;
  },
  evaluate(values, packet, world) {
    const own = bucket(values, packet);
    return unsure(`hashlimit ${values.name.value} ${own} of ${ownState(world)}`, 'UNK_HASHLIMIT', {
      name: values.name.value,
      rate: `${isAbove(values) ? 'above' : 'up to'} ${rateOf(values).text}`,
    });
  },
  explain: () => assumedNo,
  print,
});
export default match;
