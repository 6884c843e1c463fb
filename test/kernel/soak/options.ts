/** Options of `npm run soak:kernel`, as they are asked for. */
import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PROFILES } from './profiles.js';

export interface Options {
  readonly packets: number;
  readonly seed: number;
  /** Number of the first case of every run. */
  readonly first: number;
  readonly profile: string | null;
  readonly family: 4 | 6 | null;
  readonly backend: 'legacy' | 'nft' | null;
  /** After how many wrong cases a run ends. */
  readonly wrong: number;
  /** How many smaller cases are tried for each. */
  readonly tries: number;
  /** How many runs go on at the same time, each on a kernel namespace of its own. */
  readonly jobs: number;
  readonly write: boolean;
  /** A reproduction that is run again instead. */
  readonly replay: string | null;
}

/** An option that cannot be meant. */
export class OptionError extends Error {}

function numberOf(name: string, text: string, least: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new OptionError(`--${name} takes a whole number from ${String(least)}, not '${text}'`);
}

function wordOf<T extends string>(name: string, text: string | undefined, words: readonly T[]): T | null {
  const word = words.find((one) => one === text) ?? null;
  if (text === undefined || word !== null) return word;
  throw new OptionError(`--${name} is one of ${words.join(', ')}, not '${text}'`);
}

function fileOf(path: string | undefined): string | null {
  if (path === undefined) return null;
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile() !== true) throw new OptionError(`--replay: there is no file '${path}'`);
  return path;
}

function parse(words: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      packets: { type: 'string', default: '20000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
      first: { type: 'string', default: '0' },
      profile: { type: 'string' },
      family: { type: 'string' },
      backend: { type: 'string' },
      wrong: { type: 'string', default: '5' },
      tries: { type: 'string', default: '300' },
      jobs: { type: 'string', default: '1' },
      write: { type: 'boolean', default: false },
      replay: { type: 'string' },
    },
  });
  const family = wordOf('family', values.family, ['4', '6']);
  const options: Options = {
    packets: numberOf('packets', values.packets, 1),
    seed: numberOf('seed', values.seed, 0),
    first: numberOf('first', values.first, 0),
    profile: wordOf(
      'profile',
      values.profile,
      PROFILES.map(({ name }) => name),
    ),
    family: family === null ? null : family === '4' ? 4 : 6,
    backend: wordOf('backend', values.backend, ['legacy', 'nft']),
    wrong: numberOf('wrong', values.wrong, 1),
    tries: numberOf('tries', values.tries, 0),
    jobs: numberOf('jobs', values.jobs, 1),
    write: values.write,
    replay: fileOf(values.replay),
  };
  const isPart = (options.profile ?? options.family ?? options.backend) !== null || options.first > 0;
  if (options.write && isPart)
    throw new OptionError(
      '--write is for a run of all profiles, families and backends, from the first case on',
    );
  if (options.write && options.replay !== null) throw new OptionError('--write keeps no replay');
  return options;
}

/**
 * Reads the words of a command line.
 * @throws OptionError for words that are none of these options, or that have no such value
 */
export function optionsOf(words: readonly string[]): Options {
  try {
    return parse(words);
  } catch (error) {
    if (error instanceof OptionError) throw error;
    throw new OptionError(error instanceof Error ? error.message : String(error));
  }
}
