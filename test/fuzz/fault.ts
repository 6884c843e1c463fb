/** Whether a reader survives a text, how its time grows with it, and the smallest text that shows a fault. */
import type { Reader } from './readers.js';
import { type Growing, grown } from './shapes.js';

export type Kind = 'crash' | 'slow' | 'quadratic';

export interface Fault {
  readonly kind: Kind;
  readonly reader: string;
  readonly text: string;
  readonly says: string;
}

/** Says how many milliseconds a piece of work takes, which it does. */
export type Meter = (work: () => void) => number;

/** Milliseconds of cpu; what other processes do does not count, but for the caches that they take. */
const cpuOf: Meter = (work) => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};

/** What a reader throws, or null. */
export function crashOf(reader: Reader, text: string): string | null {
  try {
    reader.read(text);
    return null;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

/** The best of several: what disturbs a run only makes it longer. */
function bestOf(reader: Reader, text: string, times: number, meter: Meter): number {
  return Math.min(
    ...Array.from({ length: times }, () =>
      meter(() => {
        reader.read(text);
      }),
    ),
  );
}

/** Twice the text may take less than three times as long. */
const MOST_GROWTH = 3;
/** From this growth on it is measured with more care: what is compiled on the way hides some of it. */
const LIKELY = 2.2;
/** Below this many milliseconds a ratio tells nothing. */
const NOTHING = 25;
/** Milliseconds for a MB; a text that is smaller has so much in any case. */
const MOST_TIME = 1_000;
const CHARACTERS = 1e6;

const SMALL = 1 << 15;
const LARGE = 1 << 18;

function slowness(text: string, took: number, allowed: number): string | null {
  const most = allowed * Math.max(1, text.length / CHARACTERS);
  return took > most ? `${text.length} characters took ${took.toFixed(0)} ms` : null;
}

/**
 * Lets a text grow until its time can be measured, then doubles it.
 * @param allowed milliseconds for a MB
 * @param meter what a reading takes; the cpu of this process where none is given
 * @returns what is wrong with the times, or null
 */
export function growthOf(
  reader: Reader,
  shape: Growing,
  allowed: number = MOST_TIME,
  meter: Meter = cpuOf,
): { readonly kind: Kind; readonly says: string } | null {
  for (let length = SMALL; length <= LARGE; length *= 2) {
    const text = grown(shape, length);
    const first = bestOf(reader, text, 2, meter);
    const isSlow = slowness(text, first, allowed) !== null;
    const slow = isSlow ? slowness(text, bestOf(reader, text, 2, meter), allowed) : null;
    if (slow !== null) return { kind: 'slow', says: slow };
    if (first < NOTHING) continue;
    const double = grown(shape, length * 2);
    const second = bestOf(reader, double, 1, meter);
    if (second < LIKELY * first) return null;
    // Once more, with time for both to be compiled.
    const [single, twice] = [bestOf(reader, text, 4, meter), bestOf(reader, double, 3, meter)];
    if (twice < MOST_GROWTH * single || twice < 2 * NOTHING) return null;
    // And twice again: what is quadratic stays so, and what a collection of garbage added does not.
    const fourfold = bestOf(reader, grown(shape, length * 4), 2, meter);
    if (fourfold < MOST_GROWTH * twice) return null;
    const says = `${text.length} characters took ${single.toFixed(0)} ms, ${double.length} ${twice.toFixed(0)} ms`;
    return { kind: 'quadratic', says };
  }
  return null;
}

/** Takes out parts, halves first, as long as the fault stays. @param tries at most so many texts are tried */
export function smallest(text: string, isFaulty: (text: string) => boolean, tries: number): string {
  let best = text;
  let left = tries;
  for (
    let size = Math.ceil(best.length / 2);
    size >= 1 && left > 0;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let at = 0; at < best.length && left > 0;) {
      const shorter = best.slice(0, at) + best.slice(at + size);
      left -= 1;
      if (isFaulty(shorter)) best = shorter;
      else at += size;
    }
  }
  return best;
}
