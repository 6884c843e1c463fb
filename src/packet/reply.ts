/** The answer to a packet that got through: what the far end, or the local socket, would send back. */
import { UNKNOWN_INTERFACE } from '../iptables/view.js';
import type { FinalState } from './hooks.js';
import { PROTOCOL, type Packet, TCP, hasPorts, isIcmp } from './packet.js';
import { icmpCounterpart } from './tuple.js';
import type { Start, Walk } from './walk.js';

function answerFlags(flags: number): number {
  return (flags & (TCP.SYN | TCP.ACK)) === TCP.SYN ? TCP.SYN | TCP.ACK : TCP.ACK;
}

/** The packet back, ranges kept; null when the protocol has no answer to it. */
function answerTo(packet: Packet, isLocal: boolean): Packet | null {
  const icmp = isIcmp(packet.protocol, packet.family);
  const type = icmp ? icmpCounterpart(packet.icmpType, packet.family) : 0;
  if (type === null) return null;
  const ports = hasPorts(packet.protocol);
  return {
    ...packet,
    source: packet.destination,
    sourceTo: packet.destinationTo,
    destination: packet.source,
    destinationTo: packet.sourceTo,
    sourcePort: ports ? packet.destinationPort : 0,
    sourcePortTo: ports ? packet.destinationPortTo : 0,
    destinationPort: ports ? packet.sourcePort : 0,
    destinationPortTo: ports ? packet.sourcePortTo : 0,
    icmpType: type,
    tcpFlags: packet.protocol === PROTOCOL.tcp ? answerFlags(packet.tcpFlags) : 0,
    ttl: 64,
    length: null,
    mark: 0,
    markUnknown: 0,
    uid: null,
    gid: null,
    isLocal,
  };
}

/** How the answer's walk starts, or null when there is none: dropped, rejected, or gone where the snapshot cannot follow. */
export function replyStart(walk: Walk, end: FinalState): Start | null {
  if (end !== 'sent' && end !== 'delivered') return null;
  const device = end === 'sent' ? (walk.routed?.device ?? UNKNOWN_INTERFACE) : null;
  if (device === UNKNOWN_INTERFACE) return null;
  const packet = answerTo(walk.packet, device === null);
  if (packet === null) return null;
  const { connection } = walk;
  return {
    ...walk.start,
    packet,
    device,
    member: null,
    boundDevice: null,
    connected: null,
    selectSource: false,
    mapped: null,
    forcedState: connection === null ? walk.start.forcedState : null,
    inner: null,
    belongs:
      connection === null
        ? null
        : { connection, direction: walk.direction === 'ORIGINAL' ? 'REPLY' : 'ORIGINAL' },
  };
}
