/** JUnit XML as CI servers read it: a testsuite per spec, a testcase per check. */
import { sanitizeLines } from '../../explain/sanitize.js';
import type { CheckResult } from '../result.js';
import { type Suite, decidingLines, failedOf, failureLines } from './suite.js';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
};

/** Text within an element: what XML 1.0 cannot hold at all is shown as its code. */
const content = (text: string): string =>
  sanitizeLines(text)
    .replace(/[\ufffe\uffff]/g, '?')
    .replace(/[&<>]/g, (sign) => ENTITIES[sign] ?? sign);

const attribute = (text: string): string =>
  sanitizeLines(text)
    .replace(/[\ufffe\uffff]/g, '?')
    .replace(/[&<>"'\n]/g, (sign) => ENTITIES[sign] ?? sign);

function attributes(pairs: Readonly<Record<string, string | number>>): string {
  return Object.entries(pairs)
    .map(([name, value]) => ` ${name}="${attribute(String(value))}"`)
    .join('');
}

function body(result: CheckResult, suite: Suite): string {
  const deciding = decidingLines(result, suite).map((line) => `decided by ${line}`);
  const parts = [failureLines(result), result.answer.trimEnd().split('\n'), deciding, [result.command]];
  return parts
    .map((lines) => lines.join('\n'))
    .filter((text) => text !== '')
    .join('\n\n');
}

function testcase(result: CheckResult, suite: Suite): readonly string[] {
  const { name, spec, passed, failures, place } = result;
  const head = `    <testcase${attributes({ classname: spec, name, file: spec, line: place.line })}`;
  if (passed) return [`${head}/>`];
  const message = failureLines(result).join('; ');
  const type = failures[0]?.key ?? 'failure';
  return [
    `${head}>`,
    `      <failure${attributes({ message, type })}>${content(body(result, suite))}</failure>`,
    '    </testcase>',
  ];
}

/** Renders a suite. Ends with a line feed. */
export function renderJunit(suite: Suite): string {
  const { results } = suite;
  const specs = new Map<string, CheckResult[]>();
  for (const result of results) {
    const list = specs.get(result.spec);
    if (list === undefined) specs.set(result.spec, [result]);
    else list.push(result);
  }
  const counts = (list: readonly CheckResult[]): Readonly<Record<string, number>> => ({
    tests: list.length,
    failures: list.filter(({ passed }) => !passed).length,
    errors: 0,
    skipped: 0,
  });
  const all = { tests: results.length, failures: failedOf(suite), errors: 0 };
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'natwalk', ...all })}>`,
  ];
  for (const [spec, list] of specs)
    lines.push(
      `  <testsuite${attributes({ name: spec, ...counts(list) })}>`,
      ...list.flatMap((result) => testcase(result, suite)),
      '  </testsuite>',
    );
  return `${[...lines, '</testsuites>'].join('\n')}\n`;
}
