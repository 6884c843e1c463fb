/** What the readers of a spec's parts share: faults, each told once, and values by their kind. */
import { nearest } from '../names/nearest.js';
import type { Params } from '../source/diagnostic.js';
import { type Diagnostics } from '../source/diagnostic.js';
import type { Span } from '../source/source.js';
import type { Entry, List, Mapping, Scalar, Tree } from './tree.js';

/** Faults of a spec. The rows of a table repeat what is wrong with their flow; it is told once. */
export class Faults {
  readonly diagnostics: Diagnostics;
  readonly #told = new Set<string>();

  constructor(diagnostics: Diagnostics) {
    this.diagnostics = diagnostics;
  }

  tell(code: string, span: Span, params: Params = {}, related?: Span): void {
    const key = `${code} ${span.start} ${span.end} ${JSON.stringify(params)}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.diagnostics.error(code, span, params, related);
  }

  /** The mapping of a key, or null after telling that it is none. */
  map(tree: Tree, key: string): Mapping | null {
    if (tree.kind === 'map') return tree;
    this.tell('CHECK_NOT_MAP', tree.span, { key });
    return null;
  }

  list(tree: Tree, key: string): List | null {
    if (tree.kind === 'list') return tree;
    this.tell('CHECK_NOT_LIST', tree.span, { key });
    return null;
  }

  /** A value that is there: null counts as none. */
  scalar(tree: Tree, key: string): Scalar | null {
    if (tree.kind === 'scalar' && tree.value !== null) return tree;
    this.tell('CHECK_NOT_TEXT', tree.span, { key });
    return null;
  }

  /** Text that is not empty. */
  text(tree: Tree, key: string): string | null {
    const scalar = this.scalar(tree, key);
    if (scalar === null) return null;
    if (scalar.text.trim() !== '') return scalar.text;
    this.tell('CHECK_NOT_TEXT', scalar.span, { key });
    return null;
  }

  /** A whole number, decimal or 0x…, within bounds. */
  number(tree: Tree, key: string, low: number, high: number): number | null {
    const scalar = this.scalar(tree, key);
    if (scalar === null) return null;
    const value = /^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(scalar.text) ? Number(scalar.text) : NaN;
    if (value >= low && value <= high) return value;
    this.tell('CHECK_NUMBER', scalar.span, { key, text: scalar.text, low, high });
    return null;
  }

  /** One of some words. */
  choice<const T extends string>(tree: Tree, key: string, choices: readonly T[]): T | null {
    const scalar = this.scalar(tree, key);
    if (scalar === null) return null;
    const found = choices.find((one) => one === scalar.text);
    if (found !== undefined) return found;
    const [near = ''] = nearest(scalar.text, choices, 1);
    this.tell('CHECK_CHOICE', scalar.span, { key, text: scalar.text, near, choices: choices.join(', ') });
    return null;
  }

  /** Names every key that has no meaning here. */
  keys({ entries }: Mapping, known: readonly string[]): void {
    for (const entry of entries) if (!known.includes(entry.key)) this.unknownKey(entry, known);
  }

  unknownKey({ key, keySpan }: Entry, known: readonly string[]): void {
    const [near = ''] = nearest(key, known, 1);
    this.tell('CHECK_UNKNOWN_KEY', keySpan, { key, near, keys: known.join(', ') });
  }
}
