/** Warnings about what a snapshot does not show, each with the command that would. */
import type { Family } from '../address/address.js';
import { type RuleSet, TABLES } from '../iptables/model.js';
import { type RuleKind, someRule } from '../iptables/digest.js';
import { OutlinedChains } from '../iptables/read/outlined-chains.js';
import { ShapedChains } from '../iptables/read/shaped-chains.js';
import { rulesShown } from '../routing/lookup.js';
import { type Network, TABLE_ID } from '../routing/model.js';
import type { Diagnostics } from '../source/diagnostic.js';

/** What is asked about one family. */
interface Parts {
  readonly network: Network;
  readonly ruleSet: RuleSet;
  readonly hasAddresses: boolean;
}

const OPTION: Readonly<Record<Family, string>> = { 4: '', 6: '-6 ' };
const SAVE: Readonly<Record<Family, string>> = { 4: 'iptables-save', 6: 'ip6tables-save' };

function missingTables(network: Network, diagnostics: Diagnostics): void {
  const { family, known, rules } = network;
  if (known.tables === 'all') return;
  const warned = new Set<number>();
  for (const { action, span } of rules) {
    if (action.kind !== 'lookup' || warned.has(action.table) || known.tables.has(action.table)) continue;
    warned.add(action.table);
    // Table default is empty unless somebody fills it; table local and main have their own warnings.
    if (
      action.table === TABLE_ID.default ||
      action.table === TABLE_ID.local ||
      action.table === TABLE_ID.main
    )
      continue;
    const command = `ip ${OPTION[family]}route show table ${action.name}`;
    diagnostics.warn('NODE_MISSING_TABLE', span, { family, table: action.name, command });
  }
}

/** Does no rule of a list look up table main or default, as a list that is cut off does? */
function lacksMain({ rules }: Network): boolean {
  return (
    rules.length > 0 &&
    !rules.some(
      ({ action }) =>
        action.kind === 'lookup' && (action.table === TABLE_ID.main || action.table === TABLE_ID.default),
    )
  );
}

/** Warns about the parts of one family that are not shown. */
export function warnMissing({ network, ruleSet, hasAddresses }: Parts, diagnostics: Diagnostics): void {
  const { family, known } = network;
  const option = OPTION[family];
  if (!known.rules) {
    const code = rulesShown(network) ? 'NODE_PARTIAL_RULES' : 'NODE_MISSING_RULES';
    diagnostics.warn(code, null, { family, command: `ip ${option}rule` });
  } else if (lacksMain(network)) {
    const last = network.rules.at(-1)?.span ?? null;
    diagnostics.warn('NODE_RULES_NO_MAIN', last, { family, command: `ip ${option}rule` });
  }
  const shows = (table: number): boolean => known.tables === 'all' || known.tables.has(table);
  if (!shows(TABLE_ID.main))
    diagnostics.warn('NODE_MISSING_ROUTES', null, { family, command: `ip ${option}route show table all` });
  missingTables(network, diagnostics);
  if (!hasAddresses) {
    const code = shows(TABLE_ID.local) ? 'NODE_DERIVED_ADDRESSES' : 'NODE_MISSING_ADDRESSES';
    diagnostics.warn(code, null, { family, command: 'ip addr' });
  }
  if (known.localDerived)
    diagnostics.warn('NODE_DERIVED_LOCAL', null, { family, command: `ip ${option}route show table local` });
  const unknown = TABLES.filter((table) => ruleSet.unknown.has(table));
  if (unknown.length > 0)
    diagnostics.warn('NODE_MISSING_TABLES', null, {
      family,
      tables: unknown.join(', '),
      command: SAVE[family],
    });
}

/** Does some rule test an IP set? */
export function usesSets(ruleSet: RuleSet): boolean {
  const isSetRule = ({ matches }: RuleKind): boolean =>
    matches.some((match) => ('opaque' in match ? match.name : match.extension.name) === 'set');
  for (const { chains, search } of ruleSet.tables.values())
    if (chains instanceof OutlinedChains) {
      // A save spells the option out.
      if (search?.find('--match-set ').some(isSetRule) === true) return true;
    } else if (chains instanceof ShapedChains) {
      if (chains.someKind(isSetRule)) return true;
    } else for (const chain of chains.values()) if (someRule(chain, isSetRule)) return true;
  return false;
}
