/** Reads `iptables -L` into blocks, as `iptables -S` is read: one for each table whose chains stand together. */
import type { Family } from '../../address/address.js';
import { parse } from '../../generated/iptables-list.js';
import type { Block } from '../../iptables/read/block.js';
import { ChainDraft } from '../../iptables/read/chain-draft.js';
import { DumpRule } from '../../iptables/read/dump-rule.js';
import { LISTED } from '../../iptables/listed.js';
import type { Findings } from '../../iptables/read/findings.js';
import type { Backend } from '../../iptables/read/heading.js';
import { shown } from '../../iptables/read/problem.js';
import { type RuleParts, torn } from '../../iptables/read/rule-draft.js';
import type { RuleReader } from '../../iptables/read/rule-reader.js';
import { parseProtocol } from '../../iptables/read/selectors.js';
import { Words } from '../../iptables/read/words.js';
import type { Counters } from '../../iptables/model.js';
import type { SourceText } from '../../source/source.js';
import { type Columns, type RuleWords, asLine, ruleWords } from './words.js';

interface CounterText {
  readonly packets: string;
  readonly bytes: string;
}

/** A rule's line, kept until all chains of its table are known: a target column may name a chain or an extension. */
interface Line {
  readonly chain: ChainDraft;
  readonly start: number;
  end: number;
  /** Null: the line cannot be read. */
  columns: Columns | null;
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ['K', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['P', 1e15],
]);

/** `12`, `34K`: above 99999, a listing without -x rounds. */
function count(text: string): number {
  const unit = UNITS.get(text.slice(-1));
  return unit === undefined ? Number(text) : Number(text.slice(0, -1)) * unit;
}

const countersOf = ({ packets, bytes }: CounterText): Counters => ({
  packets: count(packets),
  bytes: count(bytes),
});

/** Longer lines are not put together with the one after them. */
const LONGEST_BROKEN = 4000;

/** Does a line look like a rule's, though it cannot be read as one? */
const LOOKS_LIKE_A_RULE =
  /^\s*(?:\d+\s+){0,3}\S*\s+!?\w\S*\s+(?:--|-f|!f)\s|^\s*(?:\d+\s+)?\d+[KMGTP]?\s+\d+[KMGTP]?\s/;

/** What the grammar of listings (grammar/iptables-list.peggy) tells of each line. */
class ListingBuilder {
  readonly blocks: Block[] = [];
  /** Where iptables-nft says that it saw tables of iptables-legacy. */
  legacyBeside: { readonly start: number; readonly end: number } | null = null;
  readonly #source: SourceText;
  readonly #reader: RuleReader;
  readonly #findings: Findings;
  readonly #foreign: (start: number, end: number) => void;
  readonly #family: Family;
  #lines: Line[] = [];
  #block: Block | null = null;
  #chain: ChainDraft | null = null;
  /** The rule of the line before: the next one may be its rest. */
  #last: Line | null = null;
  /** Which columns there are; null as long as no line told. */
  #numbered: boolean | null = null;
  #verbose: boolean | null = null;
  #backend: Backend = null;

  constructor(
    source: SourceText,
    reader: RuleReader,
    findings: Findings,
    foreign: (start: number, end: number) => void,
  ) {
    this.#source = source;
    this.#reader = reader;
    this.#family = reader.family;
    this.#findings = findings;
    this.#foreign = foreign;
  }

  mayNumber(): boolean {
    return this.#numbered !== false;
  }

  mustNumber(): boolean {
    return this.#numbered === true;
  }

  mayCount(): boolean {
    return this.#verbose !== false;
  }

  mayHide(): boolean {
    return this.#verbose !== true;
  }

  isProtocol(word: string): boolean {
    const name = word.startsWith('!') ? word.slice(1) : word;
    return typeof parseProtocol(name) === 'number';
  }

  /** Where no column tells a rule from a sentence, its addresses must. */
  areAddresses(source: string, destination: string): boolean {
    const isAddress = (word: string): boolean =>
      /^!?(?:anywhere|localhost|ip6-[a-z]+|[^\s,;]*[:.][^\s,;]*[^\s,;.:]|[0-9a-f:]*::)(?:\/\d{1,3})?$/i.test(
        word,
      );
    return isAddress(source) && isAddress(destination);
  }

