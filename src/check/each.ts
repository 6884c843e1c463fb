/** `each:` tables: every combination of their values, put in the place of `${name}`. */
import type { Faults } from './reading.js';
import { type Entry, type Mapping, type Scalar, type Tree, itemsOf } from './tree.js';

/** The most checks that the tables of one flow may make. */
export const MOST_ROWS = 10_000;

/** A row: each column's value. */
export type Row = ReadonlyMap<string, Scalar>;

const NAME = /^[A-Za-z_][\w-]*$/;

const PLACEHOLDER = /\$\{([^}]*)\}/g;

function columnsOf(map: Mapping, faults: Faults): readonly (readonly [string, readonly Scalar[]])[] {
  return map.entries.map(({ key, keySpan, value }) => {
    if (!NAME.test(key)) faults.tell('CHECK_EACH_NAME', keySpan, { name: key });
    const values = itemsOf(value).flatMap((item) => {
      if (item.kind === 'scalar') return [item];
      faults.tell('CHECK_NOT_TEXT', item.span, { key });
      return [];
    });
    if (values.length === 0) faults.tell('CHECK_EACH_EMPTY', keySpan, { name: key });
    return [key, values] as const;
  });
}

/** Every combination of the columns' values, the last column running fastest. Null where there are too many. */
function product(map: Mapping, faults: Faults): readonly Row[] | null {
  let rows: Row[] = [new Map()];
  for (const [name, values] of columnsOf(map, faults)) {
    if (rows.length * values.length > MOST_ROWS) {
      faults.tell('CHECK_EACH_MANY', map.span, { most: MOST_ROWS });
      return null;
    }
    rows = rows.flatMap((row) => values.map((value) => new Map([...row, [name, value]])));
  }
  return rows;
}

/** The table of a flow: a mapping of columns, or a list of such mappings, whose rows follow each other. */
export function rowsOf(tree: Tree, faults: Faults): readonly Row[] {
  const rows: Row[] = [];
  const isBlank = (item: Tree): boolean => item.kind === 'map' && item.entries.length === 0;
  if (itemsOf(tree).every(isBlank)) faults.tell('CHECK_EACH_EMPTY', tree.span, { name: 'each' });
  for (const item of itemsOf(tree)) {
    const map = faults.map(item, 'each');
    const more = map === null ? null : product(map, faults);
    if (more === null) return [];
    if (rows.length + more.length > MOST_ROWS) {
      faults.tell('CHECK_EACH_MANY', tree.span, { most: MOST_ROWS });
      return [];
    }
    for (const row of more) rows.push(row);
  }
  return rows;
}

class Filler {
  readonly used = new Set<string>();
  readonly #row: Row;
  readonly #faults: Faults;

  constructor(row: Row, faults: Faults) {
    this.#row = row;
    this.#faults = faults;
  }

  #text(text: string, of: Pick<Scalar, 'span'>): string {
    return text.replace(PLACEHOLDER, (whole: string, name: string) => {
      const value = this.#row.get(name);
      if (value === undefined) {
        const names = [...this.#row.keys()].join(', ');
        this.#faults.tell('CHECK_PLACEHOLDER', of.span, { name, names });
        return whole;
      }
      this.used.add(name);
      return value.text;
    });
  }

  /** A value that is nothing but a placeholder is the column's value, null included. */
  #scalar(scalar: Scalar): Scalar {
    if (typeof scalar.value !== 'string' || !scalar.text.includes('${')) return scalar;
    const [, alone] = /^\$\{([^}]*)\}$/.exec(scalar.text) ?? [];
    const value = alone === undefined ? undefined : this.#row.get(alone);
    if (alone !== undefined && value !== undefined) {
      this.used.add(alone);
      return { ...value, span: scalar.span };
    }
    const text = this.#text(scalar.text, scalar);
    return { ...scalar, value: text, text };
  }

  tree(tree: Tree): Tree {
    if (tree.kind === 'scalar') return this.#scalar(tree);
    if (tree.kind === 'list') return { ...tree, items: tree.items.map((item) => this.tree(item)) };
    const entries = tree.entries.map((entry): Entry => ({
      ...entry,
      key: this.#text(entry.key, { span: entry.keySpan }),
      value: this.tree(entry.value),
    }));
    return { ...tree, entries };
  }
}

/** A flow with a row's values in the place of its placeholders, and which columns were used. */
export function filled(
  flow: Mapping,
  row: Row,
  faults: Faults,
): { readonly flow: Mapping; readonly used: ReadonlySet<string> } {
  const filler = new Filler(row, faults);
  const entries = flow.entries.map((entry) =>
    entry.key === 'each' ? entry : { ...entry, value: filler.tree(entry.value) },
  );
  return { flow: { ...flow, entries }, used: filler.used };
}
