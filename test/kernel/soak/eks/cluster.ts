/** What one EKS node is drawn as: its interfaces, its pods, the options of the VPC CNI and of kube-proxy. */
import type { Family } from '../../../../src/address/address.js';
import type { Draw } from '../draw.js';
import { type Extras, type Proxy, type Wired, extras, proxy, wires } from './options.js';
import { PLACES } from './places.js';

/** Eras of the VPC CNI that differ on a node, in order. */
export const ERAS = ['1.5', '1.6', '1.7', '1.8', '1.12.1', '1.16.2', '1.20', '1.23'] as const;
export type Era = (typeof ERAS)[number];

export interface Interface {
  readonly device: string;
  readonly address: string;
  readonly length: number;
  readonly gateway: string;
  readonly broadcast: string;
  /** Routing table of a secondary interface; null for the primary one. */
  readonly table: number | null;
}

export interface Pod {
  readonly address: string;
  readonly device: string;
  /** Routing table that its packets leave by; null: main. */
  readonly table: number | null;
  /** Security groups for pods in strict mode: its VLAN device. */
  readonly strict: string | null;
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
  readonly local: boolean;
}

export interface Service {
  /** Stands in for the hash in chain names. */
  readonly hash: string;
  readonly name: string;
  readonly proto: 'tcp' | 'udp';
  readonly clusterIp: string;
  readonly port: number;
  readonly nodePort: number | null;
  readonly loadBalancer: string | null;
  readonly sourceRanges: readonly string[];
  readonly externalIp: string | null;
  readonly externalLocal: boolean;
  readonly internalLocal: boolean;
  readonly affinity: boolean;
  readonly healthPort: number | null;
  readonly endpoints: readonly Endpoint[];
}

export interface Cluster {
  readonly family: Family;
  readonly interfaces: readonly Interface[];
  readonly pods: readonly Pod[];
  readonly branch: { readonly device: string; readonly gateway: string; readonly table: number } | null;
  readonly era: Era;
  readonly vpc: readonly string[];
  readonly excluded: readonly string[];
  /** AWS_EXTERNAL_SERVICE_CIDRS. */
  readonly external: readonly string[];
  readonly externalSnat: boolean;
  readonly nodePortSupport: boolean;
  /** AWS_VPC_K8S_CNI_CONNMARK: the bit that sends a connection out by the primary interface. */
  readonly connmark: string;
  /** AWS_VPC_K8S_CNI_VETHPREFIX. */
  readonly veth: string;
  readonly randomize: 'prng' | 'hashrandom' | 'none';
  readonly kube: 'A' | 'B' | 'D';
  readonly clusterCidr: string | null;
  readonly masqueradeBit: number;
  /** kube-proxy's options that change rules. */
  readonly proxy: Proxy;
  readonly services: readonly Service[];
  readonly extras: Extras;
  /** AL2023: the lease's own routes, to the gateway and the resolver. */
  readonly leased: boolean;
  readonly rpFilter: { readonly all: number; readonly primary: number; readonly rest: number };
  readonly localnet: boolean;
  readonly srcValidMark: boolean;
}

/**
 * Services have one ready endpoint, or none, but for a shared one: who gets a connection of that is a matter of dice,
 * and of clients that came before.
 */
function service(draw: Draw, family: Family, at: number, pods: readonly Pod[], shared: boolean): Service {
  const places = PLACES[family];
  const endpoint = (): Endpoint => {
    const pod = draw.chance(70) ? draw.pick(pods) : null;
    return pod === null
      ? { address: draw.pick(places.remote), port: 8080, local: false }
      : { address: pod.address, port: draw.pick([8080, 80]), local: true };
  };
  const all = shared ? draw.list(2, 3, endpoint) : draw.list(draw.chance(15) ? 0 : 1, 1, endpoint);
  const balanced = draw.chance(25);
  return {
    hash: `AAAAAAAAAAAAAA${String(at).padStart(2, '0')}`,
    name: `default/s${at}`,
    proto: draw.pick(['tcp', 'tcp', 'udp']),
    clusterIp: `${places.cluster}${20 + at}`,
    port: 80,
    nodePort: draw.chance(60) || balanced ? 30080 + at : null,
    loadBalancer: balanced ? places.balancer.replace(/8$/, String(10 + at)) : null,
    sourceRanges: balanced && draw.chance(50) ? [draw.pick(places.ranges)] : [],
    externalIp: draw.chance(15) ? places.externalIp.replace(/77$/, String(70 + at)) : null,
    externalLocal: draw.chance(35),
    healthPort: draw.maybe(50, () => 31230 + at, null),
    internalLocal: draw.chance(15),
    affinity: draw.chance(12),
    endpoints: all.filter(
      (one, place) =>
        all.findIndex(({ address, port }) => address === one.address && port === one.port) === place,
    ),
  };
}

