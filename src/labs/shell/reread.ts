/** A node whose listings commands change: what has changed is read, and put in place of what it was. */
import type { Family } from '../../address/address.js';
import type { Node } from '../../packet/node.js';
import { type Network, type PolicyRule, type Route, TABLE_ID } from '../../routing/model.js';
import type { Listing } from '../../snapshot/print.js';
import type { Diagnostic } from '../../source/diagnostic.js';
import { RuleReadings, setOf } from './reread-rules.js';
import { type RouteListing, type RuleListing, type State, textOf } from './state.js';

/** Reads a node from listings. */
export type NodeReader = (listings: readonly Listing[]) => Node;

/** A node as it is from now on, and what its readers say of what is new in it. */
export interface Reread {
  readonly node: Node;
  readonly found: readonly Diagnostic[];
}

/** Its place in the order of `ip route show table all` (net/ipv4/fib_frontend.c, FIB_TABLE_HASHSZ 256). */
const bucket = (table: number): number => (table < 0 ? 256 - table : table % 256);

const FAMILIES = [4, 6] as const;

/** A route of no table but main, before which a list of local ones is no list of table local. */
const OF_MAIN: Readonly<Record<Family, string>> = {
  4: '0.0.0.0 dev lo scope link',
  6: '::1 dev lo metric 4294967295',
};

/** Names of tables are told by files that are not read again. */
const NAMES_TABLE = / (?:table|lookup) (?!(?:local|main|default)\b)\D/;

export class Rereader {
  readonly #read: NodeReader;
  readonly #rules = new RuleReadings();
  readonly #policy = new Map<string, PolicyRule>();
  readonly #routes = new Map<string, Route>();

  constructor(read: NodeReader) {
    this.#read = read;
  }

  /** Takes a node that was read from a state. @returns false where it does not show it line by line */
  learn({ ruleSets, networks }: Node, { tables }: State): boolean {
    return (
      FAMILIES.every((family) => networks[family].known.links || family === 6) &&
      tables.every((texts) => this.#rules.learn(setOf(ruleSets, texts), texts))
    );
  }

  /** The node with the changes between two states. @returns null where it has to be read as a whole */
  reread(node: Node, before: State, next: State): Reread | null {
    const found: Diagnostic[] = [];
    let changed: Node | null = node;
    const steps = [
      before.tables === next.tables ? null : this.#withTables,
      before.sysctls === next.sysctls ? null : this.#withSettings,
      before.rules === next.rules ? null : this.#withRules,
      before.routes === next.routes ? null : this.#withRoutes,
      before.sets === next.sets ? null : this.#withSets,
    ];
    for (const step of steps)
      if (step !== null && changed !== null) changed = step(changed, before, next, found);
    return changed === null || before.rest !== next.rest ? null : { node: changed, found };
  }

  readonly #withTables = (node: Node, before: State, next: State, found: Diagnostic[]): Node | null => {
    const ruleSets = { ...node.ruleSets };
    for (const [at, texts] of next.tables.entries()) {
      if (texts === before.tables[at]) continue;
      const own = setOf(ruleSets, texts);
      const read = this.#rules.reread(own, texts);
      // What a save alone says of native tables hangs on the names of its chains.
      if (read === null || (node.nft === null && isOtherwiseNamed(own, read.set))) return null;
      found.push(...read.found);
      const whole = ruleSets[texts.family];
      ruleSets[texts.family] = own === whole ? read.set : { ...whole, other: read.set };
    }
    return { ...node, ruleSets };
  };

