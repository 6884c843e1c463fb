/** Looking into values of JSON or YAML that nobody has checked. Own members only: `__proto__` and `constructor` are none. */

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The member of an object at a path; undefined where there is none. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const key of path) {
    if (!isObject(here) || !Object.hasOwn(here, key)) return undefined;
    here = Reflect.get(here, key);
  }
  return here;
}

/** A text that is not empty. */
export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The elements of a list; none of anything else. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A port number; null for anything else. */
export function port(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 65535 ? value : null;
}

/** An item of a list of an API server, which says its kind only as that of the whole list (`PodList`). */
export function asListed(item: unknown, listKind: string | null): unknown {
  const kind = listKind === null ? null : (/^(\w{1,60})List$/.exec(listKind)?.[1] ?? null);
  return kind === null || !isObject(item) || Object.hasOwn(item, 'kind') ? item : { ...item, kind };
}
