/** What commands change of an emulated node: its listings as texts, from which the node is read anew. */
import type { Family } from '../../address/address.js';
import { TABLES } from '../../iptables/model.js';
import type { NftRuleset } from '../../nft/model.js';
import { printRuleset } from '../../nft/print.js';
import type { Node } from '../../packet/node.js';
import type { SnapshotFile } from '../../snapshot/places.js';
import { type Listing, printListings } from '../../snapshot/print.js';
import { RuleTables } from './rule-tables.js';

/** Routes in the form of one listing: its command, and a text per route (with its next hops). */
export interface RouteListing {
  readonly command: string;
  readonly family: Family;
  /** The table that it shows; null for all. */
  readonly table: string | null;
  readonly routes: readonly string[];
}

export interface RuleListing {
  readonly command: string;
  readonly family: Family;
  readonly lines: readonly string[];
}

/** All of it is replaced, never changed in place; of the rule tables a copy is made. */
export interface State {
  readonly tables: readonly RuleTables[];
  readonly rules: readonly RuleListing[];
  readonly routes: readonly RouteListing[];
  readonly sysctls: ReadonlyMap<string, string> | null;
  /** `ipset save`; null where the node has no listing of sets. */
  readonly sets: readonly string[] | null;
  /** Listings that nothing here changes: links, neighbours, native tables … */
  readonly rest: readonly Listing[];
}

const RULES = /^ip (-6 )?rule/;
const ROUTES = /^ip (-6 )?route show table (\S+)/;

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** Next hops of a multipath route stand on lines of their own, behind a tab. */
function routesOf(text: string): string[] {
  const routes: string[] = [];
  for (const line of linesOf(text))
    if (/^\s/.test(line) && routes.length > 0) routes.push(`${routes.pop() ?? ''}\n${line}`);
    else routes.push(line);
  return routes;
}

/** The native tables alone: what iptables-nft keeps is in its save, which commands change. */
function nativeListing({ nft, nativeTables }: Node): readonly Listing[] {
  if (nft === null) return [];
  const walked = new Set([...nativeTables[4], ...nativeTables[6]]);
  const tables = nft.tables.filter(
    (table) => walked.has(table) || !table.managed || !/^ip6?$/.test(table.family),
  );
  const handles = tables.some(({ handle }) => handle !== null);
  const rest: NftRuleset = { ...nft, tables };
  return [
    {
      command: handles || tables.length === 0 ? 'nft -a list ruleset' : 'nft list ruleset',
      text: printRuleset(rest, handles),
    },
  ];
}

function familyIn(command: string): Family {
  return command.includes(' -6 ') ? 6 : 4;
}

/** The state of a node as its snapshot shows it. */
export function stateOf(node: Node): State {
  const listings = printListings(node);
  const own = (form: RegExp): readonly Listing[] => listings.filter(({ command }) => form.test(command));
  const sets = own(/^ipset /);
  const CHANGED = /^(?:ipset|conntrack|sysctl|nft) |^ip (?:-6 )?(?:rule|route)\b/;
  return {
    tables: ([4, 6] as const).flatMap((family) => {
      const set = node.ruleSets[family];
      const isBeside = set.other !== undefined;
      return [set, ...(set.other === undefined ? [] : [set.other])].map((one) =>
        RuleTables.of(one, isBeside),
      );
    }),
    rules: own(RULES).map(({ command, text }) => ({
      ...{ command, family: familyIn(command), lines: linesOf(text) },
    })),
    routes: own(ROUTES).map(({ command, text }) => {
      const [, , table = 'all'] = ROUTES.exec(command) ?? [];
      return {
        command,
        family: familyIn(command),
        table: table === 'all' ? null : table,
        routes: routesOf(text),
      };
    }),
    sysctls: node.sysctls.size === 0 ? null : node.sysctls,
    sets: node.sets === null ? null : sets.flatMap(({ text }) => linesOf(text)),
    rest: [...listings.filter(({ command }) => !CHANGED.test(command)), ...nativeListing(node)],
  };
}

/** A state without what was counted, to be compared with another. */
export function plainText({ tables, rules, routes, sysctls, sets }: State): string {
  const lists = tables.flatMap((one) =>
    TABLES.flatMap((table) =>
      one
        .chains(table)
        .map(({ name, policy, rules: list }) => [...[table, name, policy], ...list.map(({ body }) => body)]),
    ),
  );
  return JSON.stringify([lists, rules, routes, sysctls === null ? null : [...sysctls], sets]);
}

export const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** The state as files that a node is read from. */
export function filesOf(state: State, connections: readonly string[]): readonly SnapshotFile[] {
  const { tables, rules, routes, sysctls, sets, rest } = state;
  const listings: Listing[] = [
    ...tables.map((one) => ({ command: one.command, text: one.save() })),
    ...rest,
    ...rules.map(({ command, lines }) => ({ command, text: textOf(lines) })),
    ...routes.map(({ command, routes: list }) => ({ command, text: textOf(list) })),
    ...(sysctls === null
      ? []
      : [{ command: 'sysctl -a', text: textOf([...sysctls].map(([key, value]) => `${key} = ${value}`)) }]),
    ...(sets === null ? [] : [{ command: 'ipset save', text: textOf(sets) }]),
    { command: 'conntrack -L', text: textOf(connections) },
  ];
  return filesWith(listings);
}

/** Listings as files that a node is read from. */
export function filesWith(listings: readonly Listing[]): readonly SnapshotFile[] {
  return listings.map(({ command, text }, at) => ({
    name: `${String(at + 1).padStart(2, '0')}-${command.replace(/\W+/g, '-')}.txt`,
    text: `$ ${command}\n${text}`,
  }));
}
