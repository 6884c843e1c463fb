/** How findings name rules and networks. Kernel words only: the sentences are in the message catalogue. */
import type { Params } from '../source/diagnostic.js';
import type { Rule } from '../iptables/model.js';

export const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

/** `table`, `chain` and `rule` of a rule, as messages take them. */
export function placeOf({ table, chain, number, backend }: Rule): Params {
  return { table: backend === undefined ? table : `${backend} ${table}`, chain, rule: number };
}
