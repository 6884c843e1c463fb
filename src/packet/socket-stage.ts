/** Output routing as the sender's system call does it: bind, connect, and the source where the sender left it open. */
import { type Address, anyAddress, formatAddress } from '../address/address.js';
import { decide } from '../chooser/enumerate.js';
import { unsure } from '../chooser/question.js';
import {
  LIMITED_BROADCAST,
  SCOPE6,
  isLinkLocal,
  isMapped,
  isMulticast,
  scope6,
} from '../routing/address-kind.js';
import type { Flow } from '../routing/lookup.js';
import { isSet } from '../routing/open-setting.js';
import { type OutputRoute, routeOutput } from '../routing/output.js';
import { isOwnSource } from '../routing/own-source.js';
import { possibleSources } from '../routing/possible-sources.js';
import { selectSource6 } from '../routing/source6.js';
import { readNumber } from '../routing/sysctl.js';
import type { HookEvent } from './hooks.js';
import { isOfMappingSocket } from './mapped.js';
import { PROTOCOL, isIcmp, setDestination, setSource } from './packet.js';
import { assumeRouting, leave, outputFlow, toldBy, unroutable } from './route-stage.js';
import type { Walk } from './walk.js';

/**
 * Takes the source that the kernel gave to a local packet without one.
 * @returns false when it has none to give; an IPv4 packet then leaves with 0.0.0.0
 */
function takeSource(walk: Walk, out: OutputRoute): boolean {
  const { source } = out;
  if (source === null) return true;
  if (source.kind === 'unknown') takeAny(walk);
  if (source.kind === 'none') return walk.family === 4;
  if (source.kind === 'address') {
    setSource(walk.packet, source.address);
    walk.report({ kind: 'source', address: source.address, why: source.why });
  }
  return true;
}

/** Of more addresses than this none is asked about. */
const MOST_SOURCES = 8;

/** Asks which of the node's addresses the kernel gave, where the snapshot does not show what decides between them. */
function takeAny(walk: Walk): void {
  const { packet, network } = walk;
  const all = possibleSources(network, packet.destination);
  const [only] = all;
  if (only === undefined || all.length > MOST_SOURCES) {
    walk.assume('ASM_SOURCE', {});
    return;
  }
  const choices = all.map((one) => ({
    probability: null,
    assumption: { code: 'UNK_SOURCE', params: { address: formatAddress(one) } },
  }));
  const chosen = all.length === 1 ? 0 : walk.chooserFor(null).choose('the source', choices);
  setSource(packet, all[chosen] ?? only);
}

/**
 * connect() routes a second time with the source it chose (ip_route_connect, ip_route_newports); sendto() on an
 * unconnected socket does not. TCP always connects; for UDP it is asked only when the two differ and the sender did not
 * say.
 */
function connectsAgain(walk: Walk, first: OutputRoute, again: OutputRoute): boolean {
  const { protocol } = walk.packet;
  if (protocol === PROTOCOL.tcp || protocol === PROTOCOL.sctp || protocol === PROTOCOL.dccp) return true;
  if (!isUdp(protocol)) return false;
  const open = (out: OutputRoute): boolean => out.kind === 'error' || out.kind === 'unseen';
  if (first.device === again.device && first.via === again.via && open(first) === open(again))
    return walk.start.connected ?? false;
  return isConnected(walk);
}

/** Is the sending UDP socket connected? Asked where the sender did not say. */
function isConnected(walk: Walk): boolean {
  if (walk.start.connected !== null) return walk.start.connected;
  const choices = (['yes', 'no'] as const).map((answer) => ({
    probability: null,
    assumption: { code: 'UNK_CONNECTED', params: { answer } },
  }));
  return walk.chooserFor(null).choose('the socket is connected', choices) === 0;
}

function isUdp(protocol: number): boolean {
  return protocol === PROTOCOL.udp || protocol === PROTOCOL.udplite;
}

/** The sender said that its UDP socket is connected. */
function isConnectedUdp(walk: Walk): boolean {
  return walk.start.connected === true && isUdp(walk.packet.protocol);
}

/**
 * The flow of a socket's own lookup. Type and code of ICMP lie where the destination port of others does (union
 * flowi_uli), and `dport` of a policy rule compares them: an echo request has 2048. Later lookups see no port.
 */
function socketFlow(walk: Walk, source: Address): Flow {
  const flow = outputFlow(walk, source);
  const { protocol, icmpType, icmpCode } = walk.packet;
  return isIcmp(protocol, walk.family) ? { ...flow, destinationPort: (icmpType << 8) | icmpCode } : flow;
}

/**
 * What connect() refuses whatever the routes say: TCP groups and broadcasts (tcp_v4_connect, tcp_v6_connect), and IPv6 a
 * destination of one link when the socket is bound to no device (__ip6_datagram_connect).
 */
