/** Lines that a student types: at a terminal with history and completion, else as they come. */
import { createInterface } from 'node:readline';
import { Readable, Transform, type TransformCallback, Writable } from 'node:stream';
import type { Io, Sink } from './io.js';

/** What the terminal library writes goes through the same sink, at once: nothing that is written after it may come before it. */
function writableOf(sink: Sink): Writable {
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, _encoding, done) {
      sink.write(chunk).catch((error: unknown) => {
        stream.destroy(error instanceof Error ? error : new Error(String(error)));
      });
      done();
    },
  });
  return Object.assign(stream, { columns: sink.columns ?? 80, isTTY: sink.isTerminal });
}

/** Where the first line of the keys ends; a carriage return with a line feed is one end. */
function endOfLine(keys: Buffer): number {
  const at = keys.findIndex((key) => key === 13 || key === 10);
  if (at < 0) return keys.length;
  return keys[at] === 13 && keys[at + 1] === 10 ? at + 2 : at + 1;
}

const isLine = (keys: Buffer): boolean => keys.at(-1) === 13 || keys.at(-1) === 10;

/**
 * Keys on their way to the terminal library, a line at a time: what was pasted or typed ahead waits until the command before it
 * has had its say, as it does in a shell.
 */
export class TypedAhead extends Transform {
  readonly isTTY = true;
  readonly #terminal: Readable;
  #isBusy = false;
  #waiting: { readonly keys: Buffer; readonly done: TransformCallback } | null = null;

  constructor(terminal: Readable) {
    super();
    this.#terminal = terminal;
    terminal.pipe(this);
  }

  setRawMode(isRaw: boolean): this {
    const { setRawMode } = this.#terminal as Readable & { setRawMode?: (isRaw: boolean) => unknown };
    setRawMode?.call(this.#terminal, isRaw);
    return this;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#waiting = { keys: chunk, done };
    if (!this.#isBusy) this.next();
  }

  /** The command is done: the next line may be seen. */
  next(): void {
    this.#isBusy = false;
    const { keys, done } = this.#waiting ?? {};
    if (keys === undefined || done === undefined) return;
    const end = endOfLine(keys);
    const line = keys.subarray(0, end);
    this.#isBusy = isLine(line);
    this.#waiting = end < keys.length ? { keys: keys.subarray(end), done } : null;
    this.push(line);
    if (this.#waiting === null) done();
  }

  /** Lets go of the terminal, so that nothing waits for it. */
  leave(): void {
    this.#terminal.unpipe(this);
    this.#terminal.pause();
  }
}

/** Lines as they are typed. */
export interface Typist {
  /** Somebody sees what is typed. */
  readonly isTerminal: boolean;
  prompt(text: string): void;
  readonly lines: AsyncIterable<string>;
  close(): void;
}

/**
 * Begins to read lines.
 * @param isScripted the lines are no person's, whatever they come from
 * @param names what a tab completes
 */
export function typistOf(io: Io, isScripted: boolean, names: readonly string[]): Typist {
  const source = io.stdin();
  const input = source instanceof Readable ? source : Readable.from(source);
  const isTerminal = !isScripted && 'isTTY' in input && input.isTTY === true && io.stdout.isTerminal;
  if (!isTerminal) {
    const reader = createInterface({ input, terminal: false });
    const lines = reader[Symbol.asyncIterator]();
    return { isTerminal, prompt: () => undefined, lines, close: () => reader.close() };
  }
  const keys = new TypedAhead(input);
  const reader = createInterface({
    ...{ input: keys, output: writableOf(io.stdout), terminal: true, historySize: 500 },
    completer: (line: string): [string[], string] => {
      const last = line.split(/[\s|;]+/).at(-1) ?? '';
      return [names.filter((name) => name.startsWith(last)), last];
    },
  });
  // As a shell does: an interrupt ends the line, not the session.
  reader.on('SIGINT', () => {
    reader.write(null, { ctrl: true, name: 'u' });
    reader.prompt();
  });
  return {
    isTerminal,
    prompt: (text) => {
      reader.setPrompt(text);
      reader.prompt();
      keys.next();
    },
    // Listens from now on: no line is lost that comes before somebody asks for it.
    lines: reader[Symbol.asyncIterator](),
    close: () => {
      reader.close();
      keys.leave();
    },
  };
}
