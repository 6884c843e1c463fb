/** Reads the text of one iptables dump into blocks: one for each `*table`, or for a list of rules without one. */
import { parse } from '../../generated/iptables.js';
import type { SourceText } from '../../source/source.js';
import { BUILTIN_CHAINS, type Counters, TABLES } from '../model.js';
import type { TableName } from '../view.js';
import type { Block } from './block.js';
import { ChainDraft, countersOf } from './chain-draft.js';
import { DumpRule } from './dump-rule.js';
import type { Findings } from './findings.js';
import { type Backend, variantOf } from './heading.js';
import { type Problem, shown } from './problem.js';
import { type RuleParts, torn } from './rule-draft.js';
import { RuleLines } from './rule-lines.js';
import type { RuleReader } from './rule-reader.js';
import { Words, decodeWord } from './words.js';

interface CounterText {
  readonly packets: string;
  readonly bytes: string;
}

/** How many lines of each kind a dump has; together they are all its lines. */
export interface LineCount {
  rules: number;
  /** Rules that could not be taken apart. */
  torn: number;
  /** Tables, chains, policies, COMMIT, comments, empty lines. */
  other: number;
  /** Lines that belong to no dump. */
  foreign: number;
}

/** The grammar's builder (grammar/iptables.peggy): told of words, then of the line that they are in. */
export class DumpBuilder {
  readonly blocks: Block[] = [];
  /** iptables-nft saw tables of iptables-legacy, which its dump does not show. */
  legacyBeside: { readonly start: number; readonly end: number } | null = null;
  readonly lines: LineCount = { rules: 0, torn: 0, other: 0, foreign: 0 };
  readonly #source: SourceText;
  readonly #reader: RuleReader;
  readonly #findings: Findings;
  readonly #foreign: (start: number, end: number) => void;
  readonly #words: Words;
  readonly #lines: RuleLines;
  #block: Block | null = null;
  /** In a block of a table that does not exist: its lines are left out. */
  #skipping = false;
  #backend: Backend = null;
  #chain: ChainDraft | null = null;
  readonly #isChain = (name: string): boolean => this.#block?.chains.get(name)?.declared === true;

  constructor(
    source: SourceText,
    reader: RuleReader,
    findings: Findings,
    foreign: (start: number, end: number) => void,
  ) {
    this.#source = source;
    this.#reader = reader;
    this.#findings = findings;
    this.#foreign = foreign;
    this.#words = new Words(source.text);
    this.#lines = new RuleLines(source, reader);
  }

  word(start: number, end: number): void {
    this.#words.add(start, end);
  }

  /** The words so far belong to a line that is now read in another way. */
  again(): void {
    this.#words.count = 0;
  }

