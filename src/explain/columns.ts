/** Rows of a small table: in columns where they fit, else each wrapped under itself. */
import { padEnd, widthOf, wrap } from './width.js';

const MARGIN = '  ';

/**
 * The rows, one string per line. The last column may be longer than the line has room: it is wrapped in its column.
 * @param rows of safe text, all with as many cells
 * @param margin what each line begins with
 */
export function columnLines(
  rows: readonly (readonly string[])[],
  width: number,
  margin: string = MARGIN,
): string[][] {
  const count = rows[0]?.length ?? 0;
  const widths = Array.from({ length: count - 1 }, (_, at) =>
    Math.max(...rows.map((row) => widthOf(row[at] ?? ''))),
  );
  const before = widths.reduce((sum, cells) => sum + cells + 2, margin.length);
  const last = Math.max(...rows.map((row) => widthOf(row.at(-1) ?? '')));
  if (before + Math.min(last, LAST) > width) return rows.map((row) => folded(row, width, margin));
  return rows.map((row) => {
    const head = margin + widths.map((cells, at) => `${padEnd(row[at] ?? '', cells)}  `).join('');
    const lines = wrap(row.at(-1) ?? '', width - before);
    if (lines.length === 0) return [head.trimEnd()];
    return lines.map((line, at) => (at === 0 ? head : ' '.repeat(before)) + line);
  });
}

/** With less room than this for its last column, a row is folded. */
const LAST = 24;

function folded(row: readonly string[], width: number, margin: string): string[] {
  const text = row.filter((cell) => cell !== '').join(' ');
  return wrap(text, width - margin.length - 2).map((line, at) => `${margin}${at === 0 ? '' : '  '}${line}`);
}
