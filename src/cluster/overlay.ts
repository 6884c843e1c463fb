/**
 * Tunnels between nodes: what a packet that leaves by a tunnel device becomes (drivers/net/vxlan/vxlan_core.c
 * vxlan_xmit, net/ipv4/ip_tunnel.c ip_tunnel_xmit), and which device takes it out again.
 */
import { formatAddress, parseAddress } from '../address/address.js';
import type { Node } from '../packet/node.js';
import type { Link } from '../routing/model.js';
import type { Params } from '../source/diagnostic.js';
import type { Header } from './header.js';

/** UDP port of VXLAN devices that name none (Linux; the registered one is 4789). */
const VXLAN_PORT = 8472;

/** The lowest port that a hash of the inner packet gives (net/ipv4/ip_local_port_range). */
const LOWEST_PORT = 32768;

/** The entry of an FDB for every address that has none of its own. */
const ANY_MAC = '00:00:00:00:00:00';

export type TunnelKind = 'vxlan' | 'ipip';

/** A packet within another. */
export interface Wrapped {
  readonly kind: TunnelKind;
  /** VNI of a VXLAN; null where the device does not show it. */
  readonly id: number | null;
  /** Hardware address that the inner frame is sent to; null of IPIP, or where it is not known. */
  readonly mac: string | null;
  readonly inner: Header;
}

/** The outer packet. `src` is null where the node selects it. */
export interface Outer {
  readonly wrapped: Wrapped;
  readonly src: string | null;
  readonly header: Omit<Header, 'src'>;
}

/** Why a packet cannot be sent through the tunnel. */
export interface TunnelProblem {
  readonly code: string;
  readonly params: Params;
}

/** The kind of tunnel that a device is; null for any other device. Without `ip -d` names tell it. */
export function tunnelKind(link: Link | undefined): TunnelKind | null {
  if (link === undefined) return null;
  if (link.kind === 'vxlan' || link.kind === 'ipip') return link.kind;
  if (link.kind !== undefined) return null;
  if (/^(?:flannel\.\d+|vxlan\.calico)$/.test(link.name)) return 'vxlan';
  return link.layer === 'ipip' || link.name === 'tunl0' ? 'ipip' : null;
}

/** Far end of a VXLAN: the neighbour's hardware address, and where the FDB says that it is. */
function vxlanEnd(
  node: Node,
  link: Link,
  next: string,
): { readonly mac: string | null; readonly end: string; readonly port: number | null } | TunnelProblem {
  const address = parseAddress(next);
  const neighbour = node.neighbours?.entries.find(
    (one) => one.address === address && one.mac !== null && (one.device === null || one.device === link.name),
  );
  const mac = neighbour?.mac ?? null;
  const entries = (node.forwarding?.entries ?? []).filter(
    // `bridge fdb show dev DEV` leaves the device out.
    ({ device, destination }) => (device === null || device === link.name) && destination !== null,
  );
  const entry =
    (mac === null ? undefined : entries.find((one) => one.mac === mac)) ??
    entries.find((one) => one.mac === ANY_MAC);
  if (entry !== undefined && entry.destination !== null)
    return { mac, end: formatAddress(entry.destination), port: entry.port };
  const { remote } = link.details ?? {};
  if (remote !== undefined) return { mac, end: formatAddress(remote), port: null };
  const params = { device: link.name, address: next, mac: mac ?? '?' };
  return { code: mac === null ? 'PATH_NO_LLADDR' : 'PATH_NO_FDB', params };
}

/**
 * Puts a packet into an outer one.
 * @param next address of the next hop, or of the destination where the route has none
 */
export function wrap(
  node: Node,
  link: Link,
  kind: TunnelKind,
  inner: Header,
  next: string,
): Outer | TunnelProblem {
  const details = link.details ?? {};
  const src = details.local === undefined ? null : formatAddress(details.local);
  const ttl = 64;
  if (kind === 'ipip') {
    const dst = details.remote === undefined ? next : formatAddress(details.remote);
    const length = inner.length === undefined ? {} : { length: inner.length + 20 };
    const header = { proto: 'ipencap', dst, ttl: inner.ttl ?? ttl, ...length };
    return { wrapped: { kind, id: null, mac: null, inner }, src, header };
  }
  const found = vxlanEnd(node, link, next);
  if ('code' in found) return found;
  const length = inner.length === undefined ? {} : { length: inner.length + 50 };
  const dport = found.port ?? details.port ?? VXLAN_PORT;
  return {
    wrapped: { kind, id: details.id ?? null, mac: found.mac, inner },
    src,
    header: { proto: 'udp', dst: found.end, sport: LOWEST_PORT, dport, ttl, ...length },
  };
}

/** The device of the node that takes the inner packet out; null when there is none. */
export function unwrap(node: Node, outer: Header, { kind, id, mac }: Wrapped): Link | null {
  for (const link of node.networks[4].links.values()) {
    if (!link.up || tunnelKind(link) !== kind) continue;
    const { details } = link;
    if (kind === 'ipip') {
      const far = details?.remote;
      if (far === undefined || formatAddress(far) === outer.src) return link;
      continue;
    }
    const sameId = id === null || details?.id === undefined || details.id === id;
    if (!sameId || (details?.port ?? VXLAN_PORT) !== outer.dport) continue;
    // A frame for another station is not for this host.
    if (mac === null || link.mac === null || link.mac === mac) return link;
  }
  return null;
}
