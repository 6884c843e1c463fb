/** `nft list ruleset` (plain, -a, -n, -s), `nft list table …`, and pasted `nft -f` files -> the model. */
import { parse } from '../../generated/nft.js';
import type { NftFamily, NftRuleset } from '../model.js';
import { withoutData } from './classes.js';
import {
  type ChainDraft,
  type SetDraft,
  type TableDraft,
  baseChain,
  inOrder,
  looksManaged,
} from './drafts.js';
import { type NftFindings, brief } from './findings.js';
import { hasInline, inlineName, inlineOf, newChain, withInline } from './inline.js';
import { MAKE } from './make.js';
import { readElements, readExpression, readRule } from './rule.js';
import { UnknownTables } from './unknown-tables.js';
import { Variables } from './variables.js';

function wordsOf(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** Does somebody say with it that lines were left out? */
function isEllipsis(text: string): boolean {
  return /^\s{0,9}(?:\.{2,9}|…)\s{0,9}$/u.test(text);
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/gu, ' ');
}

/** Takes the events of the grammar's Listing, in the order of the text. */
class Builder {
  /** A block does not end: nft prints chains behind sets, and what follows may be lost. */
  torn = false;
  readonly tables = new Map<string, TableDraft>();
  readonly unknown: UnknownTables;
  readonly #text: string;
  readonly #findings: NftFindings;
  readonly #variables = new Variables();
  readonly #managed = new Set<string>();
  #table: TableDraft | null = null;
  /** The one that ended last. */
  #last: TableDraft | null = null;
  #chain: ChainDraft | null = null;
  /** Of a chain within a rule: the rule's own, and where both begin. */
  #outer: { readonly chain: ChainDraft; readonly start: number; readonly name: number } | null = null;
  #set: SetDraft | null = null;

  constructor(text: string, findings: NftFindings) {
    this.#text = text;
    this.#findings = findings;
    this.unknown = new UnknownTables(findings);
  }

  managed(family: NftFamily, name: string): void {
    this.#managed.add(`${family} ${name}`);
  }

  define(name: string, start: number, end: number): void {
    this.#variables.define(name, this.#text.slice(start, end));
  }

