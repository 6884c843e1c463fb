/** A node's listings except iptables, printed back as the tools print them. Reading the result gives an equal node. */
import { type Family, formatAddress } from '../address/address.js';
import type { IpSet } from '../ipset/model.js';
import type { NftRuleset } from '../nft/model.js';
import { printCluster } from '../names/print.js';
import { printRuleset } from '../nft/print.js';
import type { Node } from '../packet/node.js';
import { type Network, type Route, TABLE_ID } from '../routing/model.js';
import { connectionListings } from './print-connections.js';
import { linkListings } from './print-links.js';
import { noteGrounds } from './noted-grounds.js';
import { printForwarding } from './bridge-fdb.js';
import { printLabels } from './ip-addrlabel.js';
import { printNeighbours } from './ip-neigh.js';
import { ruleSetListings } from './print-rule-set.js';
import { saveCommandOf } from './save-name.js';
import { type Listing, PARTIAL, linesOf } from './print-text.js';
import { routeLines } from './print-route.js';
import { printPolicyRule } from '../routing/print.js';

export type { Listing } from './print-text.js';

const OPTION: Readonly<Record<Family, string>> = { 4: '', 6: '-6 ' };

/** The table's name in a route's own line. */
function tableName(table: number, routes: readonly Route[]): string {
  const named: Readonly<Record<number, string>> = {
    [TABLE_ID.local]: 'local',
    [TABLE_ID.main]: 'main',
    [TABLE_ID.default]: 'default',
  };
  const known = named[table];
  if (known !== undefined) return known;
  const words = routes[0]?.text.split(' ') ?? [];
  const at = words.indexOf('table');
  return at < 0 ? String(table) : (words[at + 1] ?? String(table));
}

function routeText(routes: readonly Route[], table: string | null): string {
  return linesOf(
    routes.flatMap((route) =>
      [routeLines(route, table)].flatMap(([first = '', ...hops]) => [
        first,
        ...hops.map((hop) => `\t${hop}`),
      ]),
    ),
  );
}

function routeListings({ family, tables, known, rules }: Network): readonly Listing[] {
  const show = `ip ${OPTION[family]}route show table`;
  const shown = [...tables].filter(([table]) => table !== TABLE_ID.local || !known.localDerived);
  if (known.tables === 'all') {
    const text = shown.map(([table, routes]) =>
      routeText(routes, table === TABLE_ID.main ? null : tableName(table, routes)),
    );
    return [{ command: `${show} all`, text: text.join('') }];
  }
  const whole = known.tables;
  const nameOf = (table: number): string => {
    const rule = rules.find(({ action }) => action.kind === 'lookup' && action.table === table);
    return table < 0 && rule?.action.kind === 'lookup'
      ? rule.action.name
      : tableName(table, tables.get(table) ?? []);
  };
  const listings = shown.map(([table, routes]) => ({
    command: `${show} ${nameOf(table)}${whole.has(table) ? '' : PARTIAL}`,
    text: routeText(routes, null),
  }));
  return listings;
}

function ruleListing({ family, rules, known }: Network): readonly Listing[] {
  if (!known.rules && rules.every(({ span }) => span === null)) return [];
  return [
    {
      command: `ip ${OPTION[family]}rule${known.rules ? '' : PARTIAL}`,
      text: linesOf(rules.map(printPolicyRule)),
    },
  ];
}

function setLines({ name, type, words, entries }: IpSet): string[] {
  const add = entries.map((entry) => ['add', name, entry.text, ...entry.words].join(' '));
  return [['create', name, type, ...words].join(' '), ...add];
}

/** Sets of which elements are missing are saved one by one, through a filter. */
function setListings(sets: readonly IpSet[]): readonly Listing[] {
  const [whole, cut] = [true, false].map((wanted) =>
    sets.filter(({ partial = false }) => partial !== wanted),
  );
  const parts = (cut ?? []).map((set) => ({
    command: `ipset save ${set.name}${PARTIAL}`,
    text: linesOf(setLines(set)),
  }));
  if (parts.length > 0 && whole?.length === 0) return parts;
  return [{ command: 'ipset save', text: linesOf((whole ?? []).flatMap(setLines)) }, ...parts];
}

/** rt_tables, when a dump gave numbers to names. */
function tableNamesListing(networks: readonly Network[]): readonly Listing[] {
  const lines = new Set<string>();
  for (const { rules, tables } of networks) {
    for (const { action } of rules)
      if (action.kind === 'lookup' && action.table >= 0) lines.add(`${String(action.table)}\t${action.name}`);
    for (const [table, routes] of tables)
      if (table >= 0) lines.add(`${String(table)}\t${tableName(table, routes)}`);
  }
  const named = [...lines].filter(
    (line) => !/^\d+\t\d+$/.test(line) && !/^(?:255\tlocal|254\tmain|253\tdefault)$/.test(line),
  );
  if (named.length === 0) return [];
  return [
    {
      command: 'cat /etc/iproute2/rt_tables',
      text: linesOf(['255\tlocal', '254\tmain', '253\tdefault', ...named.sort()]),
    },
  ];
}

