/** `nft -j list ruleset` (libnftables-json(5)) -> the model. Comments of tables and chains are not in it before nft 1.0.8. */
import type { Params } from '../../source/diagnostic.js';
import type { Span } from '../../source/source.js';
import type { Expression, NftFamily, NftRule, NftRuleset, Statement } from '../model.js';
import { printStateless } from '../print-statement.js';
import {
  type ChainDraft,
  type SetDraft,
  type TableDraft,
  baseChain,
  inOrder,
  looksManaged,
} from './drafts.js';
import { type NftFindings, brief } from './findings.js';
import { setElementOf } from './json-element.js';
import { duration, expressionOf, styleOf, styleOfType } from './json-expression.js';
import { hasInline, inlineName, inlineOf, newChain, renamed } from './inline.js';
import { type JsonItem, jsonItems } from './json-items.js';
import { objectText } from './json-object.js';
import { statementOf } from './json-statement.js';
import { type Json, list, number, prop, tagged, text, texts } from './json-value.js';
import { readListing } from './listing.js';
import { hasDefaultReject } from './reject.js';
import { readRule } from './rule.js';
import { restoreFlags } from './set-flags.js';
import { UnknownTables } from './unknown-tables.js';

const FAMILIES: readonly NftFamily[] = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'];

const FLAGS = ['dormant', 'owner', 'persist'];

const OBJECTS: ReadonlySet<string> = new Set([
  ...['counter', 'quota', 'limit', 'ct helper', 'ct timeout', 'ct expectation', 'synproxy', 'secmark'],
  ...['flowtable', 'tunnel'],
]);

/** Anything as JSON, also what is not there. */
function shown(value: Json): string {
  return JSON.stringify(value ?? null);
}

class Builder {
  readonly tables = new Map<string, TableDraft>();
  readonly unknown: UnknownTables;
  /** There was something that is of no kind that is known. */
  lost = false;
  readonly #findings: NftFindings;
  #place: { readonly start: number; readonly end: number } = { start: 0, end: 0 };

  constructor(findings: NftFindings) {
    this.#findings = findings;
    this.unknown = new UnknownTables(findings);
  }

  /** One item of the list, whatever it is. */
  read(item: JsonItem, source: string): void {
    this.#place = item;
    if (item.value !== undefined) this.#take(item.value);
    else this.#error('READ_NFT_STATEMENT', { text: brief(source.slice(item.start, item.end)) });
  }

