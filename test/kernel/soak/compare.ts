/** Holds what natwalk says against what the kernel did. */
import type { Outcome, TraceResult } from '../../../src/packet/result.js';
import { describe, markAgrees, mismatch } from '../adapter/agree.js';
import type { Observation } from '../adapter/judge.js';
import { type Handles, sameWay } from '../adapter/nft-path.js';
import type { Course } from './course.js';
import { drawnOf, tooWide } from './drawn.js';
import { entryDifference } from './entries.js';
import { tupleName } from './tuple-text.js';

/** The outcome that is what the kernel did, and whether TRACE told the kernel's path, which then is the same. */
export interface Proof {
  readonly outcome: Outcome;
  readonly traced: boolean;
}

export type Comparison =
  | { readonly kind: 'agree'; readonly proof: Proof | null }
  /** One outcome, in which a range stands for what the kernel draws; `of` names what. */
  | { readonly kind: 'drawn'; readonly of: readonly string[]; readonly proof: Proof | null }
  /** Several outcomes, the kernel's among them, or one with bits of a mark unknown; the causes are message ids, or `chance`. */
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

/** Did TRACE tell the path of this packet, and of no other? */
function isTraced(outcome: Outcome, { path: traced, nftPath, out, delivered }: Observation): boolean {
  // The node's own copy of a broadcast goes on where the packet itself ends.
  const copied = delivered.length > 0 && (out.length > 0 || outcome.verdict === 'dropped');
  return traced.length + nftPath.length > 0 && !copied;
}

/** A legacy table stays when its dump is gone, and TRACE names its empty chains. */
const isEmpty = (name: string): boolean => name.endsWith(':policy:1');

/** No listing shows by which name and handles the trace has a chain that stands within a rule. */
const isNameless = (name: string): boolean => / __chain\d+ /.test(name);

/** `filter:FORWARD:rule:1` without the word, which nf_tables does not know. */
const numbered = (name: string): string => name.replace(/:[a-z]+:(\d+)$/, ':$1');

/** Entries of a path by who tells them: TRACE of iptables-legacy, or the trace of nf_tables. */
function bySource(names: readonly string[], handles: Handles | null): Record<'legacy' | 'nft', string[]> {
  const found: Record<'legacy' | 'nft', string[]> = { legacy: [], nft: [] };
  for (const name of names) {
    const [, variant, rest = name] = /^(legacy|nft):(.*)$/.exec(name) ?? [];
    // Without a word for the variant it is the one that has the table.
    const [table = ''] = rest.split(':');
    const isManaged = ['ip', 'ip6'].some((family) => handles?.managed.has(`${family} ${table}`));
    const nft = name.includes(' ') || (variant === undefined ? isManaged : variant === 'nft');
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
    !maybe[source].includes(name) && !isEmpty(name) && !isNameless(name);
  const told = bySource(outcome.path, handles);
  const ended = outcome.verdict === 'dropped' || outcome.verdict === 'rejected';
  const last = bySource(outcome.path.slice(-1), handles).nft.length > 0 ? 'nft' : 'legacy';
  const same = sameWay(told, { legacy, nft: nftPath }, handles, ended ? last : null, counts);
  return same ? null : `path ${outcome.path.join(' ')}`;
}

/** A packet leaves once, unless a rule copies it; a socket that connects asks again after a second. */
function copies({ out, sent }: Observation, course: Course): string | null {
  const repeats = sent.in === null && sent.proto === 'tcp';
  return out.length < 2 || repeats || course.isCopying ? null : 'one packet';
}

function difference(outcome: Outcome, observation: Observation, course: Course): string | null {
  return (
    mismatch(outcome, observation, course) ??
    copies(observation, course) ??
    tooWide(outcome, observation, course) ??
    marks(outcome, observation) ??
    entryDifference(outcome, observation, course) ??
    path(outcome, observation)
  );
}

/** Are bits of a mark that can be seen not known? */
function isMarkOpen({ verdict, final, conntrack }: Outcome): boolean {
  const got = ['forwarded', 'sent', 'delivered'].includes(verdict);
  return got && (final.markUnknown !== undefined || conntrack?.markUnknown !== undefined);
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
      `entry ${tupleName(one.original)} / ${tupleName(one.reply)} mark 0x${one.mark.toString(16)} zone ${one.zone} ${one.status.join()}${one.isNew ? ' new' : ''}`,
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
export function compare(result: TraceResult, observation: Observation, course: Course): Comparison {
  const { outcomes } = result;
  const reasons = outcomes.map((outcome) => difference(outcome, observation, course));
  course.remember(outcomes, observation.entries);
  const outcome = outcomes[reasons.indexOf(null)];
  if (outcome === undefined) {
    const natwalk = [...new Set(reasons)].join(' | ') || 'no outcome';
    return { kind: 'wrong', why: `kernel: ${seen(observation)}; natwalk: ${natwalk}` };
  }
  const proof = { outcome, traced: isTraced(outcome, observation) };
  const open = isMarkOpen(outcome);
  if (new Set(outcomes.map(visible)).size > 1 || open) {
    const causes = causesOf(outcomes);
    return { kind: 'hedged', causes: open ? [...causes, 'unknown mark'] : causes, proof };
  }
  const of = drawnOf(outcome);
  return of.length > 0 ? { kind: 'drawn', of, proof } : { kind: 'agree', proof };
}
