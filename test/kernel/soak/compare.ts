/** Holds what natwalk says against what the kernel did. */
import { isIPv6 } from 'node:net';
import { compareAddresses, parseAddress } from '../../../src/address/address.js';
import type {
  AddressTextRange,
  NumberRange,
  Outcome,
  TraceResult,
  TupleText,
} from '../../../src/packet/result.js';
import { describe, markAgrees, mismatch } from '../adapter/agree.js';
import type { Observation } from '../adapter/judge.js';
import type { EntryTuple } from '../adapter/netlink.js';
import { type Handles, sameWay } from '../adapter/nft-path.js';

/** The outcome that is what the kernel did, and whether TRACE told the kernel's path, which then is the same. */
export interface Proof {
  readonly outcome: Outcome;
  readonly traced: boolean;
}

export type Comparison =
  | { readonly kind: 'agree'; readonly proof: Proof | null }
  /** Several outcomes, the kernel's among them; the causes are message ids, or `chance`. */
  | { readonly kind: 'hedged'; readonly causes: readonly string[]; readonly proof: Proof | null }
  | { readonly kind: 'wrong'; readonly why: string };

function marks(outcome: Outcome, observation: Observation): string | null {
  const { mark } = observation;
  const got = ['forwarded', 'sent', 'delivered'].includes(outcome.verdict);
  // What is sent to all goes out and comes in: two packets, of which the second no longer meets the nat table.
  const twice = observation.out.length > 0 && observation.delivered.length > 0;
  if (!got || twice || mark === null || !/^0x[0-9a-f]+$/.test(outcome.final.mark)) return null;
  return markAgrees(outcome.final, mark) ? null : `mark ${outcome.final.mark}`;
}

/** Is the value what the text says: a value, or a range `LOW-HIGH`? */
function said(exact: number | undefined, range: NumberRange | undefined, value: number | null): boolean {
  if (value === null) return true;
  const [low, high] = exact === undefined ? (range ?? [value, value]) : [exact, exact];
  return value >= low && value <= high;
}

function saidAddress(exact: string | undefined, range: AddressTextRange | undefined, value: string): boolean {
  const [low, high] = (exact === undefined ? (range ?? [value, value]) : [exact, exact]).map(parseAddress);
  const address = parseAddress(value);
  if (address === null || low === null || low === undefined || high === null || high === undefined)
    return false;
  return compareAddresses(low, address) <= 0 && compareAddresses(address, high) <= 0;
}

function sameTuple(text: TupleText, tuple: EntryTuple): boolean {
  return (
    saidAddress(text.src, text.srcRange, tuple.src) &&
    saidAddress(text.dst, text.dstRange, tuple.dst) &&
    said(text.sport, text.sportRange, tuple.sport) &&
    said(text.dport, text.dportRange, tuple.dport) &&
    said(text.icmpId, text.icmpIdRange, tuple.icmpId)
  );
}

function tupleName(tuple: EntryTuple): string {
  const port = (value: number | null): string => (value === null ? '' : `:${value}`);
  const id = tuple.icmpId === null ? '' : ` id ${tuple.icmpId}`;
  return `${tuple.src}${port(tuple.sport)} > ${tuple.dst}${port(tuple.dport)}${id}`;
}

/**
 * The entry with the packet's own original tuple, as events show it: a round through lo has several. Its mark is not
 * looked at when the node answered, whose answer may have changed it.
 */
function entry(outcome: Outcome, { entries, answers }: Observation): string | null {
  const { conntrack } = outcome;
  if (!['forwarded', 'sent', 'delivered'].includes(outcome.verdict) || conntrack === null) return null;
  const own = entries.filter(
    ({ original }) =>
      isIPv6(conntrack.original.src ?? conntrack.original.srcRange?.[0] ?? '') === isIPv6(original.src) &&
      sameTuple(conntrack.original, original),
  );
  if (own.some(({ reply }) => !sameTuple(conntrack.reply, reply)))
    return `conntrack reply ${JSON.stringify(conntrack.reply)}`;
  // Of one that a reset took away, the last that is told is how it was then.
  const gone = conntrack.status.includes('DYING');
  if (own.length === 0 || answers.length > 0 || gone || !/^0x[0-9a-f]+$/.test(conntrack.mark)) return null;
  return own.some(({ mark }) => markAgrees(conntrack, mark)) ? null : `conntrack mark ${conntrack.mark}`;
}

/** Did TRACE tell the path of this packet, and of no other? */
function isTraced(outcome: Outcome, { path: traced, nftPath, out, delivered }: Observation): boolean {
  // The node's own copy of a broadcast goes on where the packet itself ends.
  const copied = delivered.length > 0 && (out.length > 0 || outcome.verdict === 'dropped');
  return traced.length + nftPath.length > 0 && !copied;
}

