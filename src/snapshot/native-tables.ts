/** nftables tables of their own, which iptables-nft did not make. */
import type { Family } from '../address/address.js';
import type { NftFamily, NftRuleset } from '../nft/model.js';

/** A native table that the walk does not go through. */
export interface NativeTable {
  /** As nft names it: `ip aws-cni`. */
  readonly name: string;
  /** The packets that its chains may see. */
  readonly families: readonly Family[];
}

const FAMILIES: Readonly<Record<NftFamily, readonly Family[]>> = {
  ip: [4],
  ip6: [6],
  inet: [4, 6],
  netdev: [4, 6],
  bridge: [],
  arp: [],
};

/** The native tables of a listing. Those of bridge and arp see no routed packet, and a dormant one sees none. */
export function nativeTables({ tables }: NftRuleset): readonly NativeTable[] {
  return tables
    .filter(({ managed, flags }) => !managed && !flags.includes('dormant'))
    .map(({ family, name }) => ({ name: `${family} ${name}`, families: FAMILIES[family] }))
    .filter(({ families }) => families.length > 0);
}
