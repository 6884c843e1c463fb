/** A spec file, read: its nodes, and its checks with every row of every table. */
import { type Prefix, parsePrefix } from '../address/prefix.js';
import type { Diagnostics } from '../source/diagnostic.js';
import type { SourceText, Span } from '../source/source.js';
import type { Allowed } from './compare.js';
import { type Row, filled, rowsOf } from './each.js';
import { type Expectation, readCodes, readExpectation } from './expectation.js';
import { type PacketSpec, readPacket } from './packet.js';
import { type PropertySpec, readProperty } from './property/spec.js';
import { Faults } from './reading.js';
import { type Mapping, type Tree, entryOf, itemsOf } from './tree.js';
import { readYaml } from './yaml.js';

/** Faults that leave values out. */
const LOST: ReadonlySet<string> = new Set(['CHECK_ALIAS', 'CHECK_TAG', 'CHECK_VALUES']);

/** The most checks of a spec. */
const MOST_CHECKS = 100_000;

export const SPEC_KEYS = ['node', 'nodes', 'vpc', 'assume', 'flows'] as const;

export const FLOW_KEYS = ['name', 'node', 'packet', 'forall', 'expect', 'golden', 'each', 'assume'] as const;

/** A snapshot that a spec names. */
export interface NodeRef {
  /** Null for the one of `node:`. */
  readonly name: string | null;
  /** As written, relative to the spec. */
  readonly path: string;
  readonly span: Span;
}

export interface Golden {
  /** As written, relative to the spec. */
  readonly path: string;
  readonly span: Span;
}

/** One check: a packet or a property, and what is expected of it. */
export interface Check {
  readonly name: string;
  readonly span: Span;
  readonly node: NodeRef;
  readonly packet: PacketSpec | null;
  readonly property: PropertySpec | null;
  readonly expect: Expectation | null;
  readonly golden: Golden | null;
  readonly allowed: Allowed;
}

export interface Spec {
  readonly path: string;
  readonly source: SourceText;
  readonly nodes: readonly NodeRef[];
  /** Prefixes that `outside-vpc` leaves out; null when the node's own rules tell them. */
  readonly vpc: readonly Prefix[] | null;
  readonly checks: readonly Check[];
}

function readAllowed(tree: Tree | null, faults: Faults): Allowed {
  if (tree === null) return new Set();
  if (tree.kind === 'scalar' && tree.text === 'any') return 'any';
  return readCodes(tree, 'assume', faults);
}

const both = (a: Allowed, b: Allowed): Allowed =>
  a === 'any' || b === 'any' ? 'any' : new Set([...a, ...b]);

function readNodes(map: Mapping, faults: Faults): readonly NodeRef[] {
  const one = entryOf(map, 'node');
  const many = entryOf(map, 'nodes');
  if (one !== undefined && many !== undefined)
    faults.tell('CHECK_CONFLICT', many.keySpan, { key: 'nodes', other: 'node' }, one.keySpan);
  if (many !== undefined) {
    const named = faults.map(many.value, 'nodes');
    if (named?.entries.length === 0) faults.tell('CHECK_NOTHING', named.span, { key: 'nodes' });
    return (named?.entries ?? []).flatMap(({ key, value }) => {
      const path = faults.text(value, key);
      return path === null ? [] : [{ name: key, path, span: value.span }];
    });
  }
  if (one === undefined) {
    faults.tell('CHECK_MISSING', map.span, { key: 'node', of: 'spec' });
    return [];
  }
  const path = faults.text(one.value, 'node');
  return path === null ? [] : [{ name: null, path, span: one.value.span }];
}

function readPrefixes(tree: Tree, faults: Faults): readonly Prefix[] {
  return itemsOf(tree).flatMap((item) => {
    const text = faults.text(item, 'vpc');
    const prefix = text === null ? null : parsePrefix(text);
    if (prefix !== null) return [prefix];
    if (text !== null) faults.tell('CHECK_PREFIX', item.span, { text });
    return [];
  });
}

