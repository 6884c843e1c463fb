/** Annotations of GitHub Actions: one at the spec's line, one at the rule that decided. */
import { message } from '../../explain/messages/index.js';
import { sanitizeLines } from '../../explain/sanitize.js';
import type { CheckResult } from '../result.js';
import { type Suite, decidingLines, failedOf, failureLines } from './suite.js';

const data = (text: string): string =>
  sanitizeLines(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

function error(file: string, line: number, column: number | null, title: string, text: string): string {
  const place = [
    `file=${property(file)}`,
    `line=${String(line)}`,
    ...(column === null ? [] : [`col=${String(column)}`]),
    `title=${property(title)}`,
  ];
  return `::error ${place.join(',')}::${data(text)}`;
}

function annotations(result: CheckResult, suite: Suite): readonly string[] {
  const { name, spec, node, failures, deciding, command, place } = result;
  const why = failureLines(result).join('\n');
  const decided = decidingLines(result, suite).map((line) => `decided by ${line}`);
  const at = failures[0]?.place ?? place;
  const text = [why, ...decided, command].filter((part) => part !== '').join('\n');
  const first = error(spec, at.line, at.column, name, text);
  // GitHub shows ten annotations of a step: the rule that decides most directly is enough.
  const rule = deciding.find(({ file, line }) => file !== null && line !== null);
  if (rule === undefined || rule.file === null || rule.line === null) return [first];
  const words = `${rule.name} decides: ${rule.text}\n${why}`;
  return [first, error(suite.fileOf(node, rule.file), rule.line, null, name, words)];
}

/** Renders a suite. Ends with a line feed. */
export function renderGithub(suite: Suite): string {
  const lines = suite.results.filter(({ passed }) => !passed).flatMap((result) => annotations(result, suite));
  const checks = suite.results.length;
  const count = message('CHECK_COUNT', { checks, failed: failedOf(suite) });
  return `${[...lines, count].join('\n')}\n`;
}
