/** Compares what natwalk says can happen with what the kernel did: the observation must be one of the outcomes. */
import { compareAddresses, parseAddress } from '../../../src/address/address.js';
import type { FinalPacket, Outcome, PacketInput } from '../../../src/packet/result.js';
import type { Observation } from './judge.js';
import type { Seen } from './seen.js';
import { type Header, familyOfText, protocolOf } from './wire.js';

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

/** Drops of which the sender is told by an ICMP error, type and code by family; null: it may be silent. */
const TELLING: ReadonlyMap<string, Readonly<Record<4 | 6, readonly [number, number]>>> = new Map([
  ['ttl', { 4: [11, 0], 6: [3, 0] }],
  ['link_local', { 4: [3, 1], 6: [1, 2] }],
  ['mtu', { 4: [3, 4], 6: [2, 0] }],
  // When the neighbour is given up, which nobody may have waited for.
  ['no-carrier', { 4: [3, 1], 6: [1, 3] }],
]);

/** What is known of the node beside its outcomes. */
export interface Beside {
  /** Is there a way for an error about the packet? */
  canAnswer(sent: PacketInput, error: readonly [number, number]): boolean;
  /** Is it a broadcast address of any device? */
  isBroadcast(address: string): boolean;
}

/** Nothing: nobody is missed who is silent. */
const NOTHING: Beside = { canAnswer: () => false, isBroadcast: () => false };

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

/**
 * Null when the outcome is what was observed; else why not.
 * @param beside left out: less is demanded
 */
export function mismatch(
  outcome: Outcome,
  observation: Observation,
  beside: Beside = NOTHING,
): string | null {
  const { verdict } = outcome;
  const [left] = observation.out;
  const [socket] = observation.delivered;
  if (verdict === 'forwarded' || verdict === 'sent') {
    if (left === undefined) return `${verdict} by ${outcome.egress?.iface ?? '?'}`;
    return egress(outcome, left, beside) ?? header(outcome.final, left);
  }
  if (verdict === 'delivered') {
    return socket === undefined ? verdict : (header(outcome.final, socket) ?? mark(outcome.final, socket));
  }
  if (left !== undefined || (socket !== undefined && !isOwnCopy(outcome, observation))) return verdict;
  const [answer] = observation.answers;
  if (verdict === 'rejected')
    return rejection(outcome.reject ?? { with: '', to: '' }, answer, observation.sent);
  if (verdict === 'unroutable') return unroutable(outcome.unroutable ?? { errno: '' }, observation, beside);
  if (socket !== undefined) return null;
  return dropped(outcome.drop?.reason ?? '?', observation, beside);
}

/** ICMP of IPv4 that an error may be about (icmp_pointers in net/ipv4/icmp.c). */
const ANSWERED4: ReadonlySet<number> = new Set([0, 8, 13, 14, 15, 16, 17, 18]);

/** May an ICMP error be about the packet? */
function isAnswered(sent: PacketInput): boolean {
  const proto = protocolOf(sent);
  if (sent.in === null || sent.inner !== undefined || isToMany(sent.dst)) return false;
  // Errors about what is of one link alone may have no source to be sent from.
  if (isOfLink(sent.dst) || (sent.src !== undefined && isOfLink(sent.src))) return false;
  if (proto === 1) return ANSWERED4.has(sent.icmpType ?? 8);
  return proto !== 58 || (sent.icmpType ?? 128) >= 128;
}

const isOfLink = (address: string): boolean => /^fe[89ab]/i.test(address);

const isToMany = (address: string): boolean =>
  address.includes(':') ? address.startsWith('ff') : /^(?:22[4-9]|23\d|255)\.|\.255$/.test(address);

function dropped(reason: string, { answers: [answer], sent }: Observation, beside: Beside): string | null {
  if (reason === 'synproxy') {
    const syn = sent.tcpFlags?.includes('SYN') === true;
    return (answer?.tcpFlags.join() ?? '') === (syn ? 'SYN,ACK' : '') ? null : 'taken by SYNPROXY';
  }
  const error = TELLING.get(reason)?.[familyOfText(sent.dst)];
  if (error === undefined) return answer === undefined ? null : `dropped (${reason}) silently`;
  const told = `dropped (${reason}) with ICMP error ${error.join('/')}`;
  if (answer === undefined)
    return (reason === 'ttl' || reason === 'mtu') && isAnswered(sent) && beside.canAnswer(sent, error)
      ? told
      : null;
  return answer.icmpType === error[0] && answer.icmpCode === error[1] ? null : told;
}

