/** What was put into a node from another one, and where. */
import type { AnyRule } from '../packet/any-rule.js';
import type { Node } from '../packet/node.js';
import type { PolicyRule } from '../routing/model.js';
import { BadReference, takeApart } from './reference.js';

/** What was put in. */
export type Inserted =
  | {
      readonly kind: 'rule';
      /** The node that has it, as the user called it. */
      readonly of: string;
      /** As it stands in the changed node; its place in the text is that of the other node's dump. */
      readonly rule: AnyRule;
      /** Its number in the other node. */
      readonly was: number;
      /** Chains that came with it because it leads to them and this node lacks them. */
      readonly chains: readonly string[];
      /** The very same rule stands in that place already. */
      readonly isThere: boolean;
    }
  | {
      readonly kind: 'policy';
      readonly of: string;
      readonly rules: readonly PolicyRule[];
      readonly was: number;
      readonly isThere: boolean;
    };

/** The changed node, and what was done to it. */
export interface Insertion {
  readonly node: Node;
  readonly inserted: Inserted;
}

/** A place of this node: a chain that may have to be made, and the number that the rule gets. */
export interface Place {
  readonly table: string | null;
  readonly chain: string;
  /** Null: as in the other node, or the end of a chain that is shorter. */
  readonly number: number | null;
}

/** `2`, `PREROUTING:2` or `nat/PREROUTING:2`; what is left out is that of the rule. */
export function readPlace(text: string | null, rule: AnyRule): Place | BadReference {
  if (text === null) return { table: null, chain: rule.chain, number: null };
  if (/^\d{1,9}$/.test(text)) return { table: null, chain: rule.chain, number: Number(text) };
  return takeApart(text) ?? new BadReference('USAGE_WITH_PLACE', { text });
}

/** The number of a new rule among `size` others. */
export function newNumber(
  { number, chain }: Place,
  was: number,
  size: number,
  table: string,
): number | BadReference {
  if (number === null) return Math.min(was, size + 1);
  return number >= 1 && number <= size + 1
    ? number
    : new BadReference('USAGE_WITH_NUMBER', { text: String(number), chain, table, count: size + 1 });
}
