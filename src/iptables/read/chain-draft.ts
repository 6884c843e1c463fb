/** A chain of a dump: while it is read and merged, and then as it is walked. */
import type { ChainDigest, RuleKind, RuleText } from '../digest.js';
import type { Chain, Counters } from '../model.js';
import type { Span } from '../../source/source.js';
import type { TableName } from '../view.js';
import type { Address } from '../../address/address.js';
import type { Block } from './block.js';
import { exactAddress } from './exact-address.js';
import { DumpRule } from './dump-rule.js';
import { ANY_HEADER } from './rule-draft.js';
import type { Rows } from './rule-lines.js';

export function countersOf(
  text: { readonly packets: string; readonly bytes: string } | null,
): Counters | null {
  return text === null ? null : { packets: Number(text.packets), bytes: Number(text.bytes) };
}

/** A chain of so many rules is not read for one of them. */
const MANY = 64;

/**
 * Most chains are a stretch of plain rules, kept as rows of text; a chain that is anything else is a list of rows and
 * rules. The rules are made when they are first asked for.
 */
export class ChainDraft implements Chain, ChainDigest {
  readonly name: string;
  readonly block: Block;
  policy: 'ACCEPT' | 'DROP' | null;
  declared: boolean;
  counters: Counters | null;
  from: number;
  to: number;
  // Private as TypeScript has it: of a hundred thousand chains, fields with a hash cost more than the rest.
  private first: number;
  private count: number;
  private lines: Rows | null;
  private mixed: (number | DumpRule)[] | null;
  private made: readonly DumpRule[] | null;
  /** Rules of a long chain that were made by themselves. */
  private single: Map<number, DumpRule> | null;
  /** The same of a short one, which has room for all. */
  private few: (DumpRule | undefined)[] | null;

  constructor(block: Block, name: string, from: number, to: number) {
    this.block = block;
    this.name = name;
    this.policy = null;
    this.declared = false;
    this.counters = null;
    this.from = from;
    this.to = to;
    this.first = 0;
    this.count = 0;
    this.lines = null;
    this.mixed = null;
    this.made = null;
    this.single = null;
    this.few = null;
  }

  get table(): TableName {
    return this.block.table ?? 'filter';
  }

  get span(): Span {
    return { source: this.block.source, start: this.from, end: this.to };
  }

  get digest(): ChainDigest {
    return this;
  }

  get size(): number {
    return this.mixed?.length ?? this.count;
  }

  /** Adds a rule that was left as text, at the end. */
  addRow(lines: Rows, row: number): void {
    this.lines ??= lines;
    if (this.mixed !== null) this.mixed.push(row);
    else if (this.count === 0 || row === this.first + this.count) {
      if (this.count === 0) this.first = row;
      this.count += 1;
    } else this.#asList().push(row);
  }

  /** Takes `count` rows of `lines`, from `first` on, as all of its rules. */
  takeRows(lines: Rows, first: number, count: number): void {
    this.lines = lines;
    this.first = first;
    this.count = count;
  }

  /** The rules that somebody asked for so far. */
  get met(): readonly DumpRule[] {
    const few = this.few?.filter((rule) => rule !== undefined);
    return this.made ?? few ?? [...(this.single?.values() ?? [])];
  }

  /** Puts rules in at an index. */
  insert(rules: readonly DumpRule[], at: number): void {
    this.#asList().splice(at, 0, ...rules);
  }

  /** Adds rules at the end. */
  add(rules: readonly DumpRule[]): void {
    const list = this.#asList();
    for (const rule of rules) list.push(rule);
  }

  get rules(): readonly DumpRule[] {
    this.made ??= this.#read();
    return this.made;
  }

  /** The rule whose line holds an offset of the source; made by itself where the chain's rules are not made yet. */
  ruleAt(offset: number): DumpRule | null {
    const { lines, first, count } = this;
    if (this.made !== null || this.mixed !== null || lines === null || count < MANY)
      return this.rules.find(({ span }) => span.start <= offset && offset < span.end) ?? null;
    const row = lines.rowAt(offset);
    return row < first || row >= first + count ? null : (this.ruleOf(row - first) ?? null);
  }

