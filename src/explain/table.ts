/** Lays rows out in columns: number, WHERE, RULE, RESULT, CHANGED. Never wraps a row; cuts cells. Narrow lines have no columns. */
import { sanitize } from './sanitize.js';
import type { Row } from './row.js';
import { COLUMNS_NEED, stackedLines } from './stacked.js';
import type { View } from './view.js';
import { cutEnd, cutMiddle, padEnd, padStart, widthOf } from './width.js';

interface Cells {
  readonly row: Row;
  readonly number: string;
  readonly place: string;
  readonly rule: string;
  readonly result: string;
  readonly jump: string | null;
  readonly changed: string;
}

interface Widths {
  readonly number: number;
  readonly group: number;
  readonly place: number;
  readonly rule: number;
  readonly result: number;
  readonly changed: number;
}

/** Cells of a line that the limits are for. */
const USUAL = 100;
const PLACE_LIMIT = 36;
const CHANGED_LIMIT = 44;
const RESULT_LEAST = 23;
const PLACE_LEAST = 26;
const CHANGED_LEAST = 16;
/** Chains that are deeper are not indented further. */
const DEEPEST = 6;

const widest = (texts: readonly string[], least: number): number =>
  texts.reduce((width, text) => Math.max(width, widthOf(text)), least);

function cellsOf(row: Row, index: number, groupWidth: number): Cells {
  return {
    row,
    number: String(index + 1),
    place: `${padEnd(sanitize(row.group), groupWidth)} ${'  '.repeat(Math.min(row.depth, DEEPEST))}${sanitize(row.place)}`,
    rule: sanitize(row.rule),
    result: sanitize(row.result),
    jump: row.jump === null ? null : sanitize(row.jump),
    changed: sanitize(row.changes.join(', ')),
  };
}

/** Shares the line among the columns; WHERE gives way first, then CHANGED. */
function widthsOf(cells: readonly Cells[], groupWidth: number, view: View): Widths {
  const number = widest(
    cells.map((one) => one.number),
    2,
  );
  const rule = widest(
    cells.map((one) => one.rule),
    4,
  );
  const room = view.width - number - rule - 7;
  const where = widest([view.say('COLUMN_WHERE'), ...cells.map((one) => one.place)], 0);
  const changing = cells.filter((one) => one.changed !== '');
  // What a wide line has more is for the long ones.
  const more = Math.floor(Math.max(0, view.width - USUAL) / 2);
  let place = Math.min(where, PLACE_LIMIT + more);
  let changed = Math.min(
    widest(
      changing.map((one) => one.changed),
      7,
    ),
    CHANGED_LIMIT + more,
  );
  const needed = widest([...changing.map((one) => one.result), view.say('COLUMN_RESULT')], 0);
  // Results that are short by themselves leave their room to what they changed.
  const least = Math.min(needed, RESULT_LEAST);
  let result = Math.min(Math.max(needed, RESULT_LEAST), room - place - changed);
  if (result < least) {
    place = Math.max(Math.min(place, PLACE_LEAST), place - (least - result));
    result = room - place - changed;
  }
  if (result < least) {
    changed = Math.max(CHANGED_LEAST, changed - (least - result));
    result = Math.max(8, room - place - changed);
  }
  return { number, group: groupWidth, place, rule, result, changed };
}

function cutPlace(place: string, group: number, width: number): string {
  if (widthOf(place) <= width) return place;
  const indent = place.length - place.slice(group).trimStart().length;
  return place.slice(0, indent) + cutMiddle(place.slice(indent), width - indent);
}

/** Cuts a result; a chain that is jumped to keeps both its ends. @returns the text, and the chain within it */
function cutResult(cells: Cells, width: number): { text: string; jump: string | null } {
  const { result, jump } = cells;
  if (widthOf(result) <= width || jump === null) return { text: cutEnd(result, width), jump };
  const at = result.indexOf(jump);
  const head = result.slice(0, at);
  if (widthOf(head) + widthOf(jump) <= width) return { text: cutEnd(result, width), jump };
  const cut = cutMiddle(jump, Math.max(8, width - widthOf(head)));
  return { text: cutEnd(head + cut, width), jump: cut };
}

/** A change that is too long is told by what it comes to: between the two values nothing may be left out. */
function cutChange(changed: string, width: number): string {
  if (widthOf(changed) <= width) return changed;
  const shorter = changed.replace(/ 0x[0-9a-f]+(?= -> )/g, '');
  // The gateway stands in the answer too.
  return cutMiddle(widthOf(shorter) <= width ? shorter : shorter.replace(/ via \S+/, ''), width);
}

function line(cells: Cells, widths: Widths, view: View): string {
  const { paint } = view;
  const { row } = cells;
  const last = view.width - widths.number - widths.place - widths.rule - 5;
  // A result that is too long for its column takes what a short change leaves of the next one.
  const spare = cells.changed === '' ? last : Math.max(widths.result, last - 2 - widthOf(cells.changed));
  const { text, jump } = cutResult(cells, spare);
  const plainResult = cells.changed === '' ? text : padEnd(text, widths.result);
  let result = row.meaning === null ? plainResult : paint(row.meaning, plainResult);
  if (row.meaning === null && jump !== null) result = plainResult.replace(jump, () => paint('name', jump));
  const parts = [
    paint('dim', padStart(cells.number, widths.number)),
    ` ${padEnd(cutPlace(cells.place, widths.group, widths.place), widths.place)}`,
    `  ${padStart(cells.rule, widths.rule)}`,
    `  ${result}`,
  ];
  if (cells.changed !== '') parts.push(`  ${paint('change', cutChange(cells.changed, widths.changed))}`);
  return parts.join('').trimEnd();
}

/** What was tried before a row in vain, below each other from the row's own place on. */
function missedLines(cells: Cells, widths: Widths, view: View): string[] {
  const { depth, missed } = cells.row;
  const blank = ' '.repeat(widths.number + 2 + widths.group + 2 * Math.min(depth, DEEPEST));
  const numbers = widest(
    missed.map((miss) => miss.number),
    0,
  );
  const room = view.width - blank.length - numbers - 2;
  return missed.map((miss) => {
    const reason = cutEnd(sanitize(view.say('ROW_MISSED', { reason: miss.reason })), room);
    return view.paint('dim', `${blank}${padStart(sanitize(miss.number), numbers)}  ${reason}`);
  });
}

function header(widths: Widths, view: View): string {
  const { say } = view;
  const text = [
    ' '.repeat(widths.number + 1),
    padEnd(say('COLUMN_WHERE'), widths.place),
    `  ${padStart(say('COLUMN_RULE'), widths.rule)}`,
    `  ${padEnd(say('COLUMN_RESULT'), widths.result)}`,
    `  ${say('COLUMN_CHANGED')}`,
  ].join('');
  return view.paint('strong', text.trimEnd());
}

/** The table of a walk, one string per line. */
export function tableLines(rows: readonly Row[], view: View): string[] {
  if (view.width < COLUMNS_NEED) return stackedLines(rows, view);
  const group = widest(
    rows.map((row) => sanitize(row.group)),
    6,
  );
  const cells = rows.map((row, index) => cellsOf(row, index, group));
  const widths = widthsOf(cells, group, view);
  const lines = [header(widths, view)];
  for (const one of cells) {
    lines.push(...missedLines(one, widths, view), line(one, widths, view));
    if (view.wide && one.row.detail !== '')
      lines.push(view.paint('dim', `${' '.repeat(widths.number + 1)}| ${sanitize(one.row.detail)}`));
  }
  return lines;
}
