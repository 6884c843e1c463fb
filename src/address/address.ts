/**
 * Addresses of both families as primitives, so that they compare with `===`, key a `Map` and cost nothing to copy.
 *
 * An IPv4 address is a signed 32-bit integer (V8 keeps it as a small integer); an IPv6 address is a bigint below 2^128.
 * The family of an address is therefore its `typeof`.
 */
import { Address6 } from 'ip-address';

/** Address family, by the version number in the IP header. */
export type Family = 4 | 6;

/** An IPv4 address (int32) or an IPv6 address (bigint, 128 bits). */
export type Address = number | bigint;

/** The family that an address belongs to. */
export function familyOf(address: Address): Family {
  return typeof address === 'bigint' ? 6 : 4;
}

/** Number of bits in an address of the family: 32 or 128. */
export function bitsOf(family: Family): 32 | 128 {
  return family === 4 ? 32 : 128;
}

const V6_ALL = (1n << 128n) - 1n;

/** The all-zero address of a family: 0.0.0.0 or `::`. */
export function anyAddress(family: Family): Address {
  return family === 4 ? 0 : 0n;
}

/** The all-ones address of a family. */
export function allOnes(family: Family): Address {
  return family === 4 ? -1 : V6_ALL;
}

/**
 * Parses a dotted IPv4 address of exactly four decimal octets, as iproute2 and iptables print it.
 * @returns the int32 value, or null when the text is anything else (octet above 255, leading blanks, fewer octets)
 */
export function parseAddress4(text: string): number | null {
  let value = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= 48 && code <= 57) {
      octet = octet * 10 + (code - 48);
      digits += 1;
      if (digits > 3 || octet > 255) return null;
    } else if (code === 46) {
      if (digits === 0 || dots === 3) return null;
      value = (value << 8) | octet;
      octet = 0;
      digits = 0;
      dots += 1;
    } else return null;
  }
  return dots === 3 && digits > 0 ? (value << 8) | octet : null;
}

/** Parses an IPv6 address in any RFC 4291 form, without zone. @returns the 128-bit value, or null when it is none */
export function parseAddress6(text: string): bigint | null {
  if (!text.includes(':') || text.includes('%') || text.includes('/') || text.length > 45) return null;
  return Address6.isValid(text) ? new Address6(text).bigInt() : null;
}

/** Parses an address of either family. @returns null when the text is not an address */
export function parseAddress(text: string): Address | null {
  return text.includes(':') ? parseAddress6(text) : parseAddress4(text);
}

/**
 * The text of an address as the kernel's tools print it: dotted quad, or RFC 5952 for IPv6, with the dotted tail that
 * glibc's inet_ntop gives to `::ffff:a.b.c.d` and `::a.b.c.d`.
 */
export function formatAddress(address: Address): string {
  if (typeof address === 'bigint') {
    const head = address >> 32n;
    const dotted = (): string => formatAddress(Number(address & 0xffffffffn) | 0);
    if (head === 0xffffn) return `::ffff:${dotted()}`;
    return head === 0n && address >> 16n !== 0n
      ? `::${dotted()}`
      : Address6.fromBigInt(address).correctForm();
  }
  return dottedQuad(address);
}

/** Texts of addresses that were asked for lately, each at a place that its bits choose: packets have few addresses. */
const CACHED_BITS = 12;
const CACHED = new Int32Array(1 << CACHED_BITS);
const CACHED_TEXTS = new Array<string>(1 << CACHED_BITS).fill('0.0.0.0');

function dottedQuad(address: number): string {
  const value = address | 0;
  const place = Math.imul(value, 0x9e3779b1) >>> (32 - CACHED_BITS);
  const cached = CACHED_TEXTS[place];
  if (cached !== undefined && CACHED[place] === value) return cached;
  const text = `${String(value >>> 24)}.${String((value >>> 16) & 255)}.${String((value >>> 8) & 255)}.${String(value & 255)}`;
  CACHED[place] = value;
  CACHED_TEXTS[place] = text;
  return text;
}

/** Numeric order of two addresses of one family: negative, zero or positive. */
export function compareAddresses(a: Address, b: Address): number {
  if (typeof a === 'bigint' || typeof b === 'bigint') {
    const x = BigInt(a);
    const y = BigInt(b);
    return x < y ? -1 : x > y ? 1 : 0;
  }
  return (a >>> 0) - (b >>> 0);
}

/** `a & mask`, for two values of one family. */
export function maskAddress(address: Address, mask: Address): Address {
  if (typeof address === 'bigint' && typeof mask === 'bigint') return address & mask;
  if (typeof address === 'number' && typeof mask === 'number') return address & mask;
  return address;
}

/** The address at `offset` (a non-negative count) above `address`, wrapping within the family. */
export function addToAddress(address: Address, offset: number): Address {
  return typeof address === 'bigint' ? (address + BigInt(offset)) & V6_ALL : (address + offset) | 0;
}
