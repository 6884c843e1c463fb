/** Reads the iptables dumps of one node and family into its rule set. */
import type { Family } from '../address/address.js';
import { checkTable } from '../iptables/check.js';
import { type RuleSet, TABLES, type Table } from '../iptables/model.js';
import type { Block } from '../iptables/read/block.js';
import { readByShape } from '../iptables/read/by-shape.js';
import { readDump } from '../iptables/read/dump.js';
import { keptOutline } from '../iptables/read/outline.js';
import { NumberedChains, ruleCount } from '../iptables/read/numbered-chains.js';
import { OutlinedChains, outlinedBlocks } from '../iptables/read/outlined-chains.js';
import { Findings } from '../iptables/read/findings.js';
import { RuleReader } from '../iptables/read/rule-reader.js';
import type { TableName } from '../iptables/view.js';
import type { Ground } from '../packet/node.js';
import type { Diagnostics } from '../source/diagnostic.js';
import type { SourceText, Span } from '../source/source.js';
import { groundFor } from './differing.js';
import { type ShownTable, mergeTable } from './iptables-merge.js';
import { guessTable } from './iptables-table.js';
import { readListing } from './listing/listing.js';
import { hasNumberGap } from './listing/gaps.js';
import { SectionReport, isToolError } from './report.js';
import { warnFailed } from './unanswered.js';

export { tableOfRules } from './iptables-table.js';

/** One text with output of iptables-save, `iptables -S` or `iptables -L` in it. */
export interface IptablesSource {
  readonly source: SourceText;
  readonly family: Family;
  /** The table that a command line or a file's name tells, for rules without a `*table` line; null when none does. */
  readonly table: TableName | null;
  /** Somebody filtered the output: what is not in it says nothing. */
  readonly partial?: boolean;
  /** It is of `iptables -L`. */
  readonly listing?: boolean;
  /** The command that printed it prints all tables: what is not in it does not exist. */
  readonly all?: boolean;
  /** What was typed to print it. */
  readonly command?: string | null;
  /** Tables that a later listing shows anew: those of this one do not count. */
  readonly outdated?: ReadonlySet<string>;
}

/** What one text shows. */
interface ReadSource {
  readonly tables: readonly ShownTable[];
  readonly all: boolean;
  /** The command reported an error: it printed no table, or not all. */
  readonly stopped: boolean;
  /** Where iptables-nft says that it saw tables of iptables-legacy. */
  readonly legacyBeside: Span | null;
}

/** Does the text end in the middle of a line that could not be read? What came after it is not known either. */
function endsWithin(source: SourceText, { list }: Diagnostics): boolean {
  const { text } = source;
  if (text === '' || text.endsWith('\n')) return false;
  const from = text.lastIndexOf('\n') + 1;
  return list.some(({ span }) => span?.source === source && span.start >= from);
}

/** Saves from this length on are read by the shapes of their rules. */
const LARGE = 64 * 1024;

/** The tables of a large save as iptables-save prints it; null for any other dump, which is read line by line. */
function largeSave(
  { source, partial, outdated }: IptablesSource,
  reader: RuleReader,
  partlyFrom: number,
): readonly Block[] | null {
  const outline = keptOutline(source);
  if (outline === null || partial === true || (outdated?.size ?? 0) > 0) return null;
  if (source.text.length >= partlyFrom) return outlinedBlocks(source, outline, reader);
  return source.text.length >= LARGE ? readByShape(source, outline, reader) : null;
}

