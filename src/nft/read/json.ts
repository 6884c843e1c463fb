/** `nft -j list ruleset` (libnftables-json(5)) -> the model. Comments of tables and chains are not in it before nft 1.0.8. */
import type { NftFamily, NftRule, NftRuleset, Statement } from '../model.js';
import {
  type ChainDraft,
  type SetDraft,
  type TableDraft,
  baseChain,
  inOrder,
  looksManaged,
} from './drafts.js';
import { type NftFindings, brief } from './findings.js';
import { duration, elementsOf, styleOfType } from './json-expression.js';
import { statementOf } from './json-statement.js';
import { type Json, isObject, list, number, prop, tagged, text, texts } from './json-value.js';
import { hasDefaultReject } from './reject.js';
import { readRule } from './rule.js';

const FAMILIES: readonly NftFamily[] = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'];

const OBJECTS: ReadonlySet<string> = new Set([
  ...['counter', 'quota', 'limit', 'ct helper', 'ct timeout', 'ct expectation', 'synproxy', 'secmark'],
  ...['flowtable', 'tunnel'],
]);

class Builder {
  readonly tables = new Map<string, TableDraft>();
  readonly #findings: NftFindings;

  constructor(findings: NftFindings) {
    this.#findings = findings;
  }

  take(value: Json): void {
    const [kind, body] = tagged(value) ?? ['', null];
    if (kind === 'add' || kind === 'create') this.take(body);
    else if (kind === 'table') this.#addTable(body);
    else if (kind === 'chain') this.#chain(body);
    else if (kind === 'rule') this.#rule(body);
    else if (kind === 'set' || kind === 'map' || kind === 'meter') this.#set(kind, body);
    else if (OBJECTS.has(kind)) this.#object(kind, body);
    else if (kind !== 'metainfo' && kind !== 'flush' && kind !== 'element')
      this.#findings.error('READ_NFT_STATEMENT', 0, 0, { text: brief(JSON.stringify(value)) });
    if (kind === 'element') this.#element(body);
  }

  #addTable(body: Json): void {
    const family = FAMILIES.find((one) => one === text(body, 'family'));
    const name = text(body, 'name');
    if (family === undefined || name === null || this.tables.has(`${family} ${name}`)) return;
    this.tables.set(`${family} ${name}`, {
      family,
      name,
      // nft 1.0 cuts the word short.
      flags: texts(prop(body, 'flags')).map((flag) => (flag === 'dorm' ? 'dormant' : flag)),
      comment: text(body, 'comment'),
      handle: number(body, 'handle'),
      managed: false,
      chains: new Map(),
      sets: new Map(),
      objects: [],
      span: this.#findings.span(0, 0),
    });
  }

  #tableOf(body: Json): TableDraft | null {
    return this.tables.get(`${text(body, 'family') ?? ''} ${text(body, 'table') ?? ''}`) ?? null;
  }

  #chain(body: Json): void {
    const table = this.#tableOf(body);
    const name = text(body, 'name');
    if (table === null || name === null) return;
    const chain: ChainDraft = {
      name,
      base: null,
      baseUnknown: false,
      policy: null,
      comment: text(body, 'comment'),
      handle: number(body, 'handle'),
      rules: [],
      cut: false,
      span: this.#findings.span(0, 0),
    };
    table.chains.set(name, chain);
    const [type, hook, priority] = [text(body, 'type'), text(body, 'hook'), text(body, 'prio')];
    if (hook === null) return;
    const devices = texts(prop(body, 'dev'));
    chain.base = baseChain(table.family, { type: type ?? '', hook, priority: priority ?? '', devices });
    const policy = text(body, 'policy');
    chain.policy = policy === 'drop' ? 'drop' : 'accept';
    chain.baseUnknown = chain.base === null;
    if (chain.baseUnknown)
      this.#findings.error('READ_NFT_CHAIN', 0, 0, { chain: name, text: brief(JSON.stringify(body)) });
  }

  #rule(body: Json): void {
    const table = this.#tableOf(body);
    const chain = table?.chains.get(text(body, 'chain') ?? '');
    if (table === null || chain === undefined) return;
    const rule: NftRule = {
      family: table.family,
      table: table.name,
      chain: chain.name,
      number: chain.rules.length + 1,
      handle: number(body, 'handle'),
      statements: list(prop(body, 'expr')).flatMap((one) => this.#statements(one, table.family)),
      comment: text(body, 'comment'),
      span: this.#findings.span(0, 0),
    };
    chain.rules.push(rule);
  }

  #statements(value: Json, family: NftFamily): readonly Statement[] {
    // A statement that nft itself has no JSON for is its text.
    if (typeof value === 'string') {
      const { statements, unread } = readRule(value);
      if (unread !== null) this.#findings.error('READ_NFT_STATEMENT', 0, 0, { text: brief(value) });
      return statements;
    }
    const statement = statementOf(value);
    if (statement === null) {
      const shown = JSON.stringify(value);
      this.#findings.error('READ_NFT_STATEMENT', 0, 0, { text: brief(shown) });
      return [{ kind: 'opaque', text: shown }];
    }
    return [hasDefaultReject(statement, family) ? { kind: 'reject', type: null, code: null } : statement];
  }

  #set(kind: string, body: Json): void {
    const table = this.#tableOf(body);
    const name = text(body, 'name');
    if (table === null || name === null) return;
    const type = texts(prop(body, 'type'));
    const gives = kind === 'map' ? (text(body, 'map') ?? '').split(' . ') : null;
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
      typeOf: null,
      gives,
      givesTypeOf: null,
      flags: [...texts(prop(body, 'flags'))],
      properties: inOrder([
        ...words('policy'),
        ...words('size'),
        ...seconds('timeout'),
        ...seconds('gc-interval'),
        ...(prop(body, 'auto-merge') === true ? ['auto-merge'] : []),
        ...words('comment'),
        ...list(prop(body, 'stmt')).flatMap((one) => tagged(one)?.[0] ?? []),
      ]),
      elements: [],
      partial: false,
      handle: number(body, 'handle'),
      span: this.#findings.span(0, 0),
    };
    table.sets.set(name, set);
    this.#fill(set, prop(body, 'elem'));
  }

  #element(body: Json): void {
    const set = this.#tableOf(body)?.sets.get(text(body, 'name') ?? '');
    if (set !== undefined) this.#fill(set, prop(body, 'elem'));
  }

  #fill(set: SetDraft, values: Json): void {
    const [keys, data] = [styleOfType(set.type), styleOfType(set.gives ?? [])];
    for (const value of list(values)) {
      const [element] = elementsOf([value], keys, data) ?? [];
      if (element !== undefined) set.elements.push(element);
      else {
        set.partial = true;
        this.#findings.error('READ_NFT_ELEMENT', 0, 0, { set: set.name, text: brief(JSON.stringify(value)) });
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
      span: this.#findings.span(0, 0),
    });
  }
}

