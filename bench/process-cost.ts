/**
 * What a whole process costs, start-up included. Node's child_process tells nothing of a child's resources, and what
 * process.resourceUsage tells is of the own process; a small program asks wait4 for the child alone (helper/usage.c).
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { helper } from './helper.js';
import { CACHE } from './places.js';

export interface Cost {
  /** Seconds of user and system time. */
  readonly cpu: number;
  /** Seconds. */
  readonly wall: number;
  /** MiB at the peak. */
  readonly memory: number;
}

export interface Command {
  readonly words: readonly string[];
  /** In a network namespace of its own, as a tool must be that would touch the machine's tables. */
  readonly apart?: true;
}

/** The environment of what is measured: nothing of the user's but the path, and code kept between runs in one place. */
export const ENVIRONMENT: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'],
  LC_ALL: 'C',
  NO_COLOR: '1',
  XDG_CACHE_HOME: join(CACHE, 'kept'),
};

/** Runs a command once. @throws when it fails */
export function costOf({ words, apart }: Command): Cost {
  const all = [...(apart === true ? ['-n'] : []), ...words];
  const { stdout, stderr } = spawnSync(helper('usage'), all, { encoding: 'utf8', env: ENVIRONMENT });
  const [user = 0, system = 0, wall = 0, memory = 0, status = 1] = stdout.trim().split(' ').map(Number);
  if (stdout === '' || status !== 0)
    throw new Error(`${words.join(' ')} ended with ${String(status)}\n${stderr.slice(0, 2_000)}`);
  return { cpu: (user + system) / 1e6, wall: wall / 1e6, memory: memory / 1024 };
}
