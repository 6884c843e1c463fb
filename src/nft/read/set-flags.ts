/** Flags of sets that JSON does not say, or says beside what tells them already, as the text form has them. */
import type { SetDraft, TableDraft } from './drafts.js';

/** In the order of src/rule.c set_print_declaration. */
const ORDER = ['constant', 'dynamic', 'interval', 'timeout'];

/** Sets that rules put packets' values into. A meter has a set of its own; nft 1.0 calls no map dynamic. */
function updatedSets({ chains, sets }: TableDraft): ReadonlySet<SetDraft> {
  const found = new Set<SetDraft>();
  for (const { rules } of chains.values())
    for (const { statements } of rules)
      for (const statement of statements) {
        if (statement.kind !== 'dynamic-set' || statement.action === 'meter') continue;
        const set = sets.get(statement.set);
        if (set?.gives === null && set.givesTypeOf === null) found.add(set);
      }
  return found;
}

/**
 * Gives the sets of a table that was read from JSON the flags that their text has. JSON of nft 1.0 has no word for
 * `dynamic`; nft makes a set so when a rule updates it (src/evaluate.c stmt_evaluate_set). `timeout` alone is left out
 * where the time is told (src/rule.c set_print_declaration).
 */
export function restoreFlags(table: TableDraft): void {
  const updated = updatedSets(table);
  for (const set of table.sets.values()) {
    const all = new Set([...set.flags, ...(updated.has(set) ? ['dynamic'] : [])]);
    const timed = set.properties.some((text) => text.startsWith('timeout '));
    const flags = ORDER.filter((flag) => all.has(flag));
    const others = [...all].filter((flag) => !ORDER.includes(flag));
    set.flags = timed && all.size === 1 && all.has('timeout') ? [] : [...flags, ...others];
  }
}
