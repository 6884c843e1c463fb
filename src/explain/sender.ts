/** What the program that sent the packet notices. */
import type { CompletedPacket, Outcome } from '../packet/result.js';
import type { MessageId } from './messages/index.js';
import type { View } from './view.js';

/** An error that no REJECT sends. */
const BEYOND_SCOPE = 'icmp6-beyond-scope';

/** Errors that ICMP errors become at a socket (net/ipv4/icmp.c icmp_err_convert, net/ipv6/icmp.c tab_unreach). */
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
  [BEYOND_SCOPE, 'SEES_HOST_UNREACHABLE'],
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

/** What the ICMP error of the routing is called as REJECT calls it (net/ipv4/route.c ip_error); a blackhole answers nothing. */
const REMOTE_ERRORS: ReadonlyMap<string, string> = new Map([
  ['ENETUNREACH', 'icmp-net-unreachable'],
  ['EHOSTUNREACH', 'icmp-host-unreachable'],
  ['EACCES', 'icmp-admin-prohibited'],
]);

/** The same of IPv6, which knows no host behind an unreachable route (net/ipv6/route.c ip6_rt_init_dst_reject). */
const REMOTE_ERRORS6: ReadonlyMap<string, string> = new Map([
  ['ENETUNREACH', 'icmp6-no-route'],
  ['EHOSTUNREACH', 'icmp6-no-route'],
  ['EACCES', 'icmp6-adm-prohibited'],
]);

/** ICMP errors that are not fatal there: a UDP socket without IP_RECVERR does not hear of them. */
const SOFT: ReadonlySet<string> = new Set([
  'icmp-net-unreachable',
  'icmp-host-unreachable',
  'icmp6-no-route',
  'icmp6-addr-unreachable',
  BEYOND_SCOPE,
]);

/**
 * What a program hears of an error that came back to it, by the name that REJECT has for it: net/ipv4/tcp_ipv4.c tcp_v4_err
 * ends a socket that is connecting and keeps one that is connected; net/ipv4/udp.c __udp4_lib_err tells a connected socket
 * what is fatal; net/sctp/input.c keeps its own; what has no ports, as ping's, reads the error itself.
 */
function heard({ proto, tcpFlags }: CompletedPacket, error: string, view: View): string {
  const told = REJECTS.get(error);
  const unheard = view.say('SEES_UNHEARD');
  switch (proto) {
    case 'tcp': {
      const isOpening = tcpFlags === undefined || tcpFlags.includes('SYN');
      if (isOpening && tcpFlags?.includes('ACK') === true) return view.say('SEES_NOTHING');
      if (!isOpening) return error === 'tcp-reset' ? view.say('SEES_RESET') : unheard;
      break;
    }
    case 'udp':
    case 'udplite':
      if (SOFT.has(error)) return unheard;
      break;
    case 'sctp':
      return unheard;
    case 'dccp':
      break;
    default:
      return view.say('SEES_ERROR', { name: error });
  }
  return told === undefined ? view.say('SEES_ERROR', { name: error }) : view.say(told);
}

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
    default:
      return isNotPermitted(packet, outcome) ? 'SEES_NOT_PERMITTED' : 'SEES_TIMEOUT';
  }
}

function heardOfRoute(packet: CompletedPacket, errno: string, view: View): string {
  const error = (packet.dst.includes(':') ? REMOTE_ERRORS6 : REMOTE_ERRORS).get(errno);
  return error === undefined ? view.say('SEES_TIMEOUT') : heard(packet, error, view);
}

/** What the sender sees of an outcome that ends here, or null when the packet goes on. */
export function senderSees(packet: CompletedPacket, outcome: Outcome, view: View): string | null {
  const local = packet.in === null;
  switch (outcome.verdict) {
    case 'dropped':
      // Code 2, beyond the scope of the source, is EHOSTUNREACH to a socket (net/ipv6/icmp.c tab_unreach).
      if (outcome.drop?.reason === 'link_local') return heard(packet, BEYOND_SCOPE, view);
      return view.say(seesOfDrop(packet, outcome));
    case 'rejected':
      if (isNotPermitted(packet, outcome)) return view.say('SEES_NOT_PERMITTED');
      return heard(packet, outcome.reject?.with ?? '', view);
    case 'unroutable': {
      const errno = outcome.unroutable?.errno ?? '';
      // connect() does not hear of it, and TCP tries its SYN again (tcp_connect).
      if (packet.proto === 'tcp' && outcome.unroutable?.hook === 'OUTPUT') return view.say('SEES_TIMEOUT');
      return local ? view.say(LOCAL_ERRORS.get(errno) ?? 'SEES_TIMEOUT') : heardOfRoute(packet, errno, view);
    }
    default:
      return null;
  }
}
