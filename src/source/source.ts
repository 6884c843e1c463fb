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
  readonly #starts: number[] = [0];
  #isWhole = false;

  constructor(name: string, text: string, firstLine = 1) {
    this.name = name;
    this.text = text;
    this.firstLine = firstLine;
  }

  /** Line and column of an offset. */
  position(offset: number): Position {
    const starts = this.#starts;
    while ((starts.at(-1) ?? 0) <= offset && this.#more());
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
    const starts = this.#starts;
    const at = number - this.firstLine;
    while (starts.length <= at + 1 && this.#more());
    const start = starts[at] ?? this.text.length;
    const end = starts[at + 1] ?? this.text.length;
    return this.text.slice(start, end).replace(/[\r\n]+$/, '');
  }

  /** Finds where the next line begins. @returns false where there is none */
  #more(): boolean {
    const at = this.#isWhole ? -1 : this.text.indexOf('\n', this.#starts.at(-1) ?? 0);
    if (at >= 0) this.#starts.push(at + 1);
    else this.#isWhole = true;
    return at >= 0;
  }
}

/** A stretch of a source: `start` inclusive, `end` exclusive. */
export interface Span {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}
