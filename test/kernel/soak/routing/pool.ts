/** The small world that routing cases are drawn from: few networks, so that prefixes nest, collide and get hit. */
import * as fc from 'fast-check';
import { type Family, formatAddress } from '../../../../src/address/address.js';
import { parsePrefix } from '../../../../src/address/prefix.js';

/** Devices of every case; the fifth is down, the fourth may be without carrier. */
export const DEVICES = ['e0', 'e1', 'e2', 'e3', 'e4', 'e5'] as const;
export const DOWN = 'e4';
export const UNPLUGGED = 'e3';
/** TOS values that the legacy `tos` of a route or rule can name. */
export const TOS = [0x10, 0x08, 0x04] as const;
export const MARKS = [5, 0x10, 0x15, 0x30] as const;
export const TABLES = ['main', 'main', 'main', 'default', '10', '20', '30'] as const;
export const UIDS = [0, 0, 100, 150, 1000] as const;

const HOSTS = [0, 1, 2, 3, 4, 5, 9, 17, 130, 255] as const;
const ODD: Readonly<Record<Family, readonly string[]>> = {
  4: ['8.8.8.8', '198.51.100.1', '0.0.0.5', '169.254.1.1', '10.9.9.9'],
  6: ['2001:db8::1', '2001:db8:1::2', '2002:a00:1::1', '64:ff9b::808:808', 'fd09::9'],
};

/** One of the possibilities, each as often as it is listed. */
export function pick<T>(from: readonly T[]): fc.Arbitrary<T> {
  return fc.nat({ max: from.length - 1 }).map((at) => {
    const item = from[at];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  });
}

/** `value` in so many of a hundred cases, else null. */
export function maybe<T>(percent: number, value: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.tuple(fc.nat({ max: 99 }), value).map(([at, one]) => (at >= 100 - percent ? one : null));
}

/** A host of the small world. */
export function host(family: Family): fc.Arbitrary<string> {
  const inside = fc
    .tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 }), pick(HOSTS))
    .map(([net, subnet, own]) =>
      family === 4
        ? `10.${String(net)}.${String(subnet)}.${String(own)}`
        : `fd00:${String(net)}:${String(subnet)}::${(own + 1).toString(16)}`,
    );
  return fc.oneof({ weight: 16, arbitrary: inside }, { weight: 1, arbitrary: pick(ODD[family]) });
}

/** The network of an address, as `ip` prints it. */
export function network(address: string, length: number): string {
  const prefix = parsePrefix(`${address}/${String(length)}`);
  if (prefix === null) throw new RangeError(`not a prefix: ${address}/${String(length)}`);
  return `${formatAddress(prefix.address)}/${String(length)}`;
}

/** The last address of an IPv4 network. */
export function broadcastOf(address: string, length: number): string {
  const prefix = parsePrefix(`${address}/${String(length)}`);
  if (prefix === null || typeof prefix.address !== 'number' || typeof prefix.mask !== 'number')
    throw new RangeError(`no IPv4 prefix: ${address}/${String(length)}`);
  return formatAddress(prefix.address | ~prefix.mask);
}
