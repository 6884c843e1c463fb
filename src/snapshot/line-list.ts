/** The lines of a text, which is held once: a line is cut out of it when it is asked for. */

/** Lines by their number, from 0. What is put in the place of one does not move the others. */
export class LineList {
  readonly length: number;
  readonly #text: string;
  /** Where each line begins: four bytes a line, where a list of lines takes forty. */
  readonly #starts: Uint32Array;
  readonly #changed = new Map<number, string>();
  /** So many lines from the first on are blank. */
  #blank = 0;

  constructor(text: string) {
    let count = 1;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
    const starts = new Uint32Array(count);
    let line = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      line += 1;
      starts[line] = at + 1;
    }
    this.#text = text;
    this.#starts = starts;
    this.length = count;
  }

  /** The line without its end; undefined where the text has none. */
  at(line: number): string | undefined {
    const start = this.#starts[line];
    if (start === undefined) return undefined;
    if (line < this.#blank) return '';
    const changed = this.#changed.size === 0 ? undefined : this.#changed.get(line);
    return changed ?? this.#text.slice(start, this.#endOf(line));
  }

  /** How long the line was from the beginning. */
  lengthOf(line: number): number {
    return this.#endOf(line) - (this.#starts[line] ?? 0);
  }

  /** Puts another line in the place of one. */
  put(line: number, text: string): void {
    this.#changed.set(line, text);
  }

  /** Makes the first lines blank. */
  blank(count: number): void {
    this.#blank = count;
  }

  /** The text from one line up to another, with the ends of its lines; the last line of the text has none. */
  between(from: number, to: number): string {
    if (to <= from) return '';
    const blank = Math.min(Math.max(this.#blank - from, 0), to - from);
    let start = from + blank;
    const ends = blank > 0 && start === this.length ? blank - 1 : blank;
    const parts = ['\n'.repeat(ends)];
    const changed = [...this.#changed]
      .filter(([line]) => line >= start && line < to)
      .sort(([a], [b]) => a - b);
    for (const [line, text] of changed) {
      parts.push(
        this.#text.slice(this.#starts[start], this.#starts[line]),
        text,
        line + 1 < this.length ? '\n' : '',
      );
      start = line + 1;
    }
    // One piece stays a part of the text; several are put together to a text of their own.
    const rest = start < to ? this.#text.slice(this.#starts[start], this.#starts[to]) : '';
    return parts.length === 1 && blank === 0 ? rest : [...parts, rest].join('');
  }

  #endOf(line: number): number {
    const next = this.#starts[line + 1];
    return next === undefined ? this.#text.length : next - 1;
  }
}
