import { unsure } from '../../chooser/question.js';
import { BadValue, type MatchExtension, type ValueType, type Values, defineMatch } from '../extension.js';
import { LAST_SECOND, date, timeOfDay } from '../values/clock.js';
import { flag } from '../values/text.js';
import { assumedNo } from '../values/unseen.js';

const LAST_OF_DAY = 86_399;
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const FIRST_LETTERS = DAYS.map((name) => name.slice(0, 2));
const MONTH_DAYS = 31;

/** Numbers of days, from 1. */
type DayList = readonly number[];

/** Days by number, or by a name that begins with the day's first two letters. */
const weekdays: ValueType<DayList> = {
  words: 1,
  parse([word = '']) {
    const found = new Set<number>();
    for (const part of word.split(',')) {
      const named = FIRST_LETTERS.findIndex((letters) => part.startsWith(letters)) + 1;
      const day = /^\d$/.test(part) ? Number(part) : named;
      if (day < 1 || day > DAYS.length) return new BadValue('VAL_WEEKDAY', { text: part });
      found.add(day);
    }
    return [...found];
  },
  print: (days) => DAYS.filter((_, at) => days.includes(at + 1)).join(','),
};

const monthdays: ValueType<DayList> = {
  words: 1,
  parse([word = '']) {
    const parts = word.split(',');
    const wrong = parts.find(
      (part) => !/^\d{1,2}$/.test(part) || Number(part) < 1 || Number(part) > MONTH_DAYS,
    );
    return wrong === undefined ? parts.map(Number) : new BadValue('VAL_MONTHDAY', { text: wrong });
  },
  print: (days) => [...new Set(days)].sort((a, b) => a - b).join(','),
};

const options = {
  start: { flag: '--timestart', value: timeOfDay },
  stop: { flag: '--timestop', value: timeOfDay },
  monthdays: { flag: '--monthdays', value: monthdays, invert: true },
  weekdays: { flag: '--weekdays', value: weekdays, invert: true },
  from: { flag: '--datestart', value: date },
  to: { flag: '--datestop', value: date },
  kernelZone: { flag: '--kerneltz', aliases: ['--localtz'], value: flag, excludes: ['utc'] },
  utc: { flag: '--utc', value: flag },
  contiguous: { flag: '--contiguous', value: flag },
} as const;

type Options = Values<typeof options>;

/** The days that count: of inverted ones all others. @returns null when that is every day */
function chosen(given: Options['weekdays'], count: number): DayList | null {
  if (given === undefined) return null;
  const all = Array.from({ length: count }, (_, at) => at + 1);
  const days = all.filter((day) => given.value.includes(day) !== given.inverted);
  return days.length === count ? null : days;
}

function print(values: Options): string {
  const { from, to, kernelZone, contiguous } = values;
  const start = values.start?.value ?? 0;
  const stop = values.stop?.value ?? LAST_OF_DAY;
  const inMonth = chosen(values.monthdays, MONTH_DAYS);
  const inWeek = chosen(values.weekdays, DAYS.length);
  const wholeDay = start === 0 && stop === LAST_OF_DAY;
  return [
    wholeDay ? '' : `--timestart ${timeOfDay.print(start, 4)} --timestop ${timeOfDay.print(stop, 4)}`,
    inMonth === null ? '' : `--monthdays ${monthdays.print(inMonth, 4)}`,
    inWeek === null ? '' : `--weekdays ${weekdays.print(inWeek, 4)}`,
    from === undefined || from.value === 0 ? '' : `--datestart ${date.print(from.value, 4)}`,
    `--datestop ${date.print(to?.value ?? LAST_SECOND, 4)}`,
    kernelZone === undefined ? '' : '--kerneltz',
    contiguous === undefined ? '' : '--contiguous',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/**
 * Is it the same at all times? The clock of a node is before 2038, up to when a rule without an end holds. Spans of a
 * day that end before they begin go over midnight.
 */
function always(values: Options): boolean | null {
  const { from, to } = values;
  const start = values.start?.value ?? 0;
  const stop = values.stop?.value ?? LAST_OF_DAY;
  const inMonth = chosen(values.monthdays, MONTH_DAYS);
  const inWeek = chosen(values.weekdays, DAYS.length);
  const dates = { from: from?.value ?? 0, to: to?.value ?? LAST_SECOND };
  if (inMonth?.length === 0 || inWeek?.length === 0 || dates.from > dates.to) return false;
  const anyTime = start === 0 && stop === LAST_OF_DAY ? true : start - stop === 1 || start === stop;
  const anyDate = dates.from === 0 && dates.to === LAST_SECOND;
  return anyTime && anyDate && inMonth === null && inWeek === null ? true : null;
}

const match: MatchExtension = defineMatch({
  name: 'time',
  kernel: 'net/netfilter/xt_time.c time_mt',
  missing: 'the clock is an open question, but for being before 2038',
  options,
  check({ start, stop, contiguous }) {
    const over = (stop?.value ?? LAST_OF_DAY) < (start?.value ?? 0);
    return contiguous === undefined || over
      ? null
      : new BadValue('VAL_NEEDS', { flag: '--contiguous', other: '--timestop' });
  },
  evaluate(values) {
    const wanted = print(values);
    return always(values) ?? unsure(`clock ${wanted}`, 'UNK_TIME', { wanted });
  },
  explain: (values) => (always(values) === false ? { code: 'NO_TIME', option: null, params: {} } : assumedNo),
  print,
});
export default match;
