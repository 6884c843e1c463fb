/** Special addresses, as include/linux/in.h and net/ipv6/addrconf_core.c tell them apart. */
import type { Address } from '../address/address.js';

/** The limited broadcast, 255.255.255.255. */
export const LIMITED_BROADCAST = -1;

/** 224.0.0.0/4 or ff00::/8. */
export function isMulticast(address: Address): boolean {
  return typeof address === 'bigint' ? address >> 120n === 0xffn : address >>> 28 === 14;
}

/** 224.0.0.0/24, which never leaves a link; for IPv6 ff02::/16. */
export function isLocalMulticast(address: Address): boolean {
  return typeof address === 'bigint' ? address >> 112n === 0xff02n : address >>> 8 === 0xe00000;
}

/** The unspecified address. Linux 5.3 and later (ipv4_is_zeronet) treat the rest of 0/8 like any other. */
export function isZeroNet(address: Address): boolean {
  return address === 0 || address === 0n;
}

/** 127.0.0.0/8, or ::1. */
export function isLoopback(address: Address): boolean {
  return typeof address === 'bigint' ? address === 1n : address >>> 24 === 127;
}

/** 169.254.0.0/16 or fe80::/10. */
export function isLinkLocal(address: Address): boolean {
  return typeof address === 'bigint' ? address >> 118n === 0x3fan : address >>> 16 === 0xa9fe;
}

/** ::ffff:0:0/96: how an IPv6 socket writes an IPv4 address. */
export function isMapped(address: Address): boolean {
  return typeof address === 'bigint' && address >> 32n === 0xffffn;
}

/** rt6_need_strict: an IPv6 address that means something only on one link. */
export function needsScope(address: Address): boolean {
  return typeof address === 'bigint' && (isMulticast(address) || isLinkLocal(address) || isLoopback(address));
}

/** IPv6 scopes as RFC 4291 numbers them in multicast addresses. */
export const SCOPE6 = { node: 1, link: 2, site: 5, global: 14 } as const;

/** ipv6_addr_src_scope: loopback counts as link-local; the unspecified address has no scope (-1). */
export function scope6(address: bigint): number {
  if (address === 0n) return -1;
  if (isMulticast(address)) return Number((address >> 112n) & 0xfn);
  if (isLinkLocal(address) || isLoopback(address)) return SCOPE6.link;
  return address >> 118n === 0x3fbn ? SCOPE6.site : SCOPE6.global;
}
