/** Messages of the matches on extension headers, on options of transport headers, and on what few rules ask for. */
import type { Catalogue } from '../catalogue.js';

export const matchHeader = {
  VAL_IPV6_ONLY: '{flag} is an option of ip6tables alone',
  VAL_HEADER_OPTION: '"{text}" is not an option TYPE[:LENGTH] of the header',
  VAL_LABEL: '"{text}" is not a label: a number from 0 to 127, or a name',
  VAL_BIT_RATE: '"{text}" is not a rate: a number with bit, kbit, mbit, Bps, KBps and so on',
  VAL_TRANSLATED_PREFIX: '"{text}" is not an IPv6 prefix of at most {max} bits without host bits',
  VAL_CLUSTER_MAC: '"{text}" is not a multicast MAC address (its first byte is odd)',

  NO_HEADER: 'the packet has no {name} header',
  NO_HEADERS: 'the headers of the packet are not {wanted}',
  NO_EUI64: 'the source is not made of a MAC address of the link',
  NO_MOBILITY: 'no mobility header fits an inverted span of all types',
  NO_ECN: 'the ECN bits are {has}, wanted {wanted}',
  NO_ECN_FLAG: 'TCP flag {flag} is not {wanted}',
  NO_MSS: 'a segment without SYN has no maximum segment size',
  NO_DCCP_TYPE: 'every packet is of one of the types',
  NO_OS: 'a segment without SYN tells nothing of its system',
  NO_IPVS: 'IPVS has not handled the packet yet',
  NO_LABEL: 'the connection does not have label {label}',
  NO_LABEL_ABSENT: 'the connection has label {label}',

  UNK_BEHIND: 'whether protocol {protocol} follows the extension header (number {header}) is not known',
  UNK_HEADER: 'whether the packet has a {name} header that fits {wanted} is not known',
  UNK_HEADERS: 'whether the headers of the packet are {wanted} is not known',
  UNK_EUI64: 'whether the source is made of the MAC address of its frame is not known',
  UNK_MOBILITY: 'whether the type of the mobility header is {wanted} is not known',
  UNK_MSS: 'whether the SYN carries a maximum segment size in {wanted} is not known',
  UNK_DCCP_TYPE: 'whether the DCCP packet is one of {wanted} is not known',
  UNK_DCCP_OPTION: 'whether the packet carries DCCP option {option} is not known',
  UNK_CGROUP: 'whether the socket of the packet is in {wanted} is not known',
  UNK_OS: 'whether the SYN comes from {wanted} is not known',
  UNK_IPVS: 'whether IPVS has handled the packet ({wanted}) is not known',
  UNK_LABEL: 'whether the connection has label {label} is not known',
  UNK_RATE: 'what the estimators have measured is not known ({wanted})',
} as const satisfies Catalogue;