  ruleOf(index: number): DumpRule | undefined {
    if (this.made !== null || this.mixed !== null) return this.rules[index];
    if (index >= this.count) return undefined;
    if (this.count < MANY) {
      if (this.lines?.readsSingly !== true) return this.rules[index];
      this.few ??= new Array<undefined>(this.count).fill(undefined);
      return (this.few[index] ??= this.#one(index));
    }
    this.single ??= new Map();
    let rule = this.single.get(index);
    if (rule === undefined) {
      if (this.single.size > MANY) return this.rules[index];
      rule = this.#one(index);
      if (rule !== undefined) this.single.set(index, rule);
    }
    return rule;
  }

  /** Makes a rule by itself. */
  #one(index: number): DumpRule | undefined {
    const [rule] = this.readStretch(this.first + index, 1);
    if (rule !== undefined) rule.number = index + 1;
    return rule;
  }

  targetIn(chains: ReadonlyMap<string, Chain>, index: number): number {
    const { block, lines, mixed } = this;
    return block.chains !== chains || mixed !== null || lines === null || index >= this.count
      ? -1
      : lines.targetNumber(this.first + index);
  }

  exactAddressOf(index: number, side: 'source' | 'destination'): Address | null {
    const { lines, mixed, name } = this;
    return mixed !== null || lines === null || index >= this.count
      ? null
      : exactAddress(lines.source.text, lines.start(this.first + index), name, side);
  }

  eachJump(tell: (chain: string, index: number) => void): void {
    for (let index = 0; index < this.size; index += 1) {
      const item = this.#item(index);
      if (typeof item === 'number') {
        const chain = this.lines?.target(item) ?? null;
        if (chain !== null) tell(chain, index);
      } else if (item.action.kind === 'chain') tell(item.action.chain, index);
    }
  }

  textOf(index: number): RuleText | null {
    const { lines } = this;
    const item = index < this.size ? this.#item(index) : null;
    if (lines === null || typeof item !== 'number') return null;
    return {
      text: lines.source.text.slice(lines.start(item), lines.end(item)),
      leadsTo: lines.target(item),
    };
  }

  kindAt(index: number): RuleKind | undefined {
    if (index >= this.size) return undefined;
    const item = this.#item(index);
    return typeof item === 'number' ? this.lines?.kindOf(item) : item;
  }

  someKind(fits: (kind: RuleKind) => boolean): boolean {
    let last = -1;
    for (let index = 0; index < this.size; index += 1) {
      const item = this.#item(index);
      if (typeof item !== 'number') {
        if (fits(item)) return true;
        continue;
      }
      const number = this.lines?.kind(item) ?? -1;
      if (number === last) continue;
      last = number;
      const kind = this.lines?.kindOf(item);
      if (kind !== undefined && fits(kind)) return true;
    }
    return false;
  }

  /** A rule, or the row of one that is still text. */
  #item(index: number): number | DumpRule {
    return this.made?.[index] ?? this.mixed?.[index] ?? this.first + index;
  }

  #asList(): (number | DumpRule)[] {
    this.mixed ??= Array.from({ length: this.count }, (_, at) => this.first + at);
    return this.mixed;
  }

  #read(): DumpRule[] {
    const rules = this.mixed === null ? this.readStretch(this.first, this.count) : this.#readMixed();
    for (const [at, rule] of rules.entries()) rule.number = at + 1;
    // What was made before stays the rule that it is.
    for (const [index, rule] of this.single ?? []) rules[index] = rule;
    for (const [index, rule] of this.few?.entries() ?? []) if (rule !== undefined) rules[index] = rule;
    return rules;
  }

  private readStretch(first: number, count: number): DumpRule[] {
    const lines = this.lines;
    if (lines === null || count === 0) return [];
    return lines.read(first, count).map(({ parts, counters: counted }, at) => {
      const header = parts.headers[0] ?? ANY_HEADER;
      const counters = parts.counters ?? countersOf(counted);
      const row = first + at;
      return new DumpRule(this, header, parts, counters, lines.start(row), lines.end(row));
    });
  }

  /** Rows that stand together are read together. */
  #readMixed(): DumpRule[] {
    const items = this.mixed ?? [];
    const rules: DumpRule[] = [];
    for (let at = 0; at < items.length;) {
      const item = items[at];
      if (typeof item !== 'number') {
        if (item !== undefined) rules.push(item);
        at += 1;
        continue;
      }
      let count = 1;
      while (items[at + count] === item + count) count += 1;
      rules.push(...this.readStretch(item, count));
      at += count;
    }
    return rules;
  }
}
