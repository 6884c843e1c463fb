/** A test of a rule as lines: its line in the dump with a caret, the packet as it was then, each condition. */
import { formatAddress } from '../address/address.js';
import { protocolName } from '../address/protocols.js';
import type { Inspected } from '../iptables/inspect.js';
import { UNKNOWN_INTERFACE } from '../iptables/view.js';
import type { AnyRule } from '../packet/any-rule.js';
import { type Packet, hasPorts, isIcmp } from '../packet/packet.js';
import { type Passing, openQuestion } from '../packet/passing.js';
import type { Span } from '../source/source.js';
import { plain } from './colour.js';
import { frameLines } from './diagnostic.js';
import { endpoint } from './endpoint.js';
import { actionSpan, conditionSpan, conditionText } from './locate.js';
import { sanitize } from './sanitize.js';
import type { View } from './view.js';
import { wantedText } from './wanted.js';
import { hang, padEnd, widthOf, wrap } from './width.js';

const range = (low: number, high: number): string =>
  low === high ? String(low) : `${String(low)}-${String(high)}`;

function end(packet: Packet, side: 'source' | 'destination'): string {
  const low = formatAddress(packet[side]);
  const high = formatAddress(packet[`${side}To`]);
  const port = range(packet[`${side}Port`], packet[`${side}PortTo`]);
  return endpoint(low === high ? low : `${low}-${high}`, hasPorts(packet.protocol) ? port : '');
}

/** Where conntrack says nothing of the packet. */
const STATES: ReadonlyMap<Passing['state'], string> = new Map<Passing['state'], string>([
  ['off', 'conntrack off'],
  ['before', 'no ct yet'],
]);

/** Why a rule would see INVALID there; null where that says nothing about it. */
function trackingText({ rule, state, conditions }: Passing, { say }: View): string | null {
  if (state === 'off') return say('WHY_CT_OFF');
  const asks = conditions.some(({ part }) => /\b(?:ct)?state\b/.test(conditionText(rule, part)));
  return state === 'before' && asks ? say('WHY_CT_BEFORE') : null;
}

/** The packet as a rule saw it, in kernel words. */
export function seenPacket({ packet, state }: Pick<Passing, 'packet' | 'state'>): string {
  const icmp = isIcmp(packet.protocol, packet.family)
    ? ` type ${String(packet.icmpType)} code ${String(packet.icmpCode)}`
    : '';
  const unknown = packet.markUnknown === 0 ? '' : ` (bits 0x${packet.markUnknown.toString(16)} ?)`;
  return [
    `${protocolName(packet.protocol)} ${end(packet, 'source')} > ${end(packet, 'destination')}${icmp}`,
    ...(packet.inInterface === '' ? [] : [`in ${packet.inInterface}`]),
    ...(packet.outInterface === ''
      ? []
      : [`out ${packet.outInterface === UNKNOWN_INTERFACE ? '?' : packet.outInterface}`]),
    `mark 0x${(packet.mark >>> 0).toString(16)}${unknown}`,
    STATES.get(state) ?? `ct ${state}`,
  ].join(', ');
}

/** How a condition was answered; of an open one how it was taken. */
export type ConditionAnswer = 'yes' | 'no' | 'not-tested' | 'taken-yes' | 'taken-no' | 'open';

/** The answers to the conditions of a test, in their order. */
export function answersOf({ conditions, matched }: Passing): readonly ConditionAnswer[] {
  const failed = conditions.some(({ answer }) => answer === false);
  const open = conditions.filter((one) => openQuestion(one) !== null).length;
  return conditions.map(({ answer }): ConditionAnswer => {
    if (answer === null) return 'not-tested';
    if (typeof answer === 'boolean') return answer ? 'yes' : 'no';
    if (matched) return 'taken-yes';
    // Of several open ones the walk does not tell which did not hold; beside a plain no nobody asked.
    return failed || open > 1 ? 'open' : 'taken-no';
  });
}

