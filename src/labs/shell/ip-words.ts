/** What the parts of `ip` share. */
import type { Diagnostic } from '../../source/diagnostic.js';
import { type Call, type Output, refuse } from './output.js';

/** A change that the readers refuse: their own findings. */
export function readFailed(wrong: readonly Diagnostic[], { shell }: Call): Output {
  return refuse(shell.render(wrong).trimEnd(), 2);
}

/** What a word that may be cut stands for: `ip r`, `ip ro`, `ip route`. */
export function abbreviated<T extends string>(word: string, names: readonly T[]): T | null {
  if (word === '') return null;
  return names.find((name) => name.startsWith(word)) ?? null;
}
