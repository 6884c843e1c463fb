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
 * Whether nothing stands below a command for another reason than that there is nothing, or may do so, which is then said
 * (READ_REDIRECTED, READ_SILENCED, READ_SHOWS_NOTHING; READ_FAILED where somebody interrupted it).
 */
export function warnUnanswered(
  { source, command }: Section,
  kind: Kind | null,
  diagnostics: Diagnostics,
): boolean {
  const text = source.text.trim();
  if (command === null || (text !== '' && text !== '^C')) return false;
  if (text !== '') {
    warnFailed(source, command.text, diagnostics);
    return true;
  }
  const isMissing = kind !== null && NEVER_EMPTY.has(kind) && !command.partial;
  if (command.isElsewhere) warn('READ_REDIRECTED', source, command.text, diagnostics);
  else if (command.isSilenced) warn('READ_SILENCED', source, command.text, diagnostics);
  else if (isMissing) warn('READ_SHOWS_NOTHING', source, command.text, diagnostics);
  return command.isElsewhere || command.isSilenced || isMissing;
}
