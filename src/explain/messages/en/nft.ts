/** Native nftables: why a rule did not match (NO_NFT…), what is left open (UNK_NFT…), what is taken for true (ASM_NFT…). */
import type { Catalogue } from '../catalogue.js';

export const nft = {
  NO_NFT: '{what} is {has}, wanted {wanted}',
  NO_NFT_ABSENT: 'the packet has no {what}',
  NO_NFT_BREAK: 'statement {statement} has nothing for this packet',

  UNK_NFT_VALUE: 'whether {what} is {wanted} is not known',
  UNK_NFT_BITS: 'bits {bits} of {what} are not known: whether they are {wanted} is open',
  UNK_NFT_DRAWN: 'where the count stands is not known: whether it is {wanted} is open',
  UNK_NFT_COMPARE: 'whether "{text}" holds cannot be told',
  UNK_NFT_SET: 'whether set {set} holds what is not known of the packet is open',
  UNK_NFT_SET_ELEMENT: 'set {set} has elements that could not be read',
  UNK_NFT_SET_CHANGED: 'a rule of this walk may have changed what set {set} holds',
  UNK_NFT_SET_FULL: 'whether set {set} has room for one more element is not known',
  UNK_NFT_METER: 'whether the element of set {set} is still within its limit is not known',
  UNK_NFT_MAP: 'what map {map} gives for the packet is not known; taken as {answer}',
  UNK_NFT_QUOTA: 'how much of the quota of {quota} is left is not known',
  UNK_NFT_CT_COUNT: 'whether there are more than {count} connections is not known',
  UNK_NFT_OBJECT: 'whether {type} {name} lets the packet pass is not known',
  UNK_NFT_XT: 'what iptables match {name} compares is not in the listing',
  UNK_NFT_FIB: 'whether a route leads to {device} is not known',
  UNK_NFT_HELPER: 'which helper expected the connection is not known (wanted {wanted})',

  ASM_NFT_FLOWTABLE:
    'the connection is not in flowtable {table} yet; once it is there, its packets go past the hooks behind ingress',
  ASM_NFT_DISPUTED:
    'two listings of table {table} disagree; the one that shows more is taken for the kernel’s',
  ASM_NFT_HEADER: '{field} gets a value that is not known: the walk goes on with the old one',
} as const satisfies Catalogue;