  chain(
    start: number,
    end: number,
    name: string,
    about: { readonly policy: string | null; readonly counters: CounterText | null },
  ): void {
    this.#last = null;
    // A chain that comes again is that of another table, or of the same one a second time.
    if (this.#block?.chains.get(name)?.declared === true) this.#close();
    const block = this.#block ?? this.#open(start, end);
    const policy = about.policy === 'ACCEPT' || about.policy === 'DROP' ? about.policy : null;
    if (policy === null && about.policy !== null && about.policy !== '-')
      this.#findings.report('error', 'RULE_POLICY', start, end, {
        chain: shown(name),
        policy: shown(about.policy),
      });
    const counters = about.counters === null ? null : countersOf(about.counters);
    const chain = new ChainDraft(block, name, start, end);
    chain.policy = policy;
    chain.declared = true;
    chain.counters = counters;
    block.chains.set(name, chain);
    block.to = end;
    this.#chain = chain;
    this.#numbered = null;
    this.#verbose = null;
  }

  columns(numbered: boolean, verbose: boolean, devices: boolean): void {
    this.#last = null;
    this.#numbered = numbered;
    this.#verbose = verbose && devices;
  }

  rule(start: number, end: number, columns: Columns): void {
    this.#add(start, end, columns);
  }

  comment(start: number, end: number): void {
    const text = this.#source.text.slice(start, Math.min(end, start + 200));
    if (/^# Warning: ip6?tables-legacy tables present/.test(text)) {
      this.#findings.report('warning', 'RULE_LEGACY_TABLES', start, end);
      this.legacyBeside = { start, end };
      this.#backend = 'nft';
    }
  }

  blank(): void {
    this.#last = null;
  }

  foreign(start: number, end: number): void {
    if (this.#last !== null && this.#joined(this.#last, start, end)) return;
    this.#last = null;
    const line = this.#source.text.slice(start, Math.min(end, start + 400));
    if (!LOOKS_LIKE_A_RULE.test(line)) {
      this.#foreign(start, end);
      return;
    }
    this.#findings.report('error', 'RULE_LISTING_LINE', start, end);
    this.#add(start, end, null);
  }

  finish(): readonly Block[] {
    this.#close();
    return this.blocks;
  }

  #add(start: number, end: number, columns: Columns | null): void {
    const chain = this.#chain;
    if (chain === null) {
      this.#findings.report('error', 'RULE_LISTING_NO_CHAIN', start, end);
      return;
    }
    const line: Line = { chain, start, end, columns };
    this.#lines.push(line);
    this.#last = line;
    chain.block.to = end;
  }

  /** Is this the rest of the line before, broken by the width of a page? Only if both together say more. */
  #joined(last: Line, start: number, end: number): boolean {
    const { columns } = last;
    const rest = this.#source.text.slice(start, end).trim();
    if (columns === null || rest.length + columns.extra.length > LONGEST_BROKEN) return false;
    for (const between of ['', ' ']) {
      const whole = { ...columns, extra: `${columns.extra}${between}${rest}` };
      const { obscure, unread, parts } = this.#parts(whole, last.chain.block);
      if (unread !== '' || obscure.length > 0 || parts.problems.length > 0) continue;
      last.columns = whole;
      last.end = end;
      this.#findings.report('warning', 'RULE_LISTING_BROKEN', start, end);
      return true;
    }
    return false;
  }

  #parts(columns: Columns, block: Block): RuleWords & { readonly parts: RuleParts } {
    const isChain = (name: string): boolean => block.chains.has(name);
    const read = ruleWords(columns, this.#family, isChain);
    const text = asLine(read.words);
    const words = new Words(text);
    for (const { index, 0: word } of text.matchAll(/"(?:[^"\\]|\\.)*"|[^ ]+/g))
      words.add(index, index + word.length);
    const parts = this.#reader.read(words, 0, isChain);
    // What was left open on purpose is told in words of its own.
    const open = (code: string, name: unknown): boolean =>
      name === LISTED || (text.includes(' --listed ') && code.startsWith('RULE_OPTION'));
    return {
      ...read,
      parts: { ...parts, problems: parts.problems.filter((one) => !open(one.code, one.params['name'])) },
    };
  }

  #open(from: number, to: number): Block {
    const block: Block = {
      source: this.#source,
      table: null,
      named: false,
      committed: false,
      backend: this.#backend,
      whose: null,
      chains: new Map(),
      from,
      to,
    };
    this.blocks.push(block);
    this.#block = block;
    return block;
  }

  /** Reads the rules of a block, now that all its chains are known. */
  #close(): void {
    for (const line of this.#lines) this.#read(line);
    this.#lines = [];
    this.#block = null;
    this.#chain = null;
    this.#last = null;
  }

  #read({ chain, start, end, columns }: Line): void {
    if (columns === null) {
      const text = this.#source.text.slice(start, end).trim().replace(/\s+/g, ' ');
      this.#rule(chain, torn(asLine(['-m', LISTED, '--line', text]), start, end), null, start, end);
      return;
    }
    const { obscure, unread, parts } = this.#parts(columns, chain.block);
    for (const problem of parts.problems) this.#findings.add({ ...problem, from: start, to: end });
    for (const part of obscure)
      this.#findings.report('warning', 'RULE_LISTING_HIDES', start, end, { text: shown(part) });
    if (unread !== '')
      this.#findings.report('warning', 'RULE_LISTING_TEXT', start, end, { text: shown(unread) });
    const counters =
      columns.packets === null || columns.bytes === null
        ? null
        : countersOf({ packets: columns.packets, bytes: columns.bytes });
    if (columns.input === null)
      this.#findings.report('warning', 'RULE_LISTING_INTERFACES', chain.from, chain.to);
    this.#rule(chain, parts, counters, start, end);
  }

  #rule(chain: ChainDraft, parts: RuleParts, counters: Counters | null, start: number, end: number): void {
    chain.add(parts.headers.map((header) => new DumpRule(chain, header, parts, counters, start, end)));
  }
}

/**
 * Reads a listing. Never throws; what cannot be read is in `findings`, and lines that belong to no listing go to
 * `foreign`. A rule that the listing does not determine has a match `-m listing` that says what stands there.
 */
export function readListing(
  source: SourceText,
  reader: RuleReader,
  findings: Findings,
  foreign: (start: number, end: number) => void,
): { readonly blocks: readonly Block[]; readonly legacyBeside: ListingBuilder['legacyBeside'] } {
  const builder = new ListingBuilder(source, reader, findings, foreign);
  parse(source.text, { builder });
  return { blocks: builder.finish(), legacyBeside: builder.legacyBeside };
}
