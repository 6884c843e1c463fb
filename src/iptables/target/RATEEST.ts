import { type TargetExtension, type ValueType, type Values, BadValue, defineTarget } from '../extension.js';
import { clippedBare } from '../values/clipped.js';

const UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['us', 1],
  ['usec', 1],
  ['usecs', 1],
  ['ms', 1000],
  ['msec', 1000],
  ['msecs', 1000],
  ['s', 1_000_000],
  ['sec', 1_000_000],
  ['secs', 1_000_000],
]);
const SECOND = 1_000_000;

/** A number with a unit, as microseconds; without a unit it is microseconds. */
const time: ValueType<number> = {
  words: 1,
  parse([word = '']) {
    const [, digits, unit] = /^(\d+(?:\.\d*)?)([a-z]*)$/i.exec(word) ?? [];
    const scale = UNITS.get(unit?.toLowerCase() ?? '');
    if (digits === undefined || scale === undefined) return new BadValue('VAL_TIME', { text: word });
    const value = Math.trunc(Number(digits) * scale);
    return value <= 0xffffffff ? value : new BadValue('VAL_TIME', { text: word });
  },
  print: (value) => (value >= SECOND ? `${(value / SECOND).toFixed(1)}s` : `${(value / 1000).toFixed(1)}ms`),
};

const options = {
  name: { flag: '--rateest-name', value: clippedBare(15), required: true },
  interval: { flag: '--rateest-interval', value: time, required: true },
  average: { flag: '--rateest-ewmalog', value: time, required: true },
} as const;

/** What the kernel's estimator can be: a quarter second times a power of two, and a power of two of that. */
interface Estimator {
  readonly interval: number;
  readonly average: number;
}

/** Rounds as iptables does (extensions/libxt_RATEEST.c `RATEEST_final_check`). @returns null when it does not fit */
function estimator({ interval, average }: Values<typeof options>): Estimator | null {
  const step = [0, 1, 2, 3, 4, 5].find((n) => interval.value <= (SECOND / 4) * 2 ** n);
  if (step === undefined) return null;
  const reached = (log: number): boolean =>
    interval.value / SECOND / -Math.log(1 - 1 / 2 ** log) > average.value / SECOND;
  let log = 1;
  while (log < 32 && !reached(log)) log += 1;
  log -= 1;
  if (log === 0 || log >= 31) return null;
  const whole = (SECOND / 4) * 2 ** step;
  return { interval: whole, average: whole * 2 ** log };
}

/** It measures what passes, for `-m rateest`, which is an open question. */
const target: TargetExtension = defineTarget({
  name: 'RATEEST',
  kernel: 'net/netfilter/xt_RATEEST.c xt_rateest_tg',
  inert: true,
  options,
  check(values) {
    if (estimator(values) !== null) return null;
    const [interval, average] = [values.interval, values.average].map(({ value }) => time.print(value, 4));
    return new BadValue('VAL_TIME_BOUNDS', { interval: interval ?? '', average: average ?? '' });
  },
  print(values, family) {
    const { interval, average } = estimator(values) ?? { interval: 0, average: 0 };
    return `--rateest-name ${values.name.value} --rateest-interval ${time.print(interval, family)} --rateest-ewmalog ${time.print(average, family)}`;
  },
  apply: () => 'continue',
});
export default target;
