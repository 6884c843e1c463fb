/** `define NAME = …` and `$NAME` of files that are pasted as a listing; listings themselves have none. */

/** More text than this comes of a loop of definitions, or of malice. */
const LONGEST = 200_000;
const DEEPEST = 20;

export class Variables {
  readonly #values = new Map<string, string>();

  define(name: string, text: string): void {
    this.#values.set(name, this.expand(text.trim()));
  }

  /** The text with the definitions in place of the names; names without one stay. */
  expand(text: string): string {
    let expanded = text;
    for (let round = 0; round < DEEPEST && expanded.includes('$'); round += 1) {
      const next = expanded.replace(/"[^"\n]*"|\$([A-Za-z][\w./-]*)/gu, (whole, name: string | undefined) =>
        name === undefined ? whole : (this.#values.get(name) ?? whole),
      );
      if (next === expanded || next.length > LONGEST) break;
      expanded = next;
    }
    return expanded;
  }
}
