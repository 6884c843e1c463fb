/** What is kept of a student's work: a versioned document, read and written as text. */

/** The version of the document that this program writes and reads. */
export const PROGRESS_VERSION = 1;

/** A lab that was begun. */
export interface Run {
  readonly seed: number;
  /** Answers in the order in which they were given, by question. */
  readonly answers: ReadonlyMap<string, readonly string[]>;
  /** Hints that were shown. */
  readonly hints: number;
  /** Lines that were typed and have changed something, or sent packets: typed again they lead to the same nodes. */
  readonly journal: readonly string[];
}

export interface LabProgress {
  readonly run: Run | null;
  /** The best score so far; null when it was never graded. */
  readonly best: number | null;
}

export interface Progress {
  /** Name of the lab that was begun last: `06-pod-to-internet`. */
  readonly current: string | null;
  readonly labs: ReadonlyMap<string, LabProgress>;
}

export const NO_PROGRESS: Progress = { current: null, labs: new Map() };

/** More lines than that are no fix. */
export const MOST_JOURNAL = 500;
const MOST_ANSWERS = 50;
const LONGEST = 4000;

export function newRun(seed: number): Run {
  return { seed, answers: new Map(), hints: 0, journal: [] };
}

/** Why a document is not read. */
export type ProgressFault =
  /** Another version of natwalk wrote it, one that is newer. */
  { readonly kind: 'newer'; readonly version: number } | { readonly kind: 'damaged'; readonly place: string };

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

class Damaged extends Error {
  override readonly name = 'Damaged';
}

function record(value: Json | undefined, place: string): ReadonlyMap<string, Json> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Damaged(place);
  return new Map(Object.entries(value));
}

function list(value: Json | undefined, place: string, most: number): readonly string[] {
  if (!Array.isArray(value) || value.length > most) throw new Damaged(place);
  return value.map((item: Json) => {
    if (typeof item !== 'string' || item.length > LONGEST) throw new Damaged(place);
    return item;
  });
}

function whole(value: Json | undefined, place: string, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most)
    throw new Damaged(place);
  return value;
}

function runOf(value: Json, place: string): Run {
  const fields = record(value, place);
  const answers = record(fields.get('answers'), `${place}.answers`);
  return {
    seed: whole(fields.get('seed'), `${place}.seed`, 0xffffffff),
    answers: new Map([...answers].map(([id, given]) => [id, list(given, `${place}.answers`, MOST_ANSWERS)])),
    hints: whole(fields.get('hints'), `${place}.hints`, 3),
    journal: list(fields.get('journal'), `${place}.journal`, MOST_JOURNAL),
  };
}

function labOf(value: Json, place: string): LabProgress {
  const fields = record(value, place);
  const run = fields.get('run') ?? null;
  const best = fields.get('best') ?? null;
  return {
    run: run === null ? null : runOf(run, `${place}.run`),
    best: best === null ? null : whole(best, `${place}.best`, 100),
  };
}

/** Reads a document. What it does not know of a known version it leaves out. */
export function readProgress(text: string): Progress | ProgressFault {
  try {
    let value: Json;
    try {
      value = JSON.parse(text) as Json;
    } catch {
      throw new Damaged('JSON');
    }
    const fields = record(value, 'natwalk/labs');
    if (fields.get('schema') !== 'natwalk/labs') throw new Damaged('schema');
    const version = whole(fields.get('version'), 'version', 1_000_000);
    if (version > PROGRESS_VERSION) return { kind: 'newer', version };
    const current = fields.get('current') ?? null;
    if (current !== null && typeof current !== 'string') throw new Damaged('current');
    const labs = record(fields.get('labs'), 'labs');
    return { current, labs: new Map([...labs].map(([name, lab]) => [name, labOf(lab, `labs.${name}`)])) };
  } catch (error) {
    if (error instanceof Damaged) return { kind: 'damaged', place: error.message };
    throw error;
  }
}

/** The document. */
export function writeProgress({ current, labs }: Progress): string {
  const entries = [...labs].map(([name, { run, best }]) => [
    name,
    {
      best,
      run:
        run === null
          ? null
          : {
              ...{ seed: run.seed, hints: run.hints, answers: Object.fromEntries(run.answers) },
              journal: run.journal,
            },
    },
  ]);
  const document = {
    schema: 'natwalk/labs',
    version: PROGRESS_VERSION,
    current,
    labs: Object.fromEntries(entries) as object,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
