/**
 * How far something has come that takes its time. Told on standard error, only to a terminal, from the first second on, in
 * one line that is written over and erased at the end. Whoever works without a pause calls `tick` in between.
 */
import { type Language, type MessageId, message } from '../explain/messages/index.js';
import { sanitize } from '../explain/sanitize.js';
import { cutEnd } from '../explain/width.js';
import type { Params } from '../source/diagnostic.js';
import { type Io, type Sink, widthFor } from './io.js';
import { languageOf } from './language.js';

/** Milliseconds before anything is told, and between one line and the next. */
const PATIENCE = 1000;
const PACE = 200;

/** Back to the beginning of the line, and nothing behind it (ECMA-48: EL). */
const OVER = '\r\u001b[K';

/** What is told at the moment. */
export interface State {
  readonly id: MessageId;
  readonly params: Params;
}

export interface Progress {
  /** Looks at the clock, and tells when it is time. */
  tick(): void;
  /** The next step may take long without a tick: it is told before. */
  announce(): void;
}

const SILENT: Progress = { tick: () => undefined, announce: () => undefined };

class Line implements Progress {
  readonly #sink: Sink;
  readonly #state: () => State;
  readonly #language: Language;
  readonly #now: () => number;
  readonly #since: number;
  #told = -Infinity;

  constructor(io: Io, language: Language, state: () => State) {
    this.#sink = io.stderr;
    this.#state = state;
    this.#language = language;
    this.#now = io.now ?? performance.now.bind(performance);
    this.#since = this.#now();
  }

  tick(): void {
    const now = this.#now();
    if (now - this.#since >= PATIENCE && now - this.#told >= PACE) this.#tell(now);
  }

  announce(): void {
    this.#tell(this.#now());
  }

  erase(): void {
    if (this.#told !== -Infinity) this.#write(OVER);
  }

  #tell(now: number): void {
    this.#told = now;
    const { id, params } = this.#state();
    const text = sanitize(message(id, params, this.#language));
    // The last cell stays free: a terminal that goes to the next line by itself could not be taken back.
    this.#write(`${OVER}${cutEnd(text, widthFor(this.#sink) - 1)}`);
  }

  /** Nobody waits for this: a terminal takes it at once, and one that has gone need not be told. */
  #write(text: string): void {
    this.#sink.write(text).catch(() => undefined);
  }
}

/** Is there a terminal that can erase a line? */
const isTold = ({ stderr, env }: Io): boolean => stderr.isTerminal && env['TERM'] !== 'dumb';

/**
 * Does some work and tells how far it has come; what `work` gives or throws is given or thrown.
 * @param state what is told, asked for whenever it is
 */
export async function withProgress<T>(
  io: Io,
  options: { readonly lang?: string },
  state: () => State,
  work: (progress: Progress) => T | Promise<T>,
): Promise<T> {
  if (!isTold(io)) return work(SILENT);
  const line = new Line(io, languageOf(io, options), state);
  // For work that waits: for a pipe, for threads.
  const timer = setInterval(() => line.tick(), PACE);
  try {
    return await work(line);
  } finally {
    clearInterval(timer);
    line.erase();
  }
}