function readSource(
  input: IptablesSource,
  reader: RuleReader,
  partlyFrom: number,
  diagnostics: Diagnostics,
): ReadSource {
  const { source, partial = false, listing = false } = input;
  const large = largeSave(input, reader, partlyFrom);
  if (large !== null) {
    const tables = large.map((block) => ({ block, partial, listing }));
    return { tables, all: input.all === true, stopped: false, legacyBeside: null };
  }
  const findings = new Findings(source);
  const report = new SectionReport(source, diagnostics);
  const prose: number[] = [];
  const { blocks, legacyBeside } = (listing ? readListing : readDump)(
    source,
    reader,
    findings,
    (start, end) => {
      const line = source.text.slice(start, Math.min(end, start + 200)).trim();
      // A prompt or a sentence between the rules takes nothing away from them.
      if (/^[\p{L}\p{N}]/u.test(line) && !isToolError(line)) {
        prose.push(start);
        findings.report('warning', 'RULE_PROSE', start, end);
      } else report.other(start, end);
    },
  );
  for (const block of blocks) {
    if (block.table !== null) continue;
    const { table, sure } = guessTable(block, input.table);
    block.table = table;
    if (!sure) findings.report('warning', 'RULE_TABLE_GUESSED', block.from, block.to, { table });
  }
  findings.flush(diagnostics);
  const holed = partial || report.elided || (listing && hasNumberGap(source.text));
  const last = blocks.at(-1);
  const current = blocks.filter(({ table }) => input.outdated?.has(table ?? '') !== true);
  const variant = /-(legacy|nft)\b/.exec(input.command ?? '')?.[1] ?? null;
  const tables = current.map((block) => ({
    ...{ block, variant },
    partial: holed || (block === last && endsWithin(source, diagnostics)),
    listing,
  }));
  const failed =
    blocks.length === 0 && (prose.length > 0 || report.failed || /^\s*[-:[]\S/m.test(source.text));
  if (failed && typeof input.command === 'string') warnFailed(source, input.command, diagnostics);
  // A save that ends in an error may have left out the tables that were still to come.
  const stopped = failed || report.toolErrors.some((line) => line.includes('tables'));
  return {
    tables,
    all: input.all === true && !holed && !stopped,
    stopped,
    legacyBeside: legacyBeside === null ? null : { source, ...legacyBeside },
  };
}

/**
 * A save of at least two tables that ends as it should is of all tables: those that it leaves out are empty. So is one
 * of fewer under the command that prints all.
 */
function isFullSave({ tables, all, stopped }: Pick<ReadSource, 'tables' | 'all' | 'stopped'>): boolean {
  if (stopped) return false;
  const named = tables.filter(({ block }) => block.named);
  const whole = named.every(({ block, partial }) => block.committed && !partial);
  return whole && (all || new Set(named.map(({ block }) => block.table)).size >= 2);
}

interface Variants {
  readonly backend: RuleSet['backend'];
  /** The kernel runs tables of the other variant too: `shown` when there is a dump of them. */
  readonly beside: { readonly backend: 'legacy' | 'nft'; readonly shown: boolean } | null;
}

/** A table without rules may still drop. */
function decides(block: Block): boolean {
  const { chains } = block;
  if (chains instanceof NumberedChains && chains.ruleCount > 0) return true;
  return [...chains.values()].some(({ size, policy }) => size > 0 || policy === 'DROP');
}

/** Which variant of iptables the tables in use come from. Both at once are two rule sets in one kernel. */
function backendOf(used: readonly Block[], legacyBeside: Span | null, diagnostics: Diagnostics): Variants {
  const weight = { legacy: 0, nft: 0 };
  const seen = new Map<'legacy' | 'nft', Block>();
  for (const block of used) {
    if (block.backend === null) continue;
    weight[block.backend] += 1 + ruleCount(block);
    if (decides(block) && !seen.has(block.backend)) seen.set(block.backend, block);
  }
  const [legacy, nft] = [seen.get('legacy'), seen.get('nft')];
  if (legacy !== undefined && nft !== undefined) {
    const span = ({ source, from, to }: Block): { source: SourceText; start: number; end: number } => ({
      source,
      start: from,
      end: to,
    });
    diagnostics.warn('RULE_TWO_BACKENDS', span(legacy), {}, span(nft));
  }
  if (legacyBeside !== null && weight.legacy === 0) diagnostics.warn('RULE_LEGACY_TABLES', legacyBeside, {});
  // Only iptables-nft warns of the other variant's tables, also where it has none itself.
  if (weight.legacy === 0 && weight.nft === 0)
    return legacyBeside === null
      ? { backend: null, beside: null }
      : { backend: 'nft', beside: { backend: 'legacy', shown: false } };
  // Empty tables of the other variant, however many, are no reason to take the rules for its own.
  const [only] = seen.size === 1 ? seen.keys() : [];
  const backend = only ?? (weight.nft > weight.legacy ? 'nft' : 'legacy');
  const shown = seen.size === 2;
  const both = shown || (legacyBeside !== null && weight.legacy === 0);
  return { backend, beside: both ? { backend: backend === 'nft' ? 'legacy' : 'nft', shown } : null };
}

/** One rule set of the tables that dumps show, those of one variant. */
function assemble(
  sources: readonly Pick<ReadSource, 'tables' | 'all' | 'stopped'>[],
  variant: Pick<RuleSet, 'family' | 'backend'>,
  diagnostics: Diagnostics,
  grounds: Ground[],
): RuleSet {
  const { backend } = variant;
  const all = sources.flatMap(({ tables }) => tables);
  const tables = new Map<TableName, Table>();
  const cut = new Set<TableName>();
  for (const name of TABLES) {
    const merged = mergeTable(
      name,
      all.filter(({ block }) => block.table === name),
      diagnostics,
    );
    if (merged === null) continue;
    const tool = variant.family === 4 ? 'iptables' : 'ip6tables';
    for (const { used, other } of merged.differing)
      grounds.push(...groundFor(`${tool} -t ${name}`, used, other, variant.family));
    tables.set(name, merged.table);
    if (merged.cut) cut.add(name);
    if (!(merged.table.chains instanceof OutlinedChains)) checkTable(merged.table, backend, diagnostics);
  }
  const full = sources.some(isFullSave);
  const unknown = new Set(TABLES.filter((name) => cut.has(name) || (!full && !tables.has(name))));
  return { ...variant, tables, unknown };
}

/**
 * Reads all iptables dumps of one family. Never throws: what cannot be read, disagrees or is missing is in `diagnostics`.
 * Of several dumps of a table the most complete is used. `unknown` holds the tables that no dump shows, unless there is
 * a full save.
 * @param sources dumps of one family; those of another family than the first one's are left out
 * @param grounds takes what walks rest on where files disagree
 * @param partlyFrom how long a save is of which only those chains are read that are asked for
 * @throws NeedsWhole, only where a save is read in parts
 */
export function readIptables(
  sources: readonly IptablesSource[],
  diagnostics: Diagnostics,
  grounds: Ground[] = [],
  partlyFrom: number = Number.POSITIVE_INFINITY,
): RuleSet {
  const family = sources[0]?.family ?? 4;
  const reader = new RuleReader(family);
  const own = sources.filter((input) => input.family === family);
  // Several dumps are compared with each other, rule by rule.
  const least = own.length === 1 ? partlyFrom : Infinity;
  const read = own.map((input) => readSource(input, reader, least, diagnostics));
  const { backend, beside } = backendOf(
    read.flatMap(({ tables }) => tables.map(({ block }) => block)),
    read.map(({ legacyBeside }) => legacyBeside).find((span) => span !== null) ?? null,
    diagnostics,
  );
  const variantOf = (wanted: RuleSet['backend'], both: boolean): RuleSet => {
    const blocks = read.flatMap(({ tables }) => tables.map(({ block }) => block));
    const isShown = (table: Block['table']): boolean =>
      blocks.some((block) => block.table === table && block.backend === wanted);
    const isOwn = ({ block }: ShownTable): boolean => {
      if (block.backend === null) return wanted === backend;
      // A table of the other variant that decides nothing contradicts none of this one.
      return block.backend === wanted || (!both && (decides(block) || !isShown(block.table)));
    };
    const shownTables = read
      .map(({ tables, all, stopped }) => ({ tables: tables.filter(isOwn), all, stopped }))
      .filter(({ tables, all }) => tables.length > 0 || (all && !both));
    if (both) for (const { block } of shownTables.flatMap(({ tables }) => tables)) block.whose = wanted;
    return assemble(shownTables, { family, backend: wanted }, diagnostics, grounds);
  };
  const both = beside?.shown === true;
  const ruleSet = variantOf(backend, both);
  if (beside === null) return ruleSet;
  return beside.shown
    ? { ...ruleSet, other: variantOf(beside.backend, true) }
    : { ...ruleSet, beside: beside.backend };
}
