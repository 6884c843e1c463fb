/** What a command may touch of the world outside: streams, environment, input. Tests give their own. */

/** A stream for text, and for the bytes of what is none. `write` resolves when more may be written. */
export interface Sink {
  readonly isTerminal: boolean;
  /** Cells of a line of the terminal, as it is now. */
  readonly columns?: number | undefined;
  /** @throws ClosedPipe when nobody reads any more */
  write(output: string | Uint8Array): Promise<void>;
}

/** Cells per line of what is no terminal. */
const WIDTH = 100;
/** Terminals that are narrower are written for as if they had so many. */
const NARROWEST = 20;

/** How many cells a line of `sink` has. */
export function widthFor({ isTerminal, columns = 0 }: Sink): number {
  return isTerminal && columns > 0 ? Math.max(NARROWEST, columns) : WIDTH;
}

export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends a command that waits for something (`check --watch`); without it, only the process's end does. */
  readonly signal?: AbortSignal;
  /** A clock in milliseconds; without it, the process's own. */
  readonly now?: () => number;
  /** Standard input, in chunks. */
  stdin(): AsyncIterable<Uint8Array>;
}

/** The reader of the output has gone (`natwalk … | head`): the command ends quietly. */
export class ClosedPipe extends Error {
  override readonly name = 'ClosedPipe';
}
