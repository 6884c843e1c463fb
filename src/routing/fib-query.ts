/**
 * The lookup of nft's `fib … oif` (net/ipv4/netfilter/nft_fib_ipv4.c nft_fib4_eval, net/ipv6/netfilter/nft_fib_ipv6.c
 * nft_fib6_eval): by which device would the address be reached?
 */
import { type Address, anyAddress } from '../address/address.js';
import { type Chooser, type Unsure, unsure } from '../chooser/question.js';
import { LIMITED_BROADCAST, isLinkLocal, isLocalMulticast, isMulticast, isZeroNet } from './address-kind.js';
import { type Flow, findRoute } from './lookup.js';
import type { Network } from './model.js';

/** What is looked up. */
export interface FibQuestion {
  readonly destination: Address;
  readonly source: Address;
  readonly mark: number;
  readonly markUnknown: number;
  readonly tos: number;
  readonly protocol: number;
  /** Device that the lookup takes for the incoming one (flowi_iif). */
  readonly from: string;
  /** The route must use this device; null for any. */
  readonly device: string | null;
  /** The packet's source is looked up, not its destination. */
  readonly reverse: boolean;
  /** The device at which the packet is: a link-local destination is looked for there. */
  readonly arrived: string;
}

export type FibFound =
  | { readonly kind: 'device'; readonly name: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'open'; readonly question: Unsure };

const NONE: FibFound = { kind: 'none' };

/** IPv4 takes no source that is no host's into the lookup (get_saddr). */
function sourceOf({ source }: FibQuestion, { family }: Network): Address {
  const plain = !isMulticast(source) && source !== LIMITED_BROADCAST && !isZeroNet(source);
  return family === 6 || plain ? source : anyAddress(family);
}

/** The flow that is looked up. */
export function flowOf(network: Network, question: FibQuestion): Flow {
  const { destination, mark, markUnknown, tos, protocol, from, device, arrived } = question;
  const bound = network.family === 6 && isLinkLocal(destination);
  return {
    destination,
    source: sourceOf(question, network),
    inInterface: from,
    outInterface: bound ? (device ?? arrived) : null,
    ...{ mark, markUnknown, tos, protocol },
    sourcePort: 0,
    destinationPort: 0,
    uid: 0,
  };
}

/** DHCP's packets without an address pass as if the route led back (ipv4_is_zeronet in nft_fib4_eval). */
function hasNoAddressYet({ destination, source }: FibQuestion, { family }: Network): boolean {
  return family === 4 && isZeroNet(destination) && (source === LIMITED_BROADCAST || isLocalMulticast(source));
}

/** Answers a lookup of `fib`; what the snapshot leaves open in policy rules is asked of the chooser. */
export function answerFib(network: Network, question: FibQuestion, chooser: Chooser): FibFound {
  const { device, arrived, reverse } = question;
  if (reverse && hasNoAddressYet(question, network)) return { kind: 'device', name: arrived };
  const found = findRoute(network, flowOf(network, question), chooser, {
    ignoreLinkState: true,
    untold: true,
  });
  const open = (what: string): FibFound => ({
    kind: 'open',
    question: unsure(what, 'UNK_NFT_FIB', { device: device ?? 'any device' }),
  });
  if (found.kind === 'unseen')
    return open(`fib ${String(question.destination)} in table ${String(found.table)}`);
  if (found.kind === 'error') return NONE;
  const { route } = found;
  if (route.type === 'local' || (network.family === 6 && route.type !== 'unicast')) return NONE;
  const devices = [...new Set(route.nexthops.flatMap((nexthop) => nexthop.device ?? []))];
  const [first] = devices;
  if (first === undefined) return open(`fib ${String(question.destination)} has a device`);
  if (device === null)
    return devices.length === 1 ? { kind: 'device', name: first } : open(`fib of ${route.text} by ${first}`);
  if (!devices.includes(device)) return NONE;
  // IPv6 has chosen one of the nexthops before it compares.
  if (network.family === 6 && devices.length > 1) return open(`fib of ${route.text} by ${device}`);
  return { kind: 'device', name: device };
}
