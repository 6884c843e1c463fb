/** The progress file of a student: found, locked while it is worked with, written whole or not at all. */
import { mkdir, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import {
  NO_PROGRESS,
  PROGRESS_VERSION,
  type Progress,
  readProgress,
  writeProgress,
} from '../labs/progress.js';
import type { Params } from '../source/diagnostic.js';
import type { Io } from './io.js';
import { type UsageError, misuse } from './usage.js';

const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/** `--progress FILE`, or a file in the user's state directory (XDG Base Directory Specification). @throws UsageError */
export function progressPath(given: string | undefined, env: Io['env']): string {
  if (given !== undefined) return given;
  const { XDG_STATE_HOME: state = '', HOME: home = '' } = env;
  // The specification has relative paths ignored.
  if (state.startsWith('/')) return join(state, 'natwalk', 'labs.json');
  if (home === '') throw misuse('LAB_NO_HOME', null);
  return join(home, '.local', 'state', 'natwalk', 'labs.json');
}

/** Something to be said on the way. */
export interface Note {
  readonly id: 'LAB_PROGRESS_DAMAGED' | 'LAB_PROGRESS_STALE';
  readonly params: Params;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
}

function holderOf(text: string): Holder {
  const [, pid = '0', host = '?'] = /^(\d{1,10}) (\S{1,255})\s*$/.exec(text) ?? [];
  return { pid: Number(pid), host };
}

/** Is there such a process on this machine? */
function isAlive(pid: number): boolean {
  if (pid === 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isCode(error, 'ESRCH');
  }
}

/** A damaged file stays beside the new one, under the first name that is free. */
async function keepAside(path: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const kept = `${path}.damaged-${String(number)}`;
    try {
      const place = await open(kept, 'wx');
      await place.close();
      await rename(path, kept);
      return kept;
    } catch (error) {
      if (!isCode(error, 'EEXIST') || number > 999) throw error;
    }
  }
}

/** The file, as long as nobody else works with it. */
export class Store {
  readonly path: string;
  readonly notes: readonly Note[];
  readonly #lock: string | null;
  progress: Progress;

  private constructor(path: string, lock: string | null, progress: Progress, notes: readonly Note[]) {
    this.path = path;
    this.#lock = lock;
    this.progress = progress;
    this.notes = notes;
  }

  /** Reads the file without working with it: nothing is locked, and nothing is written. @throws UsageError */
  static async look(path: string): Promise<Progress> {
    const read = await readText(path);
    if (read === null) return NO_PROGRESS;
    const progress = readProgress(read);
    if (!('kind' in progress)) return progress;
    if (progress.kind === 'newer') throw newer(path, progress.version);
    return NO_PROGRESS;
  }

  /** Opens the file to work with it: until it is closed nobody else can. @throws UsageError */
  static async open(given: string): Promise<Store> {
    const path = await realpath(given).catch(() => given);
    const notes: Note[] = [];
    const lock = `${path}.lock`;
    try {
      await mkdir(dirname(path), { recursive: true });
      await lockFile(path, lock, notes);
    } catch (error) {
      if (error instanceof Error && error.name === 'UsageError') throw error;
      throw misuse('LAB_PROGRESS_IO', null, { path, reason: reasonOf(error) });
    }
    try {
      return new Store(path, lock, await readOrKeep(path, notes), notes);
    } catch (error) {
      await rm(lock, { force: true });
      throw error;
    }
  }

  /** Writes the file: whoever reads it sees the one before or this one, whatever happens between. @throws UsageError */
  async save(progress: Progress): Promise<void> {
    this.progress = progress;
    const fresh = `${this.path}.${String(process.pid)}.tmp`;
    try {
      const file = await open(fresh, 'w', 0o600);
      try {
        await file.writeFile(writeProgress(progress));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(fresh, this.path);
    } catch (error) {
      await rm(fresh, { force: true });
      throw misuse('LAB_PROGRESS_IO', null, { path: this.path, reason: reasonOf(error) });
    }
  }

  async close(): Promise<void> {
    if (this.#lock !== null) await rm(this.#lock, { force: true });
  }
}

function newer(path: string, version: number): UsageError {
  return misuse('LAB_PROGRESS_NEWER', null, { path, version, known: PROGRESS_VERSION });
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw misuse('LAB_PROGRESS_IO', null, { path, reason: reasonOf(error) });
  }
}

async function readOrKeep(path: string, notes: Note[]): Promise<Progress> {
  const text = await readText(path);
  const read = text === null ? NO_PROGRESS : readProgress(text);
  if (!('kind' in read)) return read;
  if (read.kind === 'newer') throw newer(path, read.version);
  try {
    const kept = await keepAside(path);
    notes.push({ id: 'LAB_PROGRESS_DAMAGED', params: { path, place: read.place, kept } });
  } catch (error) {
    throw misuse('LAB_PROGRESS_IO', null, { path, reason: reasonOf(error) });
  }
  return NO_PROGRESS;
}

async function create(lock: string): Promise<boolean> {
  try {
    const file = await open(lock, 'wx', 0o600);
    await file.writeFile(`${String(process.pid)} ${hostname()}\n`);
    await file.close();
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Takes the lock; that of a process of this machine that is gone is taken over. */
async function lockFile(path: string, lock: string, notes: Note[]): Promise<void> {
  if (await create(lock)) return;
  const text = await readFile(lock, 'utf8').catch(() => '');
  const { pid, host } = holderOf(text);
  const isStale = host === hostname() && !isAlive(pid);
  if (isStale) {
    const aside = `${lock}.${String(process.pid)}`;
    await rename(lock, aside).catch(() => undefined);
    // Somebody else may have been faster: what was moved away must be what was found.
    const moved = await readFile(aside, 'utf8').catch(() => null);
    if (moved !== null && moved !== text) await rename(aside, lock).catch(() => undefined);
    else {
      await rm(aside, { force: true });
      if (await create(lock)) {
        notes.push({ id: 'LAB_PROGRESS_STALE', params: { pid } });
        return;
      }
    }
  }
  throw misuse('LAB_PROGRESS_LOCKED', null, { path, pid, host, lock });
}
