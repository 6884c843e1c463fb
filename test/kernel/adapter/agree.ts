/** Compares what natwalk says can happen with what the kernel did: the observation must be one of the outcomes. */
import { compareAddresses, parseAddress } from '../../../src/address/address.js';
import type { FinalPacket, Outcome, PacketInput } from '../../../src/packet/result.js';
import type { Observation } from './judge.js';
import type { Seen } from './seen.js';
import { isError } from './wire.js';

/** What `REJECT --reject-with` sends: ICMP type and code. */
const REJECTS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['icmp-net-unreachable', [3, 0]],
  ['icmp-host-unreachable', [3, 1]],
  ['icmp-proto-unreachable', [3, 2]],
  ['icmp-port-unreachable', [3, 3]],
  ['icmp-net-prohibited', [3, 9]],
  ['icmp-host-prohibited', [3, 10]],
  ['icmp-admin-prohibited', [3, 13]],
  ['icmp6-no-route', [1, 0]],
  ['icmp6-adm-prohibited', [1, 1]],
  ['icmp6-addr-unreachable', [1, 3]],
  ['icmp6-port-unreachable', [1, 4]],
  ['icmp6-policy-fail', [1, 5]],
  ['icmp6-parameter-problem', [4, 0]],
  ['icmp6-reject-route', [1, 6]],
]);

/** The ICMP error of a route that leads nowhere (net/ipv4/route.c ip_error, net/ipv6/route.c ip6_pkt_drop). */
const UNROUTABLE: Readonly<Record<4 | 6, ReadonlyMap<string, string>>> = {
  4: new Map([
    ['ENETUNREACH', 'icmp-net-unreachable'],
    ['EHOSTUNREACH', 'icmp-host-unreachable'],
    ['EACCES', 'icmp-admin-prohibited'],
  ]),
  6: new Map([
    ['ENETUNREACH', 'icmp6-no-route'],
    ['EHOSTUNREACH', 'icmp6-no-route'],
    ['EACCES', 'icmp6-adm-prohibited'],
  ]),
};

/** Drops of which the sender is told by an ICMP error; without carrier, when the neighbour is given up. */
const TELLING: ReadonlySet<string> = new Set(['ttl', 'link_local', 'no-carrier']);

/** Null when one of the outcomes is what was observed; else why each is not. */
export function disagreement(outcomes: readonly Outcome[], observation: Observation): string | null {
  const reasons: string[] = [];
  for (const outcome of outcomes) {
    const reason = mismatch(outcome, observation);
    if (reason === null) return null;
    reasons.push(reason);
  }
  return `kernel: ${describe(observation)}; natwalk: ${reasons.join(' | ') || 'no outcome'}`;
}

/** Null when the outcome is what was observed; else why not. */
export function mismatch(outcome: Outcome, observation: Observation): string | null {
  const { verdict } = outcome;
  const [left] = observation.out;
  const [socket] = observation.delivered;
  if (verdict === 'forwarded' || verdict === 'sent') {
    if (left === undefined) return `${verdict} by ${outcome.egress?.iface ?? '?'}`;
    return egress(outcome, left) ?? header(outcome.final, left);
  }
  if (verdict === 'delivered') {
    return socket === undefined ? verdict : (header(outcome.final, socket) ?? mark(outcome.final, socket));
  }
  if (left !== undefined || (socket !== undefined && !isOwnCopy(outcome, observation))) return verdict;
  const [answer] = observation.answers;
  if (verdict === 'rejected') return rejection(outcome.reject?.with ?? '', answer, observation.sent);
  if (verdict === 'unroutable')
    return unroutable(outcome.unroutable?.errno ?? '', outcome.unroutable?.hook === 'OUTPUT', observation);
  if (socket !== undefined) return null;
  const telling = TELLING.has(outcome.drop?.reason ?? '');
  if (telling && answer !== undefined && !isError(answer.proto, answer.icmpType))
    return 'dropped with an ICMP error';
  return telling || answer === undefined ? null : `dropped (${outcome.drop?.reason ?? '?'}) silently`;
}

function egress(outcome: Outcome, left: Seen): string | null {
  const device = outcome.egress?.iface ?? null;
  if (device !== left.iface) return `${outcome.verdict} by ${device ?? '?'}`;
  const via = outcome.egress?.via ?? null;
  const expected = via ?? left.dst;
  if (left.nexthop === neighbourName(expected)) return null;
  if (via === null && !left.dst.includes(':') && isGroupAddress(left.nexthop)) return null;
  return `by ${device} to the neighbour ${expected}`;
}

/** Broadcast and multicast ask no neighbour: the last 32 bits of ff:ff:ff:ff:ff:ff, or of 01:00:5e:… */
function isGroupAddress(nexthop: string | null): boolean {
  return nexthop === 'ffffffff' || (nexthop ?? '').startsWith('94.');
}

/** The judge knows an IPv6 neighbour by the last 32 bits alone. */
export function neighbourName(text: string): string {
  const address = parseAddress(text);
  return typeof address === 'bigint' ? (address & 0xffffffffn).toString(16).padStart(8, '0') : text;
}

function within(
  value: number | null,
  exact: number | undefined,
  range: readonly [number, number] | undefined,
): boolean {
  if (value === null) return exact === undefined && range === undefined;
  if (range !== undefined) return value >= range[0] && value <= range[1];
  return exact === undefined || exact === value;
}

