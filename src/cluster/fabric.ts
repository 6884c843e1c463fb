/**
 * The network between nodes: where a packet that leaves an interface goes. Routers of a VPC, internet gateway, NAT
 * gateway and load balancers behave as AWS documents them; of segments every node answers for what it has.
 */
import { type Address, formatAddress, parseAddress } from '../address/address.js';
import { contains } from '../address/prefix.js';
import type { Params } from '../source/diagnostic.js';
import { type Ends, type Header, answersEnds, turned, withEnds } from './header.js';
import type { Hop, HopAction, Place } from './hop.js';
import { isPrivate } from './private.js';
import type { Balancer, Segment, Subnet } from './spec.js';
import type { Port, World } from './world.js';

/** A connection that an element translates: its ends before and behind it. */
export interface Translated {
  readonly place: Place;
  readonly proto: string;
  readonly before: Ends;
  readonly behind: Ends;
}

/** Where a packet gets to. */
export type Reached =
  | { readonly kind: 'node'; readonly port: Port; readonly header: Header }
  | { readonly kind: 'outside'; readonly header: Header }
  | { readonly kind: 'lost' };

/** One way through the network. */
export interface Carried {
  readonly hops: readonly Hop[];
  readonly reached: Reached;
  readonly flows: readonly Translated[];
  /** Of all ways. */
  readonly share: number;
}

/** What is known on the way. */
interface Trip {
  readonly header: Header;
  readonly hops: readonly Hop[];
  readonly flows: readonly Translated[];
  readonly share: number;
}

/** The longest way through the network's elements. */
const MOST_ELEMENTS = 12;

const INTERNET: Place = { kind: 'internet-gateway', name: 'internet-gateway' };
const NAT: Place = { kind: 'nat-gateway', name: 'nat-gateway' };
const VPC: Place = { kind: 'vpc', name: 'vpc' };

export class Fabric {
  readonly #world: World;
  readonly #back: boolean;
  readonly #layer: number;

  constructor(world: World, back: boolean, layer: number) {
    this.#world = world;
    this.#back = back;
    this.#layer = layer;
  }

