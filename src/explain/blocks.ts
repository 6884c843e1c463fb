/** Blocks of lines that the text views share: header line, answer, certainty. */
import type { CompletedPacket, Outcome, TraceResult } from '../packet/result.js';
import { type Answer, type Reasoned, ruleName } from './answer.js';
import { assumptionText } from './assumption.js';
import { packetText } from './endpoint.js';
import { sanitize } from './sanitize.js';
import type { View } from './view.js';
import { cutMiddle, padEnd, widthOf, wrap } from './width.js';

function cameFrom(packet: CompletedPacket, view: View): string {
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
  return [view.paint('strong', cutMiddle(packet, view.width)), `  ${cutMiddle(from, view.width - 2)}`];
}

/** `  label   text`, the text wrapped under itself. */
function labelled({ label, text, meaning }: Reasoned, labelWidth: number, view: View): string[] {
  const head = `  ${padEnd(cutMiddle(sanitize(label), labelWidth), labelWidth)}  `;
  const indent = ' '.repeat(labelWidth + 4);
  return wrap(sanitize(text), view.width - labelWidth - 4).map((line, index) => {
    const start = index > 0 ? indent : meaning === null ? head : view.paint(meaning, head);
    return `${start}${meaning === 'bad' ? view.paint('bad', line) : line}`;
  });
}

const LABEL_LIMIT = 40;

/** How an answer is set among others. */
export interface AnswerStyle {
  /** Stands before the headline: number and probability. */
  readonly prefix?: string;
  /** Reasons that were given already are left out. */
  readonly known?: readonly Reasoned[];
  /** Stands after the reasons, in the same columns. */
  readonly more?: readonly Reasoned[];
}

/** The headline and the reasons of an outcome. */
export function answerLines(answer: Answer, view: View, style: AnswerStyle = {}): string[] {
  const prefix = style.prefix ?? '';
  const known = new Set(style.known?.map((one) => `${one.label} ${one.text}`));
  const reasons = [
    ...answer.reasons.filter((one) => !known.has(`${one.label} ${one.text}`)),
    ...(style.more ?? []),
  ];
  const head = `${prefix}${answer.word} `;
  const indent = ' '.repeat(widthOf(prefix) + 2);
  const painted = `${prefix}${view.paint(answer.meaning, answer.word)}`;
  const rest = wrap(sanitize(answer.rest), view.width - widthOf(head));
  const lines = rest.map((line, index) => (index === 0 ? `${painted} ${line}` : `${indent}${line}`));
  if (lines.length === 0) lines.push(painted);
  const width = Math.min(
    LABEL_LIMIT,
    reasons.reduce((most, one) => Math.max(most, widthOf(sanitize(one.label))), 0),
  );
  for (const reason of reasons) lines.push(...labelled(reason, width, view));
  return lines;
}

/** What is not certain about an outcome: what the kernel draws, what it rests on. */
export function certaintyLines(outcome: Outcome, view: View): string[] {
  const { final } = outcome;
  const open: string[] = [];
  const range = (
    id: 'DRAWN_PORT' | 'DRAWN_DPORT' | 'DRAWN_ID' | 'DRAWN_SOURCE' | 'DRAWN_DESTINATION',
    at: readonly [string | number, string | number] | undefined,
  ): void => {
    if (at !== undefined) open.push(view.say(id, { low: at[0], high: at[1] }));
  };
  range('DRAWN_SOURCE', final.srcRange);
  range('DRAWN_PORT', final.sportRange);
  range('DRAWN_DESTINATION', final.dstRange);
  range('DRAWN_DPORT', final.dportRange);
  range('DRAWN_ID', final.icmpIdRange);
  if (outcome.pathMaybe.length > 0) open.push(view.say('MAYBE_PATH', { path: outcome.pathMaybe.join(', ') }));
  const label = view.say('NOT_CERTAIN');
  const lines = open.flatMap((text) => flush(label, text, view));
  for (const assumption of outcome.assumptions) {
    const text = assumptionText(assumption, view.language);
    const { rule } = assumption;
    lines.push(
      ...flush(
        view.say('ASSUMES'),
        rule === null ? text : view.say('ASSUMED_AT', { text, rule: ruleName(rule, view) }),
        view,
      ),
    );
  }
  return lines;
}

function flush(label: string, text: string, view: View): string[] {
  const width = Math.max(widthOf(view.say('NOT_CERTAIN')), widthOf(view.say('ASSUMES')));
  return wrap(sanitize(text), view.width - width - 2).map((line, index) =>
    index === 0
      ? `${view.paint('unknown', padEnd(label, width))}  ${line}`
      : `${' '.repeat(width + 2)}${line}`,
  );
}