function addressWithin(
  text: string,
  exact: string | undefined,
  range: readonly [string, string] | undefined,
): boolean {
  const value = parseAddress(text);
  const [low, high] = (range ?? [exact ?? text, exact ?? text]).map(parseAddress);
  if (value === null || low === undefined || low === null || high === undefined || high === null)
    return false;
  return compareAddresses(low, value) <= 0 && compareAddresses(value, high) <= 0;
}

function header(final: FinalPacket, seen: Seen): string | null {
  if (!addressWithin(seen.src, final.src, final.srcRange))
    return `source ${final.src ?? final.srcRange?.join() ?? '?'}`;
  if (!addressWithin(seen.dst, final.dst, final.dstRange))
    return `destination ${final.dst ?? final.dstRange?.join() ?? '?'}`;
  if (!within(seen.sport, final.sport, final.sportRange))
    return `sport ${String(final.sport ?? final.sportRange)}`;
  if (!within(seen.dport, final.dport, final.dportRange))
    return `dport ${String(final.dport ?? final.dportRange)}`;
  if (seen.icmpId !== null && !within(seen.icmpId, final.icmpId, final.icmpIdRange)) {
    return `icmp id ${String(final.icmpId ?? final.icmpIdRange)}`;
  }
  if (seen.ttl !== final.ttl) return `ttl ${String(final.ttl)}`;
  return seen.tos === final.tos ? null : `tos ${String(final.tos)}`;
}

/** Could a mark be the one that was seen, when some of its bits are not known? */
export function markAgrees(
  { mark: known, markUnknown = '0' }: { readonly mark: string; readonly markUnknown?: string },
  seen: number,
): boolean {
  return ((Number(known) ^ seen) & ~Number(markUnknown)) === 0;
}

function mark(final: FinalPacket, seen: Seen): string | null {
  return seen.mark === null || markAgrees(final, seen.mark) ? null : `mark ${final.mark}`;
}

/** The word of `--reject-with` for an ICMP error, if there is one. */
export function rejectName({ proto, icmpType, icmpCode }: Seen): string | undefined {
  const family = proto === 58 ? 'icmp6' : 'icmp';
  return [...REJECTS].find(
    ([word, [type, code]]) => word.startsWith(`${family}-`) && type === icmpType && code === icmpCode,
  )?.[0];
}

/** No ICMP error is sent about another one, and no reset about a reset (icmp_send, icmp6_send, nf_send_reset). */
function staysUnanswered(word: string, sent: PacketInput): boolean {
  if (word === 'tcp-reset') return sent.tcpFlags?.includes('RST') === true;
  return sent.inner !== undefined;
}

function rejection(word: string, answer: Seen | undefined, sent: PacketInput): string | null {
  const told = `rejected with ${word}`;
  if (staysUnanswered(word, sent)) return answer === undefined ? null : `${told} silently`;
  if (answer === undefined) return told;
  if (word === 'tcp-reset') return answer.tcpFlags.includes('RST') ? null : told;
  const [type, code] = REJECTS.get(word) ?? [];
  return answer.icmpType === type && answer.icmpCode === code ? null : told;
}

/** What a socket sends to a group or broadcast also comes to the node's own sockets, even when the device cannot send. */
function isOwnCopy({ drop }: Outcome, { sent }: Observation): boolean {
  return sent.in === null && (drop?.reason === 'no-carrier' || drop?.reason === 'device-down');
}

function unroutable(errno: string, rerouted: boolean, observation: Observation): string | null {
  if (observation.sent.in === null) {
    // connect() of TCP does not hear that there is no way after OUTPUT changed the packet.
    const { proto, tcpFlags = ['SYN'] } = observation.sent;
    const told = proto === 'tcp' && tcpFlags.join() === 'SYN' && rerouted ? null : errno;
    return observation.errno === told ? null : `unroutable with ${errno}`;
  }
  const [answer] = observation.answers;
  if (answer === undefined) return null;
  const [type, code] = REJECTS.get(UNROUTABLE[answer.proto === 58 ? 6 : 4].get(errno) ?? '') ?? [];
  const told = answer.icmpType === type && answer.icmpCode === code;
  return told ? null : `unroutable with an ICMP error for ${errno}`;
}

/** What was observed, in words. */
export function describe(observation: Observation): string {
  const say = (seen: Seen): string =>
    [
      `${seen.iface} ${seen.src}:${String(seen.sport ?? seen.icmpType)} > ${seen.dst}:${String(seen.dport ?? seen.icmpId)}`,
      `ttl ${String(seen.ttl)} tos ${String(seen.tos)} to ${seen.nexthop ?? 'a socket'}`,
      seen.mark === null ? '' : `mark 0x${seen.mark.toString(16)}`,
    ].join(' ');
  const parts = [
    ...observation.out.map((seen) => `left by ${say(seen)}`),
    ...observation.delivered.map((seen) => `delivered ${say(seen)}`),
    ...observation.answers.map((seen) => `answered by ${say(seen)} code ${String(seen.icmpCode)}`),
    ...(observation.errno === null ? [] : [`errno ${observation.errno}`]),
  ];
  return parts.length === 0 ? 'nothing seen' : parts.join(', ');
}
