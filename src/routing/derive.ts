/** The routes of table local that follow from the addresses. net/ipv4/fib_frontend.c fib_add_ifaddr, net/ipv6/addrconf.c. */
import { type Address, type Family, allOnes, formatAddress } from '../address/address.js';
import { type Prefix, formatPrefix, parsePrefix, prefixOf } from '../address/prefix.js';
import { isZeroNet } from './address-kind.js';
import { type InterfaceAddress, type Link, type Route, type RouteType, SCOPE, TABLE_ID } from './model.js';
import { isTentative } from './source.js';

/**
 * The routes that the kernel makes in table local for the addresses of the links, for when the snapshot shows the
 * addresses but not the table. An IPv4 address stays local on a device that is down; its broadcasts do not. As of
 * Linux 5.14, which no longer makes a broadcast route of a subnet's lowest address.
 * @param forwards whether IPv6 forwarding is on for a device: a router answers for its subnets' lowest addresses
 */
export function deriveLocalTable(
  links: Iterable<Link>,
  family: Family,
  forwards: (device: string) => boolean = () => false,
): Route[] {
  const routes = new Map<string, Route>();
  for (const link of links) {
    for (const own of link.addresses) {
      if (typeof own.address === 'number' && family === 4)
        for (const r of routes4(link, own, own.address)) keep(routes, r);
      else if (typeof own.address === 'bigint' && family === 6 && !isUnusable(own))
        for (const r of routes6(link, own, own.address, forwards(link.name))) keep(routes, r);
    }
    const multicast = family === 6 && link.up && !isLoopbackLink(link) ? parsePrefix('ff00::/8') : null;
    if (multicast !== null)
      keep(routes, { ...base(link, 'multicast', multicast, SCOPE.global, null, 6), metric: 256 });
  }
  return [...routes.values()];
}

/** The same route of two addresses is made once, the first stays. */
function keep(routes: Map<string, Route>, route: Route): void {
  if (!routes.has(route.text)) routes.set(route.text, route);
}

/** Duplicate address detection has not ended, or failed. */
function isUnusable({ words }: InterfaceAddress): boolean {
  return isTentative(words) || words.includes('dadfailed');
}

function isLoopbackLink(link: Link): boolean {
  return link.flags.includes('LOOPBACK') || link.name === 'lo';
}

/** A secondary address has its primary's address as source (`src`). */
function primaryOf(link: Link, own: InterfaceAddress): Address {
  if (!own.secondary) return own.address;
  const subnet = prefixOf(own.peer ?? own.address, own.length);
  const primary = link.addresses.find(
    (other) =>
      !other.secondary &&
      other.length === own.length &&
      prefixOf(other.peer ?? other.address, other.length).address === subnet.address,
  );
  return primary?.address ?? own.address;
}

function* routes4(link: Link, own: InterfaceAddress, address: number): Generator<Route> {
  const primary = primaryOf(link, own);
  yield base(link, 'local', prefixOf(address, 32), SCOPE.host, primary, 4);
  if (!link.up) return;
  const subnet = prefixOf(own.peer ?? address, own.length);
  const wide = own.length < 31;
  if (own.broadcast !== null && own.broadcast !== allOnes(4))
    yield base(link, 'broadcast', prefixOf(own.broadcast, 32), SCOPE.link, primary, 4);
  if (own.secondary || isZeroNet(subnet.address)) return;
  if (
    isLoopbackLink(link) &&
    (own.length < 32 || subnet.address !== address) &&
    !own.words.includes('noprefixroute')
  )
    yield base(link, 'local', subnet, SCOPE.host, primary, 4);
  if (wide && typeof subnet.address === 'number' && typeof subnet.mask === 'number')
    yield base(link, 'broadcast', prefixOf(subnet.address | ~subnet.mask, 32), SCOPE.link, primary, 4);
}

/** addrconf_join_anycast makes the anycast route, of subnets that have room for it. */
function* routes6(link: Link, own: InterfaceAddress, address: bigint, forwards: boolean): Generator<Route> {
  yield base(link, 'local', prefixOf(address, 128), SCOPE.global, null, 6);
  const lowest = prefixOf(address, own.length).address;
  if (forwards && link.up && own.length < 127 && lowest !== 0n && !isLoopbackLink(link))
    yield base(link, 'anycast', prefixOf(lowest, 128), SCOPE.global, null, 6);
}

function base(
  link: Link,
  type: RouteType,
  destination: Prefix,
  scope: number,
  source: Address | null,
  family: Family,
): Route {
  const full = family === 4 ? 32 : 128;
  const to = destination.length === full ? formatAddress(destination.address) : formatPrefix(destination);
  const scopeWords = family === 4 ? [`scope ${scope === SCOPE.host ? 'host' : 'link'}`] : [];
  const tail = [
    ...scopeWords,
    ...(source === null ? [] : [`src ${formatAddress(source)}`]),
    ...(family === 6 ? ['metric 0 pref medium'] : []),
  ];
  return {
    family,
    type,
    destination,
    tos: 0,
    metric: 0,
    table: TABLE_ID.local,
    scope,
    source,
    nexthops: [{ via: null, device: link.name, weight: 1, onlink: false, dead: false, linkdown: false }],
    words: ['proto', 'kernel', ...(family === 6 ? ['pref', 'medium'] : [])],
    text: `${type} ${to} dev ${link.name} ${['table local', 'proto kernel', ...tail].join(' ')}`,
    span: null,
  };
}
