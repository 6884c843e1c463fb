/** Blocks of lines that the text views share: header line, answer, certainty. */
import type { CompletedPacket, Outcome, TraceResult } from '../packet/result.js';
import type { Answer } from './answer.js';
import { type Reasoned, ruleName } from './reason.js';
import { assumptionText } from './assumption.js';
import { finalDestinationAddress, packetText } from './endpoint.js';
import { pathWords } from './path-words.js';
import { sanitize } from './sanitize.js';
import type { View } from './view.js';
import { cutMiddle, isNarrow, padEnd, widthOf, wrap } from './width.js';

/** Where the packet came from, in words. */
export function cameFrom(packet: CompletedPacket, view: View): string {
  if (packet.in !== null)
    return view.say(packet.inferred === 'route' ? 'IN_ROUTE' : 'IN_DEVICE', { device: packet.in });
  if (packet.inferred === 'own-address') return view.say('IN_OWN_ADDRESS');
  return view.say(packet.inferred === 'no-source' ? 'IN_NO_SOURCE' : 'IN_LOCAL');
}

/** The packet as sent, and where it came from. */
export function headerLines(result: TraceResult, view: View): string[] {
  const packet = sanitize(packetText(result.packet));
  const from = sanitize(cameFrom(result.packet, view));
  const room = view.width - widthOf(from);
  if (widthOf(packet) + 2 <= room)
    return [`${view.paint('strong', padEnd(packet, Math.min(60, room)))}${from}`];
  return [
    ...wrap(packet, view.width).map((line) => view.paint('strong', line)),
    ...wrap(from, view.width - 2).map((line) => `  ${line}`),
  ];
}

/** `  label   text`, the text wrapped under itself. */
function labelled(
  { label, text, meaning }: Reasoned,
  labelWidth: number,
  view: View,
  margin = '  ',
): string[] {
  const cells = labelWidth + 2 + margin.length;
  const tinted = (line: string): string => (meaning === 'bad' ? view.paint('bad', line) : line);
  const told = (line: string): string => (meaning === null ? line : view.paint(meaning, line));
  if (isNarrow(view.width, cells))
    return [
      ...wrap(sanitize(label), view.width - margin.length).map((line) => told(`${margin}${line}`)),
      ...wrap(sanitize(text), view.width - margin.length - 2).map((line) => `${margin}  ${tinted(line)}`),
    ];
  const head = `${margin}${padEnd(cutMiddle(sanitize(label), labelWidth), labelWidth)}  `;
  const indent = ' '.repeat(cells);
  return wrap(sanitize(text), view.width - cells).map(
    (line, index) => `${index > 0 ? indent : told(head)}${tinted(line)}`,
  );
}

const LABEL_LIMIT = 40;

const reasonKey = ({ label, text }: Reasoned): string => `${label}\n${text}`;

/** Cells that the rest of a headline needs under it. */
const REST_ROOM = 12;

/**
 * The headline and the reasons of an outcome.
 * @param prefix stands before the headline: number and probability
 * @param known reasons that were given already and are left out
 */
export function answerLines(
  answer: Answer,
  view: View,
  prefix = '',
  known: readonly Reasoned[] = [],
): string[] {
  const given = new Set(known.map(reasonKey));
  const reasons = answer.reasons.filter((one) => !given.has(reasonKey(one)));
  const head = `${prefix}${answer.word} `;
  const under = widthOf(prefix) + 2;
  // On the shortest lines a word needs what an indentation would take.
  const indent = ' '.repeat(view.width - under < REST_ROOM ? 2 : under);
  const painted = `${prefix}${view.paint(answer.meaning, answer.word)}`;
  const narrow = isNarrow(view.width, widthOf(head));
  const rest = wrap(sanitize(answer.rest), view.width - (narrow ? indent.length : widthOf(head)));
  const lines = rest.map((line, index) =>
    index === 0 && !narrow ? `${painted} ${line}` : `${indent}${line}`,
  );
  if (narrow || lines.length === 0) {
    const isWhole = widthOf(`${prefix}${answer.word}`) <= view.width;
    lines.unshift(
      ...(isWhole ? [painted] : [prefix.trimEnd(), `  ${view.paint(answer.meaning, answer.word)}`]),
    );
  }
  const width = Math.min(
    LABEL_LIMIT,
    reasons.reduce((most, one) => Math.max(most, widthOf(sanitize(one.label))), 0),
  );
  for (const reason of reasons) lines.push(...labelled(reason, width, view));
  return lines;
}

