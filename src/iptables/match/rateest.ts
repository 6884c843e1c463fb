import { unsure } from '../../chooser/question.js';
import {
  BadValue,
  type Given,
  type MatchExtension,
  type ValueType,
  type Values,
  defineMatch,
} from '../extension.js';
import { clippedBare } from '../values/clipped.js';
import { parseNumber } from '../values/number.js';
import { flag } from '../values/text.js';
import { assumedNo, ownState } from '../values/unseen.js';

const MAX = 0xffffffff;

const PREFIXES = ['', 'k', 'm', 'g', 't'];

/** The factor of a unit (`kbit`, `MiBps`), in bits a second; null for what is none. */
function factorOf(unit: string): number | null {
  if (unit === '') return 1;
  const [, prefix = '', binary = '', what = ''] = /^([kmgt]?)(i?)(bit|bps)$/.exec(unit.toLowerCase()) ?? [];
  const power = PREFIXES.indexOf(prefix);
  if (what === '' || (binary !== '' && power === 0)) return null;
  return (what === 'bit' ? 1 : 8) * (binary === '' ? 1000 : 1024) ** power;
}

/** `printf("%.0f")`: halves go to the even side. */
function whole(value: number): string {
  const rounded = Math.round(value);
  return String(rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded);
}

/** A rate in bits, kept as bytes a second. It may be left out, and is 0 then. */
const byteRate: ValueType<number> = {
  words: 1,
  optional: true,
  parse([word]) {
    if (word === undefined) return 0;
    const [, digits, unit = ''] = /^(\d+(?:\.\d*)?)([a-z]*)$/i.exec(word) ?? [];
    const factor = factorOf(unit);
    const value = digits === undefined || factor === null ? NaN : Math.trunc((Number(digits) * factor) / 8);
    return value <= MAX ? value : new BadValue('VAL_BIT_RATE', { text: word });
  },
  print(value) {
    const bits = value * 8;
    if (bits >= 1e9) return `${whole(bits / 1e6)}Mbit`;
    return bits >= 1e6 ? `${whole(bits / 1e3)}Kbit` : `${String(bits)}bit`;
  },
};

/** Packets a second. It may be left out, and is 0 then. */
const packetRate: ValueType<number> = {
  words: 1,
  optional: true,
  parse([word]) {
    const value = word === undefined ? 0 : parseNumber(word);
    return value !== null && value <= MAX
      ? value
      : new BadValue('VAL_NUMBER', { text: word ?? '', min: 0, max: MAX });
  },
  print: String,
};

const estimator = clippedBare(15);
const others = (own: string): string[] => ['lt', 'gt', 'eq'].filter((mode) => mode !== own);

const options = {
  first: { flag: '--rateest1', aliases: ['--rateest'], value: estimator, required: true },
  second: { flag: '--rateest2', value: estimator },
  delta: { flag: '--rateest-delta', value: flag },
  bps1: { flag: '--rateest-bps1', value: byteRate },
  bps2: { flag: '--rateest-bps2', aliases: ['--rateest-bps'], value: byteRate },
  pps1: { flag: '--rateest-pps1', value: packetRate },
  pps2: { flag: '--rateest-pps2', aliases: ['--rateest-pps'], value: packetRate },
  // Printed once for each rate.
  lt: { flag: '--rateest-lt', value: flag, invert: true, repeatable: true, excludes: others('lt') },
  gt: { flag: '--rateest-gt', value: flag, invert: true, repeatable: true, excludes: others('gt') },
  eq: { flag: '--rateest-eq', value: flag, invert: true, repeatable: true, excludes: others('eq') },
} as const;

type Options = Values<typeof options>;
type Rate = Given<number> | undefined;

function print(values: Options): string {
  const { first, second, delta, bps1, bps2, pps1, pps2, lt, gt, eq } = values;
  const name = lt !== undefined ? 'lt' : gt !== undefined ? 'gt' : 'eq';
  const mode = `${(lt ?? gt ?? eq)?.inverted === true ? '! ' : ''}--rateest-${name}`;
  const rates = (unit: string, type: ValueType<number>, own: Rate, compared: Rate): string[] => {
    if ((own ?? compared) === undefined) return [];
    const to = type.print(compared?.value ?? 0, 4);
    if (delta !== undefined)
      return [`--rateest-${unit}1 ${type.print(own?.value ?? 0, 4)}`, mode, `--rateest-${unit}2 ${to}`];
    return [mode, `--rateest-${unit}${second === undefined ? ` ${to}` : ''}`];
  };
  return [
    ...(delta === undefined ? [] : ['--rateest-delta']),
    `--rateest${second === undefined ? '' : '1'} ${first.value}`,
    ...rates('bps', byteRate, bps1, bps2),
    ...rates('pps', packetRate, pps1, pps2),
    ...(second === undefined ? [] : [`--rateest2 ${second.value}`]),
  ].join(' ');
}

/** What RATEEST rules have measured. */
const match: MatchExtension = defineMatch({
  name: 'rateest',
  kernel: 'net/netfilter/xt_rateest.c xt_rateest_mt',
  missing: 'the rates that an estimator has measured are not known',
  options,
  check({ bps1, bps2, pps1, pps2, lt, gt, eq }) {
    if ((lt ?? gt ?? eq) === undefined)
      return new BadValue('VAL_ONE_REQUIRED', { flags: '--rateest-lt, --rateest-gt, --rateest-eq' });
    return (bps1 ?? bps2 ?? pps1 ?? pps2) === undefined
      ? new BadValue('VAL_ONE_REQUIRED', { flags: '--rateest-bps, --rateest-pps' })
      : null;
  },
  evaluate(values, _packet, world) {
    const wanted = print(values);
    return unsure(`${wanted} ${ownState(world)}`, 'UNK_RATE', { wanted });
  },
  explain: () => assumedNo,
  print,
});
export default match;
