/** Packets of a VPC CNI node, and whether they leave by an ENI that may carry them. */
import type { Outcome, PacketInput } from '../../packet/result.js';
import { textOf } from '../ground.js';
import type { VpcNode, VpcPod } from './model.js';

/** A TCP connection of a pod to a host. */
export function fromPod({ address, veth }: VpcPod, to: string, port = 443): PacketInput {
  return { in: veth, proto: 'tcp', src: textOf(address), sport: 40000, dst: to, dport: port };
}

/** A local process that is bound to an address. */
export function fromSocket(address: string, to: string): PacketInput {
  return { in: null, proto: 'tcp', src: address, sport: 40000, dst: to, dport: 443 };
}

/**
 * Does a packet leave by one ENI with the address of another? The VPC drops it: an ENI may send with its own addresses
 * alone (source/destination check).
 */
export function leavesWrong(
  { ground, primary, enis }: VpcNode,
  { verdict, egress, final }: Outcome,
): boolean {
  if (verdict !== 'forwarded' && verdict !== 'sent') return false;
  const device = egress?.iface ?? null;
  const isEni = device === primary.device || enis.some((eni) => eni.device === device);
  const owner = ground.own.find(({ address }) => textOf(address) === final.src);
  return isEni && owner !== undefined && owner.device !== device;
}

/** Pods of secondary ENIs: two of each. */
export function samplePods({ enis, pods }: VpcNode): readonly VpcPod[] {
  return enis.flatMap((eni) => pods.filter(({ way }) => way?.eni === eni).slice(0, 2));
}

/** An outcome that rests on nothing. */
export const isSure = ({ assumptions }: Outcome): boolean => assumptions.length === 0;
