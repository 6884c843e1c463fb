/** Options of the VPC CNI, of kube-proxy and of what else runs on a node, as far as they change its state. */
import type { Family } from '../../../../src/address/address.js';
import type { Draw } from '../draw.js';
import type { Cluster, Pod } from './cluster.js';

/** Where pods' addresses come from: any of a subnet, one delegated prefix, or the networks of an ENIConfig. */
export type Wired = 'plain' | 'prefix' | 'custom';

/** Draws where pods' addresses come from. */
export function wires(draw: Draw): Wired {
  return draw.pick(['plain', 'plain', 'prefix', 'custom']);
}

export interface Proxy {
  readonly masqueradeAll: boolean;
  /** `--iptables-localhost-nodeports`. */
  readonly localhost: boolean;
  /** `--nodeport-addresses` with the network of the primary interface. */
  readonly chosenAddresses: boolean;
  /** 1.29 and later with `nf_conntrack_tcp_be_liberal`: KUBE-FORWARD does not drop what is INVALID. */
  readonly liberal: boolean;
  /** Up to 1.20: external addresses are asked where the packet came from. */
  readonly physdev: boolean;
  /** 1.27 and later: the firewall chain ends with a rule that does nothing. */
  readonly noted: boolean;
}

/** Draws kube-proxy's options. */
export function proxy(draw: Draw, kube: Cluster['kube']): Proxy {
  return {
    masqueradeAll: draw.chance(10),
    localhost: kube !== 'D' || draw.chance(75),
    chosenAddresses: draw.chance(15),
    liberal: kube === 'D' && draw.chance(15),
    physdev: kube === 'A' && draw.chance(50),
    noted: kube === 'D' && draw.chance(50),
  };
}

export interface HostPort {
  readonly port: number;
  readonly pod: string;
  readonly to: number;
}

export interface Extras {
  /** NodeLocal DNS: the addresses that the node's own resolver takes over. */
  readonly dns: readonly string[];
  readonly hostPort: HostPort | null;
  /** A pod's address of the other family of the cluster, and the node's end of its link. */
  readonly egress: { readonly address: string; readonly gateway: string; readonly device: string } | null;
}

/** Draws what else runs on the node. */
export function extras(draw: Draw, family: Family, pods: readonly Pod[]): Extras {
  const four = family === 4;
  const { address } = draw.pick(pods);
  const out = four
    ? { address: '169.254.172.5', gateway: '169.254.172.1' }
    : { address: 'fd00::ac:5', gateway: 'fd00::ac:1' };
  return {
    dns: draw.maybe(15, () => (four ? ['169.254.20.10', '10.100.0.10'] : ['fd00:20::10']), []),
    hostPort: draw.maybe(15, () => ({ port: 9000, pod: address, to: 80 }), null),
    egress: draw.maybe(10, () => ({ ...out, device: 'vethc0ffee12345' }), null),
  };
}
