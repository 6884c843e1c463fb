/** How long a packet may be that is forwarded (include/net/ip.h ip_dst_mtu_maybe_forward, net/ip6_route.h). */
import type { Network, Route } from './model.js';
import { readNumber } from './sysctl.js';

/** `mtu 1400` or `mtu lock 1400` among the words of a route. */
function ofRoute({ words }: Route): { readonly mtu: number; readonly locked: boolean } | null {
  const at = words.indexOf('mtu');
  if (at < 0) return null;
  const locked = words[at + 1] === 'lock';
  const mtu = Number(words[at + (locked ? 2 : 1)]);
  return Number.isSafeInteger(mtu) && mtu > 0 ? { mtu, locked } : null;
}

function ofDevice(network: Network, device: string): number | null {
  const six =
    network.family === 6 ? readNumber(network, `net.ipv6.conf.${device.replaceAll('.', '/')}.mtu`) : null;
  return six ?? network.links.get(device)?.mtu ?? null;
}

/**
 * The longest packet, in bytes, that is let into FORWARD for the route and device. In IPv6 the MTU of a route counts
 * there only when it is locked.
 * @param route null when the way is not known to be a route's
 * @returns null when the snapshot does not tell
 */
export function forwardMtu(network: Network, route: Route | null, device: string): number | null {
  const told = route === null ? null : ofRoute(route);
  if (told !== null && (network.family === 4 || told.locked)) return told.mtu;
  return ofDevice(network, device);
}

/** The longest packet, in bytes, that leaves by the route and device (net/ipv6/ip6_output.c ip6_finish_output). */
export function outputMtu(network: Network, route: Route | null, device: string): number | null {
  return (route === null ? null : ofRoute(route)?.mtu) ?? ofDevice(network, device);
}