function answerWords(one: Inspected, answer: ConditionAnswer, view: View): string {
  const question = openQuestion(one);
  switch (answer) {
    case 'yes':
      return view.say('WHY_YES');
    case 'not-tested':
      return view.say('WHY_NOT_TESTED');
    case 'no':
      return one.reason === null ? view.say('WHY_NO') : wantedText(one.reason, view);
    default: {
      const id =
        answer === 'taken-yes' ? 'WHY_TAKEN_YES' : answer === 'taken-no' ? 'WHY_TAKEN_NO' : 'WHY_OPEN';
      if (question === null) return view.say('WHY_NO');
      // The question's own words say how it was answered where they have a place for it.
      const fact = (answer === 'taken-yes') !== question.negated ? 'yes' : 'no';
      const params = { ...question.params, answer: answer === 'open' ? '?' : fact };
      return view.say(id, { question: view.tell(question.code, params) });
    }
  }
}

/** The line of a dump with a caret under the span, and words under the caret. */
export function markedLines(span: Span, words: string, view: View): string[] {
  const lines = frameLines(span, view);
  const marked = frameLines(span, { ...view, paint: plain }).at(-1) ?? '';
  const caret = marked.indexOf('^');
  const bar = marked.indexOf('|');
  const text = sanitize(words);
  const room = view.width - caret;
  const at = widthOf(text) <= room ? caret : Math.max(bar + 2, view.width - widthOf(text));
  const margin = `${' '.repeat(bar)}|`;
  return [
    ...lines,
    ...wrap(text, view.width - at).map((line) => `${margin}${' '.repeat(at - bar - 1)}${line}`),
  ];
}

/** The condition that decided a test, or none where all held. */
function decisive({ conditions }: Passing, answers: readonly ConditionAnswer[]): Inspected | null {
  const at = answers.findIndex((answer) => answer === 'no');
  const taken = answers.findIndex((answer) => answer === 'taken-no' || answer === 'open');
  return conditions[at < 0 ? taken : at] ?? null;
}

/** `  label  text`, the text wrapped under itself. */
export function labelledText(label: string, text: string, width: number, view: View): string[] {
  const head = `  ${padEnd(label, width)}  `;
  return hang(head, widthOf(head), sanitize(text), view.width, '  ');
}

/** Labels of what is told of one rule stand below one another. */
export function labelWidth({ say }: View): number {
  return Math.max(widthOf(say('WHY_PACKET')), widthOf(say('WHY_BY')), widthOf(say('WHY_OWNER')));
}

function conditionRows(rule: AnyRule, passing: Passing, view: View): [label: string, text: string][] {
  const { conditions } = passing;
  if (conditions.length === 0) return [['', view.say('WHY_NO_CONDITIONS')]];
  const answers = answersOf(passing);
  return conditions.map((one, index) => {
    const span = conditionSpan(rule, one.part, one.reason?.option ?? null);
    const { line, column } = span.source.position(span.start);
    const answer = answers[index] ?? 'not-tested';
    // What was wanted stands under the caret already.
    const words = answer === 'no' ? view.say('WHY_NO') : answerWords(one, answer, view);
    return [`${String(line)}:${String(column)}`, `${conditionText(rule, one.part)}: ${words}`];
  });
}

/** The whole of a test. `did` are the words for what a rule that matched then did. */
export function passingLines(passing: Passing, did: string | null, view: View): string[] {
  const { rule } = passing;
  const answers = answersOf(passing);
  const decided = decisive(passing, answers);
  const frame =
    decided === null
      ? markedLines(actionSpan(rule), did ?? view.say('WHY_MATCHED'), view)
      : markedLines(
          conditionSpan(rule, decided.part, decided.reason?.option ?? null),
          answerWords(decided, answers[passing.conditions.indexOf(decided)] ?? 'no', view),
          view,
        );
  const rows = conditionRows(rule, passing, view);
  const packet = view.say('WHY_PACKET');
  const tracking = trackingText(passing, view);
  const width = Math.max(labelWidth(view), ...rows.map(([label]) => widthOf(label)));
  return [
    ...frame,
    ...labelledText(packet, seenPacket(passing), width, view),
    ...(tracking === null ? [] : labelledText('conntrack', tracking, width, view)),
    ...rows.flatMap(([label, text]) => labelledText(label, text, width, view)),
  ];
}
