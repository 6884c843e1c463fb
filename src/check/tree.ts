/** A spec's text as a tree of plain values, each with its place. Whatever notation it was written in is gone. */
import type { Span } from '../source/source.js';

/** One value. `text` is what was written, without quotes: `0x80`, `1e5`, `null`. */
export interface Scalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  readonly text: string;
  readonly span: Span;
}

export interface Entry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: Tree;
}

/** Keys with values, in the order of the text; no key stands in it twice. */
export interface Mapping {
  readonly kind: 'map';
  readonly entries: readonly Entry[];
  readonly span: Span;
}

export interface List {
  readonly kind: 'list';
  readonly items: readonly Tree[];
  readonly span: Span;
}

export type Tree = Scalar | Mapping | List;

/** The entry of a key, or undefined. */
export function entryOf(map: Mapping, key: string): Entry | undefined {
  return map.entries.find((entry) => entry.key === key);
}

/** Values that stand alone or in a list. */
export function itemsOf(tree: Tree): readonly Tree[] {
  return tree.kind === 'list' ? tree.items : [tree];
}
