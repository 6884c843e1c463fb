/** Links printed back: `ip addr` (with -d where kinds are known), `ip -br` and `ifconfig` for what has no indexes. */
import { type Family, familyOf, formatAddress } from '../address/address.js';
import type { Node } from '../packet/node.js';
import type { InterfaceAddress, Link } from '../routing/model.js';
import { ifconfigLines } from './ifconfig.js';
import { scopeName } from './iproute-names.js';
import { printDetails } from './link-kind.js';
import { type Listing, PARTIAL, linesOf } from './print-text.js';

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

/** The lines of -d for what a link is, and what it is to its master. */
function kindLines({ kind, slave, details }: Link): readonly string[] {
  return [
    ...(kind === undefined || kind === '' ? [] : [`    ${printDetails(kind, details ?? {})}`]),
    ...(slave === undefined ? [] : [`    ${slave}_slave`]),
  ];
}

function linkLines(link: Link, detailed: boolean): string[] {
  const words = [
    `${String(link.index)}: ${link.name}${link.peer === null ? '' : `@${link.peer}`}: <${link.flags.join(',')}>`,
    ...(link.mtu === null ? [] : [`mtu ${String(link.mtu)}`]),
    ...(link.master === null ? [] : [`master ${link.master}`]),
    ...(link.group === null ? [] : [`group ${link.group === 0 ? 'default' : String(link.group)}`]),
  ];
  const type = link.layer ?? (link.flags.includes('LOOPBACK') ? 'loopback' : 'ether');
  const shown = link.mac !== null || link.layer !== undefined;
  const layer = shown ? [`    link/${type}${link.mac === null ? '' : ` ${link.mac}`}`] : [];
  const kind = detailed ? kindLines(link) : [];
  return [words.join(' '), ...layer, ...kind, ...link.addresses.map(addressLine)];
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

/** What a listing of links takes of them, and how. */
interface Form {
  readonly command: string;
  readonly view: View;
  readonly links: readonly Link[];
  readonly print: (link: Link) => readonly string[];
}

/** Links with an index: one listing for all, with kinds if all are known; else the known ones in a listing of their own. */
function longForms(links: readonly Link[], view: View): readonly Form[] {
  const known = links.filter(({ kind }) => kind !== undefined);
  const detailed = known.length === links.length;
  const whole: Form = {
    command: detailed ? 'ip -d' : 'ip',
    ...{ view, links, print: (link) => linkLines(link, detailed) },
  };
  if (detailed || known.length === 0 || !view.whole) return [whole];
  const kinds: View = { object: `link${PARTIAL}`, families: [], whole: true };
  return [whole, { command: 'ip -d', view: kinds, links: known, print: (link) => linkLines(link, true) }];
}

/** Links without: as -br prints them; those whose MTU is known came from ifconfig, which alone shows it there. */
function briefForms(links: readonly Link[], view: View, isKnown: boolean): readonly Form[] {
  const isLegacy = ({ mtu }: Link): boolean => mtu !== null;
  const brief = isKnown ? links : links.filter((link) => !isLegacy(link));
  const layer: View = { object: 'link', families: [], whole: true };
  const hasLayer = brief.some((link) => link.mac !== null || link.flags.length > 0);
  const forms: Form[] = [{ command: 'ip -br', view, links: brief, print: (link) => [briefText(link, view)] }];
  if (view.whole && view.object !== 'link' && hasLayer)
    forms.push({
      command: 'ip -br',
      ...{ view: layer, links: brief, print: (link: Link) => [briefText(link, layer)] },
    });
  return forms;
}

/** The listings that show the links of a node; those that were made out of routes are made again from the routes. */
export function linkListings(node: Node): readonly Listing[] {
  const links = [...node.networks[4].links.values()].filter((link) => link.span !== null);
  const long = links.filter((link) => link.index > 0);
  const short = links.filter((link) => link.index < 0);
  const isKnown = node.networks[4].known.links || node.networks[6].known.links;
  const forms = viewsOf(node, links).flatMap((view) => [
    ...longForms(long, view),
    ...briefForms(short, view, isKnown),
  ]);
  const listings = forms.flatMap(({ command, view, links: chosen, print }): Listing[] => {
    const shown = chosen
      .map((link) => only(link, view.families))
      .filter((link) => view.whole || link.addresses.length > 0);
    if (shown.length === 0) return [];
    return [{ command: `${command} ${view.object}`, text: linesOf(shown.flatMap(print)) }];
  });
  const legacy = short.filter(({ mtu }) => mtu !== null);
  if (legacy.length === 0) return listings;
  return [...listings, { command: 'ifconfig -a', text: linesOf(legacy.flatMap(ifconfigLines)) }];
}