/** A name within the spec's folder: `--update` must not write anywhere else. */
function readGolden(tree: Tree, faults: Faults): Golden | null {
  const path = faults.text(tree, 'golden');
  if (path === null) return null;
  const isInside = !/^[/\\~]|^[A-Za-z]:|[\0-\x1f]/.test(path) && !path.split(/[/\\]/).includes('..');
  if (isInside) return { path, span: tree.span };
  faults.tell('CHECK_GOLDEN_PATH', tree.span, { path });
  return null;
}

/** Columns that the name does not show tell the rows apart. */
function columnsBehind(row: Row, inName: ReadonlySet<string>): string {
  const rest = [...row].filter(([column]) => !inName.has(column));
  if (rest.length === 0) return '';
  return ` [${rest.map(([column, { text }]) => `${column}=${text}`).join(', ')}]`;
}

/** The name of a flow as its text has it. */
function nameIn(flow: Mapping): string {
  const entry = entryOf(flow, 'name');
  return entry?.value.kind === 'scalar' ? entry.value.text : '';
}

class SpecReader {
  readonly #faults: Faults;
  readonly #nodes: readonly NodeRef[];
  readonly #allowed: Allowed;
  readonly #names = new Map<string, Span>();
  readonly #goldens = new Map<string, Span>();
  readonly checks: Check[] = [];

  constructor(nodes: readonly NodeRef[], allowed: Allowed, faults: Faults) {
    this.#faults = faults;
    this.#nodes = nodes;
    this.#allowed = allowed;
  }

