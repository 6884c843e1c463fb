/** Which table a list of rules belongs to: `iptables -S` does not say. */
import type { Family } from '../address/address.js';
import type { Placement } from '../iptables/extension.js';
import { BUILTIN_CHAINS, TABLES } from '../iptables/model.js';
import type { Block } from '../iptables/read/block.js';
import { readDump } from '../iptables/read/dump.js';
import { Findings } from '../iptables/read/findings.js';
import { RuleReader } from '../iptables/read/rule-reader.js';
import type { Hook, TableName } from '../iptables/view.js';
import type { SourceText } from '../source/source.js';

/** A table, and whether nothing else is possible. */
export interface GuessedTable {
  readonly table: TableName;
  readonly sure: boolean;
}

/** What people list most comes first: it is the guess when several tables are possible. */
const LIKELY: readonly TableName[] = ['filter', 'nat', 'mangle', 'raw', 'security'];

/** Chains that well-known programs make in one table alone, by the beginning of their names. */
const OWNED: readonly (readonly [string, TableName])[] = [
  ['KUBE-SVC-', 'nat'],
  ['KUBE-SEP-', 'nat'],
  ['KUBE-SVL-', 'nat'],
  ['KUBE-EXT-', 'nat'],
  ['KUBE-FW-', 'nat'],
  ['KUBE-XLB-', 'nat'],
  ['KUBE-NODEPORTS', 'nat'],
  ['KUBE-MARK-', 'nat'],
  ['KUBE-POSTROUTING', 'nat'],
  ['AWS-SNAT-CHAIN', 'nat'],
  ['AWS-CONNMARK-CHAIN', 'nat'],
  ['KUBE-FORWARD', 'filter'],
  ['KUBE-FIREWALL', 'filter'],
  ['KUBE-EXTERNAL-SERVICES', 'filter'],
  ['DOCKER-USER', 'filter'],
  ['DOCKER-ISOLATION', 'filter'],
  ['ISTIO_INBOUND', 'nat'],
  ['ISTIO_OUTPUT', 'nat'],
  ['ISTIO_REDIRECT', 'nat'],
];

const isHook = (name: string): name is Hook => BUILTIN_CHAINS.mangle.some((hook) => hook === name);

/** Tables whose built-in chains are exactly those that the list gives policies for; none when it gives no policy. */
function byPolicies(block: Block): readonly TableName[] {
  const named = [...block.chains.values()].filter(({ name, policy }) => policy !== null && isHook(name));
  if (named.length === 0) return [];
  // Until Linux 2.6.34 the nat table had no INPUT chain.
  const old =
    named.length === 3 &&
    ['PREROUTING', 'OUTPUT', 'POSTROUTING'].every((hook) => named.some(({ name }) => name === hook));
  if (old) return ['nat'];
  return TABLES.filter(
    (table) =>
      BUILTIN_CHAINS[table].length === named.length &&
      BUILTIN_CHAINS[table].every((hook) => named.some(({ name }) => name === hook)),
  );
}

function placements(block: Block): readonly Placement[] {
  const found = new Set<Placement>();
  for (const chain of block.chains.values())
    chain.someKind(({ matches, action }) => {
      for (const match of matches) if (!('opaque' in match)) found.add(match.demands.placement);
      if (action.kind === 'target') found.add(action.target.demands.placement);
      return false;
    });
  return [...found];
}

/**
 * Finds the table of rules without a `*table` line: by the built-in chains with policies, else by the built-in chains
 * that have rules, by the extensions that only some tables take, and by the names of well-known chains.
 * @param hint what a command line or a file name says; it counts unless the policies say otherwise
 */
export function guessTable(block: Block, hint: TableName | null): GuessedTable {
  const told = byPolicies(block);
  if (hint !== null && (told.length === 0 || told.includes(hint))) return { table: hint, sure: true };
  const hooks = [...block.chains.keys()].filter(isHook);
  const demands = placements(block);
  // A list of some chains may look like a whole table that its rules cannot stand in.
  const fits = told.filter((table) => demands.every(({ tables: only }) => only?.includes(table) ?? true));
  let tables =
    fits.length > 0
      ? fits
      : LIKELY.filter((table) => hooks.every((hook) => BUILTIN_CHAINS[table].includes(hook)));
  for (const placement of demands) {
    const narrower = tables.filter((table) => placement.tables?.includes(table) ?? true);
    if (narrower.length > 0) tables = narrower;
  }
  const owner = [...block.chains.keys()]
    .map((name) => OWNED.find(([start]) => name.startsWith(start))?.[1])
    .find((one) => one !== undefined);
  if (owner !== undefined && tables.includes(owner)) return { table: owner, sure: true };
  // The security table is all but unused, and looks like filter.
  const usual = tables.filter((table) => table !== 'security');
  const table = LIKELY.find((one) => (usual.length > 0 ? usual : tables).includes(one)) ?? 'filter';
  return { table, sure: usual.length === 1 || tables.length === 1 };
}

/**
 * The table of a text with rules but no `*table` line.
 * @returns the most likely table; `sure` is false when others are possible
 */
export function tableOfRules(
  source: SourceText,
  family: Family,
  hint: TableName | null = null,
): GuessedTable {
  const { blocks } = readDump(source, new RuleReader(family), new Findings(source), () => undefined);
  const [first] = blocks;
  if (first === undefined) return { table: hint ?? 'filter', sure: hint !== null };
  return first.table === null ? guessTable(first, hint) : { table: first.table, sure: true };
}
