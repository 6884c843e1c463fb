/** JSON values of any shape, asked for what they should be. Nothing here throws; own properties alone count. */

export type Json = unknown;

export function isObject(value: Json): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own property; undefined for none. */
export function prop(value: Json, key: string): Json {
  if (!isObject(value)) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

export function textOf(value: Json): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : null;
}

export function text(value: Json, key: string): string | null {
  return textOf(prop(value, key));
}

export function number(value: Json, key: string): number | null {
  const found = prop(value, key);
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}

/** A list; one value alone stands for a list of itself, null and nothing for an empty one. */
export function list(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

export function texts(value: Json): readonly string[] {
  return list(value).flatMap((one) => textOf(one) ?? []);
}

/** The one property that says what an object is: `{"match": …}`. */
export function tagged(value: Json): readonly [string, Json] | null {
  if (!isObject(value)) return null;
  const [key] = Object.keys(value);
  return key === undefined ? null : [key, prop(value, key)];
}
