/** The functions that a namespace has at its hooks: the tables of one iptables or of both, and native base chains. */
import type { Family } from '../address/address.js';
import { type RuleKind, eachJump, sizeOf, someRule } from '../iptables/digest.js';
import { type Chain, type RuleSet, TABLES, type Table } from '../iptables/model.js';
import type { Hook, TableName } from '../iptables/view.js';
import type { NftChain, NftHook, NftRule, NftTable, Verdict } from '../nft/model.js';
import { isVerdict } from '../nft/print-expression.js';
import { isCondition, isInert } from '../nft/statement.js';
import { type NativeChain, nativeTableName } from './chain-stage.js';
import { plainPlan } from './hooks.js';
import type { Node } from './node.js';

/**
 * What a function does that another of the same priority could notice: nothing at all; no more than letting pass or
 * dropping; anything.
 */
export type Weight = 'idle' | 'plain' | 'busy';

/** A table of an iptables, or a native base chain, as it is registered at a hook. */
export interface Registration {
  readonly source:
    | { readonly kind: 'table'; readonly table: TableName; readonly ruleSet: RuleSet }
    | ({ readonly kind: 'chain' } & NativeChain);
  readonly priority: number;
  /** Found only when asked for: it looks at every rule. */
  readonly weight: () => Weight;
  /** Who registered it: what one owner registers at a hook comes in an order that the snapshot shows. */
  readonly owner: string;
  /** As questions name it: `table nat of iptables-legacy`, `chain ip t c`. */
  readonly label: string;
}

const HOOK_NAMES: Readonly<Record<Hook, NftHook>> = {
  PREROUTING: 'prerouting',
  INPUT: 'input',
  FORWARD: 'forward',
  OUTPUT: 'output',
  POSTROUTING: 'postrouting',
};

/** The chains that a chain can come to, itself included. */
function reach<C>(first: C | undefined, next: (chain: C) => Iterable<C | undefined>): ReadonlySet<C> {
  const found = new Set<C>();
  const todo = [first];
  for (let chain = todo.pop(); todo.length > 0 || chain !== undefined; chain = todo.pop()) {
    if (chain === undefined || found.has(chain)) continue;
    found.add(chain);
    todo.push(...next(chain));
  }
  return found;
}

const PLAIN = new Set(['ACCEPT', 'DROP', 'RETURN']);

/** Does the rule do no more than let pass or drop? */
function isPlain({ action }: RuleKind): boolean {
  if (action.kind !== 'target') return action.kind !== 'opaque';
  return PLAIN.has(action.target.extension.name) || action.target.extension.inert;
}

function weigh(rules: readonly boolean[], drops: boolean): Weight {
  if (rules.length === 0 && !drops) return 'idle';
  return rules.every((plain) => plain) ? 'plain' : 'busy';
}

function weightOfTable(table: Table | undefined, hook: Hook): Weight {
  if (table === undefined) return 'idle';
  const chains = reach<Chain>(table.chains.get(hook), (chain) => {
    const next: (Chain | undefined)[] = [];
    eachJump(chain, (name) => next.push(table.chains.get(name)));
    return next;
  });
  const list = [...chains];
  if (list.every((chain) => sizeOf(chain) === 0 && chain.policy !== 'DROP')) return 'idle';
  return list.some((chain) => someRule(chain, (kind) => !isPlain(kind))) ? 'busy' : 'plain';
}

function isPlainNative({ statements }: NftRule): boolean {
  return statements.every(
    (statement) =>
      isCondition(statement) ||
      isInert(statement) ||
      statement.kind === 'verdict' ||
      (statement.kind === 'vmap' && (statement.map.kind === 'set' || statement.map.kind === 'set-name')),
  );
}

/** The chains that a rule leads to; of a verdict map whose elements are not at hand nothing is known. */
function targetsOf({ statements }: NftRule, { chains, sets }: NftTable): (NftChain | undefined)[] {
  const verdicts = statements.flatMap((statement): Verdict[] => {
    if (statement.kind === 'verdict') return [statement.verdict];
    if (statement.kind !== 'vmap') return [];
    const { map } = statement;
    const elements =
      map.kind === 'set' ? map.elements : map.kind === 'set-name' ? (sets.get(map.name)?.elements ?? []) : [];
    return elements.flatMap(({ value }) => (value !== null && isVerdict(value) ? [value] : []));
  });
  return verdicts.flatMap((verdict) => ('chain' in verdict ? [chains.get(verdict.chain)] : []));
}

function weightOfChain({ table, chain }: NativeChain): Weight {
  const chains = [...reach<NftChain>(chain, ({ rules }) => rules.flatMap((rule) => targetsOf(rule, table)))];
  return weigh(
    chains.flatMap(({ rules, cut }) => [...rules.map(isPlainNative), ...(cut ? [false] : [])]),
    chain.policy === 'drop',
  );
}

/** The tables of iptables at a hook. */
function tablesAt(hook: Hook, ruleSet: RuleSet): Registration[] {
  const backend = ruleSet.backend ?? 'legacy';
  return plainPlan(backend).hooks[hook].flatMap(({ work, priority }): Registration[] => {
    const table = TABLES.find((name) => name === work);
    if (table === undefined) return [];
    return [
      {
        source: { kind: 'table', table, ruleSet },
        priority,
        weight: () => weightOfTable(ruleSet.tables.get(table), hook),
        owner: `iptables-${backend} ${table}`,
        label: `table ${table} of iptables-${backend}`,
      },
    ];
  });
}

/**
 * The native base chains at a hook. Of one table, the chain that was added last stands first: it is registered last
 * (net/netfilter/nf_tables_api.c nf_tables_addchain; net/netfilter/core.c nf_hook_entries_grow).
 */
function chainsAt(hook: Hook, table: NftTable): Registration[] {
  const name = nativeTableName(table);
  const found: Registration[] = [];
  for (const chain of table.chains.values()) {
    if (chain.base?.hook !== HOOK_NAMES[hook]) continue;
    const native = { table, chain };
    found.unshift({
      source: { kind: 'chain', ...native },
      priority: chain.base.priority,
      weight: () => weightOfChain(native),
      owner: name,
      label: `chain ${name} ${chain.name}`,
    });
  }
  return found;
}

/** Everything that iptables and native tables have at a hook, for one family; not in order of priority. */
export function registrationsAt(node: Node, family: Family, hook: Hook): readonly Registration[] {
  const ruleSet = node.ruleSets[family];
  const ruleSets = ruleSet.other === undefined ? [ruleSet] : [ruleSet, ruleSet.other];
  const native = node.nativeTables[family].filter(({ flags }) => !flags.includes('dormant'));
  return [
    ...ruleSets.flatMap((one) => tablesAt(hook, one)),
    ...native.flatMap((table) => chainsAt(hook, table)),
  ];
}

const UNREAD = new WeakMap<NftTable, readonly Readonly<Record<'table' | 'chain', string>>[]>();

/** Chains of which it could not be read at which hook they are, if at any; found once per table. */
export function unreadBases(
  node: Node,
  family: Family,
): readonly Readonly<Record<'table' | 'chain', string>>[] {
  const tables = node.nativeTables[family];
  return tables.length === 0 ? [] : tables.flatMap(unreadOf);
}

function unreadOf(table: NftTable): readonly Readonly<Record<'table' | 'chain', string>>[] {
  const known = UNREAD.get(table);
  if (known !== undefined) return known;
  const name = nativeTableName(table);
  const found = [...table.chains.values()].flatMap((chain) =>
    chain.baseUnknown ? [{ table: name, chain: chain.name }] : [],
  );
  UNREAD.set(table, found);
  return found;
}
