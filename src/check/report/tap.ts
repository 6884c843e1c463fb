/** TAP version 14 (testanything.org): a test point per check, with a YAML block where it failed. */
import { sanitize } from '../../explain/sanitize.js';
import type { CheckResult } from '../result.js';
import { type Suite, decidingLines, failureLines } from './suite.js';

/** `\` and `#` are escaped; a description does not begin with a dash or a digit of its own, since " - " stands before it. */
const described = (name: string): string => sanitize(name).replace(/[\\#]/g, '\\$&');

/** A string of JSON is one of YAML. */
const scalar = (text: string): string => JSON.stringify(sanitize(text));

function list(key: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${key}:`, ...lines.map((line) => `  - ${scalar(line)}`)];
}

function block(result: CheckResult, suite: Suite): readonly string[] {
  const { spec, failures, place, command, outcomes } = result;
  const at = failures[0]?.place ?? place;
  const values = failures.flatMap(({ key, values: pair }) => (pair === null ? [] : [{ key, ...pair }]));
  return [
    '---',
    `message: ${scalar(failureLines(result).join('; '))}`,
    'severity: fail',
    'at:',
    `  file: ${scalar(spec)}`,
    `  line: ${String(at.line)}`,
    `  column: ${String(at.column)}`,
    ...list('expected', [...new Set(values.map(({ key, expected }) => `${key} ${expected}`))]),
    ...list('got', [...new Set(values.map(({ key, got }) => `${key} ${got}`))]),
    ...list('outcomes', outcomes),
    ...list('decided', decidingLines(result, suite)),
    ...(command === '' ? [] : [`command: ${scalar(command)}`]),
    '...',
  ].map((line) => `  ${line}`);
}

/** Renders a suite. Ends with a line feed. */
export function renderTap(suite: Suite): string {
  const { results } = suite;
  const lines = ['TAP version 14', `1..${String(results.length)}`];
  for (const [index, result] of results.entries()) {
    const point = `${String(index + 1)} - ${described(result.name)}`;
    if (result.passed) lines.push(`ok ${point}`);
    else lines.push(`not ok ${point}`, ...block(result, suite));
  }
  return `${lines.join('\n')}\n`;
}
