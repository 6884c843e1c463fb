/** Names of routing tables. The numbers of names from `/etc/iproute2/rt_tables` are not in a dump of rules or routes. */
import { TABLE_ID } from '../routing/model.js';

const LARGEST = 0xffffffff;

/** FNV-1a of 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}

/**
 * The table names of one node. A name that nothing gives a number gets a negative one of its own, so that
 * `lookup blue` and `table blue` of one node mean the same table and no real table. The number comes from the name
 * alone, whatever the order of the dumps.
 */
export class TableNames {
  readonly #ids: Map<string, number> = new Map<string, number>(Object.entries(TABLE_ID));
  readonly #names: Map<number, string> = new Map<number, string>();

  constructor() {
    for (const [name, id] of this.#ids) this.#names.set(id, name);
  }

  /** The number of a table by name or number; null when the text is a number above 2^32 - 1. */
  idOf(text: string): number | null {
    if (/^\d+$/.test(text)) return Number(text) <= LARGEST ? Number(text) : null;
    if (/^0x[0-9a-f]+$/i.test(text)) return Number(text) <= LARGEST ? Number(text) : null;
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    let id = -1 - (hash(text) >>> 1);
    while (this.#names.has(id)) id -= 1;
    this.define(id, text);
    return id;
  }

  /** The name that tools print for a number: a given name, or the number itself. */
  nameOf(id: number): string {
    return this.#names.get(id) ?? String(id);
  }

  /** A line of rt_tables. Has to come before the dumps that use the name. */
  define(id: number, name: string): void {
    if (!this.#ids.has(name)) this.#ids.set(name, id);
    if (!this.#names.has(id)) this.#names.set(id, name);
  }

  /** All names that are not numbers, by table number. */
  named(): ReadonlyMap<number, string> {
    return this.#names;
  }
}

/** Reads `/etc/iproute2/rt_tables`: a number, a name, and comments after `#`. */
export function readTableNames(text: string, names: TableNames): void {
  for (const line of text.split('\n')) {
    const [number, name] = line.replace(/#.*/, '').trim().split(/\s+/, 2);
    if (number === undefined || name === undefined || name === '' || /^\d/.test(name)) continue;
    const id = /^(?:\d{1,10}|0x[0-9a-f]{1,8})$/i.test(number) ? Number(number) : LARGEST + 1;
    if (id > 0 && id <= LARGEST) names.define(id, name);
  }
}
