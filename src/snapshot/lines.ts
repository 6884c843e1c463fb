/** Lines of a listing that has nothing but words on each line. */
import type { Word } from './word.js';

export interface TextLine {
  readonly start: number;
  readonly end: number;
  readonly words: readonly Word[];
}

/** The lines that are not blank, each with its words and their places. */
export function textLines(text: string): readonly TextLine[] {
  const lines: TextLine[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const words = [...line.matchAll(/\S+/g)].map((found) => ({ text: found[0], at: start + found.index }));
    if (words.length > 0) lines.push({ start, end: start + line.length, words });
    start += line.length + 1;
  }
  return lines;
}
