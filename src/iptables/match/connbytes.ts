import { type Ternary, invertIf, unsure } from '../../chooser/question.js';
import { BadValue, type MatchExtension, type ValueType, type Values, defineMatch } from '../extension.js';
import { COUNTER_MAX, parseCounter } from '../values/counter.js';
import { PacketBytes } from '../packet-bytes.js';
import { oneOf } from '../values/text.js';
import type { PacketView, World } from '../view.js';

interface Amounts {
  readonly from: bigint;
  readonly to: bigint;
}

const amounts: ValueType<Amounts> = {
  words: 1,
  parse([word = '']) {
    const [left = '', right = '', ...rest] = word.split(':');
    const from = left === '' && word !== '' ? 0n : parseCounter(left);
    const to = right === '' ? COUNTER_MAX : parseCounter(right);
    if (from === null || to === null || rest.length > 0) return new BadValue('VAL_COUNTER', { text: word });
    return from <= to ? { from, to } : new BadValue('VAL_SPAN_ORDER', { text: word });
  },
  // iptables prints an end of 0 as it prints none.
  print: ({ from, to }) => (to === COUNTER_MAX || to === 0n ? String(from) : `${String(from)}:${String(to)}`),
};

const options = {
  amounts: { flag: '--connbytes', value: amounts, invert: true, required: true },
  mode: { flag: '--connbytes-mode', value: oneOf(['packets', 'bytes', 'avgpkt']), required: true },
  direction: { flag: '--connbytes-dir', value: oneOf(['original', 'reply', 'both']), required: true },
} as const;

/** The kernel keeps the ends in turned order for `!`, which one number alone cannot show. */
function isInverted({ amounts: { value, inverted } }: Values<typeof options>): boolean {
  return inverted && value.from !== value.to;
}

/**
 * What is counted so far, between two bounds; null when that is not known. The packet that opens a connection is the
 * only one of it; a rule of this match has turned accounting on. Behind a CT rule in raw the entry is a template.
 */
function counted(
  { mode, direction }: Values<typeof options>,
  packet: PacketView,
  { connection, state }: World,
): { readonly low: bigint; readonly high: bigint } | null {
  if (connection === null || connection.confirmed || state !== 'NEW' || connection.direction === 'REPLY')
    return null;
  if (direction.value === 'reply') return { low: 0n, high: 0n };
  if (mode.value === 'packets') return { low: 1n, high: 1n };
  const { shortest, longest } = new PacketBytes(packet);
  return { low: BigInt(shortest), high: BigInt(longest) };
}

const isTemplate = ({ connection }: World): boolean => connection?.original.protocol === 0;

function within({ from, to }: Amounts, bounds: ReturnType<typeof counted>, wanted: string): Ternary {
  // iptables prints `0:0` and `0:` alike: only of nothing is it certain that both say yes.
  const told = from > 0n || to < COUNTER_MAX || bounds?.high === 0n;
  if (bounds !== null && told) {
    if (bounds.low >= from && bounds.high <= to) return true;
    if (bounds.high < from || bounds.low > to) return false;
  }
  return unsure(`connection carried ${wanted}`, 'UNK_CONNBYTES', { wanted });
}

/** Without counters it says no, inverted or not. */
const match: MatchExtension = defineMatch({
  name: 'connbytes',
  kernel: 'net/netfilter/xt_connbytes.c connbytes_mt',
  needsConntrack: true,
  missing: 'what a connection carried before its present packet is an open question',
  options,
  evaluate(values, packet, world) {
    if (world.connection === null || isTemplate(world)) return false;
    const wanted = `${amounts.print(values.amounts.value, 4)} ${values.mode.value} ${values.direction.value}`;
    const bounds = counted(values, packet, world);
    return invertIf(isInverted(values), within(values.amounts.value, bounds, wanted));
  },
  explain: (values, packet, world) => {
    const bounds = counted(values, packet, world);
    if (bounds === null || isTemplate(world)) return { code: 'NO_CONNBYTES', option: null, params: {} };
    const wanted = `${isInverted(values) ? 'not ' : ''}${amounts.print(values.amounts.value, 4)}`;
    return { code: 'NO_CONNBYTES_FIRST', option: 'amounts', params: { has: String(bounds.low), wanted } };
  },
  print: (values, family) =>
    [
      `${isInverted(values) ? '! ' : ''}--connbytes ${amounts.print(values.amounts.value, family)}`,
      `--connbytes-mode ${values.mode.value}`,
      `--connbytes-dir ${values.direction.value}`,
    ].join(' '),
});
export default match;
