/** `-m rpfilter`: would a packet to the source leave by the input device? ipt_rpfilter.c, ip6t_rpfilter.c. */
import { type Address, anyAddress } from '../address/address.js';
import { decide } from '../chooser/enumerate.js';
import type { Chooser } from '../chooser/question.js';
import { LIMITED_BROADCAST, isLinkLocal, isLocalMulticast, isMulticast, isZeroNet } from './address-kind.js';
import { siblingsOf } from './fib.js';
import { type Flow, type Found, findRoute } from './lookup.js';
import type { Network } from './model.js';
import { leadsBack } from './rp-filter.js';

/** The options of `-m rpfilter`. */
export interface ReversePathOptions {
  readonly loose: boolean;
  readonly validMark: boolean;
  readonly acceptLocal: boolean;
}

/** The fields of the packet that are looked at. */
export interface ReversePathPacket {
  readonly source: Address;
  readonly destination: Address;
  readonly inInterface: string;
  readonly mark: number;
  readonly markUnknown: number;
  readonly tos: number;
  readonly protocol: number;
}

/** Does `-m rpfilter` match? Uses no ports, and the mark only with --validmark. */
export function reversePathMatches(
  network: Network,
  options: ReversePathOptions,
  packet: ReversePathPacket,
  chooser: Chooser,
): boolean {
  const { source, destination, inInterface: device } = packet;
  if (device === 'lo' || (network.links.get(device)?.flags.includes('LOOPBACK') ?? false)) return true;
  if (isZeroNet(source)) {
    if (network.family === 6) return true;
    if (destination === LIMITED_BROADCAST || isLocalMulticast(destination)) return true;
  }
  const found = findRoute(network, reverseFlow(network, options, packet), chooser, {
    ignoreLinkState: true,
    untold: true,
  });
  if (found.kind === 'error') return false;
  if (found.kind === 'unseen') return options.loose || decide(chooser, leadsBack(source, device));
  return network.family === 4 ? accepts4(found, options, device) : accepts6(network, found, options, device);
}

function reverseFlow(network: Network, options: ReversePathOptions, packet: ReversePathPacket): Flow {
  const { destination } = packet;
  const plain = !isMulticast(destination) && destination !== LIMITED_BROADCAST && !isZeroNet(destination);
  const bound = network.family === 6 && isLinkLocal(packet.source);
  return {
    destination: packet.source,
    source: plain ? destination : anyAddress(network.family),
    inInterface: 'lo',
    outInterface: bound ? packet.inInterface : null,
    mark: options.validMark ? packet.mark : 0,
    markUnknown: options.validMark ? packet.markUnknown : 0,
    tos: packet.tos,
    protocol: network.family === 6 ? packet.protocol : 0,
    sourcePort: 0,
    destinationPort: 0,
    uid: 0,
  };
}

type FoundHere = Extract<Found, { readonly kind: 'route' }>;

function accepts4({ route }: FoundHere, options: ReversePathOptions, device: string): boolean {
  if (route.type !== 'unicast' && !(route.type === 'local' && options.acceptLocal)) return false;
  return options.loose || route.nexthops.some((nexthop) => nexthop.device === device);
}

/** IPv6 asks with the device as a hint: any route to the same prefix on that device will do. */
function accepts6(
  network: Network,
  { route }: FoundHere,
  options: ReversePathOptions,
  device: string,
): boolean {
  if (route.type === 'local') return options.acceptLocal;
  if (route.type !== 'unicast') return false;
  if (options.loose) return true;
  return siblingsOf(network, route).some((other) =>
    other.nexthops.some((nexthop) => nexthop.device === device),
  );
}
