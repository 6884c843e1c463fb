/** Times and dates of -m time. All are counted without a time zone, as the tool does. */
import { BadValue, type ValueType } from '../extension.js';

const two = (value: number): string => String(value).padStart(2, '0');

/** Seconds since midnight; typed `hh:mm[:ss]`. */
export const timeOfDay: ValueType<number> = {
  words: 1,
  parse([word = '']) {
    const [, hours, minutes, seconds = '0'] = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?$/.exec(word) ?? [];
    const valid = Number(hours) <= 23 && Number(minutes) <= 59 && Number(seconds) <= 59;
    return valid
      ? Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
      : new BadValue('VAL_CLOCK', { text: word });
  },
  print: (value) =>
    [value / 3600, (value / 60) % 60, value % 60].map((part) => two(Math.floor(part))).join(':'),
};

/** The last second that the kernel's field holds: 2038-01-19T03:14:07. */
export const LAST_SECOND = 0x7fffffff;
const DAY = 86_400;

/** Days from 1970-01-01 to a date of the Gregorian calendar; days beyond the month run over into the next. */
function daysTo(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5);
  return shifted * 365 + leapDays + dayOfYear + day - 1 - 719_468;
}

/** Year, month and day of a number of days since 1970-01-01. */
function dateOf(days: number): readonly [number, number, number] {
  let year = 1970 + Math.floor(days / 366);
  while (daysTo(year + 1, 1, 1) <= days) year += 1;
  let month = 1;
  while (month < 12 && daysTo(year, month + 1, 1) <= days) month += 1;
  return [year, month, days - daysTo(year, month, 1) + 1];
}

/** Seconds since 1970-01-01; typed `YYYY[-MM[-DD[Thh[:mm[:ss]]]]]`. */
export const date: ValueType<number> = {
  words: 1,
  parse([word = '']) {
    const form = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:T(\d{1,2})(?::(\d{1,2})(?::(\d{1,2}))?)?)?)?)?$/;
    const found = form.exec(word);
    const [year = 0, month = 1, day = 1, hours = 0, minutes = 0, seconds = 0] = (found ?? [])
      .slice(1)
      .map((part: string | undefined) => (part === undefined ? undefined : Number(part)));
    const valid =
      month >= 1 && month <= 12 && day >= 1 && day <= 31 && hours <= 23 && minutes <= 59 && seconds <= 59;
    const value = daysTo(year, month, day) * DAY + hours * 3600 + minutes * 60 + seconds;
    return found !== null && valid && value >= 0 && value <= LAST_SECOND
      ? value
      : new BadValue('VAL_DATE', { text: word });
  },
  print(value) {
    const [year, month, day] = dateOf(Math.floor(value / DAY));
    return `${String(year)}-${two(month)}-${two(day)}T${timeOfDay.print(value % DAY, 4)}`;
  },
};
