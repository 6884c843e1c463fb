/** `natwalk collect`: prints the script that gathers a snapshot on a node. */
import { collectScript } from './collect-script.js';
import type { Io } from './io.js';
import { languageOf } from './language.js';
import type { CommonOptions } from './output.js';
import { STATUS } from './status.js';

export interface CollectCommandOptions extends CommonOptions {
  readonly namespaces?: true;
  /** False with `--no-conntrack`. */
  readonly conntrack?: boolean;
}

/** Runs the command; the script has no words to translate. @returns the exit status */
export async function collectCommand(options: CollectCommandOptions, io: Io): Promise<number> {
  languageOf(io, options);
  const { namespaces = false, conntrack = true } = options;
  await io.stdout.write(collectScript({ namespaces, conntrack }));
  return STATUS.done;
}
