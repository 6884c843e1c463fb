/** What a lab node is, in the words of who runs one; the builders make it with the real tools. */
import type { Service } from '../../scripts/capture/services.mjs';
import type { Settings } from '../../scripts/capture/vpc-cni.mjs';

export type { Service, Settings };

/** A pod with a network namespace of its own. */
export interface Pod {
  readonly name: string;
  /** `default` unless told. */
  readonly namespace?: string;
  readonly address: string;
  /** What kubectl prints of its owner, for pods that a student asks about; `Running` is taken for granted. */
  readonly age?: string;
}

/** A pod that has the node's own network. */
export interface HostPod {
  readonly name: string;
  readonly namespace: string;
}

/** A network interface of EC2, and the pods whose addresses are assigned to it. */
export interface Eni {
  readonly device: string;
  readonly mac: string;
  readonly address: string;
  readonly length: number;
  /** The subnet's router. */
  readonly gateway: string;
  readonly pods: readonly Pod[];
}

interface Common {
  readonly hostname: string;
  /** One line of what the node is for. */
  readonly about: string;
  readonly services: readonly Service[];
  readonly hostPods?: readonly HostPod[];
  readonly sysctls?: Readonly<Record<string, number>>;
  /** Commands that somebody typed after all was set up, as in a shell. */
  readonly after?: readonly string[];
}

/** A worker of EKS or kOps under the VPC CNI. The first interface is the primary one. */
export interface AwsNode extends Common {
  readonly kind: 'aws';
  readonly instance: string;
  readonly enis: readonly [Eni, ...Eni[]];
  readonly settings: Settings;
  readonly backend: 'nft' | 'legacy';
  readonly kubeProxy: 'iptables' | 'nft';
  /** Services as they were when an older kube-proxy wrote with iptables-legacy. */
  readonly leftInLegacy?: readonly Service[];
  readonly serviceCidr: string;
  /** Of kube-proxy's nftables mode: addresses with node ports. */
  readonly dns: string;
}

/** A pod's own end of the cable, as its processes see it. */
export interface PodNode extends Common {
  readonly kind: 'pod';
  readonly address: string;
  readonly length: number;
  readonly gateway: string;
  readonly mtu: number;
  readonly mac: string;
  /** Number of its own device, and of the other end on the node. */
  readonly index: number;
  readonly peer: number;
  /** Of the gateway, which the VPC CNI writes down in the pod. */
  readonly gatewayMac?: string;
  readonly rules?: readonly Rules[];
}

/** A tunnel to other nodes. */
export interface Tunnel {
  readonly kind: 'vxlan' | 'ipip';
  readonly device: string;
  readonly mac?: string;
  readonly address: string;
  readonly mtu: number;
}

/** A machine on a LAN: a node of a cluster on bare metal, a Docker host, a router. */
export interface HostNode extends Common {
  readonly kind: 'host';
  readonly links: readonly {
    readonly device: string;
    readonly mac: string;
    readonly address: string;
    readonly length: number;
  }[];
  readonly gateway: string | null;
  /** A bridge and what is on it. */
  readonly bridge?: {
    readonly device: string;
    readonly mac: string;
    readonly address: string;
    readonly length: number;
    readonly mtu: number;
    readonly ports: readonly Pod[];
  };
  /** Pods behind a device each, routed by host routes (Calico). */
  readonly routed?: readonly Pod[];
  readonly tunnel?: Tunnel;
  /** As typed after `ip route add`, `ip neigh add`, `bridge fdb append`. */
  readonly routes?: readonly string[];
  readonly neighbours?: readonly string[];
  readonly forwarding?: readonly string[];
  /** Input of `ipset restore`. */
  readonly sets?: string;
  /** Inputs of restores, in the order in which their agents came. */
  readonly rules: readonly Rules[];
  /** The policy of FORWARD, where somebody set it. */
  readonly forward?: 'DROP';
  readonly forwards: boolean;
}

export type LabNode = AwsNode | HostNode | PodNode;

/** Chains and rules of one agent, as its calls have them. */
export type Rules = Partial<Record<'raw' | 'mangle' | 'nat' | 'filter', TableRules>>;

export interface TableRules {
  readonly chains: readonly string[];
  readonly rules: readonly string[];
}
