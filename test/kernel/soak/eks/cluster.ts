/** What one EKS node is drawn as: its interfaces, its pods, the options of the VPC CNI and of kube-proxy. */
import type { Family } from '../../../../src/address/address.js';
import type { Draw } from '../draw.js';

/** Eras of the VPC CNI that differ on a node, in order. */
export const ERAS = ['1.5', '1.7', '1.8', '1.12.1', '1.16.2', '1.20'] as const;
export type Era = (typeof ERAS)[number];

export interface Interface {
  readonly device: string;
  readonly address: string;
  readonly length: number;
  readonly gateway: string;
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
  readonly randomize: 'prng' | 'hashrandom' | 'none';
  readonly kube: 'A' | 'B' | 'D';
  readonly clusterCidr: string | null;
  readonly masqueradeBit: number;
  readonly services: readonly Service[];
  readonly rpFilter: { readonly all: number; readonly primary: number; readonly rest: number };
  readonly localnet: boolean;
  readonly srcValidMark: boolean;
}

const FOUR = {
  interfaces: ['192.168.45.10', '192.168.58.200', '192.168.59.201'],
  pods: ['192.168.40.11', '192.168.50.7', '192.168.61.33', '192.168.33.90', '192.168.62.4', '192.168.34.77'],
  gateway: '192.168.32.1',
  length: 19,
  remote: ['192.168.70.8', '192.168.38.9', '203.0.113.50'],
  cluster: '10.100.5.',
  balancer: '198.51.100.8',
  externalIp: '198.51.100.77',
  vpc: ['192.168.0.0/16', '100.64.0.0/16'],
  ranges: ['203.0.113.0/24', '192.168.0.0/16'],
  clusterCidr: '192.168.0.0/16',
} as const;

const SIX = {
  interfaces: ['2001:db8:1:20::10', '2001:db8:1:20::20', '2001:db8:1:20::30'],
  pods: ['2001:db8:1:20:a::1', '2001:db8:1:20:a::2', '2001:db8:1:20:a::3', '2001:db8:1:20:a::4'],
  gateway: '2001:db8:1:20::1',
  length: 64,
  remote: ['2001:db8:1:30::8', '2001:db8:1:20::77', '2001:db8:113::50'],
  cluster: 'fd00:10::5:',
  balancer: '2001:db8:100::8',
  externalIp: '2001:db8:100::77',
  vpc: ['2001:db8:1::/48'],
  ranges: ['2001:db8:113::/64', '2001:db8:1::/48'],
  clusterCidr: '2001:db8:1::/48',
} as const;

/** The drawn addresses of a family. */
export const PLACES = { 4: FOUR, 6: SIX } as const;

function service(draw: Draw, family: Family, at: number, pods: readonly Pod[]): Service {
  const places = PLACES[family];
  const endpoint = (): Endpoint => {
    const pod = draw.chance(70) ? draw.pick(pods) : null;
    return pod === null
      ? { address: draw.pick(places.remote), port: 8080, local: false }
      : { address: pod.address, port: draw.pick([8080, 80]), local: true };
  };
  const all = draw.list(draw.chance(15) ? 0 : 1, 3, endpoint);
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
    internalLocal: draw.chance(15),
    affinity: draw.chance(15),
    endpoints: all.filter(
      (one, place) =>
        all.findIndex(({ address, port }) => address === one.address && port === one.port) === place,
    ),
  };
}

function podsOf(draw: Draw, family: Family, interfaces: readonly Interface[], strict: string | null): Pod[] {
  const places = PLACES[family];
  const count = draw.integer(2, places.pods.length);
  return places.pods.slice(0, count).map((address, at): Pod => {
    const name = (0x1f4c3ab7e90 + at * 0x111111111).toString(16).slice(0, 11);
    if (strict !== null && at === 0) return { address, device: `vlan${name}`, table: 101, strict };
    if (family === 6) return { address, device: `eni${name}`, table: null, strict: null };
    return { address, device: `eni${name}`, table: draw.pick(interfaces).table, strict: null };
  });
}

/** Draws a node. */
export function cluster(draw: Draw, family: Family): Cluster {
  const places = PLACES[family];
  const prefix = draw.pick(['ens', 'ens', 'eth']);
  const count = family === 6 ? 1 : draw.integer(1, 3);
  const interfaces = places.interfaces.slice(0, count).map((address, at): Interface => ({
    device: `${prefix}${prefix === 'ens' ? 5 + at : at}`,
    address,
    length: places.length,
    gateway: places.gateway,
    table: at === 0 ? null : at + 1,
  }));
  const era = draw.pick(ERAS);
  const late = ERAS.indexOf(era) >= ERAS.indexOf('1.12.1');
  const secure = family === 4 && late ? draw.pick(['none', 'none', 'strict', 'standard']) : 'none';
  const branch = secure === 'none' ? null : { device: 'vlan.eth.1', gateway: places.gateway, table: 101 };
  const pods = podsOf(draw, family, interfaces, secure === 'strict' ? 'vlan.eth.1' : null).map((pod, at) =>
    secure === 'standard' && at === 0 ? { ...pod, table: 101 } : pod,
  );
  const all = draw.pick([0, 0, 1]);
  return {
    ...{ family, interfaces, pods, branch, era },
    vpc: places.vpc.slice(0, draw.integer(1, places.vpc.length)),
    excluded: draw.maybe(25, () => ['10.1.0.0/16'], []),
    external: draw.maybe(late ? 15 : 0, () => ['203.0.113.0/24'], []),
    externalSnat: draw.chance(20),
    nodePortSupport: draw.chance(80),
    randomize: draw.pick(['prng', 'prng', 'hashrandom', 'none']),
    kube: draw.pick(['A', 'B', 'D', 'D']),
    clusterCidr: draw.maybe(25, () => places.clusterCidr, null),
    masqueradeBit: draw.pick([14, 14, 14, 10]),
    services: draw.list(1, 5, (at) => service(draw, family, at, pods)),
    rpFilter: { all, primary: draw.pick([2, 2, 1, 0]), rest: draw.pick([0, 1, 2]) },
    localnet: draw.chance(50),
    srcValidMark: draw.chance(30),
  };
}
