/** Reads the text of one iptables dump into blocks: one for each `*table`, or for a list of rules without one. */
import { parse } from '../../generated/iptables.js';
import type { SourceText, Span } from '../../source/source.js';
import {
  BUILTIN_CHAINS,
  type Counters,
  type Header,
  type Rule,
  type RuleAction,
  type RuleMatch,
  TABLES,
} from '../model.js';
import type { TableName } from '../view.js';
import type { Findings } from './findings.js';
import { type Backend, variantOf } from './heading.js';
import { type Problem, shown } from './problem.js';
import { type RuleParts, torn } from './rule-draft.js';
import type { RuleReader } from './rule-reader.js';
import { Words, decodeWord } from './words.js';

/** A chain of a block, while it is read and merged. */
export interface ChainDraft {
  readonly name: string;
  readonly block: Block;
  policy: 'ACCEPT' | 'DROP' | null;
  declared: boolean;
  counters: Counters | null;
  rules: DumpRule[];
  from: number;
  to: number;
}

/** A table as one dump shows it. */
export interface Block {
  readonly source: SourceText;
  /** Null until it has been found out: `iptables -S` does not name its table. */
  table: TableName | null;
  /** Began with `*table`. */
  readonly named: boolean;
  /** Ended with COMMIT. */
  committed: boolean;
  readonly backend: Backend;
  /** The variant, if the kernel runs tables of both. */
  whose: Backend;
  readonly chains: Map<string, ChainDraft>;
  readonly from: number;
  to: number;
}

/** A rule of a dump. Its place is kept as offsets: there may be hundreds of thousands. */
export class DumpRule implements Rule {
  number = 0;
  readonly place: ChainDraft;
  readonly header: Header;
  readonly matches: readonly RuleMatch[];
  /** Settled when the whole table is known: a name after `-j` may be a chain or not. */
  action: RuleAction;
  readonly counters: Counters | null;
  readonly #start: number;
  readonly #end: number;

  constructor(
    place: ChainDraft,
    header: Header,
    parts: RuleParts,
    counters: Counters | null,
    start: number,
    end: number,
  ) {
    this.place = place;
    this.header = header;
    this.matches = parts.matches;
    this.action = parts.action;
    this.counters = counters;
    this.#start = start;
    this.#end = end;
  }

  get table(): TableName {
    return this.place.block.table ?? 'filter';
  }

  get backend(): 'legacy' | 'nft' | undefined {
    return this.place.block.whose ?? undefined;
  }

  get chain(): string {
    return this.place.name;
  }

  get span(): Span {
    return { source: this.place.block.source, start: this.#start, end: this.#end };
  }
}

interface CounterText {
  readonly packets: string;
  readonly bytes: string;
}

function countersOf(text: CounterText | null): Counters | null {
  return text === null ? null : { packets: Number(text.packets), bytes: Number(text.bytes) };
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
      let at = chain.rules.length;
      if (verb === 'insert') {
        const number =
          words.count > 1 && /^[1-9][0-9]{0,6}$/.test(words.value(1)) ? Number(words.value(1)) : null;
        if (number !== null) first = 2;
        at = Math.min(chain.rules.length, (number ?? 1) - 1);
      }
      const parts = this.#reader.read(words, first, this.#isChain);
      this.#add(chain, parts, parts.counters ?? countersOf(counters), at, verb, start, end);
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
      const at = verb === 'append' ? chain.rules.length : 0;
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
    for (const { chains } of this.blocks) {
      for (const chain of chains.values()) {
        chain.rules = chain.rules.slice();
        for (const [at, rule] of chain.rules.entries()) rule.number = at + 1;
      }
    }
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
    for (const header of parts.headers) {
      const rule = new DumpRule(chain, header, parts, counters, start, end);
      if (verb === 'append') chain.rules.push(rule);
      // A comma list is inserted address by address, each before the other.
      else chain.rules.splice(at, 0, rule);
    }
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
  const chain: ChainDraft = {
    name,
    block,
    policy: null,
    declared: false,
    counters: null,
    rules: [],
    from,
    to,
  };
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