/** What is not certain about an outcome: what the kernel draws, what it rests on. */
export function certaintyOf(outcome: Outcome, view: View): Reasoned[] {
  const { final } = outcome;
  const ranges = [
    ['DRAWN_SOURCE', final.srcRange],
    ['DRAWN_PORT', final.sportRange],
    ['DRAWN_DESTINATION', final.dstRange],
    ['DRAWN_DPORT', final.dportRange],
    ['DRAWN_ID', final.icmpIdRange],
  ] as const;
  const open = ranges.flatMap(([id, at]) =>
    at === undefined ? [] : [view.say(id, { low: at[0], high: at[1] })],
  );
  if (final.markUnknown !== undefined) open.push(view.say('OPEN_MARK', { bits: final.markUnknown }));
  if (outcome.pathMaybe.length > 0) {
    const path = pathWords(outcome.pathMaybe, finalDestinationAddress(final), view);
    open.push(view.say('MAYBE_PATH', { path }));
  }
  const reasons = open.map((text): Reasoned => ({
    label: view.say('NOT_CERTAIN'),
    text,
    meaning: 'unknown',
  }));
  for (const assumption of outcome.assumptions) {
    const text = assumptionText(assumption, view.language);
    const { rule } = assumption;
    const placed = rule === null ? text : view.say('ASSUMED_AT', { text, rule: ruleName(rule, view) });
    const { by } = assumption;
    const told = by === undefined ? placed : view.say('SETTLED_BY', { text: placed, by });
    reasons.push({ label: view.say('ASSUMES'), text: told, meaning: 'unknown' });
  }
  return reasons;
}

/** Reasons without those that were told already. */
export function untold(reasons: readonly Reasoned[], told: readonly Reasoned[]): readonly Reasoned[] {
  const known = new Set(told.map(reasonKey));
  return reasons.filter((one) => !known.has(reasonKey(one)));
}

/** The reasons of several outcomes in one list: those of later ones stand below what has the same label. */
export function together(each: readonly (readonly Reasoned[])[]): readonly Reasoned[] {
  const [first = [], ...others] = each;
  const all = [...first];
  for (const reason of others.flat()) {
    if (untold([reason], all).length === 0) continue;
    const at = all.findLastIndex(({ label }) => label === reason.label);
    all.splice(at < 0 ? all.length : at + 1, 0, reason);
  }
  return all;
}

/** What is not certain in the same words about each of several outcomes. */
export function sharedCertainty(outcomes: readonly Outcome[], view: View): readonly Reasoned[] {
  const [first, ...others] = outcomes;
  if (first === undefined || others.length === 0) return [];
  let shared: readonly Reasoned[] = certaintyOf(first, view);
  for (const other of others) {
    const own = new Set(certaintyOf(other, view).map(reasonKey));
    shared = shared.filter((one) => own.has(reasonKey(one)));
  }
  return shared;
}

/** Reasons with the labels of what is not certain, below each other. */
export function uncertainLines(reasons: readonly Reasoned[], view: View, margin = ''): string[] {
  const width = Math.max(widthOf(view.say('NOT_CERTAIN')), widthOf(view.say('ASSUMES')));
  return reasons.flatMap((reason) => labelled(reason, width, view, margin));
}

/** What is not certain about an outcome as lines of their own, at the end of a walk. */
export function certaintyLines(outcome: Outcome, view: View, told: readonly Reasoned[] = []): string[] {
  return uncertainLines(untold(certaintyOf(outcome, view), told), view);
}
