/** One group of a diff: what decides on each side, the smallest packet, and what becomes of it on either node. */
import type { Group } from '../diff/groups.js';
import { unlike } from '../diff/outcomes.js';
import type { FinalPacket, Outcome, TraceResult, TupleText } from '../packet/result.js';
import { answerOf } from './answer.js';
import { answerLines, certaintyOf, headerLines } from './blocks.js';
import { decidingText } from './diff-things.js';
import { endpoint, percent } from './endpoint.js';
import { minimalLine } from './minimal.js';
import type { Reasoned } from './reason.js';
import { sanitize } from './sanitize.js';
import type { View } from './view.js';
import { hang, widthOf, wrap } from './width.js';

type Views = Readonly<Record<'a' | 'b', View>>;

/** So many outcomes of a side are told. */
const MOST = 4;

function end(address: string | undefined, range: readonly [string, string] | undefined): string {
  return address ?? range?.join('-') ?? '?';
}

function port(number: number | undefined, range: readonly [number, number] | undefined): string {
  return number === undefined ? (range?.join('-') ?? '') : String(number);
}

function tupleWords(tuple: TupleText | FinalPacket): string {
  const { src, srcRange, dst, dstRange, sport, sportRange, dport, dportRange } = tuple;
  const from = endpoint(end(src, srcRange), port(sport, sportRange));
  return `${from} > ${endpoint(end(dst, dstRange), port(dport, dportRange))}`;
}

/** What of an outcome no headline says, each with its label. */
function aspects(outcome: Outcome, view: View): readonly (readonly [label: string, text: string])[] {
  const { say } = view;
  const { final, conntrack, probability, reply } = outcome;
  const chance = probability === null ? say('OUTCOME_IF') : percent(probability);
  return [
    [say('DIFF_CHANCE'), chance],
    ['mark', final.mark],
    [say('DIFF_FINAL'), `ttl ${String(final.ttl)} tos ${String(final.tos)}`],
    ['ct mark', conntrack?.mark ?? '-'],
    ['conntrack', conntrack === null ? '-' : `${tupleWords(conntrack.reply)} ${conntrack.status.join(',')}`],
    [say('DIFF_EXPECTED'), reply === undefined ? '-' : minimalLine(reply)],
  ];
}

/** Those aspects in which two outcomes that end alike differ. */
function unlikeAspects(outcome: Outcome, other: Outcome | undefined, view: View): readonly Reasoned[] {
  if (other === undefined) return [];
  const others = aspects(other, view);
  return aspects(outcome, view).flatMap(([label, text], at) =>
    others[at]?.[1] === text ? [] : [{ label, text, meaning: 'change' as const }],
  );
}

function outcomeLines(
  side: string,
  outcome: Outcome,
  other: Outcome | undefined,
  result: TraceResult,
  view: View,
  known: Reasoned[],
): readonly string[] {
  const answer = answerOf(result.packet, outcome, view);
  const told = [...unlikeAspects(outcome, other, view), ...answer.reasons];
  const certainty = certaintyOf(outcome, view);
  const lines = answerLines({ ...answer, reasons: [...told, ...certainty] }, view, `  ${side}  `, known);
  known.push(...answer.reasons);
  return lines;
}

/** What becomes of the packet on each side, as far as it differs. */
function answers({ a, b }: Group, views: Views): readonly string[] {
  const [own, others] = unlike(a, b);
  const isOpen = own.length === 0 && others.length === 0;
  const [ofA, ofB] = isOpen ? [a.outcomes, b.outcomes] : [own, others];
  const known: Reasoned[] = [];
  const lines: string[] = [];
  for (const [side, outcomes, opposite, result] of [
    ['a', ofA, ofB, a],
    ['b', ofB, ofA, b],
  ] as const) {
    const view = views[side];
    for (const [at, outcome] of outcomes.slice(0, MOST).entries())
      lines.push(...outcomeLines(side.toUpperCase(), outcome, opposite[at], result, view, known));
    if (outcomes.length === 0)
      lines.push(...hang(`  ${side.toUpperCase()}  `, 5, view.say('DIFF_NOTHING'), view.width));
    if (outcomes.length > MOST)
      lines.push(
        ...hang('     ', 5, view.say('DIFF_WHERE_MORE', { count: outcomes.length - MOST }), view.width),
      );
  }
  const alike = a.outcomes.length - ofA.length;
  if (alike > 0) lines.push(...hang('     ', 5, views.a.say('DIFF_ALIKE', { count: alike }), views.a.width));
  return lines;
}

function decides({ cause }: Group, views: Views): readonly string[] {
  return (['a', 'b'] as const).flatMap((side) => {
    const view = views[side];
    const label = `  ${view.say('DIFF_DECIDES', { side: side.toUpperCase() })}  `;
    const text = sanitize(decidingText(cause[side], view));
    return hang(view.paint('name', label), widthOf(label), text, view.width, '  ');
  });
}

/** The lines of a group, its number before them. */
export function groupLines(group: Group, number: number, isOpen: boolean, views: Views): readonly string[] {
  const { a: view } = views;
  const title = view.say(isOpen ? 'DIFF_GROUP_OPEN' : 'DIFF_GROUP', { count: group.count });
  return [
    ...wrap(`[${String(number)}] ${title}`, view.width).map((line) => view.paint('strong', line)),
    ...headerLines(group.a, { ...view, width: view.width - 2 }).map((line) => `  ${line}`),
    ...decides(group, views),
    ...answers(group, views),
  ];
}
