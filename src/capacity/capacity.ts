/**
 * How many pods fit on a node of the AWS VPC CNI, and on which interface each is.
 * Each pod but those of the host network takes an address of an interface that is not the interface's own.
 */
import type { InstanceType } from './types.js';

/** How the CNI gives addresses. */
export interface CapacityOptions {
  /** ENABLE_PREFIX_DELEGATION: each slot for an address holds a /28. */
  readonly prefixDelegation: boolean;
  /** AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: the primary interface has no pods. */
  readonly customNetworking: boolean;
}

/** Addresses of a /28. */
export const PREFIX_SIZE = 16;

/** aws-node and kube-proxy have the node's own network and address. */
export const HOST_NETWORK_PODS = 2;

/** Nodes with more vCPUs than that are recommended up to 250 pods, others up to 110 (EKS user guide; max-pods-calculator.sh). */
const FEW_VCPUS = 30;

/** What an interface has for pods. */
export interface EniCapacity {
  /** Number of the interface as EC2 counts them; 0 is the primary one. */
  readonly device: number;
  /** Table `main`, or the number of a table of its own: device + 1 (pkg/networkutils CalculateRouteTableId). */
  readonly table: string;
  readonly slots: number;
  readonly pods: number;
}

export interface Capacity {
  readonly type: InstanceType;
  readonly options: CapacityOptions;
  readonly enis: readonly EniCapacity[];
  /** What addresses allow, the two pods of the host network included. */
  readonly most: number;
  /** With prefixes AWS recommends no more than that by vCPU; null without. */
  readonly ceiling: number | null;
  /** The lesser of both: what kubelet's maxPods should be. */
  readonly maxPods: number;
}

/** Works out the capacity. */
export function capacityOf(type: InstanceType, options: CapacityOptions): Capacity {
  const slots = type.addresses - 1;
  const each = options.prefixDelegation ? PREFIX_SIZE : 1;
  const enis = Array.from({ length: type.enis }, (_, device): EniCapacity => {
    const unused = options.customNetworking && device === 0;
    return {
      device,
      table: device === 0 ? 'main' : String(device + 1),
      slots: unused ? 0 : slots,
      pods: unused ? 0 : slots * each,
    };
  });
  const most = enis.reduce((sum, { pods }) => sum + pods, 0) + HOST_NETWORK_PODS;
  const ceiling = options.prefixDelegation ? (type.vcpus > FEW_VCPUS ? 250 : 110) : null;
  return { type, options, enis, most, ceiling, maxPods: Math.min(most, ceiling ?? most) };
}

/** Where a pod is, or why it is nowhere. */
export type Landing =
  | { readonly kind: 'eni'; readonly eni: EniCapacity; readonly slot: number }
  | { readonly kind: 'pending'; readonly by: 'addresses' | 'ceiling' };

/**
 * Where the Nth pod with an address of its own is, when the interfaces fill up one after the other. Of several
 * interfaces that have an address free, ipamd takes any (pkg/ipamd/datastore: it goes over a Go map, which has no order).
 * @param pod from 1
 */
export function landingOf({ enis, options, most, maxPods }: Capacity, pod: number): Landing {
  if (pod > maxPods - HOST_NETWORK_PODS)
    return { kind: 'pending', by: maxPods < most ? 'ceiling' : 'addresses' };
  let before = 0;
  for (const eni of enis) {
    const at = pod - before;
    if (at <= eni.pods)
      return { kind: 'eni', eni, slot: options.prefixDelegation ? Math.ceil(at / PREFIX_SIZE) : at };
    before += eni.pods;
  }
  return { kind: 'pending', by: 'addresses' };
}
