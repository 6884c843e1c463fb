/**
 * `npm run fuzz -- [--minutes N] [--seed N]`: random text over every grammar and every reader, in a thread of its own, so
 * that a reader that does not come back is noticed. Ends with 1 when anything was found: a crash, a text that takes more
 * than a second for each MB, or one of which twice as much takes three times as long; with 2 for words it does not know.
 */
import { parseArgs } from 'node:util';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { Fault } from './fault.js';
import { type Counts, fuzz } from './fuzz.js';

type Told =
  | { readonly fault: Fault }
  | { readonly starts: { readonly reader: string; readonly text: string } }
  | { readonly counts: Counts };

interface Task {
  readonly seed: number;
  readonly milliseconds: number;
}

/** Longer than this nothing takes, whatever else the machine does. */
const HANGS = 60_000;

const isTask = (value: unknown): value is Task =>
  typeof value === 'object' && value !== null && 'seed' in value && 'milliseconds' in value;

function work({ seed, milliseconds }: Task): void {
  const tell = (told: Told): void => parentPort?.postMessage(told);
  const end = Date.now() + milliseconds;
  const progress = {
    starts: (reader: string, text: string) => tell({ starts: { reader, text } }),
    fault: (fault: Fault) => tell({ fault }),
  };
  const counts = fuzz(seed, progress, () => Date.now() < end);
  tell({ counts });
}

function print({ kind, reader, text, says }: Fault): void {
  process.stdout.write(`${kind} in ${reader}: ${says}\n  ${JSON.stringify(text)}\n`);
}

function watch(task: Task): void {
  let found = 0;
  let now = { reader: '', text: '' };
  const worker = new Worker(new URL(import.meta.url), { workerData: task });
  const gaveUp = (): void => {
    found += 1;
    print({ kind: 'slow', ...now, says: `no answer within ${String(HANGS / 1000)} seconds` });
    void worker.terminate();
  };
  let patience = setTimeout(gaveUp, HANGS);
  worker.on('message', (told: Told) => {
    clearTimeout(patience);
    patience = setTimeout(gaveUp, HANGS);
    if ('starts' in told) now = told.starts;
    else if ('fault' in told) {
      found += 1;
      print(told.fault);
    } else {
      const { texts, readings, growths } = told.counts;
      process.stdout.write(`${texts} texts, ${readings} readings, ${growths} grown; seed ${task.seed}\n`);
    }
  });
  worker.on('error', (error) => {
    found += 1;
    process.stdout.write(`the thread ended: ${String(error)}\n  ${now.reader} ${JSON.stringify(now.text)}\n`);
  });
  worker.on('exit', () => {
    clearTimeout(patience);
    process.stdout.write(found === 0 ? 'Nothing was found.\n' : `${String(found)} found.\n`);
    process.exitCode = found === 0 ? 0 : 1;
  });
}

function given(): Task {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { minutes: text, seed: text } });
  const { minutes = '1', seed = String(Date.now() % 1_000_000) } = values;
  if (!(Number(minutes) > 0) || !/^\d{1,9}$/.test(seed))
    throw new TypeError('--minutes is a number above 0, --seed a whole one');
  return { seed: Number(seed), milliseconds: Number(minutes) * 60_000 };
}

if (isMainThread) {
  try {
    watch(given());
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
} else if (isTask(workerData)) work(workerData);
