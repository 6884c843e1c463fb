/** Prefixes and general masks, of both families. */
import {
  type Address,
  type Family,
  allOnes,
  anyAddress,
  bitsOf,
  compareAddresses,
  familyOf,
  formatAddress,
  maskAddress,
  parseAddress,
} from './address.js';

/** A network: `address` with the host bits cleared, and the mask that clears them. */
export interface Prefix {
  readonly address: Address;
  /** The bits that are compared. Usually contiguous; iptables also accepts any pattern. */
  readonly mask: Address;
  /** Prefix length in bits, or null when the mask is not contiguous. */
  readonly length: number | null;
}

/** The mask of a prefix length (0 to 32, or 0 to 128). */
export function maskOfLength(length: number, family: Family): Address {
  if (family === 4) return length === 0 ? 0 : -1 << (32 - length);
  const ones = allOnes(6);
  return typeof ones === 'bigint' ? (ones << BigInt(128 - length)) & ones : ones;
}

/** The prefix length of a mask, or null when its ones are not contiguous from the top. */
export function lengthOfMask(mask: Address): number | null {
  const family = familyOf(mask);
  for (let length = 0; length <= bitsOf(family); length += 1) {
    if (maskOfLength(length, family) === mask) return length;
  }
  return null;
}

/** The prefix of `length` bits that holds `address`. */
export function prefixOf(address: Address, length: number): Prefix {
  const mask = maskOfLength(length, familyOf(address));
  return { address: maskAddress(address, mask), mask, length };
}

/** The prefix that holds every address of a family (0.0.0.0/0 or ::/0). */
export function everything(family: Family): Prefix {
  return { address: anyAddress(family), mask: anyAddress(family), length: 0 };
}

/**
 * Parses `ADDRESS`, `ADDRESS/LENGTH` or `ADDRESS/MASK`; host bits are cleared as iptables does.
 * @returns null when the text is none of these
 */
export function parsePrefix(text: string): Prefix | null {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === null) return null;
  const family = familyOf(address);
  if (slash < 0) return prefixOf(address, bitsOf(family));
  const tail = text.slice(slash + 1);
  if (/^\d{1,3}$/.test(tail)) {
    const length = Number(tail);
    return length <= bitsOf(family) ? prefixOf(address, length) : null;
  }
  const mask = parseAddress(tail);
  if (mask === null || familyOf(mask) !== family) return null;
  return { address: maskAddress(address, mask), mask, length: lengthOfMask(mask) };
}

/** Whether `address` lies in the prefix. An address of the other family never does. */
export function contains(prefix: Prefix, address: Address): boolean {
  return typeof address === typeof prefix.address && maskAddress(address, prefix.mask) === prefix.address;
}

/** `10.0.0.0/8`; a host keeps its full length (`10.0.0.1/32`); a non-contiguous mask is written out. */
export function formatPrefix(prefix: Prefix): string {
  const tail = prefix.length === null ? formatAddress(prefix.mask) : String(prefix.length);
  return `${formatAddress(prefix.address)}/${tail}`;
}

/** A network as iproute2 prints it: `10.0.0.0/8`, a host without its length. */
export function formatNetwork(prefix: Prefix): string {
  return prefix.length === bitsOf(familyOf(prefix.address))
    ? formatAddress(prefix.address)
    : formatPrefix(prefix);
}

/** An inclusive range of addresses of one family. */
export interface AddressRange {
  readonly from: Address;
  readonly to: Address;
}

/** Whether `address` lies in the range, ends included. */
export function inRange(range: AddressRange, address: Address): boolean {
  return (
    typeof address === typeof range.from &&
    compareAddresses(range.from, address) <= 0 &&
    compareAddresses(address, range.to) <= 0
  );
}
