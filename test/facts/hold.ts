/** What of an outcome, or of what the kernel did, a fact speaks of. */
import type { Outcome } from '../../src/packet/result.js';
import { neighbourName, rejectName } from '../kernel/adapter/agree.js';
import type { Observation } from '../kernel/adapter/judge.js';
import type { Seen } from '../kernel/adapter/seen.js';
import type { Expected } from './fact.js';

/** A fact's expectation next to what was found, alike in the fields that are expected. */
export interface Found {
  readonly expected: Readonly<Record<string, unknown>>;
  readonly found: Readonly<Record<string, unknown>>;
}

function chosen(
  expected: Expected,
  all: Readonly<Record<keyof Expected, unknown>>,
  without: readonly string[],
): Found {
  const names = Object.entries(expected).filter(
    ([name, value]) => value !== undefined && !without.includes(name),
  );
  const pick = (from: Readonly<Record<string, unknown>>): Found['found'] =>
    Object.fromEntries(names.map(([name]) => [name, from[name]]));
  return { expected: pick({ ...expected }), found: pick(all) };
}

/** natwalk's outcome; that an ICMP error goes with an errno is known to the kernel's side alone. */
export function foundInOutcome(expected: Expected, outcome: Outcome): Found {
  const { verdict, final, egress, reject, unroutable, drop, conntrack } = outcome;
  const left = verdict === 'forwarded' || verdict === 'sent';
  const all = {
    verdict,
    out: left ? egress?.iface : undefined,
    via: left ? egress?.via : undefined,
    src: final.src,
    dst: final.dst,
    sport: final.sport,
    dport: final.dport,
    drawn: final.sportRange ?? final.icmpIdRange,
    icmpId: final.icmpId,
    ttl: final.ttl,
    tos: final.tos,
    mark: Number(final.mark),
    ctmark: conntrack === null ? undefined : Number(conntrack.mark),
    answer: reject?.with,
    errno: unroutable?.errno,
    drop: drop?.reason,
  };
  return chosen(expected, all, verdict === 'rejected' ? [] : ['answer']);
}

const SILENT = {
  forwarded: false,
  sent: false,
  delivered: false,
  dropped: true,
  rejected: true,
  unroutable: true,
};

function answerOf(answer: Seen | undefined): string | undefined {
  if (answer === undefined) return undefined;
  if (answer.proto === 6) return answer.tcpFlags.includes('RST') ? 'tcp-reset' : answer.tcpFlags.join();
  return rejectName(answer) ?? `icmp ${String(answer.icmpType)}/${String(answer.icmpCode)}`;
}

/** The neighbour that was asked for, when it is not the destination itself. */
function gateway(left: Seen | undefined): string | null | undefined {
  const nexthop = left?.nexthop;
  return left !== undefined && nexthop === neighbourName(left.dst) ? null : nexthop;
}

/** What the kernel did. What it drops, rejects and cannot route differs in what the sender hears alone. */
export function foundInKernel(expected: Expected, observation: Observation): Found {
  const { out, delivered, answers, errno, mark, entries, sent } = observation;
  const [left] = out;
  const [seen] = [...out, ...delivered];
  const nothing = SILENT[expected.verdict] ? expected.verdict : 'dropped';
  const through = sent.in === null ? 'sent' : 'forwarded';
  const id = seen?.sport ?? seen?.icmpId ?? null;
  const [low, high] = expected.drawn ?? [0, 0];
  const all = {
    verdict: seen === undefined ? nothing : left === undefined ? 'delivered' : through,
    out: left?.iface,
    via: gateway(left),
    src: seen?.src,
    dst: seen?.dst,
    sport: seen?.sport ?? undefined,
    dport: seen?.dport ?? undefined,
    drawn: id !== null && id >= low && id <= high ? expected.drawn : id,
    icmpId: seen?.icmpId ?? undefined,
    ttl: seen?.ttl,
    tos: seen?.tos,
    mark: mark ?? undefined,
    ctmark: entries.at(-1)?.mark,
    answer: answerOf(answers[0]),
    errno: errno ?? undefined,
    drop: undefined,
  };
  const untold = sent.in === null ? ['answer'] : ['errno'];
  const { via } = expected;
  const named = { ...expected, ...(typeof via === 'string' ? { via: neighbourName(via) } : {}) };
  const { expected: wanted, found } = chosen(named, all, ['drop', ...untold]);
  if (!SILENT[expected.verdict] || sent.in === null) return { expected: wanted, found };
  // Nobody is told of what is not expected to be told.
  return { expected: { ...wanted, answer: expected.answer }, found: { ...found, answer: all.answer } };
}
