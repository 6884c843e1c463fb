/** Parameters in the place of placeholders. */
import type { Params } from '../../source/diagnostic.js';

/**
 * Puts parameters into `{name}` placeholders, and a word in the number of one into `{name:check|checks}`; a placeholder
 * without parameter stays visible.
 */
export function fill(template: string, params: Params): string {
  return template.replace(
    /\{(\w+)(?::([^|{}]*)\|([^{}]*))?\}/g,
    (whole: string, name: string, one: string | undefined, many: string | undefined) => {
      if (!Object.hasOwn(params, name)) return whole;
      const value = String(params[name]);
      if (one === undefined || many === undefined) return value;
      return value === '1' ? one : many;
    },
  );
}
