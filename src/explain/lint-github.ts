/**
 * A report of the linter as annotations of GitHub Actions: `::error file=…,line=…,title=…::text`
 * (docs.github.com, workflow commands; actions/toolkit packages/core/src/command.ts for what is escaped).
 */
import type { Finding, LintReport, LintSeverity } from '../lint/finding.js';
import { finding as wordsOf } from './messages/index.js';
import { sanitize } from './sanitize.js';
import { answerText } from './lint.js';
import { traceCommand } from './trace-command.js';
import { type View, type ViewOptions, viewOf } from './view.js';

const LEVELS: Readonly<Record<LintSeverity, string>> = { error: 'error', warning: 'warning', note: 'notice' };

const data = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(sanitize(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');

function annotation(finding: Finding, node: string, folder: string, view: View): string {
  const { code, severity, params, span, proof } = finding;
  const words = wordsOf(code, params, view.language);
  const lines = [words?.text ?? view.tell(code, params), words?.why ?? '', words?.do ?? ''];
  if (proof.kind === 'packet')
    lines.push(traceCommand(node, proof.shown.packet), answerText(proof.shown, view));
  const at = span?.source.position(span.start);
  const file = span === null ? node : `${folder}${span.source.name}`;
  const place = at === undefined ? [] : [`line=${String(at.line)}`, `col=${String(at.column)}`];
  const properties = [`file=${property(file)}`, ...place, `title=${property(code)}`];
  const text = lines.filter((line) => line !== '').map(sanitize);
  return `::${LEVELS[severity]} ${properties.join(',')}::${data(text.join('\n'))}`;
}

/**
 * One line for each finding; nothing when there is none.
 * @param node the snapshot as the user named it
 * @param folder what stands before the names of the snapshot's files; '' where they stand by themselves
 */
export function lintAnnotations(
  report: LintReport,
  node: string,
  folder: string,
  options: ViewOptions = {},
): string {
  const view = viewOf(options);
  return report.findings.map((finding) => `${annotation(finding, node, folder, view)}\n`).join('');
}
