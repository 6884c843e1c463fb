/** Routing of what the node sends: net/ipv4/route.c ip_route_output_key_hash_rcu, net/ipv6/route.c ip6_route_output. */
import { type Address, anyAddress } from '../address/address.js';
import { contains } from '../address/prefix.js';
import type { Chooser } from '../chooser/question.js';
import { LIMITED_BROADCAST, isLocalMulticast, isLoopback, isMulticast, isZeroNet } from './address-kind.js';
import { type Setting, confiningSetting } from './decisive-setting.js';
import { gatewayOf } from './gateway.js';
import { type Flow, type Lookup, type LookupOptions, lookup } from './lookup.js';
import { type Network, type Route, type RouteType, SCOPE, TABLE_ID } from './model.js';
import { isOn } from './open-setting.js';
import { isOwnSource } from './own-source.js';
import { selectDeviceAddress, selectSource, type SourceChoice } from './source.js';

/** Where a local packet goes and what source it gets. */
export interface OutputRoute {
  /** `on-link`: the socket's device takes it although no route says so. */
  readonly kind: 'route' | 'on-link' | 'error' | 'unseen';
  readonly lookup: Lookup | null;
  /** The kind of destination, which decides over the gateway; null when nothing is sent. */
  readonly type: 'unicast' | 'local' | 'broadcast' | 'multicast' | null;
  /** lo for what the node sends to itself; null when it does not leave or the device is not known. */
  readonly device: string | null;
  readonly via: Address | null;
  /** The source chosen for a flow without one; null when it had one, or nothing is sent. */
  readonly source: SourceChoice | null;
  readonly errno: 'ENETUNREACH' | 'EHOSTUNREACH' | 'EACCES' | 'EINVAL' | 'ENODEV' | null;
  /** The sysctl that refused it, where one did. */
  readonly setting?: Setting;
}

function failed(errno: OutputRoute['errno'], found: Lookup | null): OutputRoute {
  return { kind: 'error', lookup: found, type: null, device: null, via: null, source: null, errno };
}

export interface OutputOptions extends LookupOptions {
  /** The source need not be the node's own (FLOWI_FLAG_ANYSRC: transparent sockets, ip_route_me_harder). */
  readonly anySource?: boolean;
}

/** Routes a flow of this node (`inInterface` is lo); its source is chosen when it is the all-zero address. */
export function routeOutput(
  network: Network,
  flow: Flow,
  chooser: Chooser,
  options: OutputOptions = {},
): OutputRoute {
  return network.family === 4
    ? output4(network, flow, chooser, options)
    : output6(network, flow, chooser, options);
}

function output4(network: Network, flow: Flow, chooser: Chooser, options: OutputOptions): OutputRoute {
  const { destination, source, outInterface } = flow;
  if (source !== 0) {
    if (isMulticast(source) || source === LIMITED_BROADCAST || isZeroNet(source))
      return failed('EINVAL', null);
    if (options.anySource !== true && !isOwnSource(network, source, chooser))
      return failed('ENETUNREACH', null);
    if (outInterface === null && (isMulticast(destination) || destination === LIMITED_BROADCAST))
      return onLink(network, flow, ownerOf(network, source), chooser);
  }
  if (outInterface !== null) {
    const link = network.links.get(outInterface);
    if (link === undefined && network.known.links) return failed('ENODEV', null);
    if (link?.up === false) return failed('ENETUNREACH', null);
    if (isLocalMulticast(destination) || destination === LIMITED_BROADCAST || flow.protocol === 2)
      return onLink(network, flow, outInterface, chooser);
  }
  if (destination === 0) return toItself(network, flow);
  if (outInterface !== null && source === 0 && isMulticast(destination))
    return toGroup(network, flow, outInterface, chooser, options);
  return routed4(network, flow, chooser, options);
}

/** A bound socket has its source before the lookup when it sends to a group; `from` selects it then. */
function toGroup(
  network: Network,
  flow: Flow,
  device: string,
  chooser: Chooser,
  options: LookupOptions,
): OutputRoute {
  const source = selectDeviceAddress(network, device, null, SCOPE.global);
  if (source.kind !== 'address') return routed4(network, flow, chooser, options);
  const out = routed4(network, { ...flow, source: source.address }, chooser, options);
  return out.kind === 'error' ? out : { ...out, source };
}

/** Some way that the snapshot does not show, and with it from which address. */
function unseen(flow: Flow, found: Lookup): OutputRoute {
  const isOpen = flow.source === 0 || flow.source === 0n;
  const source: SourceChoice | null = isOpen ? { kind: 'unknown' } : null;
  return { kind: 'unseen', lookup: found, type: null, device: null, via: null, source, errno: null };
}

