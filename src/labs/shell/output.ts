/** What an emulated command has to say, and what it is called with. */
import type { LabPod } from '../lab.js';
import type { Shell } from './shell.js';

export interface Output {
  readonly out: string;
  readonly err: string;
  readonly status: number;
}

/** Where a command runs. */
export interface Call {
  readonly shell: Shell;
  /** What the command before it in the pipe has printed; null at the beginning of one. */
  readonly stdin: string | null;
  /** `kubectl exec`: the pod whose namespace it runs in. */
  readonly pod: LabPod | null;
  /** The name that it was called by. */
  readonly name: string;
}

export type Command = (words: readonly string[], call: Call) => Output;

export const NOTHING: Output = { out: '', err: '', status: 0 };

/** Lines of output, each with its line feed. */
export function lines(list: readonly string[]): Output {
  return { out: list.map((line) => `${line}\n`).join(''), err: '', status: 0 };
}

/** A tool's own complaint. */
export function refuse(err: string, status = 1): Output {
  return { out: '', err: `${err}\n`, status };
}

/** The output, and a word about it where the node's dumps do not show all of it. */
export function noted(output: Output, isKnown: boolean, what: string, { shell }: Call): Output {
  return isKnown ? output : { ...output, err: `${output.err}${shell.say('LAB_SH_NOT_SHOWN', { what })}\n` };
}

/** Thrown for what the emulation does not know: an id of the catalogue with its parameters. */
export class Unknown extends Error {
  override readonly name = 'Unknown';
  readonly id:
    | ('LAB_SH_COMMAND' | 'LAB_SH_NOT_FOUND' | 'LAB_SH_NEAR')
    | ('LAB_SH_OPTION' | 'LAB_SH_SIGN' | 'LAB_SH_FORM' | 'LAB_SH_NO_LOG');
  readonly params: Readonly<Record<string, string>>;

  constructor(id: Unknown['id'], params: Unknown['params']) {
    super(id);
    this.id = id;
    this.params = params;
  }
}

/** An option that the real tool may know and the emulated one does not. */
export function unknownOption(command: string, option: string, known: string): Unknown {
  return new Unknown('LAB_SH_OPTION', { command, option, known });
}
