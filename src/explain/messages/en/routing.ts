/** Policy routing: why a policy rule was passed over (PR_…), and what a lookup assumes (UNK_…). */
import type { Catalogue } from '../catalogue.js';

export const routing = {
  PR_MATCH: 'matches',
  PR_MERGED: 'matches (tables local and main are one while no policy rule was ever added)',
  PR_OPEN: 'assumed to match',
  PR_ASSUMED_NOT: 'assumed not to match',
  PR_NOT: 'all its selectors hold, and it says not',
  PR_IIF: 'wants iif {wanted}; the packet came in by {got}',
  PR_OIF: 'wants oif {wanted}; the socket is bound to {got}',
  PR_OIF_UNBOUND: 'wants oif {wanted}; the socket is bound to no device',
  PR_FWMARK: 'wants fwmark {wanted}; the mark is {got}',
  PR_L3MDEV: 'is for devices of a VRF',
  PR_UID: 'wants uid {wanted}; the uid is {got}',
  PR_FROM: 'wants from {wanted}; the source is {got}',
  PR_FROM_UNSET: 'wants from {wanted}; the source is not chosen yet',
  PR_TO: 'wants to {wanted}; the destination is {got}',
  PR_TOS: 'wants tos {wanted}; the packet has {got}',
  PR_IPPROTO: 'wants protocol {wanted}; the packet has {got}',
  PR_SPORT: 'wants source port {wanted}; the packet has {got}',
  PR_DPORT: 'wants destination port {wanted}; the packet has {got}',
  PR_NOP: 'matches and does nothing',
  PR_GOTO: 'goes on at priority {priority}',
  PR_GOTO_UNRESOLVED: 'would go on at priority {priority}, where no policy rule is',
  PR_REFUSES: 'matches: {action}',
  PR_TABLE_EMPTY: 'table {table} is empty',
  PR_NO_ROUTE: 'table {table} has no route to it',
  PR_THROW: 'table {table} has {route}: on to the next policy rule',
  PR_TABLE_UNSEEN: 'table {table} is not in the snapshot; assumed to have no route to it',
  PR_TABLE_ASSUMED: 'table {table} is not in the snapshot; assumed to have a route to it',
  PR_SUPPRESS_PREFIX:
    'its route has prefix length {length}, and suppress_prefixlength {limit} passes over it',
  PR_SUPPRESS_GROUP: 'its route leaves by {device}, and suppress_ifgroup {group} passes over it',
  UNK_NO_RULES: 'no dump of the IPv{family} policy rules: the rules of a new namespace are taken',
  UNK_RULES_PART:
    'the list of IPv{family} policy rules is not whole: what it shows is taken, and elsewhere the rules of a new namespace',
  UNK_NO_LOCAL:
    'neither addresses nor table local of IPv{family} are in the snapshot; only addresses that its routes name are taken as its own',
  ASM_OWN_SOURCE:
    'no address of the node is in the snapshot; {address}, from which it sends, is taken as its own',
  UNK_NO_MAIN: 'table main of IPv{family} is not in the snapshot',
  UNK_RULES_EVER_ADDED:
    'a policy rule was ever added on this node (tables local and main are looked up apart): {answer}',
  UNK_ADDRESS_TYPE: 'the type of {address} is one of those asked for: {answer}',
  UNK_TABLE_PART:
    'the part of table {table} that is not in the snapshot has a better route to {to}: {answer}',
  UNK_TABLE: 'table {table}, not in the snapshot, has a route to {to}: {answer}',
  UNK_IIF: 'the device that the snapshot does not show is {wanted}: {answer}',
  UNK_V6ONLY:
    'the sending socket is for IPv6 alone (IPV6_V6ONLY), and cannot send to {address}, which is IPv4: {answer}',
  UNK_UID: 'the sending process has a uid in {wanted}: {answer}',
  UNK_SELECTOR: 'policy rule {rule} holds for {selector}: {answer}',
  UNK_L3MDEV: '{device} belongs to a VRF: {answer}',
  UNK_GROUP: '{device} is in interface group {group}: {answer}',
  UNK_NEIGHBOUR: 'of the nexthops that answer, the one by {device} {via} is taken',
  UNK_TABLE_ORDER: '{first} comes before {second}, which has the same priority: {answer}',
  UNK_EQUAL_ROUTES: 'of several equal routes the kernel uses: {route}',
  UNK_MULTIPATH_SOURCE:
    'the kernel prefers nexthops of the source address, as Linux 6.16 and later do: {answer}',
  UNK_NEXTHOP_SOURCE:
    'addresses have not changed since nexthop object {id} was made (it keeps the source that it chose then): {answer}',
  UNK_GATEWAY_OWN:
    'gateway {gateway} was already local on {device} when its route was added (the kernel then asks for the destination itself): {answer}',
  UNK_DONT_FRAGMENT:
    'the packet, longer than the MTU of {mtu}, may not be fragmented (DF, which Linux sets for TCP): {answer}',
  UNK_SYSCTL: '{name} is on: {answer}',
  UNK_SYSCTL_OFF: '{name} is off: {answer}',
  UNK_RP_FILTER: 'rp_filter of {device} is {modes}',
  UNK_HAS_ADDRESS: '{device} has an IPv4 address: {answer}',
  UNK_WAY_BACK: 'the way back to {source} leads out of {device}: {answer}',
} as const satisfies Catalogue;
