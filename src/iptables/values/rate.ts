/** Rates `N/UNIT` as -m limit and -m hashlimit store them: the time between two packets, in fractions of a second. */

/** Seconds of each unit, the longest first. */
const UNITS = [
  { name: 'day', seconds: 86_400 },
  { name: 'hour', seconds: 3600 },
  { name: 'min', seconds: 60 },
  { name: 'sec', seconds: 1 },
] as const;

/** Units as they may be typed: any beginning of these words, the first that fits. */
const TYPED = [
  { word: 'second', seconds: 1 },
  { word: 'minute', seconds: 60 },
  { word: 'hour', seconds: 3600 },
  { word: 'day', seconds: 86_400 },
] as const;

/** `N[/UNIT]`: how many in how many seconds. */
export interface Count {
  readonly count: number;
  readonly seconds: number;
}

/** Reads `N[/UNIT]`; the unit is a second when absent, what follows the digits before the slash does not count. */
export function parseCount(word: string): Count | null {
  const slash = word.indexOf('/');
  const [digits] = /^\d{1,10}/.exec(word) ?? [];
  const unit = slash < 0 ? 's' : word.slice(slash + 1).toLowerCase();
  const seconds = unit === '' ? undefined : TYPED.find((one) => one.word.startsWith(unit))?.seconds;
  const count = Number(digits ?? 0);
  return seconds === undefined || count === 0 || count > 0x7fffffff ? null : { count, seconds };
}

/** What prints a rate: its number and its unit, in seconds too. */
export interface PrintedRate {
  readonly text: string;
  readonly seconds: number;
}

/**
 * The rate of a period in 1/`scale` seconds, in the shortest unit that loses little: dividing leaves no more than the
 * quotient (libxt_limit.c, libxt_hashlimit.c `print_rate`).
 */
export function printPeriod(period: number, scale: number): PrintedRate {
  let chosen: { readonly name: string; readonly seconds: number } = UNITS[0];
  for (const unit of UNITS.slice(1)) {
    const whole = unit.seconds * scale;
    if (period > whole || Math.floor(whole / period) < whole % period) break;
    chosen = unit;
  }
  const count = Math.floor((chosen.seconds * scale) / period);
  return { text: `${String(count)}/${chosen.name}`, seconds: chosen.seconds };
}
