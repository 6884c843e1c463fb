/** Packets of a routing case, drawn from what its addresses, routes and rules speak of, so that they are hit. */
import * as fc from 'fast-check';
import type { Family } from '../../../../src/address/address.js';
import type { PacketInput } from '../../../../src/packet/result.js';
import type { OwnAddress } from './links.js';
import { DEVICES, DOWN, MARKS, TOS, UIDS, UNPLUGGED, broadcastOf, host, maybe, pick } from './pool.js';

/** Nothing comes in by a device that is down or without carrier. */
const WIRE = DEVICES.filter((device) => device !== DOWN && device !== UNPLUGGED);
const SPECIAL: Readonly<Record<Family, readonly string[]>> = {
  4: [
    ...['127.0.0.1', '127.0.0.9', '255.255.255.255', '224.0.0.1', '224.0.0.1', '239.1.2.3'],
    ...['0.0.0.0', '0.0.0.5', '240.0.0.1', '169.254.7.7'],
  ],
  6: [
    ...['::1', 'ff02::1', 'ff02::2', 'ff02::1:ff00:1', 'ff02::1:ff00:10', 'ff02::1:ff00:13', 'ff05::2'],
    ...['fe80::99', 'fe80::10', '2001:db8::77', '::'],
  ],
};

const FROM = { host: 6, near: 8, own: 1, special: 1 } as const;
const TO = { host: 5, near: 4, routed: 8, own: 4, broadcast: 1, special: 1 } as const;

function weighted<K extends string>(
  weights: Readonly<Record<K, number>>,
): { readonly weight: number; readonly arbitrary: fc.Arbitrary<K> }[] {
  const kinds = Object.keys(weights) as K[];
  return kinds.map((kind) => ({ weight: weights[kind], arbitrary: fc.constant(kind) }));
}

/** A packet before it is known which addresses and routes there are. */
export interface PacketDraft {
  readonly local: boolean;
  readonly device: string;
  readonly from: { readonly kind: keyof typeof FROM; readonly at: number };
  readonly to: {
    readonly kind: keyof typeof TO;
    readonly at: number;
  };
  readonly source: string;
  readonly destination: string;
  readonly named: boolean;
  readonly proto: 'tcp' | 'udp' | 'icmp' | 'gre';
  readonly sport: number;
  readonly dport: number;
  readonly tos: number | null;
  readonly mark: number | null;
  readonly uid: number;
  readonly bound: string | null;
  /** Of a UDP socket; null: nobody says, and the judge's is not. */
  readonly connected: boolean | null;
  readonly ttl: number | null;
}

export function packetDraft(family: Family): fc.Arbitrary<PacketDraft> {
  return fc.record({
    local: fc.boolean(),
    device: pick([...WIRE, 'e0', 'e1']),
    from: fc.record({ kind: fc.oneof(...weighted(FROM)), at: fc.nat({ max: 999 }) }),
    to: fc.record({ kind: fc.oneof(...weighted(TO)), at: fc.nat({ max: 999 }) }),
    source: host(family),
    destination: host(family),
    named: fc.boolean(),
    proto: pick(['udp', 'udp', 'udp', 'tcp', 'tcp', 'icmp', 'gre'] as const),
    sport: pick([40000, 40000, 80, 1000, 1500, 3000]),
    dport: pick([80, 83, 1000, 1500, 2000, 3000]),
    tos: maybe(30, pick([...TOS, 0x20, 0x18, 0x28])),
    mark: maybe(40, pick(MARKS)),
    uid: pick(UIDS),
    bound: maybe(18, pick([...DEVICES, 'lo'])),
    connected: maybe(95, fc.boolean()),
    ttl: maybe(15, pick([1, 2, 255])),
  });
}

/** What the destinations of routes and rules cover: their first address and one within. */
export interface Targets {
  readonly own: readonly OwnAddress[];
  readonly routed: readonly string[];
}

function at<T>(list: readonly T[], index: number): T | undefined {
  return list[index % Math.max(1, list.length)];
}

function near({ address, peer }: OwnAddress, index: number): string {
  const base = peer ?? address;
  const cut = base.includes(':') ? base.lastIndexOf('::') + 2 : base.lastIndexOf('.') + 1;
  const last = base.slice(cut);
  if (base.includes(':')) return `${base.slice(0, cut)}${((index % 9) + 1).toString(16)}`;
  return `${base.slice(0, cut)}${String((Number(last) & 0xf8) + (index % 8))}`;
}

function broadcast({ address, peer, length }: OwnAddress, index: number): string {
  if (address.includes(':')) return address.replace(/::.*$/, '::');
  return broadcastOf(peer ?? address, [length, length, 24, 16][index % 4] ?? length);
}

function source(draft: PacketDraft, family: Family, { own }: Targets): string {
  const { kind, at: index } = draft.from;
  if (kind === 'special') return at(SPECIAL[family], index) ?? draft.source;
  if (kind === 'own') return at(own, index)?.address ?? draft.source;
  if (kind === 'host') return draft.source;
  const subnets = own.filter(({ device }) => device === draft.device);
  const subnet = at(subnets, index);
  return subnet === undefined ? draft.source : near(subnet, index);
}

function destination(draft: PacketDraft, family: Family, { own, routed }: Targets): string {
  const { kind, at: index } = draft.to;
  if (kind === 'special') return at(SPECIAL[family], index) ?? draft.destination;
  if (kind === 'routed') return at(routed, index) ?? draft.destination;
  const target = at(own, index);
  if (target === undefined || kind === 'host') return draft.destination;
  return kind === 'own' ? target.address : kind === 'near' ? near(target, index) : broadcast(target, index);
}

/** The packet of a draft. */
export function packetOf(draft: PacketDraft, family: Family, targets: Targets, id: string): PacketInput {
  const { local, device, named, proto, sport, dport, tos, mark, uid, bound, connected, ttl } = draft;
  const own = at(targets.own, draft.from.at)?.address;
  const src = local ? (named ? own : undefined) : source(draft, family, targets);
  const ports = proto === 'tcp' || proto === 'udp';
  const dst = destination(draft, family, targets);
  // The TTL of multicast is another option of the socket.
  const group = /^(?:2[23]\d\.|ff)/.test(dst);
  return {
    id,
    in: local ? null : device,
    proto: proto === 'icmp' && family === 6 ? 'icmpv6' : proto,
    ...(src === undefined ? {} : { src }),
    dst,
    ...(ports ? { sport, dport } : {}),
    ...(tos === null ? {} : { tos }),
    ...(ttl === null || (local && group) ? {} : { ttl }),
    ...(local && mark !== null ? { mark } : {}),
    ...(local ? { uid } : {}),
    ...(local && bound !== null ? { oif: bound } : {}),
    ...(local && proto === 'udp' && connected !== null ? { connected } : {}),
  };
}
