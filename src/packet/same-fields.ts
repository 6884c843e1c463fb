/** Comparison of flat records and of maps, one level deep. */

/** Have both the same values in all fields? */
export function sameFields(one: object | null, two: object | null): boolean {
  if (one === null || two === null || one === two) return one === two;
  const fields = new Map<string, unknown>(Object.entries(two));
  const own = Object.entries(one);
  return own.length === fields.size && own.every(([name, value]) => fields.get(name) === value);
}

/** Have both the same entries, in whatever order? */
export function sameEntries<K, V>(one: ReadonlyMap<K, V>, two: ReadonlyMap<K, V>): boolean {
  return one.size === two.size && [...one].every(([key, value]) => two.has(key) && two.get(key) === value);
}