function connectRefuses(walk: Walk, out: OutputRoute | null): string | null {
  const { protocol, destination } = walk.packet;
  const tcp = protocol === PROTOCOL.tcp;
  if (tcp && (isMulticast(destination) || out?.type === 'broadcast')) return 'ENETUNREACH';
  if (walk.family === 4 || walk.start.boundDevice !== null) return null;
  const group = typeof destination === 'bigint' && isMulticast(destination);
  const confined = isLinkLocal(destination) || (group && scope6(destination) <= SCOPE6.link);
  if (!confined) return null;
  return tcp || (isUdp(protocol) && isConnected(walk)) ? 'EINVAL' : null;
}

/** bind() refuses a source that is not the node's own (inet_bind, inet6_bind), unless ip_nonlocal_bind is set. */
function bindRefuses(walk: Walk): boolean {
  const { network, packet, start, family } = walk;
  const { source } = packet;
  const special = isMulticast(source) || source === anyAddress(family) || source === LIMITED_BROADCAST;
  if (start.selectSource || special || (family === 6 && !network.known.links)) return false;
  const nonlocal = `net.ipv${String(family)}.ip_nonlocal_bind`;
  const chooser = walk.chooserFor(null);
  if (readNumber(network, nonlocal) === 1 || isOwnSource(network, source, chooser)) return false;
  return !isSet(network, nonlocal, false, chooser);
}

/**
 * Can the socket not send to the other family? One with an IPv6 address has no way to an IPv4 host, and neither has one
 * that is for IPv6 alone (IPV6_V6ONLY), which the packet does not tell.
 */
function refusesMapped(walk: Walk): boolean {
  const { packet, start } = walk;
  if (start.mapped === null) return isMapped(packet.destination) && isOfMappingSocket(packet);
  const address = formatAddress(start.mapped);
  return decide(walk.chooserFor(null), unsure('the socket is for IPv6 alone', 'UNK_V6ONLY', { address }));
}

/** Leaves as the lookups of the sender's system call said. */
function leaveSocket(walk: Walk, flow: Flow, out: OutputRoute): HookEvent {
  const refused = out.kind === 'error' ? null : connectRefuses(walk, out);
  return refused === null ? leave(walk, 'output', flow, out) : unroutable(walk, refused);
}

/**
 * IPv6 looks once when that finds a way (ip6_dst_lookup_tail). When it does not, a source is chosen without a device,
 * and a second lookup with it decides.
 */
function chooseSource6(walk: Walk, flow: Flow, first: OutputRoute): HookEvent {
  if (first.kind !== 'error' || first.lookup === null) {
    if (!takeSource(walk, first)) return unroutable(walk, 'EADDRNOTAVAIL');
    // A connected socket that is bound to a device does not keep a route of another device, such as lo (ip6_sk_dst_check).
    if (
      !isConnectedUdp(walk) ||
      first.device === null ||
      (flow.outInterface ?? first.device) === first.device
    )
      return leaveSocket(walk, flow, first);
    const again = socketFlow(walk, walk.packet.source);
    return leaveSocket(walk, again, routeOutput(walk.network, again, walk.chooserFor(null), toldBy(walk)));
  }
  const { destination } = walk.packet;
  const source =
    typeof destination === 'bigint'
      ? selectSource6(walk.network, null, destination, walk.chooserFor(null))
      : null;
  if (!takeSource(walk, { ...first, source })) return unroutable(walk, 'EADDRNOTAVAIL');
  const bound = socketFlow(walk, walk.packet.source);
  return leaveSocket(walk, bound, routeOutput(walk.network, bound, walk.chooserFor(null), toldBy(walk)));
}

/** Output routing of a local packet (ip_route_output_key): egress, and the source where the sender left it open. */
export function routeOutputStage(walk: Walk): HookEvent {
  const { packet, network, start } = walk;
  const chooser = walk.chooserFor(null);
  assumeRouting(walk);
  if (bindRefuses(walk)) return unroutable(walk, 'EADDRNOTAVAIL');
  if (refusesMapped(walk)) return unroutable(walk, 'ENETUNREACH');
  // To an IPv6 socket :: is the node itself.
  if (packet.destination === 0n) setDestination(packet, 1n);
  const refused = walk.family === 6 ? connectRefuses(walk, null) : null;
  if (refused !== null) return unroutable(walk, refused);
  const flow = socketFlow(walk, start.selectSource ? anyAddress(walk.family) : packet.source);
  const first = routeOutput(network, flow, chooser, toldBy(walk));
  if (walk.family === 6 && start.selectSource) return chooseSource6(walk, flow, first);
  if (first.kind === 'error') return leave(walk, 'output', flow, first);
  if (!takeSource(walk, first)) return unroutable(walk, 'EADDRNOTAVAIL');
  const toItself = packet.destination === 0;
  if (toItself) setDestination(packet, packet.source, packet.sourceTo);
  if (!start.selectSource && !toItself) return leaveSocket(walk, flow, first);
  const bound = socketFlow(walk, packet.source);
  const again = routeOutput(network, bound, chooser, toldBy(walk));
  return connectsAgain(walk, first, again) ? leaveSocket(walk, bound, again) : leaveSocket(walk, flow, first);
}