  /** From an interface of a node, by the next hop that its route names. */
  fromNode(port: Port, via: string | null, header: Header, flows: readonly Translated[]): readonly Carried[] {
    const member = this.#world.member(port);
    const trip: Trip = { header, hops: [], flows, share: 1 };
    if (member === null) return [this.#lost(trip, VPC, 'PATH_NO_NETWORK', { device: port.device })];
    return member.kind === 'vpc'
      ? this.#fromEni(trip, port, via, member.subnet)
      : this.#onSegment(trip, member.segment, via);
  }

  /** From a host of the internet. */
  fromOutside(header: Header, flows: readonly Translated[]): readonly Carried[] {
    return this.#arriving({ header, hops: [], flows, share: 1 });
  }

  #hop(trip: Trip, place: Place, action: HopAction, after: Header, code: string, params: Params = {}): Hop {
    return {
      ...{ place, back: this.#back, layer: this.#layer, action, in: null, out: null, via: null },
      ...{ before: trip.header, after, reason: { code, params }, walk: null },
    };
  }

  #lost(trip: Trip, place: Place, code: string, params: Params = {}): Carried {
    const hops = [...trip.hops, this.#hop(trip, place, 'dropped', trip.header, code, params)];
    return { hops, reached: { kind: 'lost' }, flows: trip.flows, share: trip.share };
  }

  #on(trip: Trip, place: Place, header: Header, code: string, params: Params = {}): Trip {
    const action = header === trip.header ? 'passed' : 'translated';
    return { ...trip, header, hops: [...trip.hops, this.#hop(trip, place, action, header, code, params)] };
  }

  #reach({ hops, flows, share }: Trip, reached: Reached): Carried {
    return { hops, reached, flows, share };
  }

  #fromEni(trip: Trip, port: Port, via: string | null, subnet: Subnet): readonly Carried[] {
    const { header } = trip;
    const owner = this.#world.ownerOf(header.src);
    const checked = this.#world.nodeSpec(port.node)?.sourceCheck !== false;
    if (checked && (owner?.node !== port.node || owner.device !== port.device))
      return [this.#lost(trip, VPC, 'PATH_SOURCE_CHECK', { device: port.device, address: header.src })];
    const balanced = this.#balancedBack(trip);
    if (balanced !== null) return balanced;
    const router = formatAddress(subnet.router);
    const next = via ?? header.dst;
    if (next === router)
      return this.#routed(this.#on(trip, { kind: 'router', name: router }, header, 'PATH_ROUTED'), subnet, 0);
    if (next === header.dst) return this.#routed(trip, subnet, 0);
    const gateway = this.#world.ownerOf(next);
    if (gateway === null) return [this.#lost(trip, VPC, 'PATH_NO_OWNER', { address: next })];
    return [this.#deliver(trip, gateway)];
  }

  /** To an interface of the VPC, which gets nothing but its own unless it forwards for others. */
  #deliver(trip: Trip, port: Port): Carried {
    const owner = this.#world.ownerOf(trip.header.dst);
    const own = owner?.node === port.node && owner.device === port.device;
    if (!own && this.#world.nodeSpec(port.node)?.sourceCheck !== false)
      return this.#lost(trip, VPC, 'PATH_DESTINATION_CHECK', {
        device: `${port.node} ${port.device}`,
        address: trip.header.dst,
      });
    return this.#reach(trip, { kind: 'node', port, header: trip.header });
  }

  /** Within the VPC by address; beyond it by the subnet's default route. */
  #routed(trip: Trip, subnet: Subnet | null, depth: number): readonly Carried[] {
    const { dst } = trip.header;
    const balancer = this.#balancerAt(dst);
    if (balancer !== null) return this.#balance(trip, balancer, depth);
    if (this.#world.inVpc(dst)) {
      const owner = this.#world.ownerOf(dst);
      return [
        owner === null
          ? this.#lost(trip, VPC, 'PATH_NO_OWNER', { address: dst })
          : this.#reach(trip, { kind: 'node', port: owner, header: trip.header }),
      ];
    }
    if (subnet?.gateway === 'internet-gateway') return this.#throughInternetGateway(trip, depth);
    if (subnet?.gateway === 'nat-gateway') return this.#throughNatGateway(trip, depth);
    return [this.#lost(trip, VPC, 'PATH_NO_VPC_ROUTE', { address: dst })];
  }

  #throughInternetGateway(trip: Trip, depth: number): readonly Carried[] {
    const { header } = trip;
    const source = parseAddress(header.src);
    const known = source === null ? undefined : this.#world.spec.vpc?.publicOf.get(source);
    if (known === undefined) return [this.#lost(trip, INTERNET, 'PATH_NO_PUBLIC', { address: header.src })];
    const shown = formatAddress(known);
    const next = { ...header, src: shown };
    return this.#fromVpc(this.#on(trip, INTERNET, next, 'PATH_PUBLIC', { address: shown }), depth);
  }

  #throughNatGateway(trip: Trip, depth: number): readonly Carried[] {
    const gateway = this.#world.spec.vpc?.natGateway ?? null;
    if (gateway === null) return [this.#lost(trip, VPC, 'PATH_NO_VPC_ROUTE', { address: trip.header.dst })];
    return this.#fromVpc(this.#masqueraded(trip, NAT, gateway.publicAddress), depth);
  }

  #masqueraded(trip: Trip, place: Place, address: Address): Trip {
    const { header } = trip;
    const shown = formatAddress(address);
    const next = { ...header, src: shown };
    const flow: Translated = { place, proto: header.proto, before: header, behind: next };
    return this.#on({ ...trip, flows: [...trip.flows, flow] }, place, next, 'PATH_NATTED', {
      address: shown,
    });
  }

  /** Out of the VPC: a network of its own behind a router may have private addresses, the internet has none. */
  #fromVpc(trip: Trip, depth: number): readonly Carried[] {
    const { dst: address } = trip.header;
    if (!isPrivate(address)) return this.#internet(trip, depth);
    return [this.#lost(trip, { kind: 'outside', name: 'outside' }, 'PATH_PRIVATE_DESTINATION', { address })];
  }

  /** On the internet: back in where the address is one of the cluster's. */
  #internet(trip: Trip, depth: number): readonly Carried[] {
    if (this.#isOurs(trip.header.dst)) return this.#arriving(trip, depth + 1);
    return [this.#reach(trip, { kind: 'outside', header: trip.header })];
  }

  #isOurs(text: string): boolean {
    const address = parseAddress(text);
    const { vpc, balancers, segments } = this.#world.spec;
    return (
      address !== null &&
      (vpc?.natGateway?.publicAddress === address ||
        [...(vpc?.publicOf.values() ?? [])].includes(address) ||
        balancers.some(({ publicAddresses }) => publicAddresses.includes(address)) ||
        segments.some(({ nat }) => nat === address))
    );
  }

  /** From the internet, to an address that the cluster shows there. */
  #arriving(trip: Trip, depth = 0): readonly Carried[] {
    const { header, flows } = trip;
    if (depth > MOST_ELEMENTS) return [this.#lost(trip, INTERNET, 'PATH_LOOP')];
    const flow = flows.find(
      ({ place, proto, behind }) =>
        place.kind !== 'balancer' && proto === header.proto && answersEnds(header, behind),
    );
    if (flow !== undefined) {
      const next = withEnds(header, turned(flow.before));
      const there = this.#on(trip, flow.place, next, 'PATH_UNNATTED', { address: next.dst });
      const segment = this.#world.spec.segments.find(({ name }) => name === flow.place.name);
      return segment === undefined || flow.place.kind === 'nat-gateway'
        ? this.#routed(there, null, depth + 1)
        : this.#onSegment(there, segment, null);
    }
    const balancer = this.#balancerAt(header.dst);
    if (balancer !== null) return this.#balance(trip, balancer, depth);
    const address = parseAddress(header.dst);
    for (const [own, shown] of this.#world.spec.vpc?.publicOf ?? [])
      if (shown === address) {
        const next = { ...header, dst: formatAddress(own) };
        const there = this.#on(trip, INTERNET, next, 'PATH_PRIVATE', { address: next.dst });
        return this.#routed(there, null, depth + 1);
      }
    const open = this.#world.spec.segments.find(
      ({ prefix, gateway, nat }) =>
        gateway !== null && nat === null && address !== null && contains(prefix, address),
    );
    if (open !== undefined) return this.#onSegment(trip, open, null);
    return [this.#lost(trip, { kind: 'outside', name: 'outside' }, 'PATH_NO_SUCH', { address: header.dst })];
  }

  #balancerAt(text: string): Balancer | null {
    const address = parseAddress(text);
    if (address === null) return null;
    const at = ({ addresses, publicAddresses }: Balancer): boolean =>
      addresses.includes(address) || publicAddresses.includes(address);
    return this.#world.spec.balancers.find(at) ?? null;
  }

  /** To each target in its turn. */
  #balance(trip: Trip, balancer: Balancer, depth: number): readonly Carried[] {
    const { header } = trip;
    const place: Place = { kind: 'balancer', name: balancer.name };
    if (depth > MOST_ELEMENTS) return [this.#lost(trip, place, 'PATH_LOOP')];
    if (header.proto !== balancer.protocol || header.dport !== balancer.port)
      return [this.#lost(trip, place, 'PATH_NO_LISTENER', { port: balancer.port, proto: balancer.protocol })];
    if (balancer.targets.length === 0) return [this.#lost(trip, place, 'PATH_NO_TARGET')];
    const [front] = balancer.addresses;
    return balancer.targets.flatMap((target) => {
      const node = target.node === null ? null : this.#world.addressOfNode(target.node);
      const dst = target.address === null ? (node?.address ?? '') : formatAddress(target.address);
      const src = balancer.keepsClient || front === undefined ? header.src : formatAddress(front);
      const next = { ...header, src, dst, dport: target.port };
      const flow: Translated = { place, proto: header.proto, before: header, behind: next };
      const share = trip.share / balancer.targets.length;
      const code = balancer.keepsClient ? 'PATH_BALANCED_KEPT' : 'PATH_BALANCED';
      const there = this.#on({ ...trip, share, flows: [...trip.flows, flow] }, place, next, code, {
        ...{ target: `${dst}:${String(target.port)}`, count: balancer.targets.length },
      });
      const port = node?.port ?? this.#world.ownerOf(dst);
      return port === null
        ? [this.#lost(there, place, 'PATH_NO_OWNER', { address: dst })]
        : [this.#reach(there, { kind: 'node', port, header: next })];
    });
  }

  /** What answers a balanced packet goes by the balancer again, whomever it is addressed to. */
  #balancedBack(trip: Trip): readonly Carried[] | null {
    const { header, flows } = trip;
    const flow = flows.find(
      ({ place, proto, behind }) =>
        place.kind === 'balancer' && proto === header.proto && answersEnds(header, behind),
    );
    if (flow === undefined) return null;
    const next = withEnds(header, turned(flow.before));
    const there = this.#on(trip, flow.place, next, 'PATH_BALANCED_BACK', { address: next.src });
    const client = this.#world.ownerOf(next.dst);
    if (client !== null) return [this.#reach(there, { kind: 'node', port: client, header: next })];
    return this.#internet(there, 0);
  }

  #onSegment(trip: Trip, segment: Segment, via: string | null): readonly Carried[] {
    const balanced = this.#balancedBack(trip);
    if (balanced !== null) return balanced;
    const { header } = trip;
    const next = via ?? header.dst;
    const place: Place = { kind: 'segment', name: segment.name };
    const neighbour = this.#world.neighbour(segment, next);
    if (neighbour !== null) return [this.#reach(trip, { kind: 'node', port: neighbour, header })];
    const balancer = this.#balancerAt(next);
    if (balancer !== null) return this.#balance(trip, balancer, 0);
    const gateway = segment.gateway === null ? null : formatAddress(segment.gateway);
    if (gateway === null || next !== gateway)
      return [this.#lost(trip, place, 'PATH_NO_NEIGHBOUR', { address: next })];
    const router: Place = { kind: 'router', name: gateway };
    const behind = parseAddress(header.dst);
    if (behind !== null && contains(segment.prefix, behind))
      return this.#onSegment(this.#on(trip, router, header, 'PATH_ROUTED'), segment, null);
    if (segment.nat !== null)
      return this.#internet(this.#masqueraded(trip, { kind: 'segment', name: segment.name }, segment.nat), 0);
    return this.#internet(this.#on(trip, router, header, 'PATH_ROUTED'), 0);
  }
}