  flow(tree: Tree): void {
    const map = this.#faults.map(tree, 'flows');
    if (map === null) return;
    this.#faults.keys(map, FLOW_KEYS);
    const each = entryOf(map, 'each');
    if (each === undefined) {
      this.#check(map, '');
      return;
    }
    const rows = rowsOf(each.value, this.#faults);
    if (this.checks.length + rows.length > MOST_CHECKS) {
      this.#faults.tell('CHECK_EACH_MANY', each.keySpan, { most: MOST_CHECKS });
      return;
    }
    const full = rows.map((row) => ({ row, ...filled(map, row, this.#faults) }));
    const inName = columnsIn(nameIn(map));
    const isTold = new Set(full.map(({ flow }) => nameIn(flow))).size === rows.length;
    for (const { flow, row } of full) this.#check(flow, isTold ? '' : columnsBehind(row, inName));
    if (rows.length === 0) return;
    const used = new Set(full.flatMap((one) => [...one.used]));
    for (const table of itemsOf(each.value))
      if (table.kind === 'map')
        for (const { key, keySpan } of table.entries)
          if (!used.has(key)) this.#faults.tell('CHECK_EACH_UNUSED', keySpan, { name: key });
  }

  #nodeOf(map: Mapping): NodeRef | null {
    const entry = entryOf(map, 'node');
    const [first] = this.#nodes;
    if (entry === undefined) {
      if (this.#nodes.length > 1)
        this.#faults.tell('CHECK_WHICH_NODE', map.span, { names: this.#named().join(', ') });
      return first ?? null;
    }
    const isOnly = this.#nodes.length === 1 && first?.name === null;
    if (isOnly) {
      this.#faults.tell('CHECK_ONE_NODE', entry.keySpan);
      return first;
    }
    const name = this.#faults.choice(entry.value, 'node', this.#named());
    return this.#nodes.find((node) => node.name === name) ?? null;
  }

  #named(): readonly string[] {
    return this.#nodes.flatMap(({ name }) => name ?? []);
  }

  /** Two checks of one name could not be told apart in a report. */
  #unique(name: string, span: Span, seen: Map<string, Span>, code: string): void {
    const first = seen.get(name);
    if (first === undefined) seen.set(name, span);
    else this.#faults.tell(code, span, { name }, first);
  }

  /** @param behind what tells the rows of a table apart, behind their name */
  #check(map: Mapping, behind: string): void {
    const faults = this.#faults;
    const title = entryOf(map, 'name');
    const given = title === undefined ? null : faults.text(title.value, 'name');
    if (title === undefined) faults.tell('CHECK_MISSING', map.span, { key: 'name', of: 'flow' });
    const span = title?.value.span ?? map.span;
    const name = `${given ?? ''}${behind}`;
    if (given !== null) this.#unique(name, span, this.#names, 'CHECK_NAME_TWICE');
    const node = this.#nodeOf(map);
    const value = (key: (typeof FLOW_KEYS)[number]): Tree | null => entryOf(map, key)?.value ?? null;
    const [packet, forall, expect, golden] = [
      value('packet'),
      value('forall'),
      value('expect'),
      value('golden'),
    ];
    if (packet === null && forall === null)
      faults.tell('CHECK_MISSING', map.span, { key: 'packet', of: 'flow' });
    if (packet !== null && forall !== null)
      faults.tell('CHECK_CONFLICT', forall.span, { key: 'forall', other: 'packet' }, packet.span);
    if (golden !== null && forall !== null)
      faults.tell('CHECK_CONFLICT', golden.span, { key: 'golden', other: 'forall' }, forall.span);
    if (expect === null && golden === null)
      faults.tell('CHECK_MISSING', map.span, { key: 'expect', of: 'flow' });
    const file = golden === null ? null : readGolden(golden, faults);
    if (file !== null) this.#unique(file.path, file.span, this.#goldens, 'CHECK_GOLDEN_TWICE');
    const read = {
      packet: packet === null ? null : readPacket(packet, faults),
      property: forall === null ? null : readProperty(forall, faults),
      expect: expect === null ? null : readExpectation(expect, faults),
    };
    const allowed = both(this.#allowed, readAllowed(value('assume'), faults));
    if (node !== null) this.checks.push({ name, span, node, ...read, golden: file, allowed });
  }
}

function columnsIn(name: string): ReadonlySet<string> {
  return new Set([...name.matchAll(/\$\{([^}]*)\}/g)].map(([, column = '']) => column));
}

/**
 * Reads a spec. Never throws; what is wrong is among the diagnostics, all of it at once.
 * @returns what could be read: to be run only when there are no diagnostics
 */
export function readSpec(path: string, source: SourceText, diagnostics: Diagnostics): Spec {
  const before = diagnostics.list.length;
  const tree = readYaml(source, diagnostics);
  const faults = new Faults(diagnostics);
  const nothing: Spec = { path, source, nodes: [], vpc: null, checks: [] };
  const start: Span = { source, start: 0, end: 1 };
  if (tree === null) {
    if (diagnostics.list.length === before) faults.tell('CHECK_EMPTY', start);
    return nothing;
  }
  // What an alias or a tag stood for is missing: whatever else is said would be about that.
  if (diagnostics.list.slice(before).some(({ code }) => LOST.has(code))) return nothing;
  const isBlank = tree.kind === 'scalar' && tree.value === null;
  const map = isBlank ? null : faults.map(tree, 'spec');
  if (map === null) {
    if (isBlank) faults.tell('CHECK_EMPTY', start);
    return nothing;
  }
  faults.keys(map, SPEC_KEYS);
  const nodes = readNodes(map, faults);
  const assume = entryOf(map, 'assume');
  const vpc = entryOf(map, 'vpc');
  const flows = entryOf(map, 'flows');
  const allowed = readAllowed(assume?.value ?? null, faults);
  const reader = new SpecReader(nodes, allowed, faults);
  const list = flows?.value.kind === 'scalar' && flows.value.value === null ? null : flows?.value;
  const items = list === null || list === undefined ? [] : (faults.list(list, 'flows')?.items ?? null);
  if (items?.length === 0) faults.tell('CHECK_EMPTY', flows?.keySpan ?? start);
  for (const item of items ?? []) reader.flow(item);
  return {
    path,
    source,
    nodes,
    vpc: vpc === undefined ? null : readPrefixes(vpc.value, faults),
    checks: reader.checks,
  };
}
