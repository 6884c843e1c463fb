/** What the program that sent the packet notices. */
import type { CompletedPacket, Outcome } from '../packet/result.js';
import type { MessageId } from './messages/index.js';
import type { View } from './view.js';

/** Errors that ICMP errors become at a TCP or connected UDP socket (net/ipv4/icmp.c icmp_err_convert, net/ipv6/icmp.c tab_unreach). */
const REJECTS: ReadonlyMap<string, MessageId> = new Map<string, MessageId>([
  ['tcp-reset', 'SEES_REFUSED'],
  ['icmp-port-unreachable', 'SEES_REFUSED'],
  ['icmp6-port-unreachable', 'SEES_REFUSED'],
  ['icmp-net-unreachable', 'SEES_NET_UNREACHABLE'],
  ['icmp-net-prohibited', 'SEES_NET_UNREACHABLE'],
  ['icmp-host-unreachable', 'SEES_HOST_UNREACHABLE'],
  ['icmp-host-prohibited', 'SEES_HOST_UNREACHABLE'],
  ['icmp-admin-prohibited', 'SEES_HOST_UNREACHABLE'],
  ['icmp-proto-unreachable', 'SEES_NO_PROTOCOL'],
  ['icmp6-no-route', 'SEES_NET_UNREACHABLE'],
  ['icmp6-addr-unreachable', 'SEES_HOST_UNREACHABLE'],
  ['icmp6-adm-prohibited', 'SEES_DENIED'],
  ['icmp6-policy-fail', 'SEES_DENIED'],
  ['icmp6-reject-route', 'SEES_DENIED'],
]);

/** What a local sender's system call returns. */
const LOCAL_ERRORS: ReadonlyMap<string, MessageId> = new Map<string, MessageId>([
  ['ENETUNREACH', 'SEES_NET_UNREACHABLE'],
  ['EHOSTUNREACH', 'SEES_HOST_UNREACHABLE'],
  ['EACCES', 'SEES_DENIED'],
  ['EINVAL', 'SEES_INVALID'],
  ['EADDRNOTAVAIL', 'SEES_NO_ADDRESS'],
]);

/** What the ICMP error of net/ipv4/route.c ip_error becomes at a remote sender; a blackhole answers nothing. */
const REMOTE_ERRORS: ReadonlyMap<string, MessageId> = new Map<string, MessageId>([
  ['ENETUNREACH', 'SEES_NET_UNREACHABLE'],
  ['EHOSTUNREACH', 'SEES_HOST_UNREACHABLE'],
  ['EACCES', 'SEES_HOST_UNREACHABLE'],
]);

/**
 * A packet that ends in OUTPUT or POSTROUTING, by a drop or a REJECT, makes the system call of its sender fail with EPERM
 * (net/netfilter/core.c nf_hook_slow): the ICMP error of a REJECT comes to a connected socket alone, with its next call.
 * TCP hears of no such failure: it tries its SYN again, unless a REJECT answers it.
 */
function isNotPermitted(packet: CompletedPacket, outcome: Outcome): boolean {
  if (packet.in !== null || packet.proto === 'tcp') return false;
  const step = outcome.steps.findLast((one) => one.kind === 'rule' || one.kind === 'policy');
  if (step?.kind !== 'rule' && step?.kind !== 'policy') return false;
  const { drop, reject } = outcome;
  const byRules = drop?.reason === 'rule' || drop?.reason === 'policy' || reject !== null;
  return byRules && (step.hook === 'OUTPUT' || step.hook === 'POSTROUTING');
}

function seesOfDrop(packet: CompletedPacket, outcome: Outcome): MessageId {
  switch (outcome.drop?.reason) {
    case 'ttl':
      return 'SEES_TTL';
    case 'mtu':
      return 'SEES_TOO_LONG';
    case 'synproxy':
      return packet.tcpFlags?.includes('SYN') === true ? 'SEES_SYNPROXY' : 'SEES_NOTHING';
    // Code 2, beyond the scope of the source, is EHOSTUNREACH to a socket (net/ipv6/icmp.c tab_unreach).
    case 'link_local':
      return 'SEES_HOST_UNREACHABLE';
    default:
      return isNotPermitted(packet, outcome) ? 'SEES_NOT_PERMITTED' : 'SEES_TIMEOUT';
  }
}

/** What the sender sees of an outcome that ends here, or null when the packet goes on. */
export function senderSees(packet: CompletedPacket, outcome: Outcome, view: View): string | null {
  const local = packet.in === null;
  switch (outcome.verdict) {
    case 'dropped':
      return view.say(seesOfDrop(packet, outcome));
    case 'rejected':
      if (isNotPermitted(packet, outcome)) return view.say('SEES_NOT_PERMITTED');
      return view.say(REJECTS.get(outcome.reject?.with ?? '') ?? 'SEES_ERROR');
    case 'unroutable':
      // connect() does not hear of it, and TCP tries its SYN again (tcp_connect).
      if (packet.proto === 'tcp' && outcome.unroutable?.hook === 'OUTPUT') return view.say('SEES_TIMEOUT');
      return view.say(
        (local ? LOCAL_ERRORS : REMOTE_ERRORS).get(outcome.unroutable?.errno ?? '') ?? 'SEES_TIMEOUT',
      );
    default:
      return null;
  }
}
