/** What the rules of one walk have changed that packets and connections do not carry: sets, and the packet's own state. */
import type { Element, NftSet } from './model.js';

type Data = Element['value'];

function hasSame<K, V>(
  one: ReadonlyMap<K, V>,
  two: ReadonlyMap<K, V>,
  same: (one: V, two: V) => boolean,
): boolean {
  if (one.size !== two.size) return false;
  return [...one].every(([key, value]) => {
    const other = two.get(key);
    return other !== undefined && same(value, other);
  });
}

/** One walk's own; a new one for every replay. */
export class NftMemory {
  /** skb->priority, skb->pkt_type and the like, as rules set them. */
  readonly #meta = new Map<string, bigint>();
  /** What elements that were put in carry behind their keys; null for those that were taken out. */
  readonly #sets = new Map<NftSet, Map<string, string | null>>();
  /** What rules gave elements of maps. */
  readonly #data = new Map<NftSet, Map<string, Data>>();
  readonly #doubtful = new Set<NftSet>();
  #drawn = 0;

  /** An independent copy. */
  clone(): NftMemory {
    const copy = new NftMemory();
    for (const [key, value] of this.#meta) copy.#meta.set(key, value);
    for (const [set, changes] of this.#sets) copy.#sets.set(set, new Map(changes));
    for (const [set, data] of this.#data) copy.#data.set(set, new Map(data));
    for (const set of this.#doubtful) copy.#doubtful.add(set);
    copy.#drawn = this.#drawn;
    return copy;
  }

  /** Does it hold the same, draws aside? */
  isLike(other: NftMemory): boolean {
    return (
      hasSame(this.#meta, other.#meta, (one, two) => one === two) &&
      hasSame(this.#sets, other.#sets, (one, two) => hasSame(one, two, (a, b) => a === b)) &&
      hasSame(this.#data, other.#data, (one, two) =>
        hasSame(one, two, (a, b) => JSON.stringify(a) === JSON.stringify(b)),
      ) &&
      this.#doubtful.size === other.#doubtful.size &&
      [...this.#doubtful].every((set) => other.#doubtful.has(set))
    );
  }

  /** A number for each draw of a walk: two draws of one rule are two draws. */
  nextDraw(): number {
    this.#drawn += 1;
    return this.#drawn;
  }

  metaValue(key: string): bigint | null {
    return this.#meta.get(key) ?? null;
  }

  setMeta(key: string, value: bigint | null): void {
    if (value === null) this.#meta.delete(key);
    else this.#meta.set(key, value);
  }

  /**
   * An element was put into a set.
   * @param rest what stands behind its key in a listing
   * @param data of a new element of a map
   */
  put(set: NftSet, key: string, rest: string, data: Data = null): void {
    if (data !== null) {
      const known = this.#data.get(set) ?? new Map<string, Data>();
      this.#data.set(set, known.set(key, data));
    }
    this.#change(set, key, rest);
  }

  take(set: NftSet, key: string): void {
    this.#data.get(set)?.delete(key);
    this.#change(set, key, null);
  }

  #change(set: NftSet, key: string, rest: string | null): void {
    const changes = this.#sets.get(set) ?? new Map<string, string | null>();
    this.#sets.set(set, changes.set(key, rest));
  }

  /** What a rule of this walk gave the element of a map; null for none. */
  dataOf(set: NftSet, key: string): Data {
    return this.#data.get(set)?.get(key) ?? null;
  }

  /** An element that is not exactly known was put in or taken out, or one with data that is not known: nothing of this set is sure. */
  doubt(set: NftSet): void {
    this.#doubtful.add(set);
  }

  /**
   * What the element carries that a rule of this walk put in; null when a rule took it out. Undefined: the listing
   * decides.
   */
  changed(set: NftSet, key: string): string | null | undefined {
    return this.#sets.get(set)?.get(key);
  }

  isDoubtful(set: NftSet): boolean {
    return this.#doubtful.has(set);
  }

  hasChanges(set: NftSet): boolean {
    return this.#sets.has(set) || this.#doubtful.has(set);
  }
}
