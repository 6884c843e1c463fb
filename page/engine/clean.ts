/**
 * Keeps text of dumps from acting on what is shown: a comment may hold bidirectional overrides or invisible characters. What
 * only names things to the engine stays as it is.
 */
import { sanitize } from '../../src/explain/sanitize.js';

const NAMES: ReadonlySet<string> = new Set(['edit', 'policyEdit', 'target', 'reference']);

/** The same value with every text made visible. */
export function clean(value: unknown): unknown {
  if (typeof value === 'string') return sanitize(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, NAMES.has(key) ? (one as unknown) : clean(one)]),
  );
}