  other(start: number, end: number): void {
    if (this.unknown.takes(this.#text, start)) return;
    // A brace too many: where it belongs, something may be lost.
    if (this.#last !== null && this.#text.slice(start, end).trim() === '}') this.torn = true;
    this.#findings.other(start, end);
  }

  /** A line within a table that is no part of it. */
  lost(start: number, end: number): void {
    this.torn = true;
    this.#findings.other(start, end);
  }

  /** A block begins that is of no table: the one that ended too early goes on. */
  reopen(at: number): boolean {
    if (this.#last === null || this.unknown.takes(this.#text, at)) return false;
    this.torn = true;
    this.#table = this.#last;
    const { end } = this.#last.span;
    this.#findings.other(end, end + 1);
    return true;
  }

  /** A block of a kind that is not known: whatever it may do, rules name it. */
  unknownBlock(start: number, head: string, from: number, to: number): void {
    const words = wordsOf(oneLine(head), ' ');
    const name = words.length > 1 ? (words.pop() ?? '') : '';
    this.object(start, words.join(' '), name, from, to);
    this.torn = true;
    this.#findings.error('READ_NFT_STATEMENT', start, from, { text: brief(this.#text.slice(start, to)) });
  }

  table(start: number, family: NftFamily, name: string, handle: number | null): void {
    const key = `${family} ${name}`;
    // A table may be listed in several pieces.
    this.#table = this.tables.get(key) ?? {
      family,
      name,
      flags: [],
      comment: null,
      handle,
      managed: false,
      chains: new Map(),
      sets: new Map(),
      objects: [],
      span: this.#findings.span(start, start),
    };
    this.#table.managed ||= this.#managed.has(key);
    this.tables.set(key, this.#table);
  }

  endTable(end: number, cut: boolean): void {
    if (this.#table === null) return;
    const { span, chains } = this.#table;
    this.#last = this.#table;
    // JSON has chains before the rules that hold others.
    for (const chain of [...chains.values()])
      if (chain.inline === true) {
        chains.delete(chain.name);
        chains.set(chain.name, chain);
      }
    this.#table.span = span.start > end ? span : { ...span, end };
    if (cut && end === this.#text.length) this.#cut(end);
    else if (cut) this.#open(end, 'table', this.#table.name);
    this.#table = null;
  }

  comment(text: string): void {
    if (this.#chain !== null) this.#chain.comment = text;
    else if (this.#table !== null) this.#table.comment = text;
  }

  flags(text: string): void {
    if (this.#table !== null) this.#table.flags = wordsOf(text, ',');
  }

  chain(start: number, name: string, handle: number | null): void {
    const span = this.#findings.span(start, start);
    this.#chain = this.#table?.chains.get(name) ?? newChain(name, handle, span);
    this.#table?.chains.set(name, this.#chain);
  }

  endChain(end: number, cut: boolean): void {
    if (this.#chain === null) return;
    this.#chain.span = { ...this.#chain.span, end };
    this.#chain.cut ||= cut;
    if (cut && end !== this.#text.length) this.#open(end, 'chain', this.#chain.name);
    this.#chain = null;
  }

  base(
    start: number,
    end: number,
    type: string,
    hook: string,
    devices: readonly string[],
    priority: string,
  ): void {
    if (this.#chain === null || this.#table === null) return;
    const words = { type, hook, devices, priority: this.#variables.expand(priority) };
    this.#chain.base = baseChain(this.#table.family, words);
    if (this.#chain.base === null) this.#unknownBase(this.#chain, start, end);
    else this.#chain.policy ??= 'accept';
  }

  policy(verdict: 'accept' | 'drop'): void {
    if (this.#chain !== null) this.#chain.policy = verdict;
  }

  /** A chain begins at `name` within the rule that begins at `start`. */
  inline(start: number, name: number, from: number): void {
    const [chain, table] = [this.#chain, this.#table];
    if (chain === null || table === null) return;
    const own = newChain(inlineName(table.chains, this.#text), null, this.#findings.span(name, from));
    this.#chain = { ...own, inline: true };
    this.#outer = { chain, start, name };
  }

  /** It ends before `to`; the rest of its rule is from `from` to `end`, which are the same where its end is missing. */
  endInline(to: number, from: number, end: number, handle: number | null): void {
    const [chain, table, outer] = [this.#chain, this.#table, this.#outer];
    if (chain === null || table === null || outer === null) return;
    chain.cut ||= to === from;
    chain.span = { ...chain.span, end: from };
    table.chains.set(chain.name, chain);
    this.#chain = outer.chain;
    this.#outer = null;
    const before = this.#text.slice(outer.start, outer.name);
    this.#add(outer.start, end, `${before}${chain.name}${this.#text.slice(from, end)}`, handle, {
      chain,
      block: oneLine(this.#text.slice(outer.name, from)),
    });
  }

  rule(start: number, last: number, handle: number | null): void {
    this.#add(start, last, this.#text.slice(start, last), handle, null);
  }

  /** @param inner the chain that stands within the rule, which is named in what is `written` */
  #add(
    start: number,
    last: number,
    written: string,
    handle: number | null,
    inner: { readonly chain: ChainDraft; readonly block: string } | null,
  ): void {
    const [chain, table] = [this.#chain, this.#table];
    if (chain === null || table === null) return;
    const handled =
      handle === null ? /#[ \t]{0,9}handle[ \t]{1,9}(\d{1,15})[ \t]{0,9}$/u.exec(written) : null;
    const body = (handled === null ? written : written.slice(0, handled.index)).trimEnd();
    const end = inner === null ? start + body.length : last;
    if (/^type\s+\w+\s+hook\s/u.test(body)) {
      this.#unknownBase(chain, start, end);
      return;
    }
    if (isEllipsis(body)) {
      this.#findings.other(start, end);
      chain.cut = true;
      return;
    }
    const { statements, comment, unread } = readRule(this.#variables.expand(body));
    if (unread !== null) {
      const from = body.includes('$') || inner !== null ? start : Math.min(start + unread.start, end);
      this.#findings.error('READ_NFT_STATEMENT', from, end, { text: brief(this.#text.slice(from, end)) });
    }
    const whole = inner === null ? statements : withInline(statements, inner.chain, inner.block);
    if (inner !== null && !whole.some((one) => inlineOf(one) !== null)) table.chains.delete(inner.chain.name);
    // A rule that ends with the text may have gone on.
    const torn = unread === null && inner === null && last === this.#text.length;
    chain.rules.push({
      family: table.family,
      table: table.name,
      chain: chain.name,
      number: chain.rules.length + 1,
      handle: handled === null ? handle : Number(handled[1]),
      statements: torn ? [...whole, { kind: 'opaque', text: '…' }] : whole,
      comment,
      span: this.#findings.span(start, end),
    });
  }

  set(start: number, kind: string, name: string, handle: number | null): void {
    this.#set = {
      name,
      type: [],
      typeOf: null,
      gives: kind === 'map' ? [] : null,
      givesTypeOf: null,
      flags: [],
      properties: [],
      elements: [],
      partial: false,
      handle,
      span: this.#findings.span(start, start),
    };
    this.#table?.sets.set(name, this.#set);
  }

  property(start: number, end: number): void {
    const set = this.#set;
    if (set === null) return;
    const text = this.#variables.expand(this.#text.slice(start, end)).trim();
    const word = /^[a-z-]+/u.exec(text)?.[0] ?? '';
    const rest = text.slice(word.length).trim();
    if (word === 'type') {
      const [keys = '', data = ''] = rest.split(':');
      set.type = wordsOf(keys, '.');
      if (rest.includes(':')) set.gives = wordsOf(data, '.');
    } else if (word === 'typeof') this.#typeOf(set, rest, start, end);
    else if (word === 'flags') set.flags = wordsOf(rest, ',');
    else if (word !== '') set.properties.push(text.replace(/\s+#.*$/u, ''));
  }

  elements(start: number, end: number, cut: boolean): void {
    const set = this.#set;
    if (set === null) return;
    const written = this.#text.slice(start, end);
    const { elements, unread } = readElements(this.#variables.expand(written));
    const isSet = set.gives === null && set.givesTypeOf === null;
    for (const element of isSet ? withoutData(elements) : elements) set.elements.push(element);
    const last = unread.at(-1);
    for (const one of unread) {
      const torn = cut && one === last && end === this.#text.length;
      const places = written.includes('$') ? { start: 0, end: written.length } : one;
      if (isEllipsis(written.slice(one.start, one.end)))
        this.#findings.other(start + one.start, start + one.end);
      else if (!torn)
        this.#findings.error('READ_NFT_ELEMENT', start + places.start, start + places.end, {
          set: set.name,
          text: brief(written.slice(one.start, one.end)),
        });
    }
    set.partial ||= cut || unread.length > 0;
  }

  endSet(end: number, cut: boolean): void {
    if (this.#set === null) return;
    this.#set.span = { ...this.#set.span, end };
    this.#set.partial ||= cut;
    if (cut && end !== this.#text.length) this.#open(end, 'set', this.#set.name);
    this.#set.properties = inOrder(this.#set.properties);
    this.#set = null;
  }

  object(start: number, type: string, name: string, from: number, to: number): void {
    const lines = this.#text
      .slice(from, to)
      .split(/[;\n]/u)
      .map((line) => line.trim().replace(/\s+/gu, ' '))
      .filter((line) => line !== '' && !line.startsWith('#'));
    const handle = /#[ \t]{0,9}handle[ \t]{1,9}(\d{1,15})\s*$/u.exec(this.#text.slice(start, from))?.[1];
    this.#table?.objects.push({
      type,
      name,
      text: lines.join('\n'),
      handle: handle === undefined ? null : Number(handle),
      span: this.#findings.span(start, to),
    });
  }

  #typeOf(set: SetDraft, text: string, start: number, end: number): void {
    const verdict = /:\s*(verdict|counter|quota|limit)$/u.exec(text);
    const found = readExpression(verdict === null ? text : text.slice(0, verdict.index));
    if (found === null) {
      this.#findings.error('READ_NFT_STATEMENT', start, end, { text: brief(this.#text.slice(start, end)) });
      set.partial = true;
      return;
    }
    set.typeOf = found.key;
    set.givesTypeOf = found.value;
    if (verdict !== null) set.gives = [verdict[1] ?? ''];
  }

  #unknownBase(chain: ChainDraft, start: number, end: number): void {
    chain.baseUnknown = true;
    chain.baseText = oneLine(this.#text.slice(start, end));
    this.#findings.error('READ_NFT_CHAIN', start, end, {
      chain: chain.name,
      text: brief(this.#text.slice(start, end)),
    });
  }

  /** A block ends where another begins. */
  #open(at: number, kind: string, name: string): void {
    this.torn = true;
    this.#findings.error('READ_NFT_OPEN', at, at, { kind, name: brief(name) });
  }

  #cut(end: number): void {
    this.torn = true;
    const from = this.#text.lastIndexOf('\n', Math.max(this.#text.trimEnd().length - 1, 0)) + 1;
    this.#findings.error('READ_NFT_CUT', from, end, { line: brief(this.#text.slice(from)) });
  }
}

/** Names of chains that hold characters which end a word elsewhere. */
function oddNames(text: string): ReadonlySet<string> {
  const heads = text.matchAll(/^[ \t]*chain ([^ \t\n]+) \{/gmu);
  return new Set([...heads].flatMap(([, name = '']) => (/[;#"{},]/u.test(name) ? [name] : [])));
}

/**
 * Reads a listing. Never throws: what is not known stays as opaque statements, what is no listing is reported.
 * @param text without terminal escapes and carriage returns
 */
export function readListing(text: string, findings: NftFindings): NftRuleset {
  const builder = new Builder(text, findings);
  parse(text, {
    startRule: 'Listing',
    make: MAKE,
    sink: builder,
    odd: oddNames(text),
    blocks: hasInline(text),
  });
  const tables = [...builder.tables.values()];
  for (const table of tables) table.managed ||= looksManaged(table);
  const unknownTables = builder.unknown.list;
  return {
    tables,
    ...(builder.torn ? { partial: true } : {}),
    ...(unknownTables.length > 0 ? { unknownTables } : {}),
  };
}
