/** Routes of a routing case, as `ip route show table all` prints them. */
import * as fc from 'fast-check';
import type { Family } from '../../../../src/address/address.js';
import type { OwnAddress } from './links.js';
import { DEVICES, DOWN, TABLES, TOS, host, maybe, network, pick } from './pool.js';

const LENGTHS4 = [0, 0, 8, 12, 15, 16, 16, 22, 24, 24, 24, 28, 30, 32] as const;
const LENGTHS6 = [0, 0, 0, 16, 28, 32, 36, 44, 47, 48, 48, 60, 64, 64, 128] as const;
const REFUSALS = ['blackhole', 'unreachable', 'prohibit', 'throw', 'throw'] as const;
const WORKING = DEVICES.filter((device) => device !== DOWN);

/** A next hop that may be drawn before the addresses are: `reach` picks the gateway among what is on link. */
interface Hop {
  readonly device: string;
  readonly kind: 'direct' | 'reachable' | 'onlink';
  readonly gateway: string;
  readonly reach: number;
  readonly weight: number;
}

export interface RouteDraft {
  readonly kind: 'unicast' | 'local' | 'anycast' | 'blackhole' | 'unreachable' | 'prohibit' | 'throw';
  readonly host: string;
  readonly length: number;
  readonly table: string;
  readonly tos: number;
  readonly metric: number;
  readonly hops: readonly Hop[];
  readonly source: number | null;
  readonly preference: 'low' | 'medium' | 'high';
  readonly scope: 'global' | 'site' | 'link' | null;
  /** By a nexthop object, as a route of today's routing daemons is. */
  readonly object: boolean;
  /** Source-specific, of IPv6 alone. */
  readonly from: string | null;
}

function hop(family: Family): fc.Arbitrary<Hop> {
  return fc.record({
    device: pick(WORKING),
    kind: pick(['direct', 'reachable', 'reachable', 'reachable', 'onlink'] as const),
    gateway: host(family),
    reach: fc.nat({ max: 999 }),
    weight: fc.integer({ min: 1, max: 3 }),
  });
}

export function routeDraft(family: Family): fc.Arbitrary<RouteDraft> {
  return fc.record({
    kind: fc.oneof(
      { weight: 14, arbitrary: fc.constant('unicast' as const) },
      { weight: 6, arbitrary: pick(REFUSALS) },
      { weight: 1, arbitrary: pick(family === 4 ? (['local'] as const) : (['local', 'anycast'] as const)) },
    ),
    host: host(family),
    length: pick(family === 4 ? LENGTHS4 : LENGTHS6),
    table: pick(TABLES),
    tos: family === 4 ? maybe(15, pick(TOS)).map((tos) => tos ?? 0) : fc.constant(0),
    metric: maybe(30, pick([5, 10, 100])).map((metric) => metric ?? 0),
    hops: fc.oneof(
      { weight: 48, arbitrary: fc.array(hop(family), { minLength: 1, maxLength: 1 }) },
      { weight: 1, arbitrary: fc.array(hop(family), { minLength: 2, maxLength: 3 }) },
    ),
    source: maybe(20, fc.nat({ max: 99 })),
    preference: maybe(25, pick(['low', 'high'] as const)).map((one) => one ?? 'medium'),
    scope: family === 4 ? maybe(8, pick(['global', 'site', 'link'] as const)) : fc.constant(null),
    object: maybe(8, fc.constant(true)).map((yes) => yes !== null),
    from:
      family === 6
        ? maybe(
            6,
            fc.tuple(host(6), pick([32, 48, 64])).map(([one, length]) => network(one, length)),
          )
        : fc.constant(null),
  });
}

