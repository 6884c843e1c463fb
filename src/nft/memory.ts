/** What the rules of one walk have changed that packets and connections do not carry: sets, and the packet's own state. */
import type { NftSet } from './model.js';

/** One walk's own; a new one for every replay. */
export class NftMemory {
  /** skb->priority, skb->pkt_type and the like, as rules set them. */
  readonly #meta = new Map<string, bigint>();
  readonly #sets = new Map<NftSet, Map<string, boolean>>();
  readonly #doubtful = new Set<NftSet>();
  #drawn = 0;

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

  /** An element was put into a set, or taken out. */
  change(set: NftSet, key: string, present: boolean): void {
    const changes = this.#sets.get(set) ?? new Map<string, boolean>();
    changes.set(key, present);
    this.#sets.set(set, changes);
  }

  /** An element that is not exactly known was put in or taken out, or one with data: nothing of this set is sure. */
  doubt(set: NftSet): void {
    this.#doubtful.add(set);
  }

  /** Is the element in the set by a rule of this walk? Null: the listing decides. */
  changed(set: NftSet, key: string): boolean | null {
    return this.#sets.get(set)?.get(key) ?? null;
  }

  isDoubtful(set: NftSet): boolean {
    return this.#doubtful.has(set);
  }

  hasChanges(set: NftSet): boolean {
    return this.#sets.has(set) || this.#doubtful.has(set);
  }
}
