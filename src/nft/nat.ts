/** NAT statements (net/netfilter/nft_nat.c, nft_masq.c, nft_redir.c) as the ranges that the NAT core takes. */
import { type Prefix, maskOfLength } from '../address/prefix.js';
import type { Address, Family } from '../address/address.js';
import type { Nat, NatRange, PortRange } from '../iptables/verdict.js';
import { intervalOf } from './constant.js';
import { type DataType, type Interval, dataType } from './datatype.js';
import { evaluate, resolveMap } from './evaluate.js';
import type { Expression, NatStatement } from './model.js';
import { numberAddress } from './value.js';
import type { NftContext } from './world.js';

const TARGETS = { snat: 'SNAT', dnat: 'DNAT', masquerade: 'MASQUERADE', redirect: 'REDIRECT' } as const;

/** What a NAT statement maps to; 'break' when a map has nothing for the packet, null when it cannot be told. */
type Found<T> = T | 'break' | null;

/** A range as written, or one value that the packet gives. */
function settled(expression: Expression, type: DataType, context: NftContext): Interval | null {
  const interval = intervalOf(expression, type);
  if (interval !== null) return interval;
  const value = evaluate(expression, context, [type]);
  if (value.kind === 'exact') return { from: value.value, to: value.value };
  return value.kind === 'span' ? value : null;
}

interface Place {
  readonly address: Interval | null;
  readonly port: Interval | null;
}

function placeOf(
  { address, port }: NatStatement,
  types: readonly [address: DataType, port: DataType],
  context: NftContext,
): Found<Place> {
  let found: Place = { address: null, port: null };
  if (address !== null) {
    const resolved = resolveMap(address, [types[0]], context);
    if (resolved === undefined) return 'break';
    if (resolved === null) return null;
    const { expression } = resolved;
    const [first, second] = expression.kind === 'concat' ? expression.parts : [expression];
    if (first === undefined) return null;
    const [low, high] = [
      settled(first, types[0], context),
      second === undefined ? null : settled(second, types[1], context),
    ];
    if (low === null || (second !== undefined && high === null)) return null;
    found = { address: low, port: high };
  }
  if (port === null) return found;
  const resolved = resolveMap(port, [types[1]], context);
  if (resolved === undefined) return 'break';
  const interval = resolved === null ? null : settled(resolved.expression, types[1], context);
  return interval === null ? null : { ...found, port: interval };
}

/** NF_NAT_RANGE_NETMAP: the bits in which both ends of the range agree are the network (nft_nat_setup_netmap). */
function networkOf({ from, to }: Interval, family: Family): Prefix {
  const bits = family === 4 ? 32 : 128;
  const differing = from ^ to;
  const length = bits - (differing === 0n ? 0 : differing.toString(2).length);
  const host = (1n << BigInt(bits - length)) - 1n;
  return { address: numberAddress(from & ~host, bits), mask: maskOfLength(length, family), length };
}

function rangeOf({ flags }: NatStatement, { address, port }: Place, family: Family): NatRange {
  const bits = family === 4 ? 32 : 128;
  const end = (value: bigint): Address => numberAddress(value, bits);
  const ports: PortRange | null = port === null ? null : { from: Number(port.from), to: Number(port.to) };
  return {
    addresses: address === null ? null : { from: end(address.from), to: end(address.to) },
    ports,
    basePort: null,
    random: flags.includes('random'),
    randomFully: flags.includes('fully-random'),
    persistent: flags.includes('persistent'),
  };
}

/** The range that the NAT core is given. `dnat ip to …` says nothing to a packet of the other family. */
export function natVerdict(statement: NatStatement, context: NftContext): Found<Nat> {
  const { family } = context.packet;
  if (statement.family !== null && (statement.family === 'ip6') !== (family === 6)) return 'break';
  const address = dataType(family === 4 ? 'ipv4_addr' : 'ipv6_addr');
  const port = dataType('inet_service');
  if (address === null || port === null) return null;
  const place = placeOf(statement, [address, port], context);
  if (place === null || place === 'break') return place;
  const range = rangeOf(statement, place, family);
  if (statement.prefix && place.address !== null)
    return { kind: 'nat', target: 'NETMAP', range, network: networkOf(place.address, family) };
  return { kind: 'nat', target: TARGETS[statement.kind], range, network: null };
}
