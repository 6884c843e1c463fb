/** What the link layer said of a received packet (skb->pkt_type). */
import { decide } from '../chooser/enumerate.js';
import { LIMITED_BROADCAST, isMulticast } from '../routing/address-kind.js';
import { addressTypeIs } from '../routing/address-type.js';
import type { Walk } from './walk.js';

const BROADCAST: ReadonlySet<string> = new Set(['BROADCAST']);

/** Is it a broadcast address of one of the device's own subnets, whatever route to it table local has first? */
function isOfSubnet(walk: Walk, device: string): boolean {
  const { destination } = walk.start.packet;
  const addresses = walk.network.links.get(device)?.addresses ?? [];
  return addresses.some(({ broadcast }) => broadcast !== null && broadcast === destination);
}

/**
 * Did the packet's frame go to more than this node? It is taken to go where the IP destination called for when it came
 * in: translation does not change it. Such a packet is never forwarded (ip_forward, ip6_forward), and no ICMP error
 * answers it (icmp_send, icmp6_send).
 */
export function cameToMany(walk: Walk): boolean {
  const { device, packet } = walk.start;
  if (device === null) return false;
  if (isMulticast(packet.destination) || packet.destination === LIMITED_BROADCAST) return true;
  return (
    walk.family === 4 &&
    (isOfSubnet(walk, device) ||
      decide(walk.chooserFor(null), addressTypeIs(walk.network, packet.destination, BROADCAST, device)))
  );
}
