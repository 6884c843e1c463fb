/** What may be written behind `npm run bench --`. */
import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Small sizes and few rounds: under a minute. */
  readonly quick: boolean;
  /** Only rows that have this in their id or their words. */
  readonly rows: string | null;
  readonly rounds: number;
  /** The kernel is to be asked, or nothing is measured; a quick run leaves it out otherwise. */
  readonly kernel: boolean;
  /** What is measured replaces what is recorded. */
  readonly record: boolean;
}

export const USAGE = `npm run bench -- [--quick] [--rows PART] [--rounds N] [--kernel] [--record]

  --quick      small sizes and few rounds, under a minute
  --rows PART  only rows that have PART in their name or words
  --rounds N   how often the contenders take turns
  --kernel     the kernel is asked (as root), in a quick run too
  --record     what is measured becomes what later runs are compared with

Exit status 1 when a ratio is more than 1.5 times worse than the recorded one, 2 when nothing can be measured.
`;

/** Thrown for words that make no sense. */
export class BadOptions extends Error {
  override readonly name = 'BadOptions';
}

const FULL_ROUNDS = 5;
const QUICK_ROUNDS = 3;

/** @throws BadOptions */
export function readOptions(words: readonly string[]): BenchOptions {
  const flag = { type: 'boolean', default: false } as const;
  const options = { quick: flag, kernel: flag, record: flag } as const;
  const texts = { rows: { type: 'string' }, rounds: { type: 'string' } } as const;
  try {
    const { values } = parseArgs({ args: [...words], options: { ...options, ...texts } });
    const { rounds = String(values.quick ? QUICK_ROUNDS : FULL_ROUNDS), rows = null } = values;
    if (!/^[1-9]\d{0,2}$/.test(rounds)) throw new BadOptions('--rounds is a number from 1 to 999');
    return { ...values, rows, rounds: Number(rounds) };
  } catch (error) {
    throw new BadOptions(error instanceof Error ? error.message : String(error));
  }
}
