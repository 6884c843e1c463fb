import { type Ternary, type Unsure, chance, invertIf, unsure } from '../../chooser/question.js';
import { type MatchExtension, type ValueType, type Values, BadValue, defineMatch } from '../extension.js';
import { integer } from '../values/number.js';
import { oneOf } from '../values/text.js';
import type { World } from '../view.js';

/** The kernel compares 31 random bits with the probability times 2^31, which the tool rounds (lround, half away from 0). */
const WHOLE = 0x80000000;

/** In units of 2^-31. */
const probability: ValueType<number> = {
  words: 1,
  parse([word = '']) {
    const value = /^\+?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(word) ? Number(word) : Number.NaN;
    return value >= 0 && value <= 1
      ? Math.round(value * WHOLE)
      : new BadValue('VAL_PROBABILITY', { text: word });
  },
  print: (units) => (units / WHOLE).toFixed(11),
};

const options = {
  mode: { flag: '--mode', value: oneOf(['random', 'nth']), required: true },
  probability: { flag: '--probability', value: probability, invert: true, excludes: ['every', 'packet'] },
  every: { flag: '--every', value: integer(1, 0xffffffff), invert: true },
  packet: { flag: '--packet', value: integer(0, 0xffffffff), needs: ['every'] },
} as const;

type Options = Values<typeof options>;

function check({ mode, probability: random, every, packet }: Options): BadValue | null {
  if (mode.value === 'random')
    return random === undefined
      ? new BadValue('VAL_NEEDS', { flag: '--mode random', other: '--probability' })
      : null;
  if (every === undefined) return new BadValue('VAL_NEEDS', { flag: '--mode nth', other: '--every' });
  if (packet === undefined) return new BadValue('VAL_NEEDS', { flag: '--every', other: '--packet' });
  const max = every.value - 1;
  return packet.value > max ? new BadValue('VAL_BOUNDS', { text: String(packet.value), min: 0, max }) : null;
}

function random(
  { value, inverted }: NonNullable<Options['probability']>,
  { ruleKey, ordinal = 0 }: World,
): Ternary {
  if (value === 0 || value === WHOLE) return (value === WHOLE) !== inverted;
  return invertIf(inverted, questionOf(value, ruleKey, ordinal));
}

interface Asked {
  readonly value: number;
  readonly ordinal: number;
  readonly question: Unsure;
}

/** The questions that rules have asked, by rule: every packet that comes to one asks the same. */
const ASKED = new Map<string, Asked>();
/** Those that come again and again come early; to keep all others would cost more than to make them anew. */
const MOST = 4096;

function questionOf(value: number, ruleKey: string, ordinal: number): Unsure {
  const known = ASKED.get(ruleKey);
  if (known?.value === value && known.ordinal === ordinal) return known.question;
  // One piece, not a tree of pieces: it is kept for every rule that is met.
  const key = ['random', ruleKey, ordinal, value].join(' ');
  const question = chance(key, value / WHOLE, 'UNK_RANDOM', { probability: printed(value) });
  if (ASKED.size >= MOST) ASKED.clear();
  ASKED.set(ruleKey, { value, ordinal, question });
  return question;
}

/** The few probabilities of a node's rules as text, which every packet that comes to them would print. */
const PRINTED = new Map<number, string>();

function printed(value: number): string {
  const known = PRINTED.get(value);
  if (known !== undefined) return known;
  const text = probability.print(value, 4);
  if (PRINTED.size < 1000) PRINTED.set(value, text);
  return text;
}

/** Every Nth packet that comes to the rule; how many came is not in a dump. */
function nth(
  { value, inverted }: NonNullable<Options['every']>,
  packet: number,
  { ruleKey, ordinal = 0 }: World,
): Ternary {
  if (value === 1) return !inverted;
  return invertIf(
    inverted,
    unsure(`nth ${ruleKey} ${String(ordinal)} ${String(value)} ${String(packet)}`, 'UNK_NTH', {
      every: value,
      packet,
    }),
  );
}

const match: MatchExtension = defineMatch({
  name: 'statistic',
  kernel: 'net/netfilter/xt_statistic.c statistic_mt',
  missing: '--mode nth is an open question: the count of packets so far is not in a dump',
  options,
  check,
  evaluate({ probability: share, every, packet }, _packet, world) {
    if (share !== undefined) return random(share, world);
    return every !== undefined && nth(every, packet?.value ?? 0, world);
  },
  explain({ probability: share, every }) {
    if (share !== undefined)
      return {
        code: 'NO_RANDOM',
        option: 'probability',
        params: { wanted: `${share.inverted ? 'not ' : ''}${probability.print(share.value, 4)}` },
      };
    return { code: 'NO_NTH', option: 'every', params: { every: every?.value ?? 0 } };
  },
});
export default match;
