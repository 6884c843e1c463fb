/** The text that was read, and places in it. Offsets are UTF-16 units; lines and columns are worked out on demand. */

/** A place for people: both count from 1; the column counts code points. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One file's text, or a run of its lines, with the file's name as the user knows it. */
export class SourceText {
  readonly name: string;
  readonly text: string;
  /** The number that the first line of the text has in the file. */
  readonly firstLine: number;
  /** Where lines begin, as far as somebody asked: of a large save the end is seldom wanted. */
  readonly #found: number[] = [0];
  /** Those that were found, or all of them from who knows. */
  #starts: readonly number[] = this.#found;
  #isWhole = false;

  constructor(name: string, text: string, firstLine = 1) {
    this.name = name;
    this.text = text;
    this.firstLine = firstLine;
  }

  /** Takes from who has looked at every line where each begins; the end of the text counts as the beginning of one. */
  knowLines(starts: readonly number[]): void {
    this.#starts = starts;
    this.#isWhole = true;
  }

  /** Line and column of an offset. */
  position(offset: number): Position {
    this.#find(offset, Infinity);
    const starts = this.#starts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const start = starts[low] ?? 0;
    return { line: low + this.firstLine, column: [...this.text.slice(start, offset)].length + 1 };
  }

  /** The text of a line (by its number in the file) without its line end. */
  line(number: number): string {
    const at = number - this.firstLine;
    this.#find(Infinity, at + 1);
    const starts = this.#starts;
    const start = starts[at] ?? this.text.length;
    const end = starts[at + 1] ?? this.text.length;
    return this.text.slice(start, end).replace(/[\r\n]+$/, '');
  }

  /** Finds where lines begin, up to the first one behind an offset, or up to a line by its index; whichever comes first. */
  #find(offset: number, index: number): void {
    if (this.#isWhole) return;
    const { text } = this;
    const starts = this.#found;
    let last = starts.at(-1) ?? 0;
    // One loop: of a large save it runs a hundred thousand times.
    while (!this.#isWhole && last <= offset && starts.length <= index) {
      const at = text.indexOf('\n', last);
      if (at < 0) this.#isWhole = true;
      else {
        last = at + 1;
        starts.push(last);
      }
    }
  }
}

/** A stretch of a source: `start` inclusive, `end` exclusive. */
export interface Span {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}