  name(start: number, end: number): string {
    return decodeWord(this.#source.text.slice(start, end));
  }

  rule(verb: 'append' | 'insert', counters: CounterText | null, start: number, end: number): void {
    this.lines.rules += 1;
    const words = this.#words;
    if (!this.#skipping) {
      const chain = this.#chainOfRule(words, 0, start);
      let first = 1;
      let at = chain.size;
      if (verb === 'insert') {
        const number =
          words.count > 1 && /^[1-9][0-9]{0,6}$/.test(words.value(1)) ? Number(words.value(1)) : null;
        if (number !== null) first = 2;
        at = Math.min(chain.size, (number ?? 1) - 1);
      }
      const parts = this.#reader.read(words, first, this.#isChain);
      if (verb === 'append' && RuleLines.isPlain(parts)) {
        chain.addRow(this.#lines, this.#lines.add(parts, start, end));
        chain.block.to = end;
      } else this.#add(chain, parts, parts.counters ?? countersOf(counters), at, verb, start, end);
    }
    words.count = 0;
  }

  tornRule(
    verb: 'append' | 'insert',
    counters: CounterText | null,
    start: number,
    rest: number,
    end: number,
  ): void {
    this.lines.torn += 1;
    if (!this.#skipping) {
      const chain = this.#chainOfRule(this.#words, 0, start);
      const at = verb === 'append' ? chain.size : 0;
      this.#add(
        chain,
        torn(this.#source.text.slice(rest, end).trim(), start, end),
        countersOf(counters),
        at,
        verb,
        start,
        end,
      );
    }
    this.#words.count = 0;
  }

  chain(start: number, name: string, policy: string, counters: CounterText | null): void {
    this.#declare(start, start + name.length + 1, name, policy, countersOf(counters));
  }

  policy(start: number, name: string, policy: string, counters: CounterText | null): void {
    // A list that names a policy again is the list of another table.
    if (this.#block?.named === false && this.#block.chains.get(name)?.declared === true) this.#close();
    this.#declare(start, start + name.length + 3, name, policy, countersOf(counters));
  }

  newChain(start: number, name: string): void {
    this.#declare(start, start + name.length + 3, name, '-', null);
  }

  table(start: number, name: string): void {
    this.lines.other += 1;
    this.#close();
    const table = TABLES.find((one) => one === name) ?? null;
    this.#skipping = table === null;
    if (table === null)
      this.#findings.report('error', 'RULE_UNKNOWN_TABLE', start, start + name.length + 1, {
        name: shown(name),
      });
    else this.#open(table, start, start + name.length + 1);
  }

  commit(start: number): void {
    this.lines.other += 1;
    if (this.#block !== null) {
      this.#block.committed = true;
      this.#block.to = start + 6;
    }
    this.#close();
    this.#skipping = false;
  }

  comment(start: number, end: number): void {
    this.lines.other += 1;
    const text = this.#source.text.slice(start, Math.min(end, start + 200));
    const variant = variantOf(text);
    if (variant !== null) {
      this.#close();
      this.#skipping = false;
      this.#backend = variant;
    } else if (/^# Warning: ip6?tables-legacy tables present/.test(text)) {
      this.#backend ??= 'nft';
      this.legacyBeside ??= { start, end };
    }
  }

  blank(): void {
    this.lines.other += 1;
  }

  foreign(start: number, end: number): void {
    this.lines.foreign += 1;
    // A login shell names itself with a dash before its errors.
    if (
      /^\s*(?:--?(?!\w{0,4}sh: )[A-Za-z]|:\S|\*[a-z]|\[\d)/.test(this.#source.text.slice(start, start + 100))
    )
      this.#findings.report('error', 'RULE_LINE', start, end);
    else this.#foreign(start, end);
  }

  finish(): readonly Block[] {
    this.#close();
    return this.blocks;
  }

  #open(table: TableName | null, from: number, to: number): Block {
    const block: Block = {
      source: this.#source,
      table,
      named: table !== null,
      committed: false,
      backend: this.#backend,
      whose: null,
      chains: new Map(),
      from,
      to,
    };
    this.blocks.push(block);
    this.#block = block;
    this.#chain = null;
    return block;
  }

  #close(): void {
    const block = this.#block;
    if (block?.named === true && !block.committed)
      this.#findings.report('warning', 'RULE_NO_COMMIT', block.from, block.to, { table: block.table ?? '' });
    this.#block = null;
    this.#chain = null;
  }

  /** The chain of the rule whose name is the word at `index`. Rules of a chain stand together, so the last one is tried first. */
  #chainOfRule(words: Words, index: number, from: number): ChainDraft {
    const last = this.#chain;
    const start = words.start(index);
    const end = words.end(index);
    if (last !== null && end - start === last.name.length && words.text.startsWith(last.name, start))
      return last;
    const block = this.#block ?? this.#open(null, from, end);
    const name = words.value(index);
    const known = block.chains.get(name);
    if (
      known === undefined &&
      block.named &&
      !BUILTIN_CHAINS[block.table ?? 'filter'].some((hook) => hook === name)
    )
      this.#findings.report('error', 'RULE_UNDECLARED', start, end, {
        chain: shown(name),
        table: block.table ?? '',
      });
    this.#chain = known ?? newChain(block, name, from, end);
    return this.#chain;
  }

  #add(
    chain: ChainDraft,
    parts: RuleParts,
    counters: Counters | null,
    at: number,
    verb: 'append' | 'insert',
    start: number,
    end: number,
  ): void {
    for (const problem of parts.problems) this.#problem(problem, start, end);
    const rules = parts.headers.map((header) => new DumpRule(chain, header, parts, counters, start, end));
    if (verb === 'append') chain.add(rules);
    // A comma list is inserted address by address, each before the other.
    else chain.insert(rules.reverse(), at);
    chain.block.to = end;
  }

  /** A problem never points outside the rule's own line. */
  #problem(problem: Problem, start: number, end: number): void {
    const from = Math.max(start, Math.min(problem.from, end));
    this.#findings.add({ ...problem, from, to: Math.max(from, Math.min(problem.to, end)) });
  }

  #declare(from: number, to: number, name: string, word: string, counters: Counters | null): void {
    this.lines.other += 1;
    if (this.#skipping) return;
    const block = this.#block ?? this.#open(null, from, to);
    const policy = word === 'ACCEPT' || word === 'DROP' ? word : null;
    if (policy === null && word !== '-')
      this.#findings.report('error', 'RULE_POLICY', from, to, { chain: shown(name), policy: shown(word) });
    const known = block.chains.get(name);
    if (known?.declared === true) {
      const params = { chain: shown(name), table: block.table ?? '' };
      this.#findings.add(
        { code: 'RULE_CHAIN_TWICE', severity: 'warning', params, from, to },
        { from: known.from, to: known.to },
      );
    }
    const chain = known ?? newChain(block, name, from, to);
    chain.declared = true;
    chain.policy = policy ?? chain.policy;
    chain.counters = counters ?? chain.counters;
    block.to = to;
  }
}

function newChain(block: Block, name: string, from: number, to: number): ChainDraft {
  const chain = new ChainDraft(block, name, from, to);
  block.chains.set(name, chain);
  return chain;
}

/** Reads a dump. Never throws; what cannot be read is in `findings`, and lines that belong to no dump go to `foreign`. */
export function readDump(
  source: SourceText,
  reader: RuleReader,
  findings: Findings,
  foreign: (start: number, end: number) => void,
): { readonly blocks: readonly Block[] } & Pick<DumpBuilder, 'lines' | 'legacyBeside'> {
  const builder = new DumpBuilder(source, reader, findings, foreign);
  parse(source.text, { startRule: 'Dump', builder });
  return { blocks: builder.finish(), lines: builder.lines, legacyBeside: builder.legacyBeside };
}
