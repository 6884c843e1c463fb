/** For people: each failing check with its place, what was wanted and found, the answer, and what decided it. */
import { frameLines } from '../../explain/diagnostic.js';
import { sanitize } from '../../explain/sanitize.js';
import { type View, viewOf } from '../../explain/view.js';
import { hang, padEnd, widthOf, wrap } from '../../explain/width.js';
import type { CheckResult, Failure } from '../result.js';
import { type ReportOptions, type Suite, decidingLines, failedOf } from './suite.js';

/** Cells that the answer to a failing check is indented by. */
export const ANSWER_INDENT = 4;

/** Failing checks that are shown in full; the rest by name. */
const SHOWN = 50;

type Labelled = readonly [label: string, text: string];

function failureRows(failure: Failure, several: boolean, { say, tell }: View): readonly Labelled[] {
  const { key, values, said, outcome } = failure;
  const number = several && outcome !== null ? `[${String(outcome)}] ` : '';
  if (values === null)
    return [[say('CHECK_GOT'), `${number}${said === null ? key : tell(said.code, said.params)}`]];
  return [
    [say('CHECK_EXPECTED'), `${key} ${values.expected}`],
    [say('CHECK_GOT'), `${number}${key} ${values.got}`],
  ];
}

function drawnText({ drawn }: CheckResult, { say }: View): string | null {
  if (drawn === null) return null;
  const { walked, all, seed, shrinks } = drawn;
  return all === null
    ? say('CHECK_DRAWN', { walked, seed, shrinks })
    : say('CHECK_DRAWN_ALL', { all, walked, shrinks });
}

function rowsOf(result: CheckResult, suite: Suite, view: View): readonly Labelled[] {
  const { say } = view;
  const rows: Labelled[] = [];
  const deciding = decidingLines(result, suite);
  for (const line of deciding) rows.push([say('CHECK_DECIDED'), line]);
  const drawn = drawnText(result, view);
  if (drawn !== null) rows.push([say('CHECK_PACKET'), drawn]);
  if (result.command !== '') rows.push([say('CHECK_TRY'), result.command]);
  return rows;
}

function aligned(rows: readonly Labelled[], view: View): readonly string[] {
  const { say } = view;
  const labels = [
    say('CHECK_EXPECTED'),
    say('CHECK_GOT'),
    say('CHECK_DECIDED'),
    say('CHECK_TRY'),
    say('CHECK_PACKET'),
  ];
  const width = Math.max(...labels.map(widthOf));
  let last = '';
  return rows.flatMap(([label, text]) => {
    const shown = label === last ? '' : label;
    last = label;
    // A command to copy stays in one line.
    if (label === say('CHECK_TRY')) return [`  ${padEnd(shown, width)}  ${sanitize(text)}`];
    return hang(`  ${padEnd(shown, width)}  `, width + 4, sanitize(text), view.width, '  ');
  });
}

/** Failures at one place of the spec, each text once. */
function byPlace(failures: readonly Failure[]): readonly (readonly Failure[])[] {
  const groups = new Map<number, Failure[]>();
  for (const failure of failures) {
    const group = groups.get(failure.place.start);
    if (group === undefined) groups.set(failure.place.start, [failure]);
    else group.push(failure);
  }
  return [...groups.values()];
}

function failHead(name: string, { say, paint, width }: View): string[] {
  const word = say('CHECK_WORD_FAIL');
  return wrap(sanitize(name), width - widthOf(word) - 2).map((line, at) =>
    at === 0 ? `${paint('bad', word)}  ${paint('strong', line)}` : `  ${paint('strong', line)}`,
  );
}

function failed(result: CheckResult, suite: Suite, view: View): readonly string[] {
  const lines = failHead(result.name, view);
  const source = suite.sources.get(result.spec);
  const several = result.outcomes.length > 1;
  for (const group of byPlace(result.failures)) {
    const [first] = group;
    if (first === undefined) continue;
    if (source !== undefined) lines.push(...frameLines({ source, ...first.place }, view));
    const rows = group.flatMap((failure) => failureRows(failure, several, view));
    const unique = [...new Map(rows.map((row) => [row.join('\n'), row])).values()];
    lines.push(...aligned(unique, view));
  }
  const answer = result.answer.trimEnd();
  if (answer !== '')
    lines.push(
      '',
      ...answer.split('\n').map((line) => (line === '' ? '' : `${' '.repeat(ANSWER_INDENT)}${line}`)),
    );
  const rows = aligned(rowsOf(result, suite, view), view);
  if (rows.length > 0) lines.push('', ...rows);
  return [...lines, ''];
}

function summary(suite: Suite, view: View): readonly string[] {
  const { say, paint } = view;
  const { results, shard, all } = suite;
  const failures = failedOf(suite);
  const lines: string[] = [];
  if (shard !== null) lines.push(say('CHECK_SLICE', { ...shard, checks: results.length, all }));
  const files = results.filter(({ updated }) => updated).length;
  if (files > 0) lines.push(say('CHECK_COUNT_UPDATED', { files }));
  const count = say('CHECK_COUNT', { checks: results.length, failed: failures });
  const { width } = view;
  return [
    ...lines.flatMap((line) => wrap(line, width)),
    ...wrap(count, width).map((line) => paint(failures > 0 ? 'bad' : 'good', line)),
  ];
}

/** Renders a suite. Ends with a line feed. */
export function renderTextReport(suite: Suite, options: ReportOptions): string {
  const view = viewOf(options);
  const wrong = suite.results.filter(({ passed }) => !passed);
  const lines = wrong.slice(0, SHOWN).flatMap((result) => failed(result, suite, view));
  for (const { name } of wrong.slice(SHOWN))
    lines.push(`${view.paint('bad', view.say('CHECK_WORD_FAIL'))}  ${sanitize(name)}`);
  return `${[...lines, ...summary(suite, view)].join('\n')}\n`;
}
