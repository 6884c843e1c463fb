/** The cluster around a node and the node itself: what the API server and the cloud would have told its agents. */
import { servicePortHash } from './chain-names.js';
import { Random } from './random.js';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
  /** It runs on this node. */
  readonly local: boolean;
}

/** One port of a service. */
export interface ServicePort {
  /** `namespace/name:port` */
  readonly name: string;
  readonly hash: string;
  readonly proto: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  readonly endpoints: readonly Endpoint[];
  /** Session affinity by client address. */
  readonly sticky: boolean;
  readonly outside: Outside | null;
}

/** How a service is reached from outside of the cluster. */
export interface Outside {
  readonly nodePort: number;
  /** externalTrafficPolicy */
  readonly policy: 'Cluster' | 'Local';
  readonly balancer: string | null;
  /** loadBalancerSourceRanges */
  readonly ranges: readonly string[];
  /** healthCheckNodePort, of a balancer with policy Local. */
  readonly healthPort: number | null;
}

export interface Pod {
  readonly address: string;
  /** The host's end of its link. */
  readonly device: string;
  /** Which interface of the instance owns the address: 0 is the primary one. */
  readonly eni: number;
}

export interface Eni {
  readonly device: string;
  readonly address: string;
  /** Its routing table; null for the primary one, whose routes are in main. */
  readonly table: number | null;
}

export interface Cluster {
  readonly services: readonly ServicePort[];
  readonly pods: readonly Pod[];
  readonly enis: readonly Eni[];
  readonly gateway: string;
  readonly subnet: { readonly network: string; readonly broadcast: string; readonly length: number };
  readonly vpc: readonly string[];
}

export interface ClusterOptions {
  /** How many service ports. */
  readonly services: number;
  readonly seed?: number;
  readonly pods?: number;
  readonly enis?: number;
}

