/** Multicast groups that the kernel itself joins. net/ipv4/igmp.c ip_mc_up, net/ipv6/addrconf.c ipv6_add_dev, addrconf_join_solict. */
import type { Address } from '../address/address.js';
import type { Network } from './model.js';
import { readNumber, sysctlName } from './sysctl.js';

const ALL_HOSTS = 0xe0000001 | 0;
const ALL_NODES: ReadonlySet<bigint> = new Set([0xff01n, 0xff02n].map((scope) => (scope << 112n) | 1n));
const ALL_ROUTERS = (0xff02n << 112n) | 2n;
/** ff02::1:ff00:0/104, in which each address has a group by its last 24 bits. */
const SOLICITED = ((0xff02n << 112n) | 0x1_ff00_0000n) >> 24n;

/** Has any socket or the kernel joined the group on the device? Null when `ip maddr` of the device is not shown. */
export function isJoined(network: Network, device: string, group: Address): boolean | null {
  return network.groups.get(device)?.has(group) ?? null;
}

/**
 * Has the kernel itself joined the group, whatever sockets do? "All hosts" always; IPv6 also the group by which
 * neighbours ask for an address of the device, and "all routers" of the link where it forwards.
 * @param device where the packet came in, or null when it was sent here: then only "all hosts" is certain
 */
export function kernelJoins(network: Network, device: string | null, group: Address): boolean {
  if (typeof group === 'number') return group === ALL_HOSTS;
  if (ALL_NODES.has(group)) return true;
  const link = device === null ? undefined : network.links.get(device);
  if (link === undefined || device === null) return false;
  if (group === ALL_ROUTERS)
    return link.flags.includes('MULTICAST') && readNumber(network, sysctlName(6, device, 'forwarding')) === 1;
  if (group >> 24n !== SOLICITED || link.flags.includes('NOARP') || link.flags.includes('LOOPBACK'))
    return false;
  return link.addresses.some(
    ({ address }) => typeof address === 'bigint' && (address & 0xffffffn) === (group & 0xffffffn),
  );
}
