/** Rows of a walk for a line that is too short for columns: the place first, what came of it and what changed below. */
import type { Row } from './row.js';
import { sanitize } from './sanitize.js';
import type { View } from './view.js';
import { padStart, widthOf, wrap } from './width.js';

/** Lines shorter than this are too short for the columns of a walk. */
export const COLUMNS_NEED = 80;

/** A deep chain leaves at least so many cells for its row. */
const ROOM = 20;

const NO_RULE = '-';

/** What was tried before a row in vain. */
function missedLines({ missed }: Row, indent: string, view: View): string[] {
  return missed.flatMap(({ number, reason }) => {
    const text = `${number} ${view.say('ROW_MISSED', { reason })}`;
    return wrap(sanitize(text), view.width - indent.length).map((line) =>
      view.paint('dim', `${indent}${line}`),
    );
  });
}

function rowLines(row: Row, number: string, view: View): string[] {
  const { paint, width } = view;
  const cells = widthOf(number) + 1;
  const depth = Math.max(0, Math.min(2 * row.depth, width - cells - 2 - ROOM));
  const indent = ' '.repeat(cells + depth);
  const below = `${indent}  `;
  const rule = row.rule === NO_RULE ? '' : row.rule;
  const place = [row.group, row.place, rule].filter((text) => text !== '').join(' ');
  const result = (line: string): string => (row.meaning === null ? line : paint(row.meaning, line));
  return [
    ...missedLines(row, indent, view),
    ...wrap(sanitize(place), width - indent.length).map(
      (line, at) => `${at === 0 ? paint('dim', number) + indent.slice(number.length) : indent}${line}`,
    ),
    ...wrap(sanitize(row.result), width - below.length).map((line) => `${below}${result(line)}`),
    ...wrap(sanitize(row.changes.join(', ')), width - below.length).map(
      (line) => `${below}${paint('change', line)}`,
    ),
    ...(view.wide ? wrap(sanitize(row.detail), width - below.length - 2) : []).map((line) =>
      paint('dim', `${below}| ${line}`),
    ),
  ];
}

/** The rows of a walk, one string per line. */
export function stackedLines(rows: readonly Row[], view: View): string[] {
  const widest = Math.max(2, String(rows.length).length);
  return rows.flatMap((row, index) => rowLines(row, padStart(String(index + 1), widest), view));
}
