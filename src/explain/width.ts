/** How many terminal cells a text takes (UAX #11): wide and fullwidth 2, combining 0, ambiguous 1. */

/** First and last code points of ranges that take two cells (Hangul, kana, CJK, fullwidth forms, emoji). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x2329, 0x232a],
  [0x23e9, 0x23ec],
  [0x25fd, 0x25fe],
  [0x2614, 0x2615],
  [0x2648, 0x2653],
  [0x26a1, 0x26a1],
  [0x2705, 0x2705],
  [0x274c, 0x274c],
  [0x2757, 0x2757],
  [0x2795, 0x2797],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

const ZERO = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$/u;

function cells(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300)
    return code >= 0x20 && code !== 0x7f && !(code >= 0x80 && code < 0xa0) && code !== 0xad ? 1 : 0;
  if (ZERO.test(character)) return 0;
  if (code < 0x1100) return 1;
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}

/** Display width of a text without escapes, in cells. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += cells(character);
  return width;
}

/** `text`, filled up with blanks on the right to `width` cells; longer text stays as it is. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** `text`, filled up with blanks on the left to `width` cells. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

/** The longest beginning of `text` that fits in `width` cells. */
function take(text: string, width: number): string {
  let taken = '';
  let used = 0;
  for (const character of text) {
    used += cells(character);
    if (used > width) break;
    taken += character;
  }
  return taken;
}

/** Cuts the end off, marked with three dots, when `text` is wider than `width` cells. */
export function cutEnd(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  return width <= 3 ? take(text, width) : `${take(text, width - 3).trimEnd()}...`;
}

/** Cuts the middle out, so that a hashed chain name keeps its kind and its last letters. */
export function cutMiddle(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width < 8) return cutEnd(text, width);
  const tail = Math.min(5, Math.floor((width - 3) / 3));
  const characters = [...text];
  let end = '';
  for (let i = characters.length - 1; i >= 0; i -= 1) {
    const longer = (characters[i] ?? '') + end;
    if (widthOf(longer) > tail) break;
    end = longer;
  }
  return `${take(text, width - 3 - widthOf(end))}...${end}`;
}

/** A word is broken over so many lines; of what is longer than these the middle is left out. */
const WORD_LINES = 4;

/** `word` in pieces of at most `width` cells. */
function pieces(word: string, width: number): string[] {
  const broken: string[] = [];
  let rest = cutMiddle(word, WORD_LINES * width);
  while (widthOf(rest) > width) {
    const piece = take(rest, width);
    if (piece === '') break;
    broken.push(piece);
    rest = rest.slice(piece.length);
  }
  return [...broken, rest];
}

/**
 * A place `FILE:LINE:COLUMN` behind a head, in one line where it fits; else below it, where a long name is broken and what
 * stands behind the name is not.
 */
export function placeLines(head: string, name: string, behind: string, width: number): string[] {
  if (widthOf(head) + widthOf(name) + widthOf(behind) <= width) return [`${head}${name}${behind}`];
  const indent = ' '.repeat(Math.min(2, head.length - head.trimStart().length));
  const room = Math.max(NARROWEST, width - indent.length);
  const lines = pieces(name, room);
  const last = `${lines.pop() ?? ''}${behind}`;
  if (widthOf(last) <= room) lines.push(last);
  else lines.push(last.slice(0, last.length - behind.length), behind);
  return [head.trimEnd(), ...lines.map((line) => `${indent}${line}`)];
}

/** Fewer cells are taken for these: nothing can be read in less. */
const NARROWEST = 8;

/** Breaks words over lines of at most `width` cells; a word that is wider than a line is broken, too. */
export function wrap(text: string, width: number): string[] {
  const room = Math.max(NARROWEST, width);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (word === '') continue;
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= room) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const broken = pieces(word, room);
    line = broken.pop() ?? '';
    lines.push(...broken);
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** With fewer cells beside its head, a text goes below it. */
const BESIDE = 24;

/** Is there too little room beside a head of so many cells? */
export const isNarrow = (width: number, cells: number): boolean => width - cells < BESIDE;

/**
 * `text` wrapped beside a head and under itself; below the head where the line is too short for both.
 * @param head may have colour
 * @param cells that the head takes
 * @param margin what the head begins with
 */
export function hang(head: string, cells: number, text: string, width: number, margin = ''): string[] {
  if (isNarrow(width, cells)) {
    const indent = `${margin}  `;
    const lines = wrap(text, width - indent.length).map((line) => `${indent}${line}`);
    return head.trim() === '' || lines.length === 0 ? lines : [head.trimEnd(), ...lines];
  }
  const indent = ' '.repeat(cells);
  return wrap(text, width - cells).map((line, index) => `${index === 0 ? head : indent}${line}`);
}
