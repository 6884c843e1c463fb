/** What a student is shown after an answer: a refutation that stops at the step that refutes, or the whole walk. */
import { isOnWay } from '../../check/rule-name.js';
import { headerLines } from '../../explain/blocks.js';
import { factsOf } from '../../explain/facts.js';
import { walkOf } from '../../explain/rows.js';
import { tableLines } from '../../explain/table.js';
import { renderText } from '../../explain/text.js';
import { type View, viewOf } from '../../explain/view.js';
import type { Outcome } from '../../packet/result.js';
import { type Ground, walked } from '../evaluate.js';
import type { Judged } from '../answer.js';
import type { Lab, Misconception, NamedRule, Question } from '../lab.js';
import { paragraphs, wordsOf } from './words.js';

/** The steps up to the one that meets the rule. */
function stepsTo(outcome: Outcome, stop: NamedRule | null): number {
  if (stop === null) return outcome.steps.length;
  for (let count = 1; count <= outcome.steps.length; count += 1)
    if (isOnWay(stop.name, { ...outcome, steps: outcome.steps.slice(0, count), path: [], pathMaybe: [] }))
      return count;
  return outcome.steps.length;
}

/** The walk of a packet of the lab, up to where the reveal stops. */
function walkLines(
  lab: Lab,
  packet: string,
  stop: NamedRule | null,
  start: Ground,
  view: View,
): readonly string[] {
  const one = lab.packets.get(packet);
  const result = one === undefined ? null : walked(one, start, false);
  const node = start.nodes.get(one?.node ?? '');
  if (result === null || !('outcomes' in result) || node === undefined) return [];
  const own = viewOf({ ...view, facts: factsOf(node) });
  if (stop === null) return renderText(result, own).trimEnd().split('\n');
  const [outcome] = result.outcomes;
  if (outcome === undefined) return [];
  const count = stepsTo(outcome, stop);
  const rows = walkOf(outcome, own).rows.filter(({ step }) => step < count);
  return [...headerLines(result, own), ...tableLines(rows, own)];
}

function refutation(
  lab: Lab,
  { belief, packet, stop, refuted }: Misconception,
  start: Ground,
  view: View,
): readonly string[] {
  return [
    view.say('LAB_BELIEF', { text: wordsOf(belief, view) }),
    '',
    ...walkLines(lab, packet, stop, start, view),
    '',
    ...paragraphs(wordsOf(refuted, view), view),
  ];
}

/** What is said of an answer that was judged. */
export function judgedLines(
  lab: Lab,
  judged: Judged,
  tries: number,
  start: Ground,
  view: View,
): readonly string[] {
  if (judged.kind === 'form') return [];
  if (judged.kind === 'right') return [view.paint('good', view.say('LAB_RIGHT_ANSWER', { tries }))];
  const belief = judged.choice?.believes ?? null;
  const misconception = belief === null ? undefined : lab.misconceptions.get(belief);
  return [
    view.paint('bad', view.say('LAB_WRONG_ANSWER', { tries })),
    ...(misconception === undefined
      ? [view.say('LAB_TRY_AGAIN')]
      : refutation(lab, misconception, start, view)),
  ];
}

/** The whole walk, once every prediction was right; what really happens, once the cause was. */
export function revealLines(
  lab: Lab,
  kind: 'predict' | 'cause' | 'transfer',
  start: Ground,
  view: View,
): readonly string[] {
  if (kind === 'predict')
    return [
      '',
      ...walkLines(lab, lab.reveal.packet, null, start, view),
      '',
      ...paragraphs(wordsOf(lab.reveal.text, view), view),
    ];
  if (kind !== 'cause') return [];
  const sources = lab.sources.map((source) => `  ${source}`);
  return [
    ...['', ...paragraphs(wordsOf(lab.explain, view), view)],
    ...(sources.length === 0 ? [] : ['', view.say('LAB_SOURCES'), ...sources]),
  ];
}

/** Why an answer has not the form of one. */
export function formLine(
  question: Question,
  code: Extract<Judged, { kind: 'form' }>['code'],
  view: View,
): string {
  const { form } = question;
  const choices = form.kind === 'choices' ? form.choices.map(({ id }) => id).join(', ') : '';
  return view.say(code, { id: question.id, choices });
}
