/** Values of a cluster file by their kind; what is wrong is told with its place. */
import type { Address } from '../address/address.js';
import { type Prefix, parsePrefix } from '../address/prefix.js';
import type { Faults } from '../check/reading.js';
import type { Mapping, Tree } from '../check/tree.js';
import { TreeValues } from '../check/values.js';

/** The words that a yes-or-no value may have. */
const YES_NO = ['true', 'false'] as const;

/** Reads the entries of mappings; each method returns null, or what stands for it, after telling a fault. */
export class Fields extends TreeValues {
  constructor(faults: Faults) {
    super(faults, { missing: 'CLUSTER_MISSING', address: 'CLUSTER_ADDRESS' });
  }

  prefix(tree: Tree, key: string): Prefix | null {
    const text = this.faults.text(tree, key);
    const prefix = text === null ? null : parsePrefix(text);
    if (prefix !== null && prefix.length !== null) return prefix;
    if (text !== null) this.faults.tell('CLUSTER_PREFIX', tree.span, { key, text });
    return null;
  }

  addresses(map: Mapping, key: string): readonly Address[] {
    return this.items(map, key).flatMap((item) => this.address(item, key) ?? []);
  }

  texts(map: Mapping, key: string): readonly string[] {
    return this.items(map, key).flatMap((item) => this.faults.text(item, key) ?? []);
  }

  /** The items of a key that may be left out. */
  items(map: Mapping, key: string): readonly Tree[] {
    const tree = this.optional(map, key);
    return tree === null ? [] : (this.faults.list(tree, key)?.items ?? []);
  }

  yes(map: Mapping, key: string, otherwise: boolean): boolean {
    const tree = this.optional(map, key);
    const word = tree === null ? null : this.faults.choice(tree, key, YES_NO);
    return word === null ? otherwise : word === 'true';
  }
}
