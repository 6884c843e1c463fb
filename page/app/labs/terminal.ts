/** What stands in a terminal, and the lines that were typed in it. */

/** A line that was typed with what came of it, or a note. */
export interface Entry {
  readonly id: number;
  readonly prompt: string;
  readonly line: string;
  readonly text: string;
  /** The tool refused, or said something about it. */
  readonly problem: string;
  /** Lines of the text that are left out. */
  readonly cut: number;
}

/** More of them nobody scrolls back to. */
const MOST_ENTRIES = 200;
const MOST_LINES = 3000;

/** The text without its last line feed, and without what nobody reads. */
export function shortened(text: string): { readonly text: string; readonly cut: number } {
  const lines = text.replace(/\n$/, '').split('\n');
  if (lines.length <= MOST_LINES) return { text: lines.join('\n'), cut: 0 };
  return { text: lines.slice(0, MOST_LINES).join('\n'), cut: lines.length - MOST_LINES };
}

/** A terminal's entries with one more. */
export function withEntry(entries: readonly Entry[], entry: Omit<Entry, 'id'>): readonly Entry[] {
  const id = (entries.at(-1)?.id ?? 0) + 1;
  return [...entries, { id, ...entry }].slice(-MOST_ENTRIES);
}

/** All of it as it stands, to be copied. */
export function textOf(entries: readonly Entry[]): string {
  return entries
    .map(({ prompt, line, text, problem }) =>
      [`${prompt}${line}`.trimEnd(), text, problem].filter((part) => part !== '').join('\n'),
    )
    .map((one) => `${one}\n`)
    .join('');
}

/** The lines that were typed, and the place of the one that stands in the prompt; one behind the last is the new one. */
export class History {
  readonly #lines: string[] = [];
  #at = 0;
  /** What was begun before an earlier line was called back. */
  #draft = '';

  /** Adds a line that was typed; one that is repeated stands once. */
  add(line: string): void {
    if (line.trim() !== '' && this.#lines.at(-1) !== line) this.#lines.push(line);
    this.#at = this.#lines.length;
    this.#draft = '';
  }

  /** The line before; null where there is none. @param now what stands in the prompt */
  back(now: string): string | null {
    if (this.#at === 0) return null;
    if (this.#at === this.#lines.length) this.#draft = now;
    this.#at -= 1;
    return this.#lines[this.#at] ?? null;
  }

  /** The line behind it, or what was begun; null where there is none. */
  on(): string | null {
    if (this.#at >= this.#lines.length) return null;
    this.#at += 1;
    return this.#lines[this.#at] ?? this.#draft;
  }
}