  #error(code: string, params: Params): void {
    this.#findings.error(code, this.#place.start, this.#place.end, params);
  }

  #span(): Span {
    return this.#findings.span(this.#place.start, this.#place.end);
  }

  #take(value: Json): void {
    const [kind, body] = tagged(value) ?? ['', null];
    if (kind === 'add' || kind === 'create') this.#take(body);
    else if (kind === 'table') this.#addTable(body);
    else if (kind === 'chain') this.#chain(body);
    else if (kind === 'rule') this.#rule(body);
    else if (kind === 'set' || kind === 'map' || kind === 'meter') this.#set(kind, body);
    else if (OBJECTS.has(kind)) this.#object(kind, body);
    else if (kind !== 'metainfo' && kind !== 'flush' && kind !== 'element') {
      this.lost = true;
      this.#error('READ_NFT_STATEMENT', { text: brief(shown(value)) });
    }
    if (kind === 'element') this.#element(body);
  }

  #addTable(body: Json): void {
    const table = this.#tableOf(body, 'name');
    if (table === null) return;
    table.flags = texts(prop(body, 'flags')).flatMap((flag) => this.#flag(flag, table));
    table.comment = text(body, 'comment');
    table.handle = number(body, 'handle');
  }

  /** nft 1.0 cuts a word short, or prints what happens to be in its memory. */
  #flag(flag: string, { family, name }: TableDraft): readonly string[] {
    const known = FLAGS.find((word) => word === flag || (flag.length > 3 && word.startsWith(flag)));
    if (known === undefined) this.#error('READ_NFT_TABLE', { table: `${family} ${name}`, text: brief(flag) });
    return known === undefined ? [] : [known];
  }

  /** The table that an item is of; listings of one chain or set do not list it. */
  #tableOf(body: Json, key = 'table'): TableDraft | null {
    const word = text(body, 'family');
    const family = FAMILIES.find((one) => one === word);
    const name = text(body, key);
    if (word !== null && family === undefined && name !== null) {
      this.unknown.add(word, name, this.#place.start, this.#place.end);
      return null;
    }
    if (family === undefined || name === null) {
      this.#error('READ_NFT_STATEMENT', { text: brief(shown(body)) });
      return null;
    }
    const id = `${family} ${name}`;
    const table = this.tables.get(id) ?? {
      family,
      name,
      flags: [],
      comment: null,
      handle: null,
      managed: false,
      chains: new Map(),
      sets: new Map(),
      objects: [],
      span: this.#span(),
    };
    this.tables.set(id, table);
    return table;
  }

  #chainOf(table: TableDraft, name: string): ChainDraft {
    const chain = table.chains.get(name) ?? newChain(name, null, this.#span());
    table.chains.set(name, chain);
    return chain;
  }

  #chain(body: Json): void {
    const table = this.#tableOf(body);
    if (table === null) return;
    const chain = this.#chainOf(table, text(body, 'name') ?? '');
    chain.comment = text(body, 'comment');
    chain.handle = number(body, 'handle');
    const [type, hook, priority] = [text(body, 'type'), text(body, 'hook'), text(body, 'prio')];
    if (hook === null) return;
    const devices = texts(prop(body, 'dev'));
    chain.base = baseChain(table.family, { type: type ?? '', hook, priority: priority ?? '', devices });
    chain.policy = text(body, 'policy') === 'drop' ? 'drop' : 'accept';
    chain.baseUnknown = chain.base === null;
    if (!chain.baseUnknown) return;
    chain.baseText = `type ${type ?? ''} hook ${hook} priority ${priority ?? ''}`;
    this.#error('READ_NFT_CHAIN', { chain: chain.name, text: brief(shown(body)) });
  }

  #rule(body: Json): void {
    const table = this.#tableOf(body);
    if (table === null) return;
    const chain = this.#chainOf(table, text(body, 'chain') ?? '');
    const rule: NftRule = {
      family: table.family,
      table: table.name,
      chain: chain.name,
      number: chain.rules.length + 1,
      handle: number(body, 'handle'),
      statements: list(prop(body, 'expr')).flatMap((one) => this.#statements(one, table)),
      comment: text(body, 'comment'),
      span: this.#span(),
    };
    chain.rules.push(rule);
  }

  /** A chain within a rule is text even in JSON. */
  #withinRule(value: string, table: TableDraft): readonly Statement[] {
    const listing = `table ${table.family} t {\nchain c {\n${value}\n}\n}\n`;
    const lost = (): void => {
      this.#error('READ_NFT_STATEMENT', { text: brief(value) });
    };
    const read = readListing(listing, { span: () => this.#span(), error: lost, other: lost });
    const [rule] = read.tables[0]?.chains.get('c')?.rules ?? [];
    return (rule?.statements ?? []).flatMap((statement) => {
      const inner = inlineOf(statement);
      if (inner === null || statement.kind !== 'verdict' || !('chain' in statement.verdict)) return statement;
      const chain = renamed(inner, table.name, inlineName(table.chains, ''));
      table.chains.set(chain.name, chain);
      return { ...statement, verdict: { ...statement.verdict, chain: chain.name, inline: chain } };
    });
  }

  #statements(value: Json, table: TableDraft): readonly Statement[] {
    // A statement that nft itself has no JSON for is its text.
    if (typeof value === 'string') {
      if (hasInline(value)) return this.#withinRule(value, table);
      const { statements, unread } = readRule(value);
      if (unread !== null) this.#error('READ_NFT_STATEMENT', { text: brief(value) });
      return statements;
    }
    const statement = statementOf(value);
    if (statement === null) {
      this.#error('READ_NFT_STATEMENT', { text: brief(shown(value)) });
      return [{ kind: 'opaque', text: shown(value) }];
    }
    return [
      hasDefaultReject(statement, table.family) ? { kind: 'reject', type: null, code: null } : statement,
    ];
  }

  #set(kind: string, body: Json): void {
    const table = this.#tableOf(body);
    const name = text(body, 'name');
    if (table === null || name === null) return;
    const type = texts(prop(body, 'type'));
    const gives = texts(prop(body, 'map')).flatMap((one) => one.split(' . '));
    const typeOf = (key: string): Expression | null => {
      const found = prop(prop(body, key), 'typeof');
      return found === undefined ? null : expressionOf(found, 'plain');
    };
    const seconds = (key: string): string[] => {
      const found = number(body, key);
      return found === null ? [] : [`${key} ${duration(found)}`];
    };
    const words = (key: string): string[] => {
      const found = text(body, key);
      return found === null ? [] : [`${key} ${key === 'comment' ? `"${found}"` : found}`];
    };
    const set: SetDraft = {
      name,
      type,
      typeOf: typeOf('type'),
      gives: kind === 'map' ? gives : null,
      givesTypeOf: typeOf('map'),
      flags: texts(prop(body, 'flags')),
      properties: inOrder([
        ...words('policy'),
        ...words('size'),
        ...seconds('timeout'),
        ...seconds('gc-interval'),
        ...(prop(body, 'auto-merge') === true ? ['auto-merge'] : []),
        ...words('comment'),
        ...list(prop(body, 'stmt')).flatMap((one) => this.#statements(one, table).map(printStateless)),
      ]),
      elements: [],
      partial: false,
      handle: number(body, 'handle'),
      span: this.#span(),
    };
    table.sets.set(name, set);
    this.#fill(set, prop(body, 'elem'));
  }

  #element(body: Json): void {
    const name = text(body, 'name') ?? '';
    const set = this.#tableOf(body)?.sets.get(name);
    if (set !== undefined) this.#fill(set, prop(body, 'elem'));
    else this.#error('READ_NFT_ELEMENT', { set: name, text: brief(shown(prop(body, 'elem') ?? body)) });
  }

  #fill(set: SetDraft, values: Json): void {
    const keys = set.typeOf === null ? styleOfType(set.type) : styleOf(set.typeOf);
    const data = set.givesTypeOf === null ? styleOfType(set.gives ?? []) : styleOf(set.givesTypeOf);
    for (const value of list(values)) {
      const element = setElementOf(value, keys, data);
      if (element !== null) set.elements.push(element);
      else {
        set.partial = true;
        this.#error('READ_NFT_ELEMENT', { set: set.name, text: brief(shown(value)) });
      }
    }
  }

  #object(type: string, body: Json): void {
    const name = text(body, 'name');
    if (name === null) return;
    this.#tableOf(body)?.objects.push({
      type,
      name,
      text: objectText(type, body),
      handle: number(body, 'handle'),
      span: this.#span(),
    });
  }
}

