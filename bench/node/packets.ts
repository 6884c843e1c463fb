/** Packets that such a node meets, as lines of a batch. */
import { type Cluster, type Pod, type ServicePort, dotted } from './cluster.js';
import { Random } from './random.js';

export interface BenchPacket {
  readonly id: string;
  /** Null: a process of the node sends it. */
  readonly in: string | null;
  readonly proto: 'tcp' | 'udp';
  readonly src: string;
  readonly sport: number;
  readonly dst: string;
  readonly dport: number;
}

type End = Pick<BenchPacket, 'proto' | 'dst' | 'dport'>;

/** Where packets go, and how many of a hundred. */
const MIX = [
  ['service', 52],
  ['popular service', 12],
  ['dns', 8],
  ['node port', 7],
  ['pod of this node', 5],
  ['internet', 6],
  ['into the node', 3],
  ['from the node', 3],
  ['unused port of a service', 3],
  ['service without endpoints', 1],
] as const;

type Kind = (typeof MIX)[number][0];

const KINDS: readonly Kind[] = MIX.flatMap(([kind, share]) => Array.from({ length: share }, () => kind));

class Sender {
  readonly #cluster: Cluster;
  readonly #random: Random;
  readonly #open: readonly ServicePort[];
  readonly #closed: readonly ServicePort[];
  readonly #outside: readonly ServicePort[];
  #count = 0;

  constructor(cluster: Cluster, random: Random) {
    const { services } = cluster;
    this.#cluster = cluster;
    this.#random = random;
    this.#open = services.filter(({ endpoints }) => endpoints.length > 0);
    this.#closed = services.filter(({ endpoints }) => endpoints.length === 0);
    this.#outside = this.#open.filter(({ outside }) => outside !== null);
  }

  #service({ proto, address, port }: ServicePort): End {
    return { proto, dst: address, dport: port };
  }

  #internet(): string {
    return dotted(
      (this.#random.of([0x0808_0800, 0xc633_6400, 0x9765_4000]) + this.#random.between(1, 250)) >>> 0,
    );
  }

  #inside(kind: Kind): End {
    const random = this.#random;
    switch (kind) {
      case 'dns':
        return { proto: random.chance(0.9) ? 'udp' : 'tcp', dst: '172.20.0.10', dport: 53 };
      case 'popular service':
        return this.#service(random.of(this.#open.slice(0, 20)));
      case 'service without endpoints':
        return this.#service(random.of(this.#closed.length === 0 ? this.#open : this.#closed));
      case 'unused port of a service':
        return { proto: 'tcp', dst: random.of(this.#open).address, dport: 7 };
      case 'pod of this node':
        return { proto: 'tcp', dst: random.of(this.#cluster.pods).address, dport: 8080 };
      case 'internet':
        return { proto: 'tcp', dst: this.#internet(), dport: random.of([80, 443]) };
      default:
        return this.#service(random.of(this.#open));
    }
  }

  #nodePort(node: string): End {
    const service = this.#random.of(this.#outside.length === 0 ? this.#open : this.#outside);
    const { outside, proto } = service;
    if (outside === null) return this.#service(service);
    if (outside.balancer !== null && this.#random.chance(0.5))
      return { proto, dst: outside.balancer, dport: service.port };
    return { proto, dst: node, dport: outside.nodePort };
  }

  next(): BenchPacket {
    const random = this.#random;
    const kind = random.of(KINDS);
    const pod: Pod = random.of(this.#cluster.pods);
    const [primary] = this.#cluster.enis;
    const node = primary?.address ?? '';
    this.#count += 1;
    const common = { id: String(this.#count), sport: random.between(1024, 65_535) };
    if (kind === 'from the node') return { ...common, in: null, src: node, ...this.#inside('service') };
    if (kind === 'node port' || kind === 'into the node') {
      const end: End =
        kind === 'node port'
          ? this.#nodePort(node)
          : {
              proto: 'tcp',
              dst: random.chance(0.5) ? node : pod.address,
              dport: random.of([22, 8080, 10_250]),
            };
      return { ...common, in: primary?.device ?? '', src: this.#internet(), ...end };
    }
    return { ...common, in: pod.device, src: pod.address, ...this.#inside(kind) };
  }
}

/** So many packets; a longer list begins with the shorter one. */
export function packetsOf(cluster: Cluster, count: number, seed = 2): readonly BenchPacket[] {
  const sender = new Sender(cluster, new Random(seed));
  return Array.from({ length: count }, () => sender.next());
}

/** As the lines of a batch. */
export function printPackets(packets: readonly BenchPacket[]): string {
  return packets.map((packet) => `${JSON.stringify(packet)}\n`).join('');
}
