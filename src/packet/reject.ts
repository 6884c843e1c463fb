/** What REJECT sends, and to whom it does not (net/ipv4/netfilter/nf_reject_ipv4.c, net/ipv6/netfilter/nf_reject_ipv6.c). */
import { anyAddress } from '../address/address.js';
import { LIMITED_BROADCAST, isLoopback, isMulticast } from '../routing/address-kind.js';
import { routeOutput } from '../routing/output.js';
import { flowOf } from './flow.js';
import { cameToMany } from './frame.js';
import { type Packet, TCP, isIcmp } from './packet.js';
import type { Walk } from './walk.js';

/** ICMP of IPv4 that an error may be about: all that is known and no error itself (icmp_pointers in net/ipv4/icmp.c). */
const ANSWERED4: ReadonlySet<number> = new Set([0, 8, 13, 14, 15, 16, 17, 18]);

/** Is it an ICMP message that no ICMP error may be about? */
function isUnanswerable({ protocol, family, icmpType }: Packet): boolean {
  if (!isIcmp(protocol, family)) return false;
  return family === 4 ? !ANSWERED4.has(icmpType) : icmpType < 128;
}

/**
 * Would the answer have to leave by a device with a source of 127/8? Of a packet that was redirected, and whose source NAT
 * made one of elsewhere, it would; there is no way for it (__mkroute_output).
 */
function staysOnLoopback(walk: Walk): boolean {
  const { packet, network } = walk;
  if (packet.family !== 4 || !isLoopback(packet.destination)) return false;
  const answer = {
    ...packet,
    source: packet.destination,
    destination: packet.source,
    mark: 0,
    markUnknown: 0,
  };
  const way = routeOutput(network, flowOf(answer, 'lo', null), walk.chooserFor(null), { anySource: true });
  return way.kind === 'error' && way.errno === 'EINVAL';
}

/** Does a packet that REJECT drops get its answer? */
export function answersReject(walk: Walk, word: string): boolean {
  const { packet, family, routed } = walk;
  if (staysOnLoopback(walk)) return false;
  const type = routed?.route?.type ?? 'unicast';
  const many = type === 'broadcast' || type === 'multicast' || cameToMany(walk);
  if (word === 'tcp-reset') return (packet.tcpFlags & TCP.RST) === 0 && !many;
  if (many || isMulticast(packet.destination) || packet.destination === LIMITED_BROADCAST) return false;
  if (family === 6 && (packet.source === anyAddress(6) || isMulticast(packet.source))) return false;
  return !isUnanswerable(packet);
}
