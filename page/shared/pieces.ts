/** A sentence in pieces: what its author put between backquotes would be typed. */

/** A piece of a sentence. */
export interface Piece {
  readonly text: string;
  readonly isCode: boolean;
}

/** What stands between backquotes is code. */
export function piecesOf(text: string): readonly Piece[] {
  return text
    .split(/(`[^`]+`)/)
    .filter((part) => part !== '')
    .map((part) =>
      /^`[^`]+`$/.test(part) ? { text: part.slice(1, -1), isCode: true } : { text: part, isCode: false },
    );
}