/** A legacy table stays when its dump is gone, and TRACE names its empty chains. */
const isEmpty = (name: string): boolean => name.endsWith(':policy:1');

/** `filter:FORWARD:rule:1` without the word, which nf_tables does not know. */
const numbered = (name: string): string => name.replace(/:[a-z]+:(\d+)$/, ':$1');

/** Entries of a path by who tells them: TRACE of iptables-legacy, or the trace of nf_tables. */
function bySource(names: readonly string[], handles: Handles | null): Record<'legacy' | 'nft', string[]> {
  const found: Record<'legacy' | 'nft', string[]> = { legacy: [], nft: [] };
  for (const name of names) {
    const [, variant, rest = name] = /^(legacy|nft):(.*)$/.exec(name) ?? [];
    const nft =
      name.includes(' ') || (variant === undefined ? (handles?.managed.size ?? 0) > 0 : variant === 'nft');
    if (nft) found.nft.push(name.includes(' ') ? name : numbered(rest));
    else found.legacy.push(rest);
  }
  return found;
}

/** The rules that the kernel named; the outcome may leave open whether a rule that does nothing matched. */
function path(outcome: Outcome, observation: Observation): string | null {
  if (!isTraced(outcome, observation)) return null;
  const { path: legacy, nftPath, handles } = observation;
  const maybe = bySource([...outcome.pathMaybe, ...outcome.path.filter(isEmpty)], handles);
  const counts = (name: string, source: 'legacy' | 'nft'): boolean =>
    !maybe[source].includes(name) && !isEmpty(name);
  const told = bySource(outcome.path, handles);
  const ended = outcome.verdict === 'dropped' || outcome.verdict === 'rejected';
  const last = bySource(outcome.path.slice(-1), handles).nft.length > 0 ? 'nft' : 'legacy';
  const same = sameWay(told, { legacy, nft: nftPath }, handles, ended ? last : null, counts);
  return same ? null : `path ${outcome.path.join(' ')}`;
}

function difference(outcome: Outcome, observation: Observation): string | null {
  return (
    mismatch(outcome, observation) ??
    marks(outcome, observation) ??
    entry(outcome, observation) ??
    path(outcome, observation)
  );
}

/** What of an outcome can be seen from outside: outcomes that are alike in it are one. */
function visible(outcome: Outcome): string {
  const { verdict, final, egress, reject, unroutable, drop } = outcome;
  const way = [egress?.iface, egress?.via];
  if (verdict === 'dropped') return `dropped ${drop?.reason === 'ttl' ? 'ttl' : ''}`;
  if (verdict === 'rejected') return `rejected ${reject?.with ?? ''}`;
  if (verdict === 'unroutable') return `unroutable ${unroutable?.errno ?? ''}`;
  return JSON.stringify([verdict, verdict === 'delivered' ? null : way, final]);
}

function causesOf(outcomes: readonly Outcome[]): readonly string[] {
  const causes = new Set(outcomes.flatMap(({ assumptions }) => assumptions.map(({ code }) => code)));
  if (outcomes.some(({ probability }) => probability !== null && probability < 1)) causes.add('chance');
  const questions = [...causes].filter((code) => code === 'chance' || code.startsWith('UNK_'));
  return (questions.length > 0 ? questions : [...causes]).sort();
}

function seen(observation: Observation): string {
  const { mark, entries } = observation;
  const table = entries.map(
    (one) =>
      `entry ${tupleName(one.original)} / ${tupleName(one.reply)} mark 0x${one.mark.toString(16)} zone ${one.zone}`,
  );
  return [
    describe(observation),
    mark === null ? '' : `end mark 0x${mark.toString(16)}`,
    ...table,
    ...[observation.path, observation.nftPath].flatMap((path) =>
      path.length === 0 ? [] : [`path ${path.join(' ')}`],
    ),
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** Agreement, hedging, or a wrong answer. */
export function compare(result: TraceResult, observation: Observation): Comparison {
  const { outcomes } = result;
  const reasons = outcomes.map((outcome) => difference(outcome, observation));
  if (!reasons.includes(null)) {
    const natwalk = [...new Set(reasons)].join(' | ') || 'no outcome';
    return { kind: 'wrong', why: `kernel: ${seen(observation)}; natwalk: ${natwalk}` };
  }
  const outcome = outcomes[reasons.indexOf(null)];
  const proof = outcome === undefined ? null : { outcome, traced: isTraced(outcome, observation) };
  if (new Set(outcomes.map(visible)).size === 1) return { kind: 'agree', proof };
  return { kind: 'hedged', causes: causesOf(outcomes), proof };
}
