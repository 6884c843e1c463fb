/** Which of the node's own addresses a packet gets. net/ipv4/devinet.c inet_select_addr, fib_semantics.c fib_result_prefsrc. */
import { type Address, anyAddress } from '../address/address.js';
import { contains, prefixOf } from '../address/prefix.js';
import { decide } from '../chooser/enumerate.js';
import { type Chooser, unsure } from '../chooser/question.js';
import { scope6 } from './address-kind.js';
import { type InterfaceAddress, type Link, type Network, type Nexthop, type Route, SCOPE } from './model.js';
import { selectSource6 } from './source6.js';
import { deviceSetting } from './sysctl.js';

/**
 * An address and where it comes from; `unknown` when the snapshot does not show the addresses that decide, `none` when
 * the node has no suitable one.
 */
export type SourceChoice =
  | {
      readonly kind: 'address';
      readonly address: Address;
      readonly why: 'route-src' | 'device' | 'any-device' | 'local';
    }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown' };

/**
 * The source that the kernel gives to a local packet without one: the route's `src`; for a local destination the
 * destination itself; else an address of the nexthop's device, else of any device.
 */
export function selectSource(
  network: Network,
  route: Route,
  nexthop: Nexthop,
  destination: Address,
  chooser: Chooser,
): SourceChoice {
  if (route.source !== null) return { kind: 'address', address: route.source, why: 'route-src' };
  if (network.family === 6) {
    // Of a group of nexthop objects the first stands for the route (fib6_info_nh_dev), whichever takes the packet.
    const [first = nexthop] = route.words.includes('nhid') ? route.nexthops : [];
    return typeof destination === 'bigint'
      ? selectSource6(network, first.device, destination, chooser)
      : { kind: 'none' };
  }
  if (route.type === 'local') return { kind: 'address', address: destination, why: 'local' };
  const byRoute = selectDeviceAddress(network, nexthop.device, nexthop.via, route.scope);
  const object = route.words.indexOf('nhid');
  if (object < 0) return byRoute;
  const byObject = selectDeviceAddress(network, nexthop.device, nexthop.via, objectScope(network, nexthop));
  if (byObject.kind !== 'address' || byRoute.kind !== 'address' || byObject.address === byRoute.address)
    return byRoute;
  const id = route.words[object + 1] ?? '';
  return decide(chooser, unsure(`source of nexthop ${id}`, 'UNK_NEXTHOP_SOURCE', { id }))
    ? byObject
    : byRoute;
}

/**
 * A nexthop object chooses its source when it is made, before any route has a scope: by that of the way to its gateway,
 * one wider (nexthop.c nh_create_ipv4). A later change of any address makes the next route choose anew.
 */
function objectScope(network: Network, { via, device }: Nexthop): number {
  const own = device === null ? undefined : network.links.get(device)?.addresses;
  const itself = own?.some(({ address }) => address === via) ?? false;
  return via === null || itself ? SCOPE.link : SCOPE.link - 1;
}

/**
 * The address that MASQUERADE writes (nf_nat_masquerade.c): of the output device, towards the gateway or else the
 * destination; the route's `src` is not looked at.
 * @param nexthop the gateway, or null when the destination is on the link
 */
export function masqueradeSource(
  network: Network,
  device: string,
  nexthop: Address | null,
  destination: Address,
  chooser: Chooser,
): SourceChoice {
  if (typeof destination === 'bigint') return selectSource6(network, device, destination, chooser);
  return selectDeviceAddress(network, device, nexthop ?? destination, SCOPE.global);
}

/**
 * The address that REDIRECT writes in PREROUTING (nf_nat_redirect.c): the first in the input device's list. IPv6 takes
 * a link-local one only when the packet was for one, and none that is tentative.
 */
export function redirectAddress(network: Network, device: string, destination: Address): SourceChoice {
  const link = network.links.get(device);
  if (link === undefined || !network.known.links) return { kind: 'unknown' };
  const scope = typeof destination === 'bigint' ? narrowScope(destination) : 0;
  const first = ownAddresses(link, network).find(({ address, words }) => {
    if (typeof address === 'number') return true;
    return !isTentative(words) && (scope === 0 || narrowScope(address) === scope);
  });
  return first === undefined ? { kind: 'none' } : { kind: 'address', address: first.address, why: 'device' };
}

/** ipv6_addr_scope: node, link and site scopes differ from each other; everything wider is 0. */
function narrowScope(address: bigint): number {
  const scope = address === 1n ? 1 : scope6(address);
  return scope < 14 ? scope : 0;
}

/** A tentative address that is not optimistic is not used yet. */
export function isTentative(words: readonly string[]): boolean {
  return words.includes('tentative') && !words.includes('optimistic');
}

function ownAddresses(link: Link, network: Network): readonly InterfaceAddress[] {
  const any = anyAddress(network.family);
  return link.addresses.filter((own) => typeof own.address === typeof any);
}

/**
 * inet_select_addr, IPv4: the first primary address of the device whose subnet holds `towards`, else its first primary
 * one; without any, the first of any device. Addresses of a narrower scope than `scope` do not count. Unknown where it
 * hangs on a setting that the snapshot does not show.
 * @param towards null: any address of the device will do
 */
export function selectDeviceAddress(
  network: Network,
  device: string | null,
  towards: Address | null,
  scope: number,
): SourceChoice {
  const link = device === null ? undefined : network.links.get(device);
  if (!network.known.links || link === undefined) return { kind: 'unknown' };
  // With route_localnet an address of scope host counts as one of scope link.
  const localnet = deviceSetting(network, link.name, 'route_localnet');
  const widest = localnet === 1 ? SCOPE.link : SCOPE.host;
  let first: Address | null = null;
  for (const own of ownAddresses(link, network)) {
    if (own.secondary) continue;
    if (Math.min(own.scope, widest) > scope) {
      if (localnet === null && Math.min(own.scope, SCOPE.link) <= scope) return { kind: 'unknown' };
      continue;
    }
    if (towards === null || towards === 0 || onSubnet(own, towards))
      return { kind: 'address', address: own.address, why: 'device' };
    first ??= own.address;
  }
  if (first !== null) return { kind: 'address', address: first, why: 'device' };
  return anyDeviceAddress(network, link, scope);
}

function onSubnet(own: InterfaceAddress, address: Address): boolean {
  return contains(prefixOf(own.peer ?? own.address, own.length), address);
}

/** The last resort: devices in the order of their indexes; a VRF's own addresses first, and none of another VRF. */
function anyDeviceAddress(network: Network, from: Link, scope: number): SourceChoice {
  const vrf = vrfOf(network, from);
  const links = [...network.links.values()].filter((link) => vrfOf(network, link) === vrf);
  links.sort((a, b) => Number(b.name === vrf) - Number(a.name === vrf));
  for (const link of links) {
    const own = ownAddresses(link, network).find(
      (a) => !a.secondary && a.scope !== SCOPE.link && a.scope <= scope,
    );
    if (own !== undefined) return { kind: 'address', address: own.address, why: 'any-device' };
  }
  return { kind: 'none' };
}

/** The VRF that a device is or belongs to, or null. A VRF device shows the flags MASTER and NOARP. */
export function vrfOf(network: Network, link: Link): string | null {
  const isVrf = (candidate: Link | undefined): boolean =>
    candidate !== undefined && candidate.flags.includes('MASTER') && candidate.flags.includes('NOARP');
  if (isVrf(link)) return link.name;
  return link.master !== null && isVrf(network.links.get(link.master)) ? link.master : null;
}
