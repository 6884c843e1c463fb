/** Words of a dump with their places, as the grammars hand them over. */

/** A word, and the offset of its first character. */
export interface Word {
  readonly text: string;
  readonly at: number;
}

/** A keyword with its value, or a word that stands alone (`value` is then null; so it is when the value is cut off). */
export interface Item {
  readonly word: string;
  readonly at: number;
  readonly value: Word | null;
}
