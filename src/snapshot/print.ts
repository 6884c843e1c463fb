/** A node's listings except iptables, printed back as the tools print them. Reading the result gives an equal node. */
import { type Family, familyOf, formatAddress } from '../address/address.js';
import type { IpSet } from '../ipset/model.js';
import type { NftRuleset } from '../nft/model.js';
import { printRuleset } from '../nft/print.js';
import type { Node } from '../packet/node.js';
import { type InterfaceAddress, type Link, type Network, type Route, TABLE_ID } from '../routing/model.js';
import { connectionListings } from './print-connections.js';
import { scopeName } from './iproute-names.js';
import { routeLines } from './print-route.js';
import { printPolicyRule } from '../routing/print.js';

/** What one command prints. */
export interface Listing {
  /** The command that prints it on a node. */
  readonly command: string;
  /** Lines with their line ends; '' for nothing. */
  readonly text: string;
}

function linesOf(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** Marks a listing that has holes: whoever reads it back has to know. */
const PARTIAL = ' | grep .';

/** A line of `ip addr`: address, peer, metric, broadcast, scope, then flags and label. */
function addressLine(own: InterfaceAddress): string {
  const local = formatAddress(own.address);
  const words = [
    typeof own.address === 'bigint' ? 'inet6' : 'inet',
    ...(own.peer === null
      ? [`${local}/${String(own.length)}`]
      : [local, 'peer', `${formatAddress(own.peer)}/${String(own.length)}`]),
    ...(own.metric === null ? [] : ['metric', String(own.metric)]),
    ...(own.broadcast === null ? [] : ['brd', formatAddress(own.broadcast)]),
    'scope',
    scopeName(own.scope),
    ...(own.secondary ? ['secondary'] : []),
    ...own.words,
  ];
  return `    ${words.join(' ')}`;
}

function linkLines(link: Link): string[] {
  const words = [
    `${String(link.index)}: ${link.name}${link.peer === null ? '' : `@${link.peer}`}: <${link.flags.join(',')}>`,
    ...(link.mtu === null ? [] : [`mtu ${String(link.mtu)}`]),
    ...(link.master === null ? [] : [`master ${link.master}`]),
    ...(link.group === null ? [] : [`group ${link.group === 0 ? 'default' : String(link.group)}`]),
  ];
  const type = link.layer ?? (link.flags.includes('LOOPBACK') ? 'loopback' : 'ether');
  const mac = link.mac === null ? [] : [`    link/${type} ${link.mac}`];
  return [words.join(' '), ...mac, ...link.addresses.map(addressLine)];
}

/** `A/N` or `A peer B/N`, and the metric. */
function briefAddress(own: InterfaceAddress): string {
  const local = formatAddress(own.address);
  const text = own.peer === null ? local : `${local} peer ${formatAddress(own.peer)}`;
  return `${text}/${String(own.length)}${own.metric === null ? '' : ` metric ${String(own.metric)}`}`;
}

/** What of the links one command shows. */
interface View {
  /** `link`, or `addr` with its option before it. */
  readonly object: string;
  readonly families: readonly Family[];
  /** Links without addresses are shown too. */
  readonly whole: boolean;
}

function only(link: Link, families: readonly Family[]): Link {
  return { ...link, addresses: link.addresses.filter(({ address }) => families.includes(familyOf(address))) };
}

/** Links whose index no listing showed are printed as the listing showed them, in brief. */
function briefText(link: Link, { object }: View): string {
  const { name, peer, up, mac, flags } = link;
  const layer = [...(mac === null ? [] : [mac]), ...(flags.length === 0 ? [] : [`<${flags.join(',')}>`])];
  const words = object === 'link' ? layer : link.addresses.map(briefAddress);
  return [`${name}${peer === null ? '' : `@${peer}`} ${up ? 'UP' : 'DOWN'}`, ...words].join(' ');
}

/** The listings of links that show what is known: whole families first, then addresses that are not all. */
function viewsOf({ networks }: Node, links: readonly Link[]): readonly View[] {
  const families = ([4, 6] as const).filter((family) => networks[family].known.links);
  const others = ([4, 6] as const).filter(
    (family) => !families.includes(family) && links.some((link) => only(link, [family]).addresses.length > 0),
  );
  const [first] = families;
  const object = first === undefined ? 'link' : families.length === 2 ? 'addr' : `-${String(first)} addr`;
  return [
    { object, families, whole: true },
    ...others.map((family) => ({
      object: `-${String(family)} addr${PARTIAL}`,
      families: [family],
      whole: false,
    })),
  ];
}

function linkListings(node: Node): readonly Listing[] {
  // Links that were made out of routes are made again from the routes.
  const links = [...node.networks[4].links.values()].filter((link) => link.span !== null);
  const listings: Listing[] = [];
  const add = (
    command: string,
    view: View,
    chosen: readonly Link[],
    print: (link: Link) => readonly string[],
  ): void => {
    const shown = chosen
      .map((link) => only(link, view.families))
      .filter((link) => view.whole || link.addresses.length > 0);
    if (shown.length > 0)
      listings.push({ command: `${command} ${view.object}`, text: linesOf(shown.flatMap(print)) });
  };
  const brief = links.filter((link) => link.index < 0);
  const hasLayer = brief.some((link) => link.mac !== null || link.flags.length > 0);
  for (const view of viewsOf(node, links)) {
    add(
      'ip',
      view,
      links.filter((link) => link.index > 0),
      linkLines,
    );
    add('ip -br', view, brief, (link) => [briefText(link, view)]);
    const layer: View = { object: 'link', families: [], whole: true };
    if (view.whole && view.object !== 'link' && hasLayer)
      add('ip -br', layer, brief, (link) => [briefText(link, layer)]);
  }
  return listings;
}

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
  if (nft.partial !== true) return [{ command: 'nft list ruleset', text: printRuleset(nft) }];
  return nft.tables.map((table) => ({
    command: `nft list table ${table.family} ${table.name}`,
    text: printRuleset({ tables: [table] }),
  }));
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
    ...(sets === null
      ? []
      : [{ command: 'ipset save', text: linesOf([...sets.values()].flatMap(setLines)) }]),
    ...(nft === null ? [] : nftListings(nft)),
    ...connectionListings(connections),
    ...(sysctls.size === 0
      ? []
      : [{ command: 'sysctl -a', text: linesOf([...sysctls].map(([key, value]) => `${key} = ${value}`)) }]),
  ];
}

/** Listings as one transcript, each below its command at a `$` prompt. */
export function printTranscript(listings: readonly Listing[]): string {
  return listings.map(({ command, text }) => `$ ${command}\n${text}`).join('\n');
}
