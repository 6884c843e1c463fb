/** `natwalk lint`: what stands in a node's dumps that does not do what it says. */
import type { Catalogue } from '../catalogue.js';

export const lint = {
  LINT_SEVERITY_error: 'error',
  LINT_SEVERITY_warning: 'warning',
  LINT_SEVERITY_note: 'note',
  LINT_SHOWN: 'shown by',
  LINT_THEN: 'and then',
  LINT_THEN_SAME: 'a second packet of the same connection',
  LINT_BACK: 'answer',
  LINT_NONE: 'Nothing was found.',
  LINT_COUNT:
    '{errors} {errors:error|errors}, {warnings} {warnings:warning|warnings}, {notes} {notes:note|notes}',
  LINT_CUT: 'A bound of the search was reached: there may be more to find.',
  LINT_RESTS: 'rests on: {text}',

  LINT_AT_DECIDES: 'decided by',
  LINT_AT_FIRST: 'the first one',
  LINT_AT_CHAIN: 'the chain',
  LINT_AT_SNAT: 'its source is set by',
  LINT_AT_SENT: 'sent that way by',
  LINT_AT_OTHER: 'the other one',
  LINT_AT_POLICY: 'the policy',
  LINT_AT_RESTORE: 'restored by',
  LINT_AT_ENDPOINTS: 'an endpoint that is listed',

  LINT_UNSHOWN_NOT_FOUND: 'no packet was found that comes there',
  LINT_UNSHOWN_NO_WAY: 'no packet can: no rule leads there',
  LINT_UNSHOWN_NOT_LOADED: 'no packet can: the kernel refuses such a rule set',
  LINT_UNSHOWN_NOTHING_SETS: 'no packet can: the snapshot shows nothing that sets it',

  LINT_AFTER_TERMINAL: {
    text: '{table} {chain} rule {rule} and all behind it are never reached ({count}): rule {by} takes every packet',
    why: 'a rule without conditions that ends the chain leaves nothing for the rules behind it',
    do: 'delete them, or move them before the rule that takes everything',
  },
  LINT_SHADOWED: {
    text: '{table} {chain} rule {rule} never matches: rule {by} before it takes every packet that it would match, and decides otherwise',
    why: 'rules are tried in their order, and the first that ends the chain decides',
    do: 'put the narrower rule first, or delete the one that never matches',
  },
  LINT_REDUNDANT: {
    text: '{table} {chain} rule {rule} never matches: rule {by} before it decides the same for more packets',
    why: 'nothing is wrong with what becomes of the packets, but the rule does nothing',
    do: 'delete it',
  },
  LINT_DUPLICATE: {
    text: '{table} {chain} rule {rule} never matches: rule {by} says the same',
    why: 'the first of two equal rules decides, and the second is left over when the first is deleted',
    do: 'delete one of the two; iptables -C before -A keeps scripts from adding rules twice',
  },
  LINT_REPEATED: {
    text: '{table} {chain} rule {rule} does again what rule {by} has done',
    why: 'nothing that stands between the two changes what they ask for, so that the second time makes no difference',
    do: 'delete one of the two; iptables -C before -A keeps scripts from adding rules twice',
  },
  LINT_EMPTY_CHAIN: {
    text: '{table} {chain} rule {rule} leads to chain {to}, which has no rules',
    why: 'a packet comes back from an empty chain as it went in',
    do: 'fill the chain, or delete the rule; leave both if a program fills it later',
  },
  LINT_MISSING_CHAIN: {
    text: '{table} {chain} rule {rule} leads to {to}, which is neither a chain of the table nor a target that natwalk knows',
    why: 'the kernel takes no jump to a chain that is not there, so that the dump is not what the kernel has, or not all of it',
    do: 'dump the whole table again with iptables-save, or add the chain',
  },
  LINT_UNREFERRED_CHAIN: {
    text: '{table} chain {chain} ({count} {count:rule|rules}): no rule leads there',
    why: 'rules of a chain to which nothing jumps are never tried',
    do: 'delete the chain, or add the jump that is missing',
  },
  LINT_BEHIND_POLICY: {
    text: '{table} {chain} is never reached ({count} {count:rule|rules}): table {by} before it lets nothing pass {chain}',
    why: 'a packet that a table has dropped does not come to the tables behind it',
    do: 'accept in table {by} what is meant to pass, or delete the rules that nothing comes to',
  },
  LINT_CONNMARK_LATE: {
    text: '{table} {chain} rule {rule} marks the connection with {mark}, and nothing gives the first packet that mark: it leaves by {first}, all others by {second}',
    why: 'the mark is restored before it is set, and nat does not see the packets behind the first',
    do: 'restore the mark once more behind the rule that sets it, or mark the packet itself and save that',
  },
  LINT_CONNMARK_ONCE: {
    text: '{table} {chain} rule {rule} marks the connection with {mark}, and only its first packet gets that mark: it leaves by {first}, all others by {second}',
    why: 'nat sees the first packet of a connection alone; what it restores must be restored in mangle for all others',
    do: 'restore the mark in mangle PREROUTING too, for the packets of that direction',
  },
  LINT_MARK_UNREAD: {
    text: '{table} {chain} rule {rule} sets mark {mark}, and nothing in this snapshot reads it',
    why: 'no match, policy rule or saved connection mark asks for one of these bits',
    do: 'delete the rule, or add what should read the mark; leave it if a program of its own reads it',
  },
  LINT_CTMARK_UNREAD: {
    text: '{table} {chain} rule {rule} sets ct mark {mark}, and nothing in this snapshot reads it',
    why: 'no rule matches it, and none restores it to where it would be read',
    do: 'delete the rule, or restore the mark where it is needed',
  },
  LINT_MARK_UNSET: {
    text: '{table} {chain} rule {rule} asks for mark {mark}, and nothing in this snapshot sets it',
    why: 'only a process with SO_MARK, tc or an eBPF program could set it, which no dump shows',
    do: 'add the rule that is missing, or delete this one; leave it if a program of its own sets the mark',
  },
  LINT_CTMARK_UNSET: {
    text: '{table} {chain} rule {rule} asks for ct mark {mark}, and nothing in this snapshot sets it',
    why: 'no rule sets it, and none saves a packet mark with these bits',
    do: 'add the rule that is missing, or delete this one',
  },
  LINT_FWMARK_UNSET: {
    text: 'policy rule {priority} asks for mark {mark}, and nothing in this snapshot sets it',
    why: 'only a process with SO_MARK, tc or an eBPF program could set it, which no dump shows',
    do: 'add the rule that sets the mark; leave it if a program of its own does',
  },
  LINT_SNAT_NOT_OWN: {
    text: '{table} {chain} rule {rule} gives packets the source {address}, which the node does not have, in the network of {device}',
    why: 'hosts of that network ask for the address by ARP, and nobody answers for it: the answers are lost',
    do: 'give the address to {device}, or map to one that the node has; leave it if an address moves between nodes',
  },
  LINT_SNAT_FOREIGN: {
    text: '{table} {chain} rule {rule} gives packets the source {address}, which the node does not have',
    why: 'the answers come back only if the network routes that address to this node',
    do: 'make sure that a router sends {address} here',
  },
  LINT_NO_ENDPOINT: {
    text: '{table} {chain} rule {rule} sends packets to {target}, which is no endpoint of {service} any more',
    why: 'kube-proxy has not taken the rule away, or the listings are of different times',
    do: 'look at kube-proxy on this node (kubectl logs), or list rules and endpoints again at one time',
  },
  LINT_MIXED_BACKENDS: {
    text: 'IPv{family} has {legacy} {legacy:rule|rules} of iptables-legacy and {nft} of iptables-nft',
    why: 'the kernel runs both, and each tool shows its own alone: rules that one does not list decide as well',
    do: 'find out which program uses which iptables, move it to the other, and flush the one that is left',
  },
  LINT_POLICY_UNREACHED: {
    text: 'policy rule {priority} is never reached: rule {by} takes all its packets, and has a route for each',
    why: 'policy rules are asked in the order of their priorities, and the first whose table has a route decides',
    do: 'give it a priority before {by}, or delete it',
  },
  LINT_TABLE_EMPTY: {
    text: 'policy rule {priority} looks up table {table}, which has no route',
    why: 'the lookup goes on with the rules behind it as if this one were not there',
    do: 'add the routes that are missing, or delete the rule',
  },
  LINT_TABLE_NO_DEFAULT: {
    text: 'policy rule {priority} looks up table {table}, which has no default route',
    why: 'what no route of the table takes goes on to the rules behind it',
    do: 'add a default route, or an unreachable one, if nothing should go on',
  },
  LINT_RP_FILTER: {
    text: '{device} checks the way back strictly (rp_filter 1), and drops what {source} sends to {address}: the way back leads out of {back}',
    why: 'with rp_filter 1 a packet passes only if its source is reached by the device that it came in by',
    do: 'set net.ipv4.conf.{device}.rp_filter to 2 (net.ipv4.conf.all counts too), or add a policy rule from {address}',
  },
  LINT_RP_FILTER_NO_WAY: {
    text: '{device} checks the way back (rp_filter), and drops what {source} sends to {address}: there is no way back',
    why: 'the check asks for a route to the source, and there is none',
    do: 'add a route to {source}, or switch the check off for {device}',
  },
} as const satisfies Catalogue;
