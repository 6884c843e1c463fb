/** Several dumps of one table -> one table. */
import { BUILTIN_CHAINS, type Chain, type RuleAction, type Table } from '../iptables/model.js';
import type { Block } from '../iptables/read/block.js';
import type { ChainDraft } from '../iptables/read/chain-draft.js';
import { RuleSearch } from '../iptables/read/find.js';
import { ruleCount } from '../iptables/read/numbered-chains.js';
import { OutlinedChains } from '../iptables/read/outlined-chains.js';
import { ShapedChains } from '../iptables/read/shaped-chains.js';
import { shown } from '../iptables/read/problem.js';
import type { TableName } from '../iptables/view.js';
import type { Diagnostics } from '../source/diagnostic.js';
import type { SourceText, Span } from '../source/source.js';
import { sameRule } from './listing/same-rule.js';

/** A block, and whether somebody filtered the dump before it was kept. */
export interface ShownTable {
  readonly block: Block;
  readonly partial: boolean;
  /** It is of `iptables -L`, which shows less than -S and saves. */
  readonly listing: boolean;
  /** The variant of iptables that the command names; null without one. */
  readonly variant?: string | null;
}

/** More missing chains of one table than this are not named. */
const MOST = 50;

/** Whether nothing of the table can be missing from the dump. */
function isWhole({ block, partial }: ShownTable): boolean {
  if (partial || !(block.named ? block.committed : true)) return false;
  const declared = BUILTIN_CHAINS[block.table ?? 'filter'].filter(
    (hook) => (block.chains.get(hook)?.policy ?? null) !== null,
  );
  return block.named
    ? declared.length > 0
    : declared.length >= Math.min(3, BUILTIN_CHAINS[block.table ?? 'filter'].length);
}

/** The first place where two dumps say different things about a chain; null when they agree. Counters do not count. */
function difference(a: ChainDraft, b: ChainDraft): { readonly here: Span; readonly there: Span } | null {
  const places = { here: a.span, there: b.span };
  if (a.policy !== b.policy) return places;
  const longest = Math.max(a.rules.length, b.rules.length);
  for (let at = 0; at < longest; at += 1) {
    const [one, two] = [a.rules[at], b.rules[at]];
    if (one !== undefined && two !== undefined && sameRule(one, two)) continue;
    return { here: one?.span ?? places.here, there: two?.span ?? places.there };
  }
  return null;
}

/** Of which dumps the last one in a text shows the table as it became: whole ones of the same form. Null for any other. */
function seriesOf(one: ShownTable): string | null {
  if (!isWhole(one)) return null;
  const { backend, source } = one.block;
  return JSON.stringify([one.listing, one.variant ?? null, backend, source.name]);
}

function isBehind({ block: here }: ShownTable, { block: there }: ShownTable): boolean {
  const lines = here.source.firstLine - there.source.firstLine;
  return lines > 0 || (lines === 0 && here.from > there.from);
}

/** Is the one of the same series as the other, and printed behind it? */
function replaces(one: ShownTable, other: ShownTable): boolean {
  const series = seriesOf(one);
  return series !== null && series === seriesOf(other) && isBehind(one, other);
}

/** The dumps that no later one replaces. A text may hold thousands of dumps: each is looked at once. */
function lastOnes(all: readonly ShownTable[]): readonly ShownTable[] {
  const placed = all.map((one) => ({ one, series: seriesOf(one) }));
  const last = new Map<string, ShownTable>();
  for (const { one, series } of placed) {
    const known = series === null ? undefined : last.get(series);
    if (series !== null && (known === undefined || isBehind(one, known))) last.set(series, one);
  }
  return placed.flatMap(({ one, series }) => {
    const latest = series === null ? undefined : last.get(series);
    return latest === undefined || !isBehind(latest, one) ? [one] : [];
  });
}

/** Why one dump is used and not the other, as the order of `mergeTable` has it. */
function reasonFor(best: ShownTable, other: ShownTable): string {
  if (replaces(best, other)) return 'it comes later';
  if (isWhole(best) !== isWhole(other)) return 'it shows the whole table';
  if (best.listing !== other.listing)
    return 'it is in the form of a save, which shows more of each rule than -L';
  return ruleCount(best.block) === ruleCount(other.block) ? 'it comes first' : 'it shows more rules';
}

/** A file, and the line in it where the dump begins: two dumps may be in one file. */
function whereIs({ block: { source, from } }: ShownTable): string {
  return `${source.name}:${String(source.position(from).line)}`;
}

/** @returns whether the two say different things, which is then said */
function disagrees(best: ShownTable, other: ShownTable, diagnostics: Diagnostics): boolean {
  if (best.partial || other.partial) return false;
  for (const chain of other.block.chains.values()) {
    const twin = best.block.chains.get(chain.name);
    // A chain that nothing declares was cut out of a longer dump.
    if (!chain.declared || twin?.declared === false || (twin === undefined && !isWhole(best))) continue;
    const params = {
      table: best.block.table ?? '',
      chain: shown(chain.name),
      used: whereIs(best),
      other: whereIs(other),
      reason: reasonFor(best, other),
    };
    if (twin === undefined) {
      diagnostics.warn('RULE_DUMPS_DISAGREE', chain.span, params, {
        source: best.block.source,
        start: best.block.from,
        end: best.block.to,
      });
      return true;
    }
    const found = difference(chain, twin);
    if (found === null) continue;
    diagnostics.warn('RULE_DUMPS_DISAGREE', found.here, params, found.there);
    return true;
  }
  return false;
}

