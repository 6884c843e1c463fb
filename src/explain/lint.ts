/** A report of the linter as text: each finding with its place, why, what to do, and the packet that shows it. */
import type { Finding, LintReport, LintSeverity, Shown } from '../lint/finding.js';

import { answerOf } from './answer.js';
import { assumptionText } from './assumption.js';
import type { Meaning } from './colour.js';
import { frameLines, headLines } from './diagnostic.js';
import { finding as wordsOf } from './messages/index.js';
import { sanitize } from './sanitize.js';
import { traceCommand } from './trace-command.js';
import { type View, type ViewOptions, viewOf } from './view.js';
import { hang, padEnd, widthOf, wrap } from './width.js';

const MEANINGS: Readonly<Record<LintSeverity, Meaning>> = { error: 'bad', warning: 'change', note: 'dim' };

/** How many findings there are of each severity. */
export function countsOf({ findings }: LintReport): Readonly<Record<LintSeverity, number>> {
  const counts = { error: 0, warning: 0, note: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

/** The answer of the outcome that shows a finding, in one line; with what it rests on. */
export function answerText({ result, outcome }: Shown, view: View): string {
  const { word, rest } = answerOf(result.packet, outcome, view);
  const [assumption] = outcome.assumptions;
  const rests =
    assumption === undefined
      ? ''
      : ` (${view.say('LINT_RESTS', { text: assumptionText(assumption, view.language) })})`;
  return `${word} ${rest}${rests}`;
}

/** The answer to it on its way back, where that was walked. */
export function replyText({ result, outcome }: Shown, view: View): string | null {
  const { reply } = outcome;
  if (reply === undefined) return null;
  const { word, rest } = answerOf(result.packet, reply, view);
  return `${word} ${rest}`;
}

interface Labels {
  readonly view: View;
  readonly width: number;
}

function labelled(label: string, text: string, { view, width }: Labels): string[] {
  return hang(`  ${padEnd(label, width)}  `, width + 4, sanitize(text), view.width, '  ');
}

/** A command stays on one line, so that it can be copied. */
function commandLine(label: string, command: string, { width }: Labels): string {
  return `  ${padEnd(label, width)}  ${sanitize(command)}`;
}

function shownLines(label: string, shown: Shown, node: string, labels: Labels): string[] {
  const { view } = labels;
  const lines = [commandLine(label, traceCommand(node, shown.packet), labels)];
  lines.push(...labelled('', answerText(shown, view), labels));
  const back = replyText(shown, view);
  if (back !== null) lines.push(...labelled(view.say('LINT_BACK'), back, labels));
  return lines;
}

function proofLines({ proof }: Finding, node: string, labels: Labels): string[] {
  const { view } = labels;
  const label = view.say('LINT_SHOWN');
  if (proof.kind === 'none') return labelled(label, view.tell(proof.code), labels);
  const lines = shownLines(label, proof.shown, node, labels);
  if (proof.second !== undefined) {
    lines.push(...labelled(view.say('LINT_THEN'), view.say('LINT_THEN_SAME'), labels));
    lines.push(...labelled('', answerText(proof.second, view), labels));
  }
  return lines;
}

function findingLines(finding: Finding, node: string, labels: Labels, told: Set<string>): string[] {
  const { view } = labels;
  const { code, severity, params, span, related } = finding;
  const parts = wordsOf(code, params, view.language);
  const word = view.say(`LINT_SEVERITY_${severity}`);
  const text = parts?.text ?? view.tell(code, params);
  const lines = headLines({ word, code, text }, MEANINGS[severity], view);
  if (span !== null) lines.push(...frameLines(span, view));
  if (related !== null) lines.push(`  ${view.tell(related.code)}`, ...frameLines(related.span, view));
  if (parts !== null && !told.has(`${parts.why}\n${parts.do}`)) {
    lines.push(...labelled(view.say('DIAG_WHY'), parts.why, labels));
    lines.push(...labelled(view.say('DIAG_DO'), parts.do, labels));
    told.add(`${parts.why}\n${parts.do}`);
  }
  return [...lines, ...proofLines(finding, node, labels)];
}

/**
 * Renders a report. Ends with a line feed.
 * @param node the snapshot as the user named it, for commands to copy
 */
export function renderLint(report: LintReport, node: string, options: ViewOptions = {}): string {
  const view = viewOf(options);
  const names = (['LINT_SHOWN', 'LINT_THEN', 'LINT_BACK', 'DIAG_WHY', 'DIAG_DO'] as const).map((id) =>
    view.say(id),
  );
  const labels = { view, width: Math.max(...names.map(widthOf)) };
  const told = new Set<string>();
  const blocks = report.findings.map((finding) => findingLines(finding, node, labels, told).join('\n'));
  const counts = countsOf(report);
  const total = view.say('LINT_COUNT', {
    errors: counts.error,
    warnings: counts.warning,
    notes: counts.note,
  });
  const count = report.findings.length === 0 ? view.say('LINT_NONE') : total;
  blocks.push(wrap(count, view.width).join('\n'));
  if (report.cut) blocks.push(wrap(view.say('LINT_CUT'), view.width).join('\n'));
  return `${blocks.join('\n\n')}\n`;
}
