/** Strings of JSON that come again and again, escaped once. */

/** Characters that stand in JSON as they are. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** More than a node has devices and routes; beyond that the memory begins anew. */
const MOST = 20_000;

export class JsonTexts {
  readonly #quoted = new Map<string, string>();

  /** The string in quotes. */
  quoted(text: string): string {
    const known = this.#quoted.get(text);
    if (known !== undefined) return known;
    const made = PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
    if (this.#quoted.size >= MOST) this.#quoted.clear();
    this.#quoted.set(text, made);
    return made;
  }
}