/** With chains that only other dumps show: a list of one chain adds to lists of others. */
function completed(best: Block, others: readonly ShownTable[]): ReadonlyMap<string, ChainDraft> {
  const all = new Map(best.chains);
  for (const { block } of others)
    for (const [name, chain] of block.chains) {
      const known = all.get(name);
      if (known === undefined || (!known.declared && known.size < chain.size)) all.set(name, chain);
    }
  return all;
}

/** Chains that begin with the built-in ones, in their order, are a table's as they are. */
function isInOrder(name: TableName, chains: ShapedChains): boolean {
  return BUILTIN_CHAINS[name].every((hook, at) => chains.numbers.of(hook) === at);
}

/** The chains of a table, its built-in ones first. */
function ordered(
  name: TableName,
  drafts: ReadonlyMap<string, ChainDraft>,
  absent: readonly string[],
): ReadonlyMap<string, Chain> {
  if (drafts instanceof ShapedChains && isInOrder(name, drafts)) return drafts;
  const chains = new Map<string, Chain>();
  const shared = { table: name, policy: null, declared: false, counters: null, rules: [], span: null };
  for (const hook of BUILTIN_CHAINS[name]) {
    const draft = drafts.get(hook);
    if (draft !== undefined) chains.set(hook, draft);
    else if (absent.includes(hook)) chains.set(hook, { name: hook, ...shared });
  }
  for (const draft of drafts.values()) if (!chains.has(draft.name)) chains.set(draft.name, draft);
  return chains;
}

/** Built-in chains that exist in every such table, but not in this dump: what they hold and their policy are not known. */
function missingHooks(
  table: TableName,
  chains: ReadonlyMap<string, ChainDraft>,
  whole: boolean,
): readonly string[] {
  // A whole save without one of them is of a kernel, or an iptables-nft, that did not have it.
  return whole ? [] : BUILTIN_CHAINS[table].filter((hook) => !chains.has(hook));
}

/** Finds the chains that jumps name; a name that is no chain of the table becomes an open question. */
function link(table: TableName, chains: ReadonlyMap<string, ChainDraft>, diagnostics: Diagnostics): void {
  const missing = new Map<string, { readonly action: RuleAction; readonly span: Span; count: number }>();
  const lost: { readonly chain: ChainDraft; readonly index: number; readonly to: string }[] = [];
  for (const chain of chains.values())
    chain.eachJump((to, index) => {
      if (!chains.has(to)) lost.push({ chain, index, to });
    });
  for (const { chain, index, to } of lost) {
    const rule = chain.rules[index];
    if (rule === undefined) continue;
    const known = missing.get(to) ?? {
      action: { kind: 'opaque', name: to, text: '' } as const,
      span: rule.span,
      count: 0,
    };
    known.count += 1;
    missing.set(to, known);
    // A goto keeps its kind, so that it prints as one; the walk finds no such chain either.
    if (rule.action.kind === 'chain' && !rule.action.goto) rule.action = known.action;
  }
  for (const [chain, { span, count }] of [...missing].slice(0, MOST))
    diagnostics.error('RULE_NO_CHAIN', span, { chain: shown(chain), table, count });
  const rest = missing.size - MOST;
  if (rest > 0) diagnostics.warn('RULE_NO_CHAINS', null, { table, rest });
}

/** A table, and whether its dump ends before the table does, or has lost lines to a filter. */
export interface MergedTable {
  readonly table: Table;
  readonly cut: boolean;
  /** Two dumps that say different things, where none of the two follows the other in one text. */
  readonly differing: readonly { readonly used: SourceText; readonly other: SourceText }[];
}

/**
 * Makes a table of all dumps that show it. Of several in one text the last whole one holds, and of those of several files
 * the one with the most rules is used; the others complete it where it is not
 * whole, and are compared with it.
 */
export function mergeTable(
  name: TableName,
  all: readonly ShownTable[],
  diagnostics: Diagnostics,
): MergedTable | null {
  const last = new Set(lastOnes(all));
  const [best] = [...last].sort(
    (a, b) =>
      Number(isWhole(b)) - Number(isWhole(a)) ||
      Number(a.listing) - Number(b.listing) ||
      ruleCount(b.block) - ruleCount(a.block),
  );
  if (best === undefined) return null;
  const others = all.filter((one) => one !== best);
  const differing = others
    .filter((other) => disagrees(best, other, diagnostics) && last.has(other))
    .map(({ block }) => ({ used: best.block.source, other: block.source }));
  const whole = isWhole(best);
  const { block } = best;
  if (block.chains instanceof OutlinedChains) {
    return { table: { name, chains: block.chains, search: new RuleSearch(block) }, cut: false, differing };
  }
  const drafts = whole || others.length === 0 ? block.chains : completed(block, others);
  // A save is read by the shapes of its rules only where each jump leads to a chain of it.
  if (!(drafts instanceof ShapedChains)) link(name, drafts, diagnostics);
  const chains = ordered(name, drafts, missingHooks(name, drafts, whole));
  const open = BUILTIN_CHAINS[name].filter((hook) => chains.get(hook)?.policy === null);
  if (open.length > 0)
    diagnostics.warn(
      'RULE_NO_POLICY',
      { source: block.source, start: block.from, end: block.to },
      { table: name, chains: open.join(', ') },
    );
  const search = others.length === 0 ? new RuleSearch(block) : undefined;
  return {
    table: { name, chains, search },
    cut: best.partial || (block.named && !block.committed),
    differing,
  };
}
