/** A rule of a dump. */
import type { Span } from '../../source/source.js';
import type { Counters, Header, Rule, RuleAction, RuleMatch } from '../model.js';
import type { TableName } from '../view.js';
import type { ChainDraft } from './chain-draft.js';
import type { RuleParts } from './rule-draft.js';

/** Its place is kept as offsets: there may be hundreds of thousands. */
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