/** An address on the link of one of the device's subnets. */
function neighbour(hop: Hop, own: readonly OwnAddress[]): string | null {
  const subnets = own.filter(({ device, length }) => device === hop.device && length <= 64);
  const subnet = subnets[hop.reach % Math.max(1, subnets.length)];
  if (subnet === undefined) return null;
  const { address, length, peer } = subnet;
  if (peer !== null) return peer;
  if (address.includes(':')) return `${address.slice(0, address.lastIndexOf('::'))}::${(hop.reach % 7) + 1}`;
  if (length > 30) return null;
  const base = network(address, length).split('/')[0] ?? '';
  const last = base.lastIndexOf('.') + 1;
  return `${base.slice(0, last)}${String(Number(base.slice(last)) + 1 + (hop.reach % 6))}`;
}

function hopWords(hop: Hop, family: Family, own: readonly OwnAddress[]): string {
  const { device, kind, gateway } = hop;
  if (kind === 'direct') return `dev ${device}`;
  const near = kind === 'reachable' ? neighbour(hop, own) : null;
  if (near !== null) return `via ${near} dev ${device}`;
  return family === 6 && kind === 'reachable'
    ? `via fe80::${String((hop.reach % 5) + 1)} dev ${device}`
    : `via ${gateway} dev ${device} onlink`;
}

/** Chance decides over all that takes a multipath default route: most of those drawn take less. */
function narrowed({ hops, length }: RouteDraft, family: Family): number {
  return length === 0 && hops.length > 1 && (hops[0]?.reach ?? 0) % 4 !== 0 ? family * 6 : length;
}

/** The line of a route; `object` is the number of a nexthop object that it may use. */
export function routeLine(
  draft: RouteDraft,
  family: Family,
  own: readonly OwnAddress[],
  object: number,
): string {
  const { kind, table, tos, metric, hops, source, preference, scope, from } = draft;
  const here = kind === 'local' || kind === 'anycast';
  const length = here ? Math.max(draft.length, family === 4 ? 16 : 48) : narrowed(draft, family);
  const bare = length === 0 && kind === 'unicast';
  const to = bare ? 'default' : network(draft.host, length);
  const [first] = hops;
  const src = source === null || own.length === 0 ? undefined : own[source % own.length]?.address;
  const head = [
    ...(kind === 'unicast' ? [] : [kind]),
    to,
    ...(from === null ? [] : [`from ${from}`]),
    ...(tos === 0 ? [] : [`tos 0x${tos.toString(16)}`]),
  ];
  const tail = [
    // A local route of table local goes there by its number, so that the kernel's own stay.
    `table ${here && table === 'main' ? '255' : table}`,
    ...(metric === 0 ? [] : [`metric ${String(metric)}`]),
    ...(scope !== null && kind === 'unicast' ? [`scope ${scope}`] : []),
    ...(family === 6 && kind === 'unicast' ? [`pref ${preference}`] : []),
  ];
  if (kind !== 'unicast' && !here) return [...head, ...tail].join(' ');
  if (first === undefined || here) return [...head, `dev ${first?.device ?? 'lo'}`, ...tail].join(' ');
  if (src !== undefined) tail.push(`src ${src}`);
  if (draft.object) head.push(`nhid ${String(object * 10)}`);
  if (hops.length === 1) return [...head, hopWords(first, family, own), ...tail].join(' ');
  const list = hops.map((one) => `nexthop ${hopWords(one, family, own)} weight ${String(one.weight)}`);
  return [...head, ...tail, ...list].join(' ');
}

const partOf = (line: string, pattern: RegExp): string => pattern.exec(line)?.[1] ?? '';

/**
 * Of IPv6 routes that become one with several next hops, the kernel lists the source of the first alone: those that give
 * another one are left out.
 */
export function oneSourceEach(lines: readonly string[]): readonly string[] {
  const sources = new Map<string, string>();
  return lines.filter((line) => {
    const to = partOf(line, /^(\S*(?: from \S+)?)/);
    const metric = partOf(line, / metric (\d+)/) || '1024';
    const key = [to, metric, partOf(line, / table (\S+)/) || 'main'].join(' ');
    const source = partOf(line, / src (\S+)/);
    const first = sources.get(key) ?? source;
    sources.set(key, first);
    return first === source;
  });
}
