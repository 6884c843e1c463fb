/**
 * Packets that stay in the bridge that they came in by, though NAT gave them another destination there. Where the bridge
 * asks the rules of IP (br_netfilter), it looks up the route itself, and bridges the frame to the next hop when that is
 * behind the same bridge: PREROUTING, FORWARD and POSTROUTING see the packet as if it were forwarded, but its TTL stays,
 * and it does not go back out of the port that it came in by (net/bridge/br_netfilter_hooks.c br_nf_pre_routing_finish,
 * br_netfilter_ipv6.c, br_forward.c should_deliver). Forwarding must be on for IPv4; IPv6 asks for it in ip6_forward.
 */
import type { Address } from '../address/address.js';
import { FIRST_CHOICE, decide } from '../chooser/enumerate.js';
import { unsure } from '../chooser/question.js';
import { UNTOLD, lookup } from '../routing/lookup.js';
import type { Link } from '../routing/model.js';
import { isSet } from '../routing/open-setting.js';
import { readNumber } from '../routing/sysctl.js';
import { flowOf } from './flow.js';
import { isBridge } from './member.js';
import { copyPacket } from './packet.js';
import type { Walk } from './walk.js';

/** Where a packet leaves, and by which gateway. */
export interface Way {
  readonly device: string;
  readonly via: Address | null;
}

/** On in every network namespace of a kernel that has br_netfilter; without it there is no such setting. */
const CALLS = { 4: 'net.bridge.bridge-nf-call-iptables', 6: 'net.bridge.bridge-nf-call-ip6tables' } as const;

/** Would the packet go out by the bridge that it came in by, translated to somebody else there? */
function turnsAround({ packet, start, network, looped }: Walk, device: string): boolean {
  const { destination, destinationTo } = packet;
  const kept = destination === start.packet.destination && destinationTo === start.packet.destinationTo;
  return !kept && !looped && start.device === device && isBridge(network, device);
}

/** Is the next hop the one by which the sender is reached? It is then behind the port that the packet came in by. */
function goesBack(walk: Walk, { device, via }: Way): boolean {
  const { source } = walk.start.packet;
  const next = via ?? walk.packet.destination;
  if (next === source) return true;
  const back = { ...copyPacket(walk.start.packet), destination: source, destinationTo: source };
  const found = lookup(walk.network, flowOf(back, device, null), FIRST_CHOICE, UNTOLD);
  return found.kind === 'route' && found.nexthop.device === device && next === (found.nexthop.via ?? source);
}

/** A veth has one host behind it, whose addresses those of others are not. */
const isVeth = ({ kind, peer }: Link): boolean =>
  kind === undefined || kind === '' ? peer?.startsWith('if') === true : kind === 'veth';

/** Is behind the port at hand, or behind any that it may be, just one host? */
function hasOwnPort({ network, start }: Walk, device: string): boolean {
  const ports = [...network.links.values()].filter(({ name, master }) =>
    start.member === null ? master === device : name === start.member,
  );
  return ports.length > 0 && ports.every(isVeth);
}

function callsRules(walk: Walk, device: string): boolean | null {
  const details = walk.network.links.get(device)?.details;
  if ((walk.family === 4 ? details?.callIptables : details?.callIp6tables) === true) return true;
  const value = readNumber(walk.network, CALLS[walk.family]);
  return value === null ? null : value !== 0;
}

/**
 * What a bridge does with a packet that routing sends out by it.
 * @param matters whether anything but the TTL hangs on that: it would not be forwarded
 * @returns null where it is forwarded as any other; `false` where the port does not send back what it received
 */
export function bridgedTo(walk: Walk, way: Way, matters: boolean): boolean | null {
  const { device } = way;
  if (!turnsAround(walk, device)) return null;
  const name = CALLS[walk.family];
  const back = goesBack(walk, way);
  const chooser = walk.chooserFor(null);
  const calls = callsRules(walk, device);
  if (calls === null && !back && !matters) {
    walk.assume('ASM_ROUTED_IN_BRIDGE', { device, name });
    return null;
  }
  if (calls === false || (calls === null && !isSet(walk.network, name, false, chooser))) return null;
  if (back) return decide(chooser, unsure(`hairpin mode of ${device}`, 'UNK_HAIRPIN', { device }));
  if (!hasOwnPort(walk, device)) walk.assume('ASM_OTHER_PORT', { device });
  return true;
}