  readonly #withSettings = (node: Node, before: State, { sysctls }: State): Node | null => {
    if (sysctls === null || before.sysctls === null) return null;
    const isDerived = FAMILIES.some((family) => node.networks[family].known.localDerived);
    // Whether a device forwards decides about its anycast addresses.
    if (isDerived) return null;
    const values = new Map([...sysctls].map(([name, value]) => [name, value.trim()]));
    const network = (family: Family): Network => ({
      ...node.networks[family],
      sysctl: (name) => values.get(name) ?? null,
    });
    return { ...node, sysctls: values, networks: { 4: network(4), 6: network(6) } };
  };

  readonly #withRules = (
    node: Node,
    { rules: before }: State,
    { rules }: State,
    found: Diagnostic[],
  ): Node | null => {
    const networks = { ...node.networks };
    for (const listing of rules) {
      if (before.includes(listing)) continue;
      const { family, lines, command } = listing;
      const isKnown = before.some((one) => one.command === command) && networks[family].known.rules;
      if (!isKnown || lines.length === 0 || lines.some((line) => NAMES_TABLE.test(line))) return null;
      const list = this.#policyRules(listing, found);
      if (list === null) return null;
      networks[family] = { ...networks[family], rules: list };
    }
    return { ...node, networks };
  };

  /** The rules of a listing; those that are not known are read. */
  #policyRules({ command, family, lines }: RuleListing, found: Diagnostic[]): readonly PolicyRule[] | null {
    return readLines(lines, this.#policy, command, (fresh) => {
      const node = this.#read([{ command, text: textOf(fresh) }]);
      found.push(...node.diagnostics);
      return node.networks[family].rules;
    });
  }

  readonly #withRoutes = (node: Node, before: State, next: State, found: Diagnostic[]): Node | null => {
    const networks = { ...node.networks };
    for (const listing of next.routes) {
      if (before.routes.includes(listing)) continue;
      const known = before.routes.some(({ command }) => command === listing.command);
      const isNamed = listing.routes.some((route) => NAMES_TABLE.test(route));
      if (!known || listing.routes.length === 0 || isNamed) return null;
      const routes = this.#routesOf(listing, found);
      const network = routes === null ? null : withTables(networks[listing.family], listing, routes);
      if (network === null) return null;
      networks[listing.family] = network;
    }
    return next.routes.length === before.routes.length ? { ...node, networks } : null;
  };

  #routesOf({ command, family, routes, table }: RouteListing, found: Diagnostic[]): readonly Route[] | null {
    return readLines(routes, this.#routes, command, (fresh) => {
      const first = table === null ? [OF_MAIN[family]] : [];
      const node = this.#read([{ command, text: textOf([...first, ...fresh]) }]);
      found.push(...node.diagnostics);
      const read = [...node.networks[family].tables.values()].flat();
      const inOrder = read.sort((one, two) => (one.span?.start ?? 0) - (two.span?.start ?? 0));
      return inOrder.filter(({ span }) => span !== null).slice(first.length);
    });
  }

  readonly #withSets = (node: Node, before: State, { sets }: State, found: Diagnostic[]): Node | null => {
    if (sets === null || before.sets === null || sets.length === 0) return null;
    const read = this.#read([{ command: 'ipset save', text: textOf(sets) }]);
    found.push(...read.diagnostics);
    return { ...node, sets: read.sets };
  };
}

/** What lines stand for: those that are not known are read, all at once. Null where a line is not one thing. */
function readLines<T>(
  lines: readonly string[],
  known: Map<string, T>,
  command: string,
  read: (fresh: readonly string[]) => readonly T[],
): readonly T[] | null {
  const keyOf = (line: string): string => `${command}\n${line}`;
  const fresh = [...new Set(lines)].filter((line) => !known.has(keyOf(line)));
  const made = fresh.length === 0 ? [] : read(fresh);
  if (made.length !== fresh.length) return null;
  for (const [at, line] of fresh.entries()) {
    const one = made[at];
    if (one !== undefined) known.set(keyOf(line), one);
  }
  return lines.flatMap((line) => known.get(keyOf(line)) ?? []);
}

function isOtherwiseNamed(one: Node['ruleSets'][4], two: Node['ruleSets'][4]): boolean {
  const names = ({ tables }: Node['ruleSets'][4]): string =>
    [...tables.values()].map(({ chains }) => [...chains.keys()].join(' ')).join('\n');
  return names(one) !== names(two);
}

/** The network with the routes of a listing in place of those that it had. */
function withTables(network: Network, { table }: RouteListing, routes: readonly Route[]): Network | null {
  const { known } = network;
  const listed = new Map<number, Route[]>();
  for (const route of routes) listed.set(route.table, [...(listed.get(route.table) ?? []), route]);
  if (known.localDerived || (table !== null && listed.size !== 1)) return null;
  if (table === null && (known.tables !== 'all' || !listed.has(TABLE_ID.local))) return null;
  const others = table === null ? [] : [...network.tables].filter(([id]) => !listed.has(id));
  const tables = [...others, ...listed].sort(([a], [b]) => bucket(a) - bucket(b) || a - b);
  return { ...network, tables: new Map(tables) };
}
