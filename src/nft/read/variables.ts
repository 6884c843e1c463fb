/** `define NAME = …` and `$NAME` of files that are pasted as a listing; listings themselves have none. */

/** What all definitions of a text may add to it: more comes of definitions that double each other. */
const MOST = 20_000_000;
const DEEPEST = 20;

const NAMES = /"[^"\n]*"|\$([A-Za-z][\w./-]*)/gu;

export class Variables {
  readonly #values = new Map<string, string>();
  #room = MOST;

  define(name: string, text: string): void {
    this.#values.set(name, this.expand(text.trim()));
  }

  /** The text with the definitions in place of the names; names without one stay. */
  expand(text: string): string {
    let expanded = text;
    for (let round = 0; round < DEEPEST && expanded.includes('$'); round += 1) {
      const next = expanded.replace(NAMES, (whole, name: string | undefined) => this.#valueOf(whole, name));
      if (next === expanded) break;
      expanded = next;
    }
    return expanded;
  }

  #valueOf(whole: string, name: string | undefined): string {
    const value = name === undefined ? undefined : this.#values.get(name);
    if (value === undefined || value.length > this.#room) return whole;
    this.#room -= value.length;
    return value;
  }
}
