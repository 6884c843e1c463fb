/** What routing looks at, taken from a packet. */
import type { Address } from '../address/address.js';
import type { PacketView } from '../iptables/view.js';
import type { Flow } from '../routing/lookup.js';
import { hasPorts } from './packet.js';

/** The flow of a packet that comes in by `inInterface` ('lo' for what this node sends). */
export function flowOf(
  packet: PacketView,
  inInterface: string,
  outInterface: string | null,
  source: Address = packet.source,
): Flow {
  const ports = hasPorts(packet.protocol);
  return {
    destination: packet.destination,
    source,
    inInterface,
    outInterface,
    mark: packet.mark,
    markUnknown: packet.markUnknown,
    tos: packet.tos,
    protocol: packet.protocol,
    sourcePort: ports ? packet.sourcePort : 0,
    destinationPort: ports ? packet.destinationPort : 0,
    uid: packet.isLocal ? packet.uid : 0,
  };
}
