/** What was found while reading, with the place in the text. */
import { sortDiagnostics } from '../../src/explain/diagnostic.js';
import { describe, finding } from '../../src/explain/messages/index.js';
import type { Diagnostic } from '../../src/source/diagnostic.js';
import type { Span } from '../../src/source/source.js';
import type { FindingView } from '../shared/protocol.js';
import type { Language } from '../shared/walk.js';

/** So much of a line is shown around what is marked. */
const BEFORE = 60;
const BEHIND = 100;

function frameOf({ source, start, end }: Span): FindingView['frame'] {
  const { line } = source.position(start);
  const whole = source.line(line);
  if (whole.trim() === '') return null;
  const lineStart = source.text.lastIndexOf('\n', start - 1) + 1;
  const from = Math.min(start - lineStart, whole.length);
  const to = Math.max(from, Math.min(end - lineStart, whole.length));
  const cut = Math.max(0, from - BEFORE);
  const markedTo = Math.min(to, from + BEHIND);
  return {
    before: `${cut > 0 ? '... ' : ''}${whole.slice(cut, from)}`,
    marked: whole.slice(from, markedTo),
    after: whole.slice(markedTo, markedTo + BEHIND),
  };
}

/** One finding. */
export function findingView({ code, severity, params, span }: Diagnostic, language: Language): FindingView {
  const words = finding(code, params, language);
  const at = span === null ? null : span.source.position(span.start);
  return {
    code,
    severity,
    text: words?.text ?? describe(code, params, language),
    why: words?.why ?? '',
    advice: words?.do ?? '',
    file: span?.source.name ?? null,
    line: at?.line ?? null,
    column: at?.column ?? null,
    frame: span === null || span.source.text === '' ? null : frameOf(span),
  };
}

/** The first `most` findings: errors before warnings, each kind by file and place. */
export function findingViews(
  diagnostics: readonly Diagnostic[],
  most: number,
  language: Language,
): readonly FindingView[] {
  const sorted = sortDiagnostics(diagnostics);
  const errors = sorted.filter(({ severity }) => severity === 'error');
  const others = sorted.filter(({ severity }) => severity !== 'error');
  return [...errors, ...others].slice(0, most).map((one) => findingView(one, language));
}