function egress(outcome: Outcome, left: Seen, beside: Beside): string | null {
  const device = outcome.egress?.iface ?? null;
  if (device !== left.iface) return `${outcome.verdict} by ${device ?? '?'}`;
  const via = outcome.egress?.via ?? null;
  const expected = via ?? left.dst;
  if (left.nexthop === neighbourName(expected)) return null;
  const toMany = via === null || beside.isBroadcast(via);
  if (toMany && !left.dst.includes(':') && isGroupAddress(left.nexthop)) return null;
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

function header(final: FinalPacket, seen: Header): string | null {
  if (!addressWithin(seen.src, final.src, final.srcRange))
    return `source ${final.src ?? final.srcRange?.join() ?? '?'}`;
  if (!addressWithin(seen.dst, final.dst, final.dstRange))
    return `destination ${final.dst ?? final.dstRange?.join() ?? '?'}`;
  if (!within(seen.sport, final.sport, final.sportRange))
    return `sport ${String(final.sport ?? final.sportRange)}`;
  if (!within(seen.dport, final.dport, final.dportRange))
    return `dport ${String(final.dport ?? final.dportRange)}`;
  if (seen.icmpType !== null && (seen.icmpType !== final.icmpType || seen.icmpCode !== final.icmpCode))
    return `icmp type ${String(final.icmpType)}/${String(final.icmpCode)}`;
  if (seen.icmpId !== null && !within(seen.icmpId, final.icmpId, final.icmpIdRange)) {
    return `icmp id ${String(final.icmpId ?? final.icmpIdRange)}`;
  }
  if (seen.ttl !== final.ttl) return `ttl ${String(final.ttl)}`;
  if (seen.tos !== final.tos) return `tos ${String(final.tos)}`;
  if (seen.inner === null || final.inner === undefined) return null;
  const quoted = header(final.inner, seen.inner);
  return quoted === null ? null : `quoted ${quoted}`;
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

function rejection(
  { with: word, to }: NonNullable<Outcome['reject']>,
  answer: Seen | undefined,
  sent: PacketInput,
): string | null {
  const told = `rejected with ${word}`;
  if (staysUnanswered(word, sent)) return answer === undefined ? null : `${told} silently`;
  if (answer === undefined) return told;
  if (answer.dst !== to) return `${told} to ${to}`;
  if (word === 'tcp-reset') return answer.tcpFlags.includes('RST') ? null : told;
  const [type, code] = REJECTS.get(word) ?? [];
  return answer.icmpType === type && answer.icmpCode === code ? null : told;
}

/** What a socket sends to a group or broadcast also comes to the node's own sockets, even when the device cannot send. */
function isOwnCopy({ drop }: Outcome, { sent }: Observation): boolean {
  return sent.in === null && (drop?.reason === 'no-carrier' || drop?.reason === 'device-down');
}

/** In IPv4 such errors are few for each sender, whatever the settings (ip_error in net/ipv4/route.c). */
function unroutable(
  { errno, hook }: NonNullable<Outcome['unroutable']>,
  { sent, errno: heard, answers: [answer] }: Observation,
  beside: Beside,
): string | null {
  if (sent.in === null) {
    // connect() of TCP does not hear that there is no way after OUTPUT changed the packet.
    const { proto, tcpFlags = ['SYN'] } = sent;
    const told = proto === 'tcp' && tcpFlags.join() === 'SYN' && hook === 'OUTPUT' ? null : errno;
    return heard === told ? null : `unroutable with ${errno}`;
  }
  const family = familyOfText(sent.dst);
  const told = `unroutable with an ICMP error for ${errno}`;
  const [type = 0, code = 0] = REJECTS.get(UNROUTABLE[family].get(errno) ?? '') ?? [];
  if (answer === undefined)
    return family === 6 && isAnswered(sent) && beside.canAnswer(sent, [type, code]) ? told : null;
  return answer.icmpType === type && answer.icmpCode === code ? null : told;
}

/** What was observed, in words. */
export function describe(observation: Observation): string {
  const say = (seen: Seen): string =>
    [
      `${seen.iface} ${seen.src}:${String(seen.sport ?? seen.icmpType)} > ${seen.dst}:${String(seen.dport ?? seen.icmpId)}`,
      `ttl ${String(seen.ttl)} tos ${String(seen.tos)} to ${seen.nexthop ?? 'a socket'}`,
      seen.mark === null ? '' : `mark 0x${seen.mark.toString(16)}`,
      seen.inner === null
        ? ''
        : `quoting ${seen.inner.src}:${String(seen.inner.sport)} > ${seen.inner.dst}:${String(seen.inner.dport)}`,
    ]
      .filter((part) => part !== '')
      .join(' ');
  const parts = [
    ...observation.out.map((seen) => `left by ${say(seen)}`),
    ...observation.delivered.map((seen) => `delivered ${say(seen)}`),
    ...observation.answers.map((seen) => `answered by ${say(seen)} code ${String(seen.icmpCode)}`),
    ...(observation.errno === null ? [] : [`errno ${observation.errno}`]),
  ];
  return parts.length === 0 ? 'nothing seen' : parts.join(', ');
}
