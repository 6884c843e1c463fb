/** Rules by their target, without reading those of chains that have none of it. */
import { rulesOfKind } from '../iptables/digest.js';
import type { Rule, Table } from '../iptables/model.js';

/** The rules of a chain of a table that have the target. */
export function rulesWith(target: string, table: Table, name: string): readonly Rule[] {
  const chain = table.chains.get(name);
  if (chain === undefined) return [];
  return rulesOfKind(
    chain,
    ({ action }) => action.kind === 'target' && action.target.extension.name === target,
  );
}
