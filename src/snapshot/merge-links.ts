/** Puts several listings of links together, and makes links out of routes where no listing shows them. */
import {
  type Address,
  type Family,
  bitsOf,
  compareAddresses,
  familyOf,
  formatAddress,
} from '../address/address.js';
import { type InterfaceAddress, type Link, type Route, SCOPE, TABLE_ID } from '../routing/model.js';
import type { Diagnostics } from '../source/diagnostic.js';
import type { ListedLinks } from './reading.js';

/** How much a listing says: ip's before ifconfig's, whole ones before filtered ones, then links, addresses, flags. */
function weight({ links, partial, sparse }: ListedLinks): readonly number[] {
  const addresses = links.reduce((sum, link) => sum + link.addresses.length, 0);
  const flags = links.filter((link) => link.flags.length > 0).length;
  return [sparse === true ? 0 : 1, partial ? 0 : 1, links.length, addresses, flags];
}

function heavier(a: ListedLinks, b: ListedLinks): number {
  const [x, y] = [weight(a), weight(b)];
  for (const [place, value] of x.entries()) {
    const difference = (y[place] ?? 0) - value;
    if (difference !== 0) return difference;
  }
  return 0;
}

function sameAddresses(a: readonly InterfaceAddress[], b: readonly InterfaceAddress[]): boolean {
  const text = (list: readonly InterfaceAddress[]): string =>
    list
      .map(({ address, length }) => `${formatAddress(address)}/${String(length)}`)
      .sort()
      .join(' ');
  return text(a) === text(b);
}

function ofFamily(link: Link, family: Family): readonly InterfaceAddress[] {
  return link.addresses.filter(({ address }) => familyOf(address) === family);
}

/** Does the second list hold every address of the first? */
function areAmong(a: readonly InterfaceAddress[], b: readonly InterfaceAddress[]): boolean {
  return a.every((own) => b.some(({ address, length }) => own.address === address && own.length === length));
}

/**
 * Can both be lines about one link of one node?
 * @param sparse the other listing does not show every address
 */
function fits(base: Link, other: Link, sparse: boolean): boolean {
  if (base.index > 0 && other.index > 0 && base.index !== other.index) return false;
  if (base.mac !== null && other.mac !== null && base.mac !== other.mac) return false;
  const differ = (family: Family): boolean => {
    const [own, its] = [ofFamily(base, family), ofFamily(other, family)];
    if (own.length === 0 || its.length === 0) return false;
    return sparse ? !areAmong(its, own) && !areAmong(own, its) : !sameAddresses(own, its);
  };
  return !differ(4) && !differ(6);
}

/** Of two lists of the same addresses the one with more words: -br prints neither scope nor flags. */
function richer(a: readonly InterfaceAddress[], b: readonly InterfaceAddress[]): readonly InterfaceAddress[] {
  const words = (list: readonly InterfaceAddress[]): number =>
    list.reduce((sum, own) => sum + own.words.length + (own.broadcast === null ? 0 : 1), list.length);
  return words(b) > words(a) ? b : a;
}

/** The kind with its settings, of the listing that shows it. */
function kindOf(base: Link, other: Link): Pick<Link, 'kind' | 'slave' | 'details'> {
  const { kind, slave, details } = base.kind === undefined ? other : base;
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(slave === undefined ? {} : { slave }),
    ...(details === undefined ? {} : { details }),
  };
}

function combined(base: Link, other: Link): Link {
  const flags = base.flags.length > 0 ? base.flags : other.flags;
  return {
    index: base.index > 0 ? base.index : other.index > 0 ? other.index : base.index,
    name: base.name,
    peer: base.peer ?? other.peer,
    flags,
    up: flags.length > 0 ? flags.includes('UP') || flags[0] === '...' : base.up,
    mtu: base.mtu ?? other.mtu,
    master: base.master ?? other.master,
    group: base.group ?? other.group,
    mac: base.mac ?? other.mac,
    ...(base.layer === undefined && other.layer === undefined
      ? {}
      : { layer: base.layer ?? other.layer ?? '' }),
    ...kindOf(base, other),
    addresses: [
      ...richer(ofFamily(base, 4), ofFamily(other, 4)),
      ...richer(ofFamily(base, 6), ofFamily(other, 6)),
    ],
    span: base.span,
  };
}

/** The kernel's order; links of listings without indexes follow in the order of the listing. */
export function byIndex(a: Link, b: Link): number {
  const place = (index: number): number => (index > 0 ? index : 0x80000000 - index);
  return place(a.index) - place(b.index);
}

