/** Routing of a packet that came in: net/ipv4/route.c ip_route_input_slow, net/ipv6/ip6_input.c, ip6_output.c ip6_forward. */
import type { Address } from '../address/address.js';
import type { Chooser } from '../chooser/question.js';
import { LIMITED_BROADCAST, SCOPE6, isLinkLocal, isLoopback, isMulticast, scope6 } from './address-kind.js';
import { type Flow, type Lookup, type LookupOptions, lookup } from './lookup.js';
import type { Network } from './model.js';
import { isOn } from './open-setting.js';
import { type SourceCheck, martian, validateSource } from './rp-filter.js';
import { forwardingOn } from './sysctl.js';

/**
 * What IPv6 drops before PREROUTING sees it (net/ipv6/ip6_input.c ip6_rcv_core): loopback addresses on a wire, a
 * multicast source, a group of interface-local scope or of the reserved scope 0. IPv4 looks at addresses when it routes.
 * @returns null when the packet may go on
 */
export function refusedOnArrival(
  source: Address,
  destination: Address,
): 'martian_source' | 'martian_destination' | null {
  if (typeof source === 'number' || typeof destination === 'number') return null;
  if (isLoopback(source) || isMulticast(source)) return 'martian_source';
  const narrow = isMulticast(destination) && scope6(destination) <= SCOPE6.node;
  return isLoopback(destination) || narrow ? 'martian_destination' : null;
}

/**
 * Sources with which IPv6 forwards to no other device (ip6_forward, after the hop limit): one that is no host's, and a
 * link-local one, of which its sender is told. Back out of the device that it came in by, they are not looked at.
 * @returns null when the packet may be forwarded
 */
export function staysOnLink(
  source: Address,
  inDevice: string | null,
  outDevice: string | null,
): 'martian_source' | 'link_local' | null {
  if (typeof source === 'number' || inDevice === outDevice) return null;
  if (source === 0n || isMulticast(source) || isLoopback(source)) return 'martian_source';
  return isLinkLocal(source) ? 'link_local' : null;
}

/** Where a packet that came in goes. */
export interface InputRoute {
  readonly kind:
    /** To a local socket; as a broadcast or multicast. */
    | 'local'
    | 'broadcast'
    | 'multicast'
    /** On through `lookup`'s nexthop. */
    | 'forward'
    /** The lookup refused it (`errno`), with an ICMP error unless it is EINVAL or the device does not forward. */
    | 'error'
    /** Dropped without a word, for `reason`. */
    | 'drop'
    /** A table that the snapshot does not show has it. */
    | 'unseen';
  readonly lookup: Lookup | null;
  /** The reverse-path check, when there was one. */
  readonly check: SourceCheck | null;
  readonly reason: 'rp_filter' | 'martian_source' | 'martian_destination' | 'ip_forward' | null;
  readonly errno: 'ENETUNREACH' | 'EHOSTUNREACH' | 'EACCES' | 'EINVAL' | null;
}

/** Does the input device forward? A snapshot that does not show it is taken to; who walks on says so. */
function forwards(network: Network, device: string): boolean {
  return forwardingOn(network, device) ?? true;
}

/**
 * Routes a packet that came in by `flow.inInterface` and checks its source.
 * @param options whether `tried` is told
 * @param fresh it came by lo and lost the route that it had: its source is checked like that of any other
 */
export function routeInput(
  network: Network,
  flow: Flow,
  chooser: Chooser,
  fresh = false,
  options: LookupOptions = {},
): InputRoute {
  const into = routed(network, flow, chooser, options);
  const unchecked = network.family === 4 && flow.inInterface === 'lo' && into.check === null;
  const device = into.lookup?.kind === 'route' ? into.lookup.nexthop.device : null;
  if (!fresh || !unchecked || (into.kind !== 'local' && into.kind !== 'forward')) return into;
  const forward = { device: into.kind === 'forward' ? device : null, broadcast: false };
  const check = validateSource(network, flow, forward, chooser);
  return check.drop === null ? { ...into, check } : dropped(check.drop, into.lookup, check);
}

function routed(network: Network, flow: Flow, chooser: Chooser, options: LookupOptions): InputRoute {
  const { destination } = flow;
  const reason = martian(network, flow, chooser);
  if (reason !== null) return dropped(reason, null, null);
  if (destination === LIMITED_BROADCAST || (flow.source === 0 && destination === 0))
    return delivered(network, 'broadcast', flow, null, chooser);
  if (isMulticast(destination)) return delivered(network, 'multicast', flow, null, chooser);
  const found = lookup(network, flow, chooser, options);
  if (found.kind === 'unseen')
    return { kind: 'unseen', lookup: found, check: null, reason: null, errno: null };
  if (found.kind === 'error') {
    if (!forwards(network, flow.inInterface)) return dropped('ip_forward', found, null);
    return { kind: 'error', lookup: found, check: null, reason: null, errno: found.errno };
  }
  const { type } = found.route;
  if (type === 'broadcast' && !forwardsBroadcast(network, flow.inInterface, chooser))
    return delivered(network, 'broadcast', flow, found, chooser);
  if (type === 'local' || (type === 'anycast' && network.family === 6))
    return delivered(network, 'local', flow, found, chooser);
  return forwarded(network, flow, found, chooser);
}

/** IN_DEV_BFORWARD: the device's own setting and that of all. Few nodes have it on, so that "off" is the first answer. */
function forwardsBroadcast(network: Network, device: string, chooser: Chooser): boolean {
  return isOn(network, device, 'bc_forwarding', chooser, false);
}

function dropped(reason: InputRoute['reason'], found: Lookup | null, check: SourceCheck | null): InputRoute {
  return { kind: 'drop', lookup: found, check, reason, errno: null };
}

function passed(kind: InputRoute['kind'], found: Lookup | null, check: SourceCheck | null): InputRoute {
  return { kind, lookup: found, check, reason: null, errno: null };
}

function delivered(
  network: Network,
  kind: 'local' | 'broadcast' | 'multicast',
  flow: Flow,
  found: Lookup | null,
  chooser: Chooser,
): InputRoute {
  if (network.family === 6 || flow.inInterface === 'lo' || flow.source === 0)
    return passed(kind, found, null);
  const check = validateSource(network, flow, { device: null, broadcast: kind !== 'local' }, chooser);
  return check.drop === null ? passed(kind, found, check) : dropped(check.drop, found, check);
}

function forwarded(
  network: Network,
  flow: Flow,
  found: Lookup & { kind: 'route' },
  chooser: Chooser,
): InputRoute {
  if (!forwards(network, flow.inInterface)) return dropped('ip_forward', found, null);
  const { type } = found.route;
  if (type !== 'unicast' && type !== 'broadcast') return dropped('martian_destination', found, null);
  if (network.family === 6 || flow.inInterface === 'lo') return passed('forward', found, null);
  const check = validateSource(network, flow, { device: found.nexthop.device, broadcast: false }, chooser);
  return check.drop === null ? passed('forward', found, check) : dropped(check.drop, found, check);
}
