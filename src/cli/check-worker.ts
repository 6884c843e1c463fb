/** The part of a suite that a worker thread runs. */
import { type LoadedSuite, loadSuite } from './check-load.js';
import { type CheckSettings, type Part, runChecks } from './check-run.js';
import type { Io } from './io.js';

/** Checks by their places in the suite. */
export interface CheckBlock {
  readonly specs: readonly string[];
  readonly places: readonly number[];
  readonly settings: CheckSettings;
}

/** A thread has no streams of its own; it writes nothing. */
const SILENT: Io = {
  stdout: { isTerminal: false, write: () => Promise.resolve() },
  stderr: { isTerminal: false, write: () => Promise.resolve() },
  env: {},
  async *stdin() {
    // Nothing comes.
  },
};

let loading: { readonly key: string; readonly suite: Promise<LoadedSuite> } | null = null;

/** Runs a block. The suite is read for the first one: a thread has memory of its own. */
export async function checkBlock({ specs, places, settings }: CheckBlock): Promise<Part> {
  const key = specs.join('\0');
  if (loading?.key !== key) loading = { key, suite: loadSuite(specs, SILENT, settings.language) };
  const { checks } = await loading.suite;
  return runChecks(
    places.flatMap((place) => checks[place] ?? []),
    settings,
  );
}