function routed4(network: Network, flow: Flow, chooser: Chooser, options: LookupOptions): OutputRoute {
  const { outInterface } = flow;
  const found = lookup(network, flow, chooser, options);
  if (found.kind === 'unseen') return unseen(flow, found);
  if (found.kind === 'error') {
    return outInterface === null
      ? failed(found.errno, found)
      : { ...onLink(network, flow, outInterface, chooser), lookup: found };
  }
  return leave4(network, flow, found, chooser);
}

function typeTo(destination: Address, type: RouteType): OutputRoute['type'] {
  if (destination === LIMITED_BROADCAST) return 'broadcast';
  if (isMulticast(destination)) return type === 'local' ? 'local' : 'multicast';
  return type === 'broadcast' || type === 'local' ? type : 'unicast';
}

/** The device that an own address is on; of a prefix that is local as a whole, its route's. */
function ownerOf(network: Network, address: Address): string | null {
  for (const link of network.links.values()) {
    if (link.addresses.some((own) => own.address === address)) return link.name;
  }
  const local = network.tables.get(TABLE_ID.local) ?? [];
  return (
    local.find((route) => route.type === 'local' && contains(route.destination, address))?.nexthops[0]
      ?.device ?? null
  );
}

/** A destination of 0.0.0.0 means the node itself: the packet goes to the address that it comes from. */
function toItself(network: Network, flow: Flow): OutputRoute {
  const bound = flow.outInterface;
  const loopback: SourceChoice = { kind: 'address', address: 0x7f000001, why: 'local' };
  const own = bound === null ? loopback : selectDeviceAddress(network, bound, null, SCOPE.host);
  const source = flow.source !== 0 ? null : own.kind === 'none' ? loopback : own;
  return { kind: 'on-link', lookup: null, type: 'local', device: 'lo', via: null, source, errno: null };
}

/** Straight out of a device, without a route. */
function onLink(network: Network, flow: Flow, device: string | null, chooser: Chooser): OutputRoute {
  const given = flow.source !== anyAddress(network.family);
  const source = given ? null : selectDeviceAddress(network, device, null, SCOPE.link);
  const result: OutputRoute = {
    kind: 'on-link',
    lookup: null,
    type: typeTo(flow.destination, 'unicast'),
    device,
    via: null,
    source,
    errno: null,
  };
  return unlessConfined(network, flow, result, chooser);
}

function leave4(
  network: Network,
  flow: Flow,
  found: Lookup & { readonly kind: 'route' },
  chooser: Chooser,
): OutputRoute {
  const { route, nexthop } = found;
  const source = flow.source === 0 ? selectSource(network, route, nexthop, flow.destination, chooser) : null;
  const here = route.type === 'local';
  const type = typeTo(flow.destination, route.type);
  const result: OutputRoute = {
    kind: 'route',
    lookup: found,
    type,
    device: here ? 'lo' : nexthop.device,
    // A broadcast is not sent to a gateway, nor is multicast by a route of all addresses.
    via:
      here || type === 'broadcast' || (type === 'multicast' && (route.destination.length ?? 0) < 4)
        ? null
        : gatewayOf(network, route, nexthop, chooser),
    source,
    errno: null,
  };
  if (here || nexthop.device === 'lo') return result;
  return unlessConfined(network, flow, result, chooser);
}

/** The way, or its refusal: a source of 127/8 leaves by another device than lo only with route_localnet (__mkroute_output). */
function unlessConfined(network: Network, flow: Flow, out: OutputRoute, chooser: Chooser): OutputRoute {
  const { device, source } = out;
  const address = source?.kind === 'address' ? source.address : flow.source;
  if (!isLoopback(address) || device === null || device === 'lo') return out;
  if (isOn(network, device, 'route_localnet', chooser)) return out;
  return { ...failed('EINVAL', out.lookup), setting: confiningSetting(network, device) };
}

/** An anycast address of the kernel's own (RTF_ANYCAST) is reached through lo; a route that says anycast leaves by its device. */
function isOfKernel({ words }: Route): boolean {
  return words[words.indexOf('proto') + 1] === 'kernel';
}

function output6(network: Network, flow: Flow, chooser: Chooser, options: LookupOptions): OutputRoute {
  if (flow.outInterface !== null && network.known.links && !network.links.has(flow.outInterface))
    return failed('ENODEV', null);
  const found = lookup(network, flow, chooser, options);
  if (found.kind === 'unseen') return unseen(flow, found);
  if (found.kind === 'error') return failed(found.errno, found);
  const { route, nexthop } = found;
  const source = flow.source === 0n ? selectSource(network, route, nexthop, flow.destination, chooser) : null;
  const here = route.type === 'local' || (route.type === 'anycast' && isOfKernel(route));
  const device = here ? 'lo' : nexthop.device;
  const type = here ? 'local' : typeTo(flow.destination, route.type);
  return { kind: 'route', lookup: found, type, device, via: here ? null : nexthop.via, source, errno: null };
}
