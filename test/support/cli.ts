/** Runs the command line in this process, with streams of its own. */
import { ClosedPipe, type Io, type Sink } from '../../src/cli/io.js';
import { joinBytes } from '../../src/explain/pcapng.js';
import { run } from '../../src/cli/run.js';

export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export interface Setting {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly terminal?: boolean;
  /** Standard error is a terminal, whatever standard output is. */
  readonly errorTerminal?: boolean;
  /** A clock in milliseconds. */
  readonly now?: () => number;
  /** Of the terminal. */
  readonly columns?: number;
  /** After this many writes the reader of standard output is gone. */
  readonly closesAfter?: number;
}

class Memory implements Sink {
  readonly isTerminal: boolean;
  readonly columns: number | undefined;
  bytes: Uint8Array = new Uint8Array(0);
  #left: number;

  constructor(terminal: boolean, writes: number, columns: number | undefined) {
    this.isTerminal = terminal;
    this.columns = columns;
    this.#left = writes;
  }

  get text(): string {
    return new TextDecoder().decode(this.bytes);
  }

  async write(output: string | Uint8Array): Promise<void> {
    this.#left -= 1;
    if (this.#left < 0) throw new ClosedPipe();
    this.bytes = joinBytes([
      this.bytes,
      typeof output === 'string' ? new TextEncoder().encode(output) : output,
    ]);
    await Promise.resolve();
  }
}

/** Runs natwalk with these arguments; `bytes` is standard output as it was written. */
export async function natwalkBytes(
  argv: readonly string[],
  setting: Setting = {},
): Promise<Ran & { readonly bytes: Uint8Array }> {
  const terminal = setting.terminal ?? false;
  const stdout = new Memory(terminal, setting.closesAfter ?? Infinity, setting.columns);
  const stderr = new Memory(setting.errorTerminal ?? terminal, Infinity, setting.columns);
  const io: Io = {
    stdout,
    stderr,
    env: setting.env ?? {},
    ...(setting.now === undefined ? {} : { now: setting.now }),
    async *stdin() {
      yield await Promise.resolve(new TextEncoder().encode(setting.stdin ?? ''));
    },
  };
  const status = await run(argv, io);
  return { status, out: stdout.text, err: stderr.text, bytes: stdout.bytes };
}

/** Runs natwalk with these arguments. */
export async function natwalk(argv: readonly string[], setting: Setting = {}): Promise<Ran> {
  const { status, out, err } = await natwalkBytes(argv, setting);
  return { status, out, err };
}
