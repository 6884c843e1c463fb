/** What the link layer said of a received packet (skb->pkt_type). */
import type { Address } from '../address/address.js';
import { prefixOf } from '../address/prefix.js';
import { decide } from '../chooser/enumerate.js';
import { LIMITED_BROADCAST, isMulticast } from '../routing/address-kind.js';
import { addressTypeIs } from '../routing/address-type.js';
import type { InterfaceAddress } from '../routing/model.js';
import { perKey } from '../routing/remember.js';
import type { Walk } from './walk.js';

const BROADCAST: ReadonlySet<string> = new Set(['BROADCAST']);

/** The last address of a subnet, to which its hosts send to all whether a broadcast address is set or not. */
function lastOf({ address, peer, length }: InterfaceAddress): Address | null {
  if (length > 30) return null;
  const { address: first, mask } = prefixOf(peer ?? address, length);
  return typeof first === 'number' && typeof mask === 'number' ? first | ~mask : null;
}

/** The broadcast addresses of a device's own subnets, whatever routes to them table local has first. */
const broadcastsOf = perKey(
  (network, device: string): ReadonlySet<Address | null> =>
    new Set(network.links.get(device)?.addresses.flatMap((own) => [own.broadcast, lastOf(own)])),
);

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
    (broadcastsOf(walk.network, device).has(packet.destination) ||
      decide(walk.chooserFor(null), addressTypeIs(walk.network, packet.destination, BROADCAST, device)))
  );
}
