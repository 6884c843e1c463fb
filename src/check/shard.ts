/** Slices of a suite for several machines: what one machine does not run, another does. */

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** Reads `I/N`; null for anything else. */
export function readShard(text: string): Shard | null {
  const [, first = '', second = ''] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const [index, count] = [Number(first), Number(second)];
  return index >= 1 && index <= count ? { index, count } : null;
}

/**
 * The items of a slice, in their order. Slices are of equal size, and by the names' hashes: a check that is added moves
 * few others to another slice, and checks that stand side by side, which take alike long, are spread.
 */
export function sliceOf<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  shard: Shard | null,
): readonly T[] {
  if (shard === null) return items;
  const order = items
    .map((item, place) => ({ place, hash: hashOf(nameOf(item)) }))
    .sort((a, b) => a.hash - b.hash || a.place - b.place);
  const from = Math.floor(((shard.index - 1) * items.length) / shard.count);
  const to = Math.floor((shard.index * items.length) / shard.count);
  const chosen = new Set(order.slice(from, to).map(({ place }) => place));
  return items.filter((_item, place) => chosen.has(place));
}
