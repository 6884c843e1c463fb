/** nftables tables of their own in an `nft list ruleset`: recognised, so that no answer passes them over in silence. */
import type { Family } from '../address/address.js';

/** A native table that the walk does not go through. */
export interface NativeTable {
  /** As nft names it: `ip aws-cni`. */
  readonly name: string;
  /** The packets that its chains may see. */
  readonly families: readonly Family[];
}

/** Tables that iptables-nft makes under these names hold the same rules as iptables-save. */
const IPTABLES_NFT: ReadonlySet<string> = new Set(['raw', 'mangle', 'nat', 'filter', 'security']);

const FAMILIES: ReadonlyMap<string, readonly Family[]> = new Map([
  ['ip', [4]],
  ['ip6', [6]],
  ['inet', [4, 6]],
  ['netdev', [4, 6]],
]);

/** The native tables of a listing, in text or JSON form. Those of bridge and arp see no routed packet. */
export function nativeTables(text: string): readonly NativeTable[] {
  const found = new Map<string, NativeTable>();
  const headings = [
    /^[ \t]{0,20}table (\w{1,10}) (\S{1,200}) \{/gm,
    /"table": ?\{"family": ?"(\w{1,10})", ?"name": ?"([^"]{1,200})"/g,
  ];
  for (const heading of headings) {
    for (const [, family = '', table = ''] of text.matchAll(heading)) {
      const families = FAMILIES.get(family);
      if (families === undefined || (family.startsWith('ip') && IPTABLES_NFT.has(table))) continue;
      found.set(`${family} ${table}`, { name: `${family} ${table}`, families });
    }
  }
  return [...found.values()];
}
