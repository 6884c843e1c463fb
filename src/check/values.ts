/** Values of a file by their kind, as readers of several forms of file need them; what is wrong is told with its place. */
import { type Address, parseAddress } from '../address/address.js';
import type { Faults } from './reading.js';
import { type Mapping, type Tree, entryOf } from './tree.js';

/** What a form calls its faults. */
export interface FaultCodes {
  readonly missing: string;
  readonly address: string;
}

/** Reads values; each method tells what is wrong, and returns null or what stands for the value. */
export class TreeValues {
  readonly faults: Faults;
  readonly #codes: FaultCodes;

  constructor(faults: Faults, codes: FaultCodes) {
    this.faults = faults;
    this.#codes = codes;
  }

  /** The value of a key; null where it is not there. */
  optional(map: Mapping, key: string): Tree | null {
    return entryOf(map, key)?.value ?? null;
  }

  /** The value of a key that has to be there. */
  demanded(map: Mapping, key: string, of: string): Tree | null {
    const found = this.optional(map, key);
    if (found === null) this.faults.tell(this.#codes.missing, map.span, { key, of });
    return found;
  }

  /** The entries of a mapping that may be left out. */
  entries(map: Mapping, key: string): Mapping['entries'] {
    const tree = this.optional(map, key);
    return tree === null ? [] : (this.faults.map(tree, key)?.entries ?? []);
  }

  address(tree: Tree, key: string): Address | null {
    const text = this.faults.text(tree, key);
    const address = text === null ? null : parseAddress(text);
    if (text !== null && address === null) this.faults.tell(this.#codes.address, tree.span, { key, text });
    return address;
  }
}