/**
 * One list of links out of several listings: the fullest one, with what the others add to its links. A listing that
 * contradicts it, or knows other links, is of another node or another time: it is left out with a warning.
 */
export function mergeLinks(
  listings: readonly ListedLinks[],
  diagnostics: Diagnostics,
): {
  readonly links: readonly Link[];
  /** Families whose addresses are shown. */
  readonly families: ReadonlySet<Family>;
} {
  const [base, ...others] = listings.toSorted(heavier);
  if (base === undefined) return { links: [], families: new Set() };
  const links = new Map(base.links.map((link) => [link.name, link]));
  const families = new Set(base.partial ? [] : base.families);
  for (const other of others) {
    const odd = other.links.find((link) => {
      const own = links.get(link.name);
      return own === undefined
        ? !base.partial
        : !fits(own, link, base.sparse === true || other.sparse === true);
    });
    if (odd !== undefined) {
      diagnostics.warn(
        'READ_LINKS_DISAGREE',
        odd.span,
        { name: odd.name.slice(0, 80), used: base.source.name },
        base.links[0]?.span ?? undefined,
      );
      continue;
    }
    for (const link of other.links) {
      const own = links.get(link.name);
      links.set(link.name, own === undefined ? link : combined(own, link));
    }
    if (!other.partial) for (const family of other.families) families.add(family);
  }
  return { links: [...links.values()].sort(byIndex), families };
}

/** What routes say about addresses: the length of the connected subnet, and the broadcast address. */
class AddressFacts {
  readonly #lengths = new Map<Address, number>();
  readonly #broadcasts = new Map<string, Address>();

  constructor(routes: readonly Route[]) {
    for (const { type, source, words, scope, destination, nexthops } of routes) {
      if (source === null) continue;
      if (type === 'unicast' && words.includes('kernel') && scope === SCOPE.link)
        this.#lengths.set(source, destination.length ?? 32);
      if (type !== 'broadcast') continue;
      const key = `${formatAddress(source)} ${nexthops[0]?.device ?? ''}`;
      const known = this.#broadcasts.get(key);
      // Older kernels also have one for the subnet's lowest address.
      if (known === undefined || compareAddresses(known, destination.address) < 0)
        this.#broadcasts.set(key, destination.address);
    }
  }

  /** The address of a local route. */
  addressOf(route: Route, device: string): InterfaceAddress {
    const { address } = route.destination;
    const isLoopback = device === 'lo' && typeof address === 'number' && address >>> 24 === 127;
    const length = isLoopback ? 8 : (this.#lengths.get(address) ?? bitsOf(familyOf(address)));
    const broadcast =
      device === 'lo' ? null : (this.#broadcasts.get(`${formatAddress(address)} ${device}`) ?? null);
    const isLinkLocal = typeof address === 'bigint' && address >> 118n === 0x3fan;
    const scope = device === 'lo' ? SCOPE.host : isLinkLocal ? SCOPE.link : SCOPE.global;
    // A secondary address has its primary as the source of its local route.
    const secondary = route.source !== null && route.source !== address;
    return { address, length, peer: null, broadcast, scope, secondary, metric: null, words: [] };
  }
}

/**
 * Links as far as routes tell them, for snapshots without `ip addr` (the EKS log collector makes none): every device
 * that a route names, with the host addresses that table local has for it. They count as up, since the kernel keeps
 * no routes over a link that is down. Indexes are negative in order of appearance.
 */
export function linksOfRoutes(routes: readonly Route[]): readonly Link[] {
  const drafts = new Map<string, InterfaceAddress[]>();
  const addressesOf = (name: string): InterfaceAddress[] => {
    const known = drafts.get(name) ?? [];
    drafts.set(name, known);
    return known;
  };
  addressesOf('lo');
  const facts = new AddressFacts(routes);
  for (const route of routes) {
    for (const { device } of route.nexthops) if (device !== null) addressesOf(device);
    const device = route.nexthops[0]?.device ?? null;
    const isHost = route.destination.length === bitsOf(route.family);
    if (route.type !== 'local' || route.table !== TABLE_ID.local || device === null || !isHost) continue;
    addressesOf(device).push(facts.addressOf(route, device));
  }
  return [...drafts].map(([name, addresses], place) => ({
    index: -(place + 1),
    name,
    peer: null,
    flags: name === 'lo' ? ['LOOPBACK', 'UP'] : ['UP'],
    up: true,
    mtu: null,
    master: null,
    group: null,
    mac: null,
    addresses,
    span: null,
  }));
}
