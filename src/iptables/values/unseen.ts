/** Matches on state that no dump shows. */
import type { Reason } from '../extension.js';
import type { World } from '../view.js';

/** The reason of a match that only says no because an assumption said so. */
export const assumedNo: Reason = { code: 'NO_BY_ASSUMPTION', option: null, params: {} };

/** Identity of the state that a rule keeps for itself; it may change between two visits, so each hook asks anew. */
export function ownState({ ruleKey, hook }: World): string {
  return `${ruleKey} in ${hook}`;
}
