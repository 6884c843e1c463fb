/** conntrack's entries: what natwalk says of the packet's own, and what the kernel's events tell. */
import type { Outcome } from '../../../src/packet/result.js';
import { markAgrees } from '../adapter/agree.js';
import type { Observation } from '../adapter/judge.js';
import type { Entry } from '../adapter/netlink.js';
import { protocolOf } from '../adapter/wire.js';
import type { Course } from './course.js';
import { sameTuple } from './tuple-text.js';

/** A rule, or the kernel before the last chain, took the packet: it has not made an entry. */
function isUnconfirmed({ verdict, drop }: Outcome): boolean {
  return verdict === 'rejected' || (verdict === 'dropped' && (drop?.rule ?? null) !== null);
}

/** What a socket sends to its own port has its answer's tuple. */
function isToItself({ sent: { src, dst, sport, dport } }: Observation): boolean {
  return src === dst && sport === dport;
}

/** The last that was told of each entry. */
function lastOf(entries: readonly Entry[]): readonly Entry[] {
  const last = new Map<string, Entry>();
  for (const one of entries) last.set(JSON.stringify([one.zone, one.original, one.reply]), one);
  return [...last.values()];
}

/** Entries of the packet's own protocol that were not there before it. */
function made({ entries, sent }: Observation): readonly Entry[] {
  const six = sent.dst.includes(':');
  return entries.filter(
    ({ isNew, original }) =>
      isNew && original.proto === protocolOf(sent) && original.src.includes(':') === six,
  );
}

const UNTOLD: ReadonlySet<string> = new Set(['DYING']);
const TRANSLATED: ReadonlySet<string> = new Set(['SRC_NAT', 'DST_NAT']);

/** What is drawn may be what was there before: then nothing is translated. */
function isDrawn({ reply }: NonNullable<Outcome['conntrack']>): boolean {
  return [reply.dportRange, reply.sportRange, reply.icmpIdRange].some((range) => range !== undefined);
}

function sameStatus(told: readonly string[], said: readonly string[], mapped: boolean): boolean {
  const kept = (names: readonly string[]): string =>
    names
      .filter((name) => !UNTOLD.has(name) && (mapped || !TRANSLATED.has(name)))
      .sort()
      .join();
  return kept(told) === kept(said);
}

/**
 * Null when the events are what the outcome says of the entry, else what it says. Mark and status are not looked at
 * when the node answered, whose answer may have changed them.
 */
export function entryDifference(outcome: Outcome, observation: Observation, course: Course): string | null {
  const { conntrack, verdict } = outcome;
  const { entries, answers, out, delivered } = observation;
  // A socket's answer with the same flags cannot be told from the packet.
  const isAnswered =
    answers.length > 0 || (out.length > 0 && delivered.length > 0) || isToItself(observation);
  const fresh = made(observation);
  // What comes round by lo was confirmed on its way out.
  if (isUnconfirmed(outcome) && observation.sent.in !== null)
    return (outcome.reject?.with === 'tcp-reset' && course.mayRejectAnswers) || fresh.length === 0
      ? null
      : `no conntrack entry (${verdict})`;
  if (!['forwarded', 'sent', 'delivered'].includes(verdict)) return null;
  if (conntrack === null) return fresh.length === 0 ? null : 'no conntrack entry';
  const { original, reply, status, mark } = conntrack;
  const own = entries.filter((one) => sameTuple(original, one.original));
  if (fresh.length > 0 && own.length === 0) return `conntrack original ${JSON.stringify(original)}`;
  if (own.some((one) => !sameTuple(reply, one.reply))) return `conntrack reply ${JSON.stringify(reply)}`;
  const begins = status.includes('CONFIRMED') && course.isToldOfEntries && !course.mayHaveBeen(original);
  if (begins && !own.some(({ isNew }) => isNew)) return `conntrack entry ${JSON.stringify(original)}`;
  // Of one that a reset took away, the last that is told is how it was then.
  if (own.length === 0 || isAnswered || status.includes('DYING')) return null;
  // Of events that a rule left out, what was told first is all that is known.
  if (!course.isToldOfEntries) return null;
  const mapped = !course.mapsNetworks && !isDrawn(conntrack);
  if (!lastOf(own).some((one) => sameStatus(one.status, status, mapped)))
    return `conntrack status ${status.join()}`;
  if (!/^0x[0-9a-f]+$/.test(mark)) return null;
  return own.some((one) => markAgrees(conntrack, one.mark)) ? null : `conntrack mark ${mark}`;
}