/** So much of a torn text is shown. */
const LAST = 60;

/** Tables come before their chains, and chains before their rules, whatever the order of the text. */
const ORDER = ['table', 'chain'];

function turn({ value }: JsonItem): number {
  const [kind, body] = tagged(value) ?? ['', null];
  const own = kind === 'add' || kind === 'create' ? (tagged(body)?.[0] ?? '') : kind;
  const at = ORDER.indexOf(own);
  return at < 0 ? ORDER.length : at;
}

/** Reads the JSON form. Never throws: what is not known stays as opaque statements. */
export function readJson(source: string, findings: NftFindings): NftRuleset {
  const builder = new Builder(findings);
  const found = jsonItems(source);
  if (found === null || found.cut) {
    const from = Math.max(source.length - LAST, 0);
    findings.error('READ_NFT_CUT', from, source.length, { line: brief(source.slice(from)) });
  }
  for (const item of (found?.items ?? []).toSorted((a, b) => turn(a) - turn(b))) builder.read(item, source);
  const tables = [...builder.tables.values()];
  // Of which chain or set a lost item was, nobody knows.
  const torn = found === null || found.cut || found.items.some(({ value }) => value === undefined);
  for (const table of tables) {
    table.managed = looksManaged(table);
    restoreFlags(table);
    if (!torn) continue;
    for (const chain of table.chains.values()) chain.cut = true;
    for (const set of table.sets.values()) set.partial = true;
  }
  const unknownTables = builder.unknown.list;
  return {
    tables,
    ...(torn || builder.lost ? { partial: true } : {}),
    ...(unknownTables.length > 0 ? { unknownTables } : {}),
  };
}