/** An IPv4 address of its 32 bits. */
export function dotted(bits: number): string {
  return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`;
}

const SERVICES = 0xac14_0000; // 172.20.0.0/16, which EKS gives to services
const SUBNET = 0x0a28_2000; // 10.40.32.0/19, the subnet of the node, of VPC 10.40.0.0/16
const SUBNET_SIZE = 1 << 13;
const ELSEWHERE = 0x0a28_8000; // 10.40.128.0/17 and 100.64.0.0/16: pods of other nodes
const SECOND = 0x6440_0000;
const BALANCERS = 0xcb00_7100; // 203.0.113.0/24

const TEAMS = ['shop', 'payments', 'search', 'accounts', 'media', 'metrics', 'edge', 'batch', 'identity'];
const THINGS = ['api', 'web', 'cache', 'worker', 'gateway', 'store', 'events', 'index', 'proxy', 'queue'];
const PORTS = [
  { name: 'http', port: 80, target: 8080 },
  { name: 'https', port: 443, target: 8443 },
  { name: 'grpc', port: 9000, target: 9000 },
  { name: 'metrics', port: 9090, target: 9090 },
] as const;

/** Node ports are 30000 to 32767, and no two services have the same. */
const NODE_PORTS = Array.from({ length: 2768 }, (_, at) => 30_000 + at);

const OUTSIDE_SHARE = 0.07;
/** Some node ports are for health checks. */
const MOST_OUTSIDE = 2_400;

class Builder {
  readonly #random: Random;
  readonly #nodePorts: readonly number[];
  #usedPorts = 0;
  #outside = 0;
  #balancers = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#nodePorts = random.shuffled(NODE_PORTS);
  }

  #nodePort(): number {
    const port = this.#nodePorts[this.#usedPorts];
    if (port === undefined) throw new RangeError('all node ports are taken');
    this.#usedPorts += 1;
    return port;
  }

  endpoints(pods: readonly Pod[], count: number, target: number): readonly Endpoint[] {
    const random = this.#random;
    const met = new Set<string>();
    const endpoints: Endpoint[] = [];
    while (endpoints.length < count) {
      const local = random.chance(0.02);
      const second = random.chance(0.5);
      const address = local
        ? random.of(pods).address
        : dotted(second ? SECOND + random.between(1, 65_534) : ELSEWHERE + random.between(1, 32_766));
      if (met.has(address)) continue;
      met.add(address);
      endpoints.push({ address, port: target, local });
    }
    return endpoints;
  }

  outside(): Outside | null {
    const random = this.#random;
    if (!random.chance(OUTSIDE_SHARE) || this.#outside >= MOST_OUTSIDE) return null;
    this.#outside += 1;
    const policy = random.chance(0.3) ? 'Local' : 'Cluster';
    const balanced = random.chance(0.25) && this.#balancers < 254;
    if (balanced) this.#balancers += 1;
    return {
      nodePort: this.#nodePort(),
      policy,
      balancer: balanced ? dotted(BALANCERS + this.#balancers) : null,
      ranges: balanced && random.chance(0.5) ? ['198.51.100.0/24', '10.40.0.0/16'] : [],
      healthPort: balanced && policy === 'Local' ? this.#nodePort() : null,
    };
  }
}

/** The DNS service, which every cluster has. */
function dns(builder: Builder, pods: readonly Pod[]): readonly ServicePort[] {
  const endpoints = builder.endpoints(pods, 3, 53);
  return (['udp', 'tcp'] as const).map((proto) => {
    const name = `kube-system/kube-dns:dns${proto === 'tcp' ? '-tcp' : ''}`;
    const hash = servicePortHash(name, proto);
    return {
      ...{ name, hash, proto, address: dotted(SERVICES + 10), port: 53 },
      ...{ endpoints, sticky: false, outside: null },
    };
  });
}

function servicesOf(random: Random, pods: readonly Pod[], count: number): readonly ServicePort[] {
  const builder = new Builder(random);
  const services: ServicePort[] = [...dns(builder, pods)];
  for (let at = 0; services.length < count; at += 1) {
    const base = `${random.of(TEAMS)}/${random.of(THINGS)}-${String(at)}`;
    // Addresses are spread over the range; the step shares no factor with its size.
    const address = dotted(SERVICES + 256 + ((at * 40_503) % 65_024));
    for (const { name: portName, port, target } of PORTS.slice(0, random.chance(0.2) ? 2 : 1)) {
      if (services.length >= count) break;
      const name = `${base}:${portName}`;
      const proto = random.chance(0.04) ? 'udp' : 'tcp';
      const size = random.chance(0.01) ? 0 : random.between(3, 5);
      services.push({
        ...{ name, hash: servicePortHash(name, proto), proto, address, port },
        endpoints: builder.endpoints(pods, size, target),
        sticky: random.chance(0.04),
        outside: builder.outside(),
      });
    }
  }
  return services.slice(0, count);
}

/** Makes a cluster; the same options make the same one. */
export function clusterOf({ services, seed = 1, pods: podCount = 110, enis = 3 }: ClusterOptions): Cluster {
  const random = new Random(seed);
  const free = random.shuffled(Array.from({ length: 4_000 }, (_, at) => dotted(SUBNET + 16 + at * 2)));
  const letters = (): string => random.between(0, 0x7fff_ffff).toString(16).padStart(8, '0');
  const instance = free.slice(0, enis).map((address, at) => ({
    ...{ device: `eth${String(at)}`, address },
    table: at === 0 ? null : at + 1,
  }));
  const pods = free.slice(enis, enis + podCount).map((address, at) => ({
    ...{ address, device: `eni${letters()}${String(at % 1000).padStart(3, '0')}`, eni: at % enis },
  }));
  return {
    ...{ pods, enis: instance, services: servicesOf(random, pods, services), gateway: dotted(SUBNET + 1) },
    subnet: { network: dotted(SUBNET), broadcast: dotted(SUBNET + SUBNET_SIZE - 1), length: 19 },
    vpc: ['10.40.0.0/16', '100.64.0.0/16'],
  };
}