interface PodWords {
  readonly family: Family;
  readonly interfaces: readonly Interface[];
  readonly veth: string;
  readonly wired: Wired;
  /** The VLAN device of a pod with security groups of its own. */
  readonly strict: string | null;
}

function podsOf(draw: Draw, { family, interfaces, veth, wired, strict }: PodWords): Pod[] {
  const places = PLACES[family];
  const count = draw.integer(2, places.pods.length);
  const homes = wired === 'custom' && interfaces.length > 1 ? interfaces.slice(1) : interfaces;
  return places.pods.slice(0, count).map((own, at): Pod => {
    const name = (0x1f4c3ab7e90 + at * 0x111111111).toString(16).slice(0, 11);
    const home = draw.pick(homes);
    const custom = wired === 'custom' && home.table !== null ? places.custom[home.table - 2] : undefined;
    const address =
      custom !== undefined
        ? `${custom.network}${10 + at}`
        : wired === 'prefix' && places.prefix !== null
          ? `${places.prefix}${at}`
          : own;
    if (strict !== null && at === 0) return { address, device: `vlan${name}`, table: 101, strict };
    return { address, device: `${veth}${name}`, table: family === 6 ? null : home.table, strict: null };
  });
}

/** The interfaces, the primary one first. */
function interfacesOf(draw: Draw, family: Family, wired: Wired): Interface[] {
  const places = PLACES[family];
  const prefix = draw.pick(['ens', 'ens', 'eth']);
  const count = family === 6 ? 1 : draw.integer(wired === 'custom' ? 2 : 1, 3);
  return places.interfaces.slice(0, count).map((own, at): Interface => {
    const custom = wired === 'custom' && at > 0 ? places.custom[at - 1] : undefined;
    return {
      device: `${prefix}${prefix === 'ens' ? 5 + at : at}`,
      address: custom?.address ?? own,
      length: places.length,
      gateway: custom?.gateway ?? places.gateway,
      broadcast: custom?.broadcast ?? places.broadcast,
      table: at === 0 ? null : at + 1,
    };
  });
}

/** Draws a node. */
export function cluster(draw: Draw, family: Family): Cluster {
  const places = PLACES[family];
  const wired = family === 6 ? 'plain' : wires(draw);
  const interfaces = interfacesOf(draw, family, wired);
  const era = draw.pick(ERAS);
  const late = ERAS.indexOf(era) >= ERAS.indexOf('1.12.1');
  const secure = family === 4 && late ? draw.pick(['none', 'none', 'strict', 'standard']) : 'none';
  const branch = secure === 'none' ? null : { device: 'vlan.eth.1', gateway: places.gateway, table: 101 };
  const veth = draw.pick(['eni', 'eni', 'eni', 'pod']);
  const strict = secure === 'strict' ? 'vlan.eth.1' : null;
  const pods = podsOf(draw, { family, interfaces, veth, wired, strict }).map((pod, at) =>
    secure === 'standard' && at === 0 ? { ...pod, table: 101 } : pod,
  );
  const all = draw.pick([0, 0, 1]);
  const kube = draw.pick(['A', 'B', 'D', 'D'] as const);
  const shared = draw.chance(6) ? 0 : -1;
  return {
    ...{ family, interfaces, pods, branch, era, kube, veth },
    vpc: places.vpc.slice(0, wired === 'custom' ? 2 : draw.integer(1, places.vpc.length)),
    excluded: draw.maybe(25, () => draw.pick([['10.1.0.0/16'], ['10.1.0.0/16', '203.0.113.0/24']]), []),
    external: draw.maybe(late ? 15 : 0, () => ['203.0.113.0/24'], []),
    externalSnat: draw.chance(20),
    nodePortSupport: draw.chance(80),
    connmark: draw.pick(['0x80', '0x80', '0x80', '0x100']),
    randomize: draw.pick(['prng', 'prng', 'hashrandom', 'none']),
    clusterCidr: draw.maybe(25, () => places.clusterCidr, null),
    masqueradeBit: draw.pick([14, 14, 14, 10]),
    proxy: proxy(draw, kube),
    services: draw.list(1, 5, (at) => service(draw, family, at, pods, at === shared)),
    extras: extras(draw, family, pods),
    leased: draw.chance(50),
    rpFilter: { all, primary: draw.pick([2, 2, 1, 0]), rest: draw.pick([0, 1, 2]) },
    localnet: draw.chance(50),
    srcValidMark: draw.chance(30),
  };
}
