/** The Kubernetes objects in a text of JSON: the items of its lists, and objects that stand alone. */
import type { KubeItem, KubeItems, NameFinding } from './model.js';
import { asListed } from './value.js';

interface Stretch {
  readonly start: number;
  readonly end: number;
  /** What the list around it says that it is: `PodList`. */
  readonly listed: string | null;
}

/** A list says what it holds before its items, in the first lines. */
const HEAD = 2000;

const STRUCTURE = /["{}[\]]/g;

/** The offset of the quotation mark that ends a string; the text's length when none does. */
function stringEnd(text: string, start: number): number {
  let at = text.indexOf('"', start + 1);
  while (at >= 0) {
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return at;
    at = text.indexOf('"', at + 1);
  }
  return text.length;
}

/** Finds the objects in one pass, without parsing them. */
class Scanner {
  readonly found: Stretch[] = [];
  readonly #text: string;
  #depth = 0;
  /** Depth at which the items of a list stand; null outside of lists. */
  #items: number | null = null;
  #isList = false;
  #listed: string | null = null;
  /** Where the document and its present item begin. */
  #document = 0;
  #item: number | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  /** @returns where the object begins that the end of the text cuts, or null */
  run(): number | null {
    STRUCTURE.lastIndex = 0;
    for (let next = STRUCTURE.exec(this.#text); next !== null; next = STRUCTURE.exec(this.#text)) {
      const at = next.index;
      const [character] = next;
      if (character === '"') STRUCTURE.lastIndex = this.#string(at) + 1;
      else if (character === '{' || character === '[') this.#open(at, character);
      else this.#close(at);
    }
    return this.#depth === 0 ? null : (this.#item ?? this.#document);
  }

  #string(start: number): number {
    const text = this.#text;
    // A quotation mark between documents is nobody's.
    if (this.#depth === 0) return start;
    const end = stringEnd(text, start);
    if (this.#depth === 1 && !this.#isList && text.slice(start + 1, end) === 'items') {
      const open = /^\s{0,100}:\s{0,100}\[/.exec(text.slice(end + 1, end + 210));
      if (open !== null) {
        this.#isList = true;
        this.#items = 2;
        const head = text.slice(this.#document, Math.min(start, this.#document + HEAD));
        this.#listed = /"kind"\s{0,9}:\s{0,9}"(\w{1,60})"/.exec(head)?.[1] ?? null;
      }
    }
    return end;
  }

  #open(at: number, character: string): void {
    if (this.#depth === 0) {
      this.#document = at;
      this.#isList = character === '[';
      this.#items = this.#isList ? 1 : null;
      this.#listed = null;
      this.#item = null;
    } else if (this.#depth === this.#items && character === '{') this.#item = at;
    this.#depth += 1;
  }

  #close(at: number): void {
    if (this.#depth === 0) return;
    this.#depth -= 1;
    if (this.#item !== null && this.#depth === this.#items) {
      this.found.push({ start: this.#item, end: at + 1, listed: this.#listed });
      this.#item = null;
    } else if (this.#items !== null && this.#depth < this.#items) this.#items = null;
    if (this.#depth === 0 && !this.#isList)
      this.found.push({ start: this.#document, end: at + 1, listed: null });
  }
}

/**
 * Reads `kubectl get -o json`, an API server's list, or several of either one after another. An item that is damaged, or
 * that the end of the text cuts, loses itself only. Never throws.
 */
export function readKubeJson(text: string): KubeItems {
  const scanner = new Scanner(text);
  const cut = scanner.run();
  const items: KubeItem[] = [];
  const findings: NameFinding[] = [];
  for (const { start, end, listed } of scanner.found) {
    try {
      const value: unknown = JSON.parse(text.slice(start, end));
      items.push({ value: asListed(value, listed), start, end });
    } catch {
      findings.push({ code: 'NAMES_JSON', start, end, params: {} });
    }
  }
  if (cut !== null) findings.push({ code: 'NAMES_CUT', start: cut, end: text.length, params: {} });
  return { items, findings };
}
