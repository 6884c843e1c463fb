/** Findings about the input, for people: code, place, the line with a caret, why it matters, what to do. */
import type { Diagnostic } from '../source/diagnostic.js';
import type { Span } from '../source/source.js';
import { finding } from './messages/index.js';
import { sanitize } from './sanitize.js';
import type { Meaning } from './colour.js';
import { type View, type ViewOptions, viewOf } from './view.js';
import { cutEnd, hang, padEnd, placeLines, widthOf, wrap } from './width.js';

/** How many findings are shown in full; the rest is counted. */
export const SHOWN = 20;

function compare(a: Diagnostic, b: Diagnostic): number {
  if (a.span === null || b.span === null) return (a.span === null ? 1 : 0) - (b.span === null ? 1 : 0);
  if (a.span.source.name !== b.span.source.name) return a.span.source.name < b.span.source.name ? -1 : 1;
  return a.span.start - b.span.start;
}

/** Findings by file and place; those about the snapshot as a whole come last. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort(compare);
}

/** Beginning and end of the part of a line that is shown when the line is too long: the marked part stays in sight. */
function windowOf(
  line: string,
  from: number,
  room: number,
): { readonly head: string; readonly start: number } {
  if (line.length <= room || from <= room / 2) return { head: '', start: 0 };
  return { head: '...', start: Math.max(0, from - Math.floor(room / 3)) };
}

/** The first lines of a finding: `error CODE  what is wrong`. @param word of the severity */
export function headLines(
  { word, code, text }: { readonly word: string; readonly code: string; readonly text: string },
  meaning: Meaning,
  view: View,
): string[] {
  const head = `${word} ${code}`;
  if (widthOf(head) <= view.width)
    return hang(`${view.paint(meaning, head)}  `, widthOf(head) + 2, sanitize(text), view.width);
  return [
    ...[word, ...wrap(code, view.width)].map((line) => view.paint(meaning, line)),
    ...wrap(sanitize(text), view.width - 2).map((line) => `  ${line}`),
  ];
}

/** The source line and a caret under the span, aligned by display width. The last two lines are these. */
export function frameLines(span: Span, view: View): string[] {
  const { source } = span;
  const { line, column } = source.position(span.start);
  const number = String(line);
  const gutter = Math.max(4, number.length + 1);
  const whole = source.line(line);
  const lineStart = span.start - [...whole].slice(0, column - 1).join('').length;
  const from = span.start - lineStart;
  const to = Math.max(from + 1, Math.min(span.end - lineStart, whole.length));
  const room = view.width - gutter - 3;
  const { head, start } = windowOf(whole, from, room);
  const shown = cutEnd(head + sanitize(whole.slice(start, start + room)), room);
  const before = widthOf(head + sanitize(whole.slice(start, from)));
  const marked = Math.max(1, Math.min(widthOf(sanitize(whole.slice(from, to))), room - before));
  return [
    ...placeLines(
      `${' '.repeat(gutter - 2)}--> `,
      sanitize(source.name),
      `:${number}:${String(column)}`,
      view.width,
    ),
    `${number.padStart(gutter)} | ${shown}`,
    `${' '.repeat(gutter)} | ${' '.repeat(Math.max(0, Math.min(before, room - 1)))}${view.paint('bad', '^'.repeat(marked))}`,
  ];
}

function part(label: string, text: string, view: View): string[] {
  const width = Math.max(widthOf(view.say('DIAG_WHY')), widthOf(view.say('DIAG_DO')));
  return hang(`  ${padEnd(label, width)}  `, width + 4, sanitize(text), view.width, '  ');
}

/** One finding as lines; advice that was told already is not repeated. */
export function diagnosticLines(diagnostic: Diagnostic, view: View, told: Set<string>): string[] {
  const { code, severity, span, params, related } = diagnostic;
  const parts = finding(code, params, view.language);
  const word = view.say(severity === 'error' ? 'ERROR' : 'SEVERITY_WARNING');
  const text = parts?.text ?? view.tell(code, params);
  const lines = headLines({ word, code, text }, severity === 'error' ? 'bad' : 'change', view);
  if (span !== null) lines.push(...frameLines(span, view));
  if (related !== undefined) lines.push(`  ${view.say('DIAG_RELATED')}`, ...frameLines(related, view));
  const advice = parts === null ? '' : `${parts.why}\n${parts.do}`;
  if (parts !== null && !told.has(advice))
    lines.push(...part(view.say('DIAG_WHY'), parts.why, view), ...part(view.say('DIAG_DO'), parts.do, view));
  told.add(advice);
  return lines;
}

/** All findings, sorted, the first 20 in full, then a count. Ends with a line feed unless there are none. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: ViewOptions = {}): string {
  const view = viewOf(options);
  const sorted = sortDiagnostics(diagnostics);
  const told = new Set<string>();
  const blocks = sorted.slice(0, SHOWN).map((one) => diagnosticLines(one, view, told).join('\n'));
  const rest = sorted.length - SHOWN;
  if (rest > 0) blocks.push(rest === 1 ? view.say('DIAG_MORE_ONE') : view.say('DIAG_MORE', { count: rest }));
  return blocks.map((block) => `${block}\n`).join('\n');
}
