/** What is known of a listing of iptables before its rules are read: by its command, its file's name, its first lines. */
import type { Family } from '../address/address.js';
import { TABLES } from '../iptables/model.js';
import type { TableName } from '../iptables/view.js';
import { isWholeSave } from './command.js';
import { listingFamily } from './listing/family.js';
import type { Placed } from './places.js';
import type { ListedIptables } from './reading.js';
import { type NameHint, iptablesFamily } from './recognise.js';
import type { Section } from './sections.js';

/**
 * Whether a save of nothing says that one variant of iptables has no tables: by its command, or by the name of an empty
 * file, which a command that failed leaves too.
 */
function nothingSaid({ source, command, isEmptyFile }: Section): ListedIptables['nothing'] {
  const [, variant] = /-(legacy|nft)-save\b/.exec(command?.text ?? '') ?? [];
  if (source.text.trim() !== '' || (variant === undefined && isEmptyFile !== true)) return null;
  return { legacy: variant === 'legacy', byName: isEmptyFile === true };
}

function iptablesTable(section: Section, hint: NameHint): TableName | null {
  const told = section.command?.table ?? hint.table;
  return TABLES.find((table) => table === told) ?? null;
}

/** Rules are read once the listings of all files are known. */
export function listedIptables(
  { section, hint, kind }: Placed,
  told: Family | null,
  partial: boolean,
  outdated: ReadonlySet<string>,
): ListedIptables {
  const { source, command } = section;
  const listing = kind === 'iptables -L';
  return {
    source,
    family: (listing ? listingFamily : iptablesFamily)(source.text) ?? told ?? 4,
    table: iptablesTable(section, hint),
    partial,
    listing,
    all: command !== null && isWholeSave(command),
    command: command?.text ?? null,
    outdated,
    nothing: nothingSaid(section),
  };
}
