/** What a packet shows to each dimension of a set (the `kadt` functions of net/netfilter/ipset/ip_set_*.c). */
import { type Address, allOnes, anyAddress, familyOf, maskAddress } from '../address/address.js';
import { lengthOfMask } from '../address/prefix.js';
import type { Dimension, Masks } from './element.js';
import type { SetQuery } from './model.js';

/**
 * `exact`: one value. `range`: NAT drew it from these. `mark`: some bits are not known. `unknown`: the snapshot and the
 * packet do not tell it; `what` is the message id that says so. `absent`: the packet has none, so it is in no set of
 * this type.
 */
export type Asked =
  | { readonly kind: 'exact'; readonly value: Address | string }
  | { readonly kind: 'range'; readonly from: Address; readonly to: Address }
  | { readonly kind: 'mark'; readonly value: number; readonly unknown: number }
  | { readonly kind: 'unknown'; readonly what: 'UNK_SET_MAC' | 'UNK_SET_INTERFACE' }
  | { readonly kind: 'absent' };

const ABSENT: Asked = { kind: 'absent' };

/** Protocols whose ports the kernel reads (ip_set_getport.c get_port); for others than ICMP the port is 0. */
const WITH_PORTS: ReadonlySet<number> = new Set([6, 17, 132, 136]);

function between(from: Address, to: Address | undefined): Asked {
  return to === undefined || to === from ? { kind: 'exact', value: from } : { kind: 'range', from, to };
}

function askedAddress(query: SetQuery, source: boolean, masks: Masks): Asked {
  const low = source ? query.source : query.destination;
  const high = (source ? query.sourceTo : query.destinationTo) ?? low;
  const mask = masks.address;
  if (mask === null || familyOf(mask) !== query.family) return between(low, high);
  if (low !== high && lengthOfMask(mask) === null)
    return between(anyAddress(query.family), allOnes(query.family));
  return between(maskAddress(low, mask), maskAddress(high, mask));
}

function askedPort(query: SetQuery, source: boolean, withProtocol: boolean): Asked {
  const { protocol } = query;
  if (!withProtocol && protocol !== 6 && protocol !== 17) return ABSENT;
  const base = withProtocol ? protocol << 16 : 0;
  if (protocol === 1 || protocol === 58)
    return { kind: 'exact', value: base | (query.icmpType << 8) | query.icmpCode };
  if (!WITH_PORTS.has(protocol)) return { kind: 'exact', value: base };
  const low = source ? query.sourcePort : query.destinationPort;
  const high = (source ? query.sourcePortTo : query.destinationPortTo) ?? low;
  return between(base | low, base | high);
}

function askedMark(query: SetQuery, mask: number): Asked {
  const unknown = ((query.mark === undefined ? 0xffffffff : (query.markUnknown ?? 0)) & mask) >>> 0;
  const value = ((query.mark ?? 0) & mask & ~unknown) >>> 0;
  return unknown === 0 ? { kind: 'exact', value } : { kind: 'mark', value, unknown };
}

function askedMac(query: SetQuery, source: boolean): Asked {
  if (!source || query.sourceMac === null) return { kind: 'unknown', what: 'UNK_SET_MAC' };
  return query.sourceMac === '00:00:00:00:00:00' ? ABSENT : { kind: 'exact', value: query.sourceMac };
}

/** A name with a slash is the mark of a device that the snapshot cannot name: no real name has one. */
function askedInterface(query: SetQuery, source: boolean): Asked {
  const name = source ? query.inInterface : query.outInterface;
  if (name === '') return ABSENT;
  return name.includes('/') ? { kind: 'unknown', what: 'UNK_SET_INTERFACE' } : { kind: 'exact', value: name };
}

/** The packet's value for one dimension; `source` is the rule's direction there. */
export function askedFor(dimension: Dimension, query: SetQuery, source: boolean, masks: Masks): Asked {
  switch (dimension) {
    case 'ip':
    case 'net':
      return askedAddress(query, source, masks);
    case 'protocol-port':
    case 'tcp-udp-port':
      return askedPort(query, source, dimension === 'protocol-port');
    case 'mac':
    case 'optional-mac':
      return askedMac(query, source);
    case 'mark':
      return askedMark(query, masks.mark);
    case 'iface':
      return askedInterface(query, source);
  }
}
