/**
 * Help as it was laid out when the command was built, for lines of HELP_WIDTH cells: nobody waits for a command tree to be
 * made for it. A narrower terminal has its help made anew.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isKoreanLocale } from './locale.js';

/** Help is laid out for no wider lines than these. */
export const HELP_WIDTH = 100;

/** `--help`, `COMMAND --help`, and no more: the command, '' for the whole; null for anything else. */
export function helpAsked([first = '', second, ...rest]: readonly string[]): string | null {
  const asks = (word: string): boolean => word === '--help' || word === '-h';
  if (second === undefined) return asks(first) ? '' : null;
  return rest.length === 0 && !first.startsWith('-') && asks(second) ? first : null;
}

/** @returns null where help for `command` has to be made: for a narrow terminal, or a command that there is not */
export function keptHelp(folder: string, command: string): string | null {
  const { isTTY, columns } = process.stdout;
  if (isTTY && columns < HELP_WIDTH) return null;
  try {
    const file = isKoreanLocale(process.env) ? 'help.ko.json' : 'help.json';
    const texts = new Map<string, unknown>(
      Object.entries(JSON.parse(readFileSync(join(folder, file), 'utf8')) as object),
    );
    const text = texts.get(command);
    return typeof text === 'string' ? text : null;
  } catch {
    return null;
  }
}
