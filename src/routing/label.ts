/** Labels of IPv6 addresses, by which sources are chosen (RFC 6724 rule 6): net/ipv6/addrlabel.c, `ip addrlabel`. */
import { type Prefix, contains, parsePrefix } from '../address/prefix.js';
import type { AddressLabel, Network } from './model.js';

/** What an address has that no entry is of (IPV6_ADDR_LABEL_DEFAULT). */
const NO_LABEL = 0xffffffff;

const prefix = (text: string): Prefix[] => [parsePrefix(text)].flatMap((found) => found ?? []);

/** The table that every namespace begins with (ip6addrlbl_init_table), most specific first. */
const USUAL: readonly AddressLabel[] = [
  ['::1/128', 0],
  ['::ffff:0:0/96', 4],
  ['::/96', 3],
  ['2001::/32', 6],
  ['2001:10::/28', 7],
  ['3ffe::/16', 12],
  ['2002::/16', 2],
  ['fec0::/10', 11],
  ['fc00::/7', 5],
  ['::/0', 1],
].flatMap(([text, label]) =>
  prefix(String(text)).map((found) => ({ prefix: found, device: null, label: Number(label) })),
);

/** Entries in the order in which the kernel tries them: longer prefixes first, of equal ones those of a device. */
export function inKernelOrder(labels: readonly AddressLabel[]): readonly AddressLabel[] {
  return labels.toSorted(
    (a, b) =>
      (b.prefix.length ?? 0) - (a.prefix.length ?? 0) ||
      Number(a.device === null) - Number(b.device === null),
  );
}

/**
 * The label of an address: of the first entry that holds it and is of the device, or of none.
 *
 * @param device of which the address is, or by which a destination is reached; null for a destination without one
 */
export function labelOf({ labels }: Network, address: bigint, device: string | null): number {
  const found = (labels ?? USUAL).find(
    (one) => (one.device === null || one.device === device) && contains(one.prefix, address),
  );
  return found?.label ?? NO_LABEL;
}
