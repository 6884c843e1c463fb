/** Parameters in the place of placeholders. */
import type { Params } from '../../source/diagnostic.js';

/** Puts parameters into `{name}` placeholders; a placeholder without parameter stays visible. */
export function fill(template: string, params: Params): string {
  return template.replace(/\{(\w+)\}/g, (whole: string, name: string) =>
    Object.hasOwn(params, name) ? String(params[name]) : whole,
  );
}
