/** The words of one rule as offsets into the text; their strings are made when they are asked for. */
import { inQuotes } from '../quoting.js';

const DOUBLE = 34;
const SINGLE = 39;

/** The value of a word: quotation marks taken off, and the backslashes that they make special. */
export function decodeWord(raw: string): string {
  const first = raw.charCodeAt(0);
  if (first === SINGLE && raw.length > 1 && raw.endsWith("'")) return raw.slice(1, -1);
  const at = raw.indexOf('"');
  // A quotation mark inside a word that no other one closes stands for itself.
  if (at < 0 || at === raw.length - 1 || !raw.endsWith('"')) return raw;
  return raw.slice(0, at) + raw.slice(at + 1, -1).replace(/\\([^])/g, '$1');
}

/** A word list that the grammar fills and the rule reader walks. One list serves all rules of a dump. */
export class Words {
  readonly text: string;
  count = 0;
  #starts: Int32Array<ArrayBuffer> = new Int32Array(64);
  #ends: Int32Array<ArrayBuffer> = new Int32Array(64);

  constructor(text: string) {
    this.text = text;
  }

  add(start: number, end: number): void {
    if (this.count === this.#starts.length) {
      const starts = new Int32Array(this.count * 2);
      const ends = new Int32Array(this.count * 2);
      starts.set(this.#starts);
      ends.set(this.#ends);
      this.#starts = starts;
      this.#ends = ends;
    }
    this.#starts[this.count] = start;
    this.#ends[this.count] = end;
    this.count += 1;
  }

  start(index: number): number {
    return this.#starts[index] ?? this.text.length;
  }

  end(index: number): number {
    return this.#ends[index] ?? this.text.length;
  }

  /** The word's value. */
  value(index: number): string {
    return decodeWord(this.text.slice(this.start(index), this.end(index)));
  }

  /** Whether the word begins with a quotation mark. */
  isQuoted(index: number): boolean {
    const first = this.text.charCodeAt(this.start(index));
    if (first === DOUBLE) return true;
    return (
      first === SINGLE &&
      this.end(index) - this.start(index) > 1 &&
      this.text.charCodeAt(this.end(index) - 1) === SINGLE
    );
  }

  /** Whether the word is a bare `!`. */
  isBang(index: number): boolean {
    return this.end(index) - this.start(index) === 1 && this.text.charCodeAt(this.start(index)) === 33;
  }

  /**
   * The letter of a word that is a dash and one letter (`-m`), as a character code; 0 for any other word.
   */
  shortOption(index: number): number {
    const start = this.start(index);
    return this.end(index) - start === 2 && this.text.charCodeAt(start) === 45
      ? this.text.charCodeAt(start + 1)
      : 0;
  }

  /**
   * The word as it is kept in an opaque part of a rule: bare or quoted as it was, and read as the same word again
   * wherever it is printed.
   */
  kept(index: number): string {
    if (this.isBang(index)) return '!';
    const value = this.value(index);
    if (this.isQuoted(index)) return inQuotes(value);
    const raw = this.text.slice(this.start(index), this.end(index));
    const alone = value === raw && raw.includes('"');
    if (!alone && raw !== '\\' && !raw.startsWith("'")) return raw;
    // An option stays bare at its beginning: in quotes it could be taken for a value.
    return value.startsWith('-') ? `-${inQuotes(value.slice(1))}` : inQuotes(value);
  }
}