/** The lines of an object's block, as text has them. */
function objectText(type: string, body: Json): string {
  const word = (key: string, before = key): string[] => {
    const found = text(body, key);
    return found === null ? [] : [`${before} ${found}`];
  };
  switch (type) {
    case 'counter':
      return `packets ${text(body, 'packets') ?? '0'} bytes ${text(body, 'bytes') ?? '0'}`;
    case 'limit':
    case 'quota': {
      const found = statementOf({
        [type]: type === 'limit' ? body : { inv: prop(body, 'inv'), ...bytes(body) },
      });
      if (found?.kind !== 'limit' && found?.kind !== 'quota') return '';
      return [...(type === 'limit' ? ['rate'] : []), ...(found.over ? ['over'] : []), found.text].join(' ');
    }
    case 'ct helper':
      return [
        `type "${text(body, 'type') ?? ''}" protocol ${text(body, 'protocol') ?? ''}`,
        ...word('l3proto'),
      ].join('\n');
    default:
      return [
        ...word('protocol'),
        ...word('dport'),
        ...word('size'),
        ...word('hook'),
        ...word('mss'),
        ...word('wscale'),
        ...word('l3proto'),
      ].join('\n');
  }
}

/** nft says a quota in the largest unit that divides it. */
function bytes(body: Json): { readonly val: number; readonly val_unit: string } {
  const value = number(body, 'bytes') ?? 0;
  if (value > 0 && value % 1048576 === 0) return { val: value / 1048576, val_unit: 'mbytes' };
  if (value > 0 && value % 1024 === 0) return { val: value / 1024, val_unit: 'kbytes' };
  return { val: value, val_unit: 'bytes' };
}

/** nft's own output has some ten levels; each costs stack. */
const DEEPEST = 100;
/** So much of a torn text is shown. */
const LAST = 60;

function isDeep(source: string): boolean {
  let depth = 0;
  for (const [bracket] of source.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[[{]|[\]}]/gu)) {
    if (bracket === '{' || bracket === '[') depth += 1;
    else if (bracket === '}' || bracket === ']') depth -= 1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

/** Reads the JSON form. Never throws: what is not known stays as opaque statements. */
export function readJson(source: string, findings: NftFindings): NftRuleset {
  const builder = new Builder(findings);
  let parsed: Json = null;
  try {
    if (!isDeep(source)) parsed = JSON.parse(source);
  } catch {
    parsed = null;
  }
  if (!isObject(parsed) || prop(parsed, 'nftables') === undefined)
    findings.error('READ_NFT_CUT', 0, 0, { line: brief(source.slice(-LAST)) });
  const items = list(prop(parsed, 'nftables'));
  for (const item of items) if (tagged(item)?.[0] === 'table') builder.take(item);
  for (const item of items) if (tagged(item)?.[0] === 'chain') builder.take(item);
  for (const item of items) if (!['table', 'chain'].includes(tagged(item)?.[0] ?? '')) builder.take(item);
  const tables = [...builder.tables.values()];
  for (const table of tables) table.managed = looksManaged(table);
  return { tables };
}
