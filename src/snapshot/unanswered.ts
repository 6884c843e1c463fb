/** Commands of a transcript below which their listing does not stand: they failed, or it went elsewhere. */
import type { Diagnostics } from '../source/diagnostic.js';
import type { SourceText } from '../source/source.js';
import type { Kind } from './command.js';
import { shown } from './report.js';
import type { Section } from './sections.js';

/** Kinds that every network namespace has something of. */
const NEVER_EMPTY: ReadonlySet<Kind> = new Set<Kind>(['ip rule', 'ip addr']);

function warn(code: string, source: SourceText, command: string, diagnostics: Diagnostics): void {
  const span = { source, start: 0, end: Math.max(source.text.indexOf('\n'), 0) };
  diagnostics.warn(code, span, { command: shown(command) });
}

/** Says that a command printed an error, or something else, in place of its listing (READ_FAILED). */
export function warnFailed(source: SourceText, command: string, diagnostics: Diagnostics): void {
  warn('READ_FAILED', source, command, diagnostics);
}

/**
 * Whether nothing stands below a command for another reason than that there is nothing, which is then said
 * (READ_REDIRECTED, READ_SHOWS_NOTHING).
 */
export function warnUnanswered(
  { source, command }: Section,
  kind: Kind | null,
  diagnostics: Diagnostics,
): boolean {
  if (command === null || source.text.trim() !== '') return false;
  const isMissing = kind !== null && NEVER_EMPTY.has(kind) && !command.partial;
  if (command.isElsewhere) warn('READ_REDIRECTED', source, command.text, diagnostics);
  else if (isMissing) warn('READ_SHOWS_NOTHING', source, command.text, diagnostics);
  return command.isElsewhere || isMissing;
}
