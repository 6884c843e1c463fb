/** What a change of a node changes about what becomes of a packet. */
import type { FinalPacket, Outcome } from '../packet/result.js';

export type ChangedField = 'verdict' | 'egress' | 'via' | 'source' | 'destination' | 'mark' | 'reason';

/** A field of the answer, before and after. */
export interface Difference {
  readonly field: ChangedField;
  readonly from: string;
  readonly to: string;
}

function end(one: string | undefined, range: readonly [string, string] | undefined): string {
  return range === undefined ? (one ?? '') : `${range[0]}-${range[1]}`;
}

function port(one: number | undefined, range: readonly [number, number] | undefined): string {
  if (range !== undefined) return `:${String(range[0])}-${String(range[1])}`;
  return one === undefined ? '' : `:${String(one)}`;
}

const bracketed = (address: string, behind: string): string =>
  behind !== '' && address.includes(':') ? `[${address}]${behind}` : `${address}${behind}`;

const sourceOf = (final: FinalPacket): string =>
  bracketed(end(final.src, final.srcRange), port(final.sport, final.sportRange));

const destinationOf = (final: FinalPacket): string =>
  bracketed(end(final.dst, final.dstRange), port(final.dport, final.dportRange));

function reasonOf({ drop, reject, unroutable }: Outcome): string {
  if (drop !== null) {
    const { rule } = drop;
    return rule === null ? drop.reason : `${rule.table} ${rule.chain} ${String(rule.number)}`;
  }
  return reject?.with ?? unroutable?.errno ?? '';
}

/** The same for comparing: a rule that moved up is another one only by its number. */
function reasonKey(outcome: Outcome): string {
  const rule = outcome.drop?.rule;
  return rule === null || rule === undefined
    ? reasonOf(outcome)
    : `${rule.span.source.name}:${String(rule.span.start)}`;
}

/** What the answer says of one outcome. */
export function answerFields(outcome: Outcome): Readonly<Record<ChangedField, string>> {
  const { verdict, egress, final } = outcome;
  return {
    verdict,
    egress: egress?.iface ?? '',
    via: egress?.via ?? '',
    source: sourceOf(final),
    destination: destinationOf(final),
    mark: final.mark,
    reason: reasonOf(outcome),
  };
}

/** In this order they are told. */
const FIELDS = ['verdict', 'egress', 'via', 'source', 'destination', 'mark', 'reason'] as const;

const ENDED: ReadonlySet<string> = new Set(['dropped', 'rejected', 'unroutable']);
const SEEN_AT_END: ReadonlySet<string> = new Set(['verdict', 'egress', 'reason']);

/** The fields in which all outcomes of one result differ from those of the other. Ways that are the same say nothing. */
export function differences(before: readonly Outcome[], after: readonly Outcome[]): readonly Difference[] {
  const texts = (outcomes: readonly Outcome[], field: ChangedField): readonly string[] =>
    [...new Set(outcomes.map((one) => answerFields(one)[field]))].toSorted();
  const fields = FIELDS.flatMap((field): readonly Difference[] => {
    const [from, to] = [texts(before, field), texts(after, field)];
    const isSame =
      field === 'reason' ? reasons(before) === reasons(after) : from.join(', ') === to.join(', ');
    return isSame ? [] : [{ field, from: from.join(', '), to: to.join(', ') }];
  });
  // Of a packet that ends here nobody sees the header.
  if (after.length > 0 && after.every(({ verdict }) => ENDED.has(verdict)) && fields[0]?.field === 'verdict')
    return fields.filter(({ field }) => SEEN_AT_END.has(field));
  return fields;
}

const reasons = (outcomes: readonly Outcome[]): string =>
  [...new Set(outcomes.map(reasonKey))].toSorted().join(', ');

/** The walks of the answers, where they were asked for. */
const repliesOf = (outcomes: readonly Outcome[]): readonly Outcome[] =>
  outcomes.flatMap(({ reply }) => reply ?? []);

/** The same of the answers to the packet. */
export function replyDifferences(
  before: readonly Outcome[],
  after: readonly Outcome[],
): readonly Difference[] {
  return differences(repliesOf(before), repliesOf(after));
}

/** Do both sets of outcomes come to the same, combination by combination, their answers with them? */
export function isSame(before: readonly Outcome[], after: readonly Outcome[]): boolean {
  const fields = (one: Outcome): object => ({ ...answerFields(one), reason: '' });
  const keys = (outcomes: readonly Outcome[]): string =>
    [...new Set(outcomes.map((one) => JSON.stringify([one, ...repliesOf([one])].map(fields))))]
      .toSorted()
      .join();
  return keys(before) === keys(after);
}
