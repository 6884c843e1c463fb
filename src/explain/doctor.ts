/** A checkup as text: what was read, which questions it answers, mixtures, findings. */
import type { Listing, Node } from '../packet/node.js';
import type { Checkup, Lack } from '../snapshot/doctor.js';
import { columnLines } from './columns.js';
import { renderDiagnostics } from './diagnostic.js';
import { placeOf } from './rule-ref.js';
import { sanitize } from './sanitize.js';
import { type View, type ViewOptions, viewOf } from './view.js';
import { wrap } from './width.js';

function listingRow({ kind, file, line, lines, command, partial }: Listing, view: View): string[] {
  const notes = [
    ...(partial ? [view.say('DOCTOR_PARTIAL')] : []),
    ...(command === null ? [] : [view.say('DOCTOR_BY', { command: sanitize(command).slice(0, 60) })]),
  ];
  return [kind, `${sanitize(file)}:${String(line)}`, view.say('DOCTOR_LINES', { lines }), notes.join(', ')];
}

function lackLines({ code, params, command }: Lack, view: View): string[] {
  const text = `${view.tell(code, params)}: ${view.say('DOCTOR_ADD', { command })}`;
  return folded(text, '    ', view);
}

/** A text with a margin, wrapped under itself. */
function folded(text: string, margin: string, view: View): string[] {
  const room = view.width - margin.length - 2;
  return wrap(sanitize(text), room).map((line, at) => `${margin}${at === 0 ? '' : '  '}${line}`);
}

function head(text: string, view: View): string {
  return view.paint('strong', text);
}

/** Renders a checkup. Ends with a line feed. */
export function renderDoctor(node: Node, checkup: Checkup, options: ViewOptions = {}): string {
  const view = viewOf(options);
  const { listings, questions, stale } = checkup;
  const lines = [head(view.say('DOCTOR_READ'), view)];
  if (listings.length === 0) lines.push(`  ${view.say('DOCTOR_NOTHING')}`);
  else
    lines.push(
      ...columnLines(
        listings.map((one) => listingRow(one, view)),
        view.width,
      ).flat(),
    );
  lines.push('', head(view.say('DOCTOR_QUESTIONS'), view));
  for (const { question, lacks } of questions) {
    const state = lacks.length === 0 ? 'DOCTOR_ANSWERED' : 'DOCTOR_ASSUMED';
    lines.push(...folded(`${view.tell(`DOCTOR_Q_${question}`)}: ${view.say(state)}`, '  ', view));
    lines.push(...lacks.flatMap((lack) => lackLines(lack, view)));
  }
  const mixture = (['0.0.0.0', '::'] as const)
    .map((address) => view.facts.mixture(address))
    .find((parts) => parts.length > 0);
  if (mixture !== undefined)
    lines.push(
      '',
      head(view.say('DOCTOR_MIXTURE'), view),
      ...folded(view.say('MIXTURE', { parts: mixture.join(', ') }), '  ', view),
    );
  if (stale.length > 0) {
    lines.push('', head(view.say('DOCTOR_STALE_HEAD'), view));
    for (const { device, span } of stale) {
      const place = span === null ? '' : ` (${placeOf(span)})`;
      const text = `${view.say('DOCTOR_STALE', { device })}${place}`;
      lines.push(...wrap(sanitize(text), view.width - 2).map((line) => `  ${line}`));
    }
  }
  lines.push('', head(view.say('DOCTOR_FINDINGS'), view));
  const findings = renderDiagnostics(node.diagnostics, options);
  lines.push(findings === '' ? `  ${view.say('DOCTOR_FINDINGS_NONE')}` : findings.trimEnd());
  return `${lines.join('\n')}\n`;
}

/** The same as JSON, schema natwalk/doctor/1. */
export function doctorJson(
  node: Node,
  { listings, questions, stale }: Checkup,
  options: ViewOptions = {},
): unknown {
  const view = viewOf(options);
  return {
    schema: 'natwalk/doctor/1',
    listings,
    questions: questions.map(({ question, lacks }) => ({
      question,
      answered: lacks.length === 0,
      lacks: lacks.map(({ code, params, command }) => ({ code, text: view.tell(code, params), command })),
    })),
    stale: stale.map(({ device, span }) => ({ device, place: span === null ? null : placeOf(span) })),
    findings: node.diagnostics.map(({ code, severity, params, span }) => {
      const at = span?.source.position(span.start) ?? null;
      return {
        ...{ code, severity, text: view.tell(code, params), file: span?.source.name ?? null },
        ...{ line: at?.line ?? null, column: at?.column ?? null },
      };
    }),
  };
}
