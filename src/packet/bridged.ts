/**
 * Packets that stay in the bridge that they came in by, though NAT gave them another destination there. Where the bridge
 * asks the rules of IP (br_netfilter), it looks up the route itself, and bridges the frame to the next hop when that is
 * behind the same bridge: PREROUTING, FORWARD and POSTROUTING see the packet as if it were forwarded, but its TTL stays,
 * and it does not go back out of the port that it came in by (net/bridge/br_netfilter_hooks.c br_nf_pre_routing_finish,
 * net/bridge/br_forward.c should_deliver). Forwarding must be on as for any other.
 */
import { decide } from '../chooser/enumerate.js';
import { unsure } from '../chooser/question.js';
import { isSet } from '../routing/open-setting.js';
import { readNumber } from '../routing/sysctl.js';
import { isBridge } from './member.js';
import type { Walk } from './walk.js';

/** On in every network namespace of a kernel that has br_netfilter; without it there is no such setting. */
const CALLS = { 4: 'net.bridge.bridge-nf-call-iptables', 6: 'net.bridge.bridge-nf-call-ip6tables' } as const;

/** Would the packet go out by the bridge that it came in by, translated to somebody else there? */
function turnsAround({ packet, start, network, looped }: Walk, device: string): boolean {
  const { destination, destinationTo } = packet;
  const kept = destination === start.packet.destination && destinationTo === start.packet.destinationTo;
  return !kept && !looped && start.device === device && isBridge(network, device);
}

/** Is it for the sender itself, which is behind the port that it came in by? */
function isForSender({ packet, start }: Walk): boolean {
  return packet.destination === start.packet.source && packet.destinationTo === start.packet.sourceTo;
}

/**
 * What a bridge does with a packet that routing sends out by it.
 * @param device by which the packet leaves
 * @returns null where it is forwarded as any other; `false` where the port does not send back what it received
 */
export function bridgedTo(walk: Walk, device: string): boolean | null {
  if (!turnsAround(walk, device)) return null;
  const name = CALLS[walk.family];
  const toSender = isForSender(walk);
  const value = readNumber(walk.network, name);
  if (value === null && !toSender) {
    // It is the TTL alone that hangs on it.
    walk.assume('ASM_ROUTED_IN_BRIDGE', { device, name });
    return null;
  }
  const chooser = walk.chooserFor(null);
  if (value === 0 || (value === null && !isSet(walk.network, name, false, chooser))) return null;
  return !toSender || decide(chooser, unsure(`hairpin mode of ${device}`, 'UNK_HAIRPIN', { device }));
}
