/** What is looked at once a packet has been walked through a save of which only some chains were read. */
import { checkTable } from '../iptables/check.js';
import type { Chain, RuleSet, Table } from '../iptables/model.js';
import { NeedsWhole } from '../iptables/read/needs-whole.js';
import { OutlinedChains } from '../iptables/read/outlined-chains.js';
import type { Node } from '../packet/node.js';
import { Diagnostics } from '../source/diagnostic.js';

const setsOf = ({ ruleSets }: Node): readonly RuleSet[] =>
  [ruleSets[4], ruleSets[6]].flatMap((set) => (set.other === undefined ? [set] : [set, set.other]));

/** Was only a part of some dump read so far? */
export function isPartlyRead(node: Node): boolean {
  return setsOf(node).some(({ tables }) =>
    [...tables.values()].some(({ chains }) => chains instanceof OutlinedChains),
  );
}

/**
 * Checks the rules that were read as `checkTable` checks a whole table: a loop among chains that packets come to, or an
 * extension where it cannot stand.
 * @throws NeedsWhole when anything is to be told of them
 */
export function checkMet(node: Node): void {
  for (const { tables, backend } of setsOf(node))
    for (const table of tables.values()) {
      if (!(table.chains instanceof OutlinedChains)) continue;
      const chains = new Map<string, Chain>();
      for (const { name, policy, declared, counters, span, met } of table.chains.met)
        chains.set(name, { name, table: table.name, policy, declared, counters, span, rules: met });
      const read: Table = { name: table.name, chains };
      const diagnostics = new Diagnostics();
      checkTable(read, backend, diagnostics);
      if (diagnostics.list.length > 0) throw new NeedsWhole();
    }
}
