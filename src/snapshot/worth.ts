/** Whether a text of a bundle is worth holding in memory: bundles are mostly logs. */
import { layoutCommand } from './layout.js';
import { hintOfName } from './recognise.js';
import { sectionsOf } from './sections.js';

/** As much of a text as is looked at. */
const ENOUGH = 65_536;

/** Texts up to this size are kept in any case: there is little to gain. */
const SMALL = 4096;

/** Does a name alone say that its file holds a dump? */
export function isNamedDump(name: string): boolean {
  return layoutCommand(name) !== null || hintOfName(name).kind !== null;
}

/** Does a text of that name look as if it held a dump? */
export function isWorthKeeping(name: string, text: string): boolean {
  if (text.length <= SMALL || isNamedDump(name)) return true;
  return sectionsOf(name, text.slice(0, ENOUGH)).some(
    ({ kind, command }) => kind !== null || (command?.kind ?? null) !== null,
  );
}
