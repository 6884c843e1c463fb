/** Where the readers of this room say what they found; places are offsets in the text that is read. */
import type { Params } from '../../source/diagnostic.js';
import type { Span } from '../../source/source.js';

export interface NftFindings {
  span(start: number, end: number): Span;
  /** Something could not be read, and the listing has a hole. */
  error(code: string, start: number, end: number, params?: Params): void;
  /** A line that belongs to no listing. */
  other(start: number, end: number): void;
}

/** Texts in messages are cut to this length. */
const LONGEST = 80;

export function brief(text: string): string {
  const line = text.trim().replace(/\s+/gu, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