/** Tables of which a part is known are listed alone: whoever reads that knows that there may be others. */
function nftListings(nft: NftRuleset): readonly Listing[] {
  const handles = nft.tables.some(({ handle }) => handle !== null);
  const tool = handles ? 'nft -a' : 'nft';
  if (nft.partial !== true) return [{ command: `${tool} list ruleset`, text: printRuleset(nft, handles) }];
  const known = nft.tables.map((table) => ({
    command: `${tool} list table ${table.family} ${table.name}`,
    text: printRuleset({ tables: [table] }, handles),
  }));
  const unknown = (nft.unknownTables ?? []).map((table) => ({
    command: `${tool} list table ${table.name}`,
    text: printRuleset({ tables: [], unknownTables: [table] }),
  }));
  return [...known, ...unknown];
}

/** The groups of each device, of both families: an empty list tells that a device has joined none. */
function groupListing({ networks }: Node): readonly Listing[] {
  const [four, six] = [networks[4].groups, networks[6].groups];
  const names = [...new Set([...four.keys(), ...six.keys()])];
  if (names.length === 0) return [];
  const lines = names.flatMap((name, place) => [
    `${String(place + 1)}:\t${name}`,
    ...[...(four.get(name) ?? [])].map((group) => `\tinet  ${formatAddress(group)}`),
    ...[...(six.get(name) ?? [])].map((group) => `\tinet6 ${formatAddress(group)}`),
  ]);
  return [{ command: 'ip maddr', text: linesOf(lines) }];
}

/** The labels of addresses; none at all too, when somebody flushed them. */
function labelListing({ networks }: Node): readonly Listing[] {
  const { labels } = networks[6];
  return labels === null ? [] : [{ command: 'ip addrlabel', text: linesOf(printLabels(labels)) }];
}

/** The neighbours of a family, and those that the node answers for. */
function neighbourListings({ neighbours }: Node, family: Family): readonly Listing[] {
  if (neighbours === null) return [];
  const whole = neighbours.whole.has(family);
  return [false, true].flatMap((proxy) => {
    const lines = printNeighbours(neighbours, family, proxy);
    if (lines.length === 0 && (proxy || !whole)) return [];
    const command = `ip -${String(family)} neigh${proxy ? ' show proxy' : ''}`;
    return [{ command: `${command}${whole || proxy ? '' : PARTIAL}`, text: linesOf(lines) }];
  });
}

function forwardingListing({ forwarding }: Node): readonly Listing[] {
  if (forwarding === null) return [];
  const command = `bridge fdb${forwarding.whole ? '' : PARTIAL}`;
  return [{ command, text: linesOf(printForwarding(forwarding)) }];
}

function namesListing({ names }: Node): readonly Listing[] {
  const text = printCluster(names.listed);
  return text === '' ? [] : [{ command: 'kubectl get pod,svc,endpointslice,node -A -o json', text }];
}

/** The listings of a node in their canonical form, without iptables; parts that the snapshot does not show are left out. */
export function printListings(node: Node): readonly Listing[] {
  const { networks, sets, sysctls, nft, connections } = node;
  const each = [networks[4], networks[6]];
  return [
    ...tableNamesListing(each),
    ...linkListings(node),
    ...each.flatMap(ruleListing),
    ...each.flatMap(routeListings),
    ...groupListing(node),
    ...labelListing(node),
    ...([4, 6] as const).flatMap((family) => neighbourListings(node, family)),
    ...forwardingListing(node),
    ...(sets === null ? [] : setListings([...sets.values()])),
    ...(nft === null ? [] : nftListings(nft)),
    ...connectionListings(connections),
    ...(sysctls.size === 0
      ? []
      : [{ command: 'sysctl -a', text: linesOf([...sysctls].map(([key, value]) => `${key} = ${value}`)) }]),
    ...namesListing(node),
  ];
}

/** Listings as one transcript, each below its command at a `$` prompt. */
export function printTranscript(listings: readonly Listing[]): string {
  return listings.map(({ command, text }) => `$ ${command}\n${text}`).join('\n');
}

/** The saves of a family. Of those that are known by the names of empty files that is told again. */
function saveListings({ ruleSets, grounds }: Node, family: Family): readonly Listing[] {
  const empty = grounds.flatMap(({ code, params, family: own }) => {
    const file = code === 'ASM_EMPTY_SAVE' && own === family ? String(params['file']) : '';
    return saveCommandOf(file) === null || /\s/u.test(file) ? [] : [{ command: `cat ${file}`, text: '' }];
  });
  return empty.length > 0 ? empty : ruleSetListings(ruleSets[family]);
}

/**
 * A node as one transcript: the tables of iptables, the other listings, then the commands that changed the node behind
 * them. Reading it gives an equal node.
 */
export function printNode(node: Node): string {
  const saves = ([4, 6] as const).flatMap((family) => saveListings(node, family));
  const changes = node.grounds.flatMap(({ command }) => (command === null ? [] : [{ command, text: '' }]));
  const notes = noteGrounds(node.grounds).map((command) => ({ command, text: '' }));
  return printTranscript([...saves, ...printListings(node), ...changes, ...notes]);
}
